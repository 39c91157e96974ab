"""How are many parcels marked as shipped at once? With a list of tracking numbers from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.domain.tracking_list import Matched, match, read_list
from app.queries.order_effects import WaitingPart
from app.services.shipping import Parcel
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of, number

SHOWN_PROBLEMS = 6


def tracking_question(
    parts: list[WaitingPart], carriers: tuple[str, ...], ship: Callable[[list[Parcel]], object]
) -> Question:
    """Ask for the list; say before anything is done what of it fits."""
    return Question(
        f"Ship {count_of(len(parts), 'parcel')}",
        [Field("list", "Numbers", has_lines=True, is_needed=True,
               placeholder="Order ⇥ tracking number: two columns from a spreadsheet"),
         Field("carrier", "Carrier", carriers[0], [(each, each) for each in carriers],
               is_open=True)],
        "Mark as shipped",
        lambda values: ship(parcels_of(parts, values)),
        note="Where a line has a third column, it is the carrier. What does not fit is left alone.",
        verb_of=lambda values: f"Mark {count_of(len(_matched(parts, values).rows), 'parcel')} as shipped",
        preview_of=partial(_preview, parts),
    )  # fmt: skip


def parcels_of(parts: list[WaitingPart], values: Values) -> list[Parcel]:
    """Return the parcels of the lines that fit."""
    carrier = str(values["carrier"])
    return [
        Parcel(parts[place].fulfilment_order_id, row.carrier or carrier, row.tracking,
               parts[place].service)
        for place, row in _matched(parts, values).rows
    ]  # fmt: skip


def _matched(parts: list[WaitingPart], values: Values) -> Matched:
    return match(read_list(str(values["list"])), parts)


def _preview(parts: list[WaitingPart], values: Values) -> str:
    if not str(values["list"]).strip():
        return ""
    found = _matched(parts, values)
    lines = [f"{number(len(found.rows))} of {count_of(len(parts), 'parcel')} found in the list."]
    lines += [f"{problem}." for problem in found.problems[:SHOWN_PROBLEMS]]
    if len(found.problems) > SHOWN_PROBLEMS:
        lines.append(f"And {number(len(found.problems) - SHOWN_PROBLEMS)} more.")
    return "\n".join(lines)

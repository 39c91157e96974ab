"""What are the selected orders together, and what would each verb do to them? Said before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.domain.changes import Changes, Skipped
from app.queries.order_effects import Effect, Effects
from app.ui import receipts
from app.ui.pages.orders import sections
from app.ui.statuses import short_place
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.pane import section
from app.ui.widgets.text import Text
from app.ui.words import count_of, joined, money, number, sentence

SHOWN_NUMBERS = 200


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done to many orders: its words, key and icon, and the name of its effect."""

    title: str
    key: str
    icon: str
    run: Callable[[], object]
    effect: str = ""
    kind: str = ""


def sums(found: Effects) -> QWidget:
    """Show what the selected orders add up to."""
    rows = [("Worth", _amounts(found.worth, found.unpriced)), ("Units", number(found.units))]
    if found.late or found.today:
        rows.append(("Due", _due(found)))
    if found.postage:
        rows.append(("Shipping", f"{_amounts(found.postage, 0)} as suggested"))
    currency = next(iter(found.postage), "USD") if len(found.postage) == 1 else ""
    for place in found.places:
        cost = f", {money(place.cost, currency)}" if currency else ""
        rows.append((short_place(place.location), count_of(place.parcels, "parcel") + cost))
    return boxed(sections.facts(rows))


def _amounts(amounts: Mapping[str, int], unpriced: int) -> str:
    parts = [money(minor, code) for code, minor in sorted(amounts.items())]
    if unpriced:
        parts.append(f"{count_of(unpriced, 'order')} without a price yet")
    return " + ".join(parts) or "nothing"


def _due(found: Effects) -> str:
    parts = [f"{number(found.late)} late"] if found.late else []
    parts += [f"{number(found.today)} must leave today"] if found.today else []
    return ", ".join(parts)


def verbs(offered: list[Verb], found: Effects | None) -> QWidget:
    """Show each verb with what it would do; one that would do nothing cannot be pressed."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(2, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, verb in enumerate(offered):
        effect = found.verbs.get(verb.effect) if found else None
        made = button(verb.title, verb.run, kind=verb.kind, icon_name=verb.icon,
                      hint=f"{verb.title.rstrip('…')} ({verb.key})")  # fmt: skip
        made.setEnabled(effect is None or effect.done > 0)
        grid.addWidget(made, row, 0, top)
        grid.addWidget(Text(verb.key, quiet=True), row, 1, top)
        said = "" if found is None else effect_words(verb.effect, effect, found)
        grid.addWidget(Text(said, quiet=True, wraps=True), row, 2, top)
    return boxed(grid)


_ALWAYS: Mapping[str, str] = {"together": "One parcel, if all go to one address."}
_WOULD: Mapping[str, str] = {
    "accept": "would ship", "hold": "would be held", "release": "would go on",
    "ship": "could be marked as shipped", "withdraw": "would be decided anew",
    "cancel": "would be cancelled", "suggest": "would be looked at again",
}  # fmt: skip


def effect_words(verb: str, effect: Effect | None, found: Effects) -> str:
    """Say what a verb would do: "90 would ship, $612.40, 3 late; 6 on hold are left alone"."""
    if effect is None:
        return _ALWAYS.get(verb, f"All {number(found.count)}.")
    left = joined([f"{number(count)} {reason}" for reason, count in effect.left.items()])
    if not effect.done:
        return f"None: {left}." if left else "None."
    parts = [f"{number(effect.done)} {_WOULD[verb]}"]
    if verb == "accept":
        parts.append(f"{_amounts(found.postage, 0)} for shipping")
    if verb in ("accept", "ship") and effect.late:
        parts.append(f"{number(effect.late)} late")
    words = ", ".join(parts)
    if not left:
        return sentence(words)
    stay = "is" if sum(effect.left.values()) == 1 else "are"
    return sentence(f"{words}; {left} {stay} left alone")


def outcome(changes: Changes, *, select_none: Callable[[], object]) -> list[QWidget | QLayout]:
    """Show what was done, and each order that was left alone under its reason."""
    skipped = changes.skipped
    said: list[QWidget | QLayout] = [
        Banner(receipts.done(changes), "", tone=Tone.WARN if skipped else Tone.GOOD)
    ]
    if not skipped:
        return said
    copy = button("Copy", lambda: QGuiApplication.clipboard().setText(as_table(skipped)),
                  icon_name="copy", hint="Orders and reasons, for a spreadsheet")  # fmt: skip
    none = button("Select none", select_none, kind="link", hint="Esc")
    said.append(down(Text("These stay selected:", quiet=True), across(copy, none, None), spacing=6))
    for reason, numbers in by_reason(skipped).items():
        names = ", ".join(numbers[:SHOWN_NUMBERS])
        more = len(numbers) - SHOWN_NUMBERS
        names += f" and {number(more)} more" if more > 0 else ""
        title = sentence(f"{count_of(len(numbers), 'order')}: {reason}")
        said.append(section(title, Text(names, wraps=True, quiet=True, copies=True)))
    return said


def by_reason(skipped: tuple[Skipped, ...]) -> dict[str, list[str]]:
    """Return the numbers of the orders by why they were left alone, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for each in skipped:
        found.setdefault(each.reason, []).append(each.subject)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def as_table(skipped: tuple[Skipped, ...]) -> str:
    """Return orders and reasons as a spreadsheet takes them."""
    return "\n".join(
        ["Order\tWhy it was left alone", *(f"{s.subject}\t{s.reason}" for s in skipped)]
    )

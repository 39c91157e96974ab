"""What is asked about a return: where it came to, what is seen, how much is given, whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.domain.returning.custody import GRADES, Disposition
from app.queries.order_detail import find_order
from app.queries.returns import DISPOSED
from app.services.returning.announcing import REASONS
from app.ui.operations import Problem
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import NotMoneyError, minor_units, plain_amount

__all__ = ["find_order"]
Do = Callable[..., object]
Complain = Callable[[Problem], object]
_USUAL = ("", "Where that grade usually goes")


def receive(number: str, places: Sequence[Any], do: Do) -> Question:
    """Ask where it came to."""
    return Question(
        f"Receive {number}", [_place(places)], "Receive it",
        lambda v: do(location=str(v["location"])),
        note="It is not for sale before somebody has looked at it.",
    )  # fmt: skip


def parcel(places: Sequence[Any], do: Do, complain: Complain) -> Question:
    """Ask what is in a parcel that nobody announced."""

    def answer(values: Values) -> None:
        lines = _units_in(str(values["contents"]))
        if not lines:
            complain(
                Problem(
                    "Nothing was taken in.", "Write each SKU with its units, such as TEA-001 2."
                )
            )
            return
        do(location=str(values["location"]), lines=lines, sender=str(values["sender"]),
           clue=str(values["clue"]), tracking_number=str(values["tracking"]))  # fmt: skip

    return Question(
        "A parcel came unannounced",
        [
            Field("contents", "In it", placeholder="TEA-001 2, one SKU a line", has_lines=True, is_needed=True),
            _place(places),
            Field("sender", "Sender", placeholder="the name on the parcel"),
            Field("tracking", "Tracking number"),
            Field("clue", "What else stands on it", placeholder="an order number, a note …"),
        ],
        "Take it in", answer,
        note="Its units are here at once, and not for sale. Who it belongs to is found out after that.",
    )  # fmt: skip


def inspect(number: str, unit_ids: Sequence[int], do: Do) -> Question:
    """Ask what is seen, and where it goes."""
    grades = [(grade.value, f"{grade.value}  {words}") for grade, words in GRADES.items()]
    places = [_USUAL, *((each.value, DISPOSED[each.value].capitalize()) for each in Disposition)]
    return Question(
        f"Inspect {number}",
        [
            Field("grade", "What you see", grades[0][0], choices=grades),
            Field("disposition", "Where it goes", "", choices=places),
            Field("finding", "Note", placeholder="opened, a dent …"),
        ],
        "Put it there",
        lambda v: do(unit_ids=list(unit_ids), grade=str(v["grade"]), disposition=str(v["disposition"]),
                     finding=str(v["finding"])),
    )  # fmt: skip


def refund(number: str, left: int, currency: str, do: Do, complain: Complain) -> Question:
    """Ask how much is given back."""

    def answer(values: Values) -> None:
        try:
            amount = minor_units(str(values["amount"]), currency)
        except NotMoneyError as error:
            complain(Problem("Nothing was promised.", str(error)))
            return
        do(amount=amount, reason=str(values["reason"]))

    return Question(
        f"Money back for {number}",
        [
            Field("amount", f"Amount ({currency})", plain_amount(left, currency), is_needed=True),
            Field("reason", "Why", placeholder="kept with it"),
        ],
        "Promise it", answer,
        note="Then give it on the channel's own pages, and say so here.",
    )  # fmt: skip


def why(title: str, verb: str, do: Do, suggestions: Sequence[str]) -> Question:
    """Ask for a reason."""
    return Question(title, [Field("reason", "Why", is_needed=True)], verb,
                    lambda v: do(reason=str(v["reason"])),
                    suggestions=[(each, each) for each in suggestions])  # fmt: skip


def whose(number: str, do: Do) -> Question:
    """Ask for the order."""
    return Question(f"Whose is {number}?", [Field("order", "Order", is_needed=True)], "It is that one",
                    lambda v: do(str(v["order"])))  # fmt: skip


def announce(number: str, lines: Sequence[Any], do: Do) -> Question:
    """Ask what of an order comes back, and why."""

    def answer(values: Values) -> None:
        chosen = {each.line_id: int(str(values[f"line{each.line_id}"])) for each in lines}
        do(lines={key: count for key, count in chosen.items() if count},
           reason_code=str(values["why"]), reason=str(values["reason"]),
           tracking_number=str(values["tracking"]))  # fmt: skip

    return Question(
        f"A return of order {number}",
        [
            *(Field(f"line{each.line_id}", f"{each.title} (of {each.units})", each.units) for each in lines),
            Field("why", "Why", "changed_mind", choices=[(key, words.capitalize()) for key, words in REASONS.items()]),
            Field("reason", "In their words", placeholder="kept with it"),
            Field("tracking", "Tracking number", placeholder="if it is known"),
        ],
        "Expect it back", answer,
    )  # fmt: skip


def _place(places: Sequence[Any]) -> Field:
    choices = [(row.code, row.name) for row in places]
    return Field("location", "Came to", choices[0][0] if choices else "", choices=choices)


def _units_in(text: str) -> list[tuple[str, int]]:
    """Return SKU and units of each line; without a number it is one."""
    found: list[tuple[str, int]] = []
    for line in text.splitlines():
        words = line.replace("×", " ").replace("=", " ").split()
        if not words:
            continue
        if len(words) > 1 and words[-1].isdigit():
            found.append((" ".join(words[:-1]), int(words[-1])))
        elif len(words) > 1 and words[0].isdigit():
            found.append((" ".join(words[1:]), int(words[0])))
        else:
            found.append((" ".join(words), 1))
    return found

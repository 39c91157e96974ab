"""What is asked before something is tried on the past?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from app.domain.promising.policy import CALENDAR_FIELDS
from app.errors import RefusedError
from app.ui import statuses
from app.ui.pages.channels.policy.questions import field_title
from app.ui.pages.insights.backtest.trying import TryNumbers
from app.ui.pages.insights.cost.part import DAYS
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import count_of

MOST_VALUES: Final = 51
_SINCE: Final = Field("days", "On the orders of the last", 90, DAYS)
_NOTE: Final = "Nothing is changed: orders of the past are only decided once more, by the code that decides them live."


def of_since(title: str, take: Callable[[Values], object]) -> Question:
    """Ask on which orders a draft is tried."""
    return Question(title, [_SINCE], "Try it", take, note=_NOTE)


def of_numbers(channels: Sequence[str], take: Callable[[Values], object]) -> Question:
    """Ask which answer of the sheet is tried, with which numbers."""
    return Question(
        "Try a number of the policy sheet",
        [Field("name", "Answer", "buffer_units", [(each, field_title(each)) for each in CALENDAR_FIELDS]),
         Field("channel", "Of", "", [("", "Every channel"), *((c, statuses.channel(c)) for c in channels)]),
         Field("first", "From", 0), Field("last", "To", 5), _SINCE],
        "Try it", take, note=_NOTE, verb_of=_verb,
    )  # fmt: skip


def of_gate(is_gated: bool, take: Callable[[Values], object]) -> Question:
    """Ask whether a draft has to be tried before it counts."""
    return Question(
        "Before a draft of the rules or of the policy sheet counts",
        [Field("is_on", "It has to be tried", is_gated, [(False, "No"), (True, "Yes, in the last seven days")])],
        "Keep it so", take,
        note="One that was not tried, or came out worse than what is in force, counts only with a reason, which is kept.",
    )  # fmt: skip


def numbers_of(values: Values, channels: tuple[str, ...]) -> TryNumbers:
    """Return what was entered.

    Raises:
        RefusedError: these are no numbers to go through.
    """
    span = _span(values)
    if not 0 < len(span) <= MOST_VALUES:
        raise RefusedError(
            "Nothing was tried.", f"Choose from a lower to a higher number, at most {MOST_VALUES}."
        )
    return TryNumbers(str(values["name"]), span, str(values["channel"]), channels)


def _span(values: Values) -> range:
    return range(int(str(values["first"])), int(str(values["last"])) + 1)


def _verb(values: Values) -> str:
    count = len(_span(values))
    return f"Try {count_of(count, 'number')}" if count > 1 else "Try it"

"""What is asked when a standard is changed? Its numbers as a person says them: per cents, or hours."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from app.domain.kpis.breaches import ACTIONS
from app.domain.kpis.standards import Standard
from app.ui.widgets.form import Field, Question, Values
from app.ui.words import NotMoneyError, basis_points

_HOUR: Final = 3600
_LIMITS: Final = {"target": "Aim at", "warning": "Warn at", "limit": "Broken beyond"}
_COUNTS: Final = {
    "window_days": "Over the last days", "least": "Judged from so many rows on",
    "check_days": "Check what was done after days",
}  # fmt: skip
_WORDS: Final = {
    "begins": "Counts from", "ends": "Counts until", "source": "Where it stands", "dated": "Read there on",
}  # fmt: skip
_DAY: Final = "2026-12-01; empty: always"


def of_standard(standard: Standard, take: Callable[[Values], object]) -> Question:
    """Ask what a standard is to say."""
    unit = "%" if standard.is_share else "hours"
    side = "at least" if standard.wants_more else "at most"
    return Question(
        f"Change “{standard.title}”",
        [
            *(Field(name, f"{label}, {unit}", _said(standard, getattr(standard, name)))
              for name, label in _LIMITS.items()),
            *(Field(name, label, getattr(standard, name), least=1) for name, label in _COUNTS.items()),
            Field("action", "When it is broken", standard.action.value,
                  [(action.value, title) for action, (title, _about) in ACTIONS.items()]),
            Field("owner", "Whose task it is", standard.owner, placeholder="as Settings says"),
            *(Field(name, label, getattr(standard, name), placeholder="" if name == "source" else _DAY)
              for name, label in _WORDS.items()),
            Field("reason", "Why"),
        ],
        "Let it count", take,
        note=f"It has to be {side} the last of the three. The version before is kept, and one undo away.",
    )  # fmt: skip


def changes_of(values: Values, standard: Standard) -> dict[str, Any]:
    """Return what was entered otherwise than it is, as it is kept.

    Raises:
        NotMoneyError: one of the limits is no number.
    """
    read = basis_points if standard.is_share else _seconds
    entered: dict[str, Any] = {
        **{name: read(str(values[name])) for name in _LIMITS},
        **{name: values[name] for name in (*_COUNTS, "action")},
        **{name: str(values[name]).strip() for name in (*_WORDS, "owner")},
    }
    return {name: value for name, value in entered.items() if value != getattr(standard, name)}


def _said(standard: Standard, value: int) -> str:
    return f"{value / (100 if standard.is_share else _HOUR):g}"


def _seconds(text: str) -> int:
    try:
        return int((Decimal(text.strip().replace(",", ".")) * _HOUR).to_integral_value())
    except InvalidOperation as error:
        raise NotMoneyError(f"“{text}” is no number of hours; write such as 36 or 1.5.") from error

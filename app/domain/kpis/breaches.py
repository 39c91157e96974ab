"""What does a broken standard ask for, and did what was done about it work?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.kpis.figures import Figure
from app.domain.kpis.standards import Action, Standard, State, judged

# What a promotion may still show of a SKU while it is held back, and for how many days that stands.
THROTTLED_TO: Final = 3

ACTIONS: Final[Mapping[Action, tuple[str, str]]] = {
    Action.CYCLE_COUNT: (
        "Count the likeliest shelves", "A count is started with the SKUs that are most likely wrong.",
    ),
    Action.FREEZE: (
        "Stop promotions and hold stock back",
        "Promotions there end now, and each SKU shows few units until the check.",
    ),
    Action.ROUTING_REVIEW: (
        "Review what routes orders", "Look at the rules and the policy, and at what was overridden.",
    ),
    Action.CARRIER_AUDIT: (
        "Look at labels and the carrier", "Look at the parcels without a scan: whose, from where, when.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """How a standard stands, as somebody measured it over its window or since something was done."""

    standard: Standard
    figure: Figure

    @property
    def state(self) -> State:
        """How it stands."""
        return judged(self.standard, self.figure)

    @property
    def words(self) -> str:
        """What it came to, and what it has to be."""
        standard = self.standard
        if not self.figure.rows:
            return "nothing counted"
        limit = "at least" if standard.wants_more else "at most"
        of = (
            f" ({standard.counted(self.figure)} of {self.figure.rows})" if standard.is_share else ""
        )
        return f"{standard.said_of(self.figure)}{of}, {limit} {standard.said(standard.limit)}"


def task(found: Found) -> str:
    """Return the task's title: "Late orders at Amazon: 5 % (5 of 100), at most 4 %"."""
    return f"{found.standard.title}: {found.words}"


def check_day(standard: Standard, acted_at: datetime) -> datetime:
    """Return when it is asked whether it worked."""
    return acted_at + timedelta(days=standard.check_days)


def verdict(found: Found) -> bool | None:
    """Return whether what was done worked, by what happened since; nothing while that is too little."""
    if found.state is State.TOO_FEW:
        return None
    return found.state is not State.BREACH


def verdict_words(found: Found, deed: str, *, worked: bool) -> str:
    """Return what came of it, as the case says it."""
    return (
        f"{deed.rstrip('.')}: {'worked' if worked else 'did not work'}. Since then {found.words}."
    )

"""What does a back-test say of a draft, in the words that the gate keeps?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.rulebook.text import parsed, written
from app.models.promising.sheet import sheet
from app.services.backtesting.comparing import BufferTest
from app.services.backtesting.rules import Backtest
from app.services.promising.sheets import Said, drafted, seal_of_sheet
from app.services.rules import rulebooks


def of_rules(db: Connection, text: str, found: Backtest) -> dict[str, Any]:
    """Return the verdict on a rulebook: worse if it costs more, or more is late or finds no stock."""
    active = rulebooks.current(db, "active")
    before, after = found.active, found.draft
    return {
        "seal": rulebooks.seal_of(written(parsed(text))),
        "against": active.version if active else rulebooks.NOTHING_IN_FORCE,
        "is_worse": found.extra > 0 or after.late > before.late or after.short > before.short,
        "saved": -found.extra, "since": found.since,
    }  # fmt: skip


def of_sheet(
    db: Connection, channels: Said, calendar: Sequence[Mapping[str, Any]] | None, found: BufferTest
) -> dict[str, Any]:
    """Return the verdict on a draft of the policy sheet: worse if what went wrong cost more."""
    current = sheet(db)
    return {
        "seal": seal_of_sheet(drafted(current, channels, calendar)), "against": current.version,
        "is_worse": found.saved < 0, "saved": found.saved, "since": found.since,
    }  # fmt: skip

"""Had this policy sheet counted since then: what would not have been oversold, and what not sold at all?

What nobody could order, because the listing showed 0, nobody knows: those days are counted, and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.promising.hindsight import Tried
from app.domain.promising.policy import NUMBERS
from app.errors import RefusedError
from app.services.backtesting.comparing import BufferTest, Sweep, compared, toll_of
from app.services.backtesting.replaying import Period, Progress, no_progress
from app.services.promising.sheets import Said, drafted


def backtest_buffers(
    db: Connection, *, channels: Said, calendar: Sequence[Mapping[str, Any]] | None = None,
    since: datetime, now: datetime, progress: Progress = no_progress,
) -> BufferTest:  # fmt: skip
    """Replay every sale since a moment, under the sheet in force and under a draft."""
    past = Period(db, since, now)
    draft = drafted(past.market.sheet, channels, calendar)
    past.expect(2, progress)
    before = past.replay(past.market.sheet)
    return compared(db, past, before, past.replay(draft, before))


def sweep_buffer(
    db: Connection, *, name: str, values: Sequence[int], channel: str = "", channels: Said | None = None,
    calendar: Sequence[Mapping[str, Any]] | None = None, since: datetime, now: datetime,
    progress: Progress = no_progress,
) -> Sweep:  # fmt: skip
    """Replay every sale once with each value of one answer, of one channel or of all that are used.

    Raises:
        RefusedError: the sheet has no such number, or it cannot be one of these.
    """
    if name not in NUMBERS:
        raise RefusedError(f"“{name}” is no number of the sheet; nothing was tried.",
                           f"Its numbers: {', '.join(NUMBERS)}.")  # fmt: skip
    past = Period(db, since, now)
    base = drafted(past.market.sheet, channels or {}, calendar)
    codes = [channel] if channel else sorted({each.channel for each in past.market.accounts})
    sheets = [drafted(base, {code: {name: value} for code in codes}, None) for value in values]
    past.expect(1 + len(sheets), progress)
    before = past.replay(past.market.sheet)
    tried = [
        Tried(value, toll_of(past, past.replay(sheet, before), before))
        for value, sheet in zip(values, sheets, strict=True)
    ]
    return Sweep(name, channel, past.currency, toll_of(past, before, before), tuple(tried))

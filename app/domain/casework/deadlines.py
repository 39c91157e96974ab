"""Until when must somebody have decided?

The order's own promise says it: so many hours before it, because what is decided has to be done as well.
A case that is opened later than that still gives a person an hour, unless the promise itself is nearer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

AT_LEAST: Final = timedelta(hours=1)


def decide_by(
    promised_at: datetime | None, *, opened_at: datetime, before: int, within: int
) -> datetime:
    """Return the moment: ``before`` hours ahead of the promise, or ``within`` hours of the opening."""
    if promised_at is None:
        return opened_at + timedelta(hours=within)
    if promised_at <= opened_at:
        return promised_at
    wanted = promised_at - timedelta(hours=before)
    return max(wanted, min(opened_at + AT_LEAST, promised_at))

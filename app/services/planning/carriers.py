"""On which days do the carriers rest?"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

_RESTING = frozenset(
    ("New Year's Day", "Memorial Day", "Independence Day", "Labor Day", "Thanksgiving",
     "Thanksgiving Day", "Christmas Day")
)  # fmt: skip
"""The holidays on which the national carriers neither fetch nor deliver; on others they work."""


@lru_cache(maxsize=4)
def resting_days(year: int) -> frozenset[date]:
    """Return the days of a year, and of the next, on which no parcel moves."""
    import holidays

    known = holidays.country_holidays("US", years=(year, year + 1), observed=False)
    return frozenset(day for day, name in known.items() if name in _RESTING)

"""Does the same come again and again? The same kind and cause, at one SKU, channel or place, within 30 days.

What one cause hits at once counts once: cases that were opened within the same hour are one time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    extract,
    func,
    literal_column,
    select,
)

from app.models.cases import exception_cases
from app.models.orders import orders
from app.models.sets import among

DAYS: Final = 30
TOO_OFTEN: Final = 3  # more than twice
_case = exception_cases.c


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How many times it came in the last 30 days, and what they have in common ("sku:12")."""

    times: int
    about: str


def _with(word: str, column: Any) -> ColumnElement[str]:
    return literal_column(f"'{word}'", String) + cast(column, String)


# What a case has in common with earlier ones: its pattern, else the SKU, the place or the channel.
_ABOUT: Final = case(
    (_case.pattern != literal_column("''"), _case.pattern),
    (_case.sku_id.is_not(None), _with("sku:", _case.sku_id)),
    (_case.location_id.is_not(None), _with("location:", _case.location_id)),
    (orders.c.channel.is_not(None), _with("channel:", orders.c.channel)),
    (_case.account_id.is_not(None), _with("account:", _case.account_id)),
    else_=_with("", _case.kind),
).label("about")
_HOUR: Final = (
    extract("month", _case.opened_at) * 10_000
    + extract("day", _case.opened_at) * 100
    + extract("hour", _case.opened_at)
)


def recurrences(db: Connection, case_ids: Sequence[int], *, now: datetime) -> dict[int, Recurrence]:
    """Return, by case, what came more than twice in the last 30 days."""
    if not case_ids:
        return {}
    mine = db.execute(
        select(_case.id, _case.kind, _ABOUT)
        .outerjoin(orders, orders.c.id == _case.order_id)
        .where(among(_case.id, "cases")),
        {"cases": list(case_ids)},
    ).all()
    times = _times(db, sorted({row.kind for row in mine}), now)
    return {
        row.id: Recurrence(times[row.kind, row.about], row.about)
        for row in mine
        if times.get((row.kind, row.about), 0) >= TOO_OFTEN
    }


def _times(db: Connection, kinds: Sequence[str], now: datetime) -> dict[tuple[str, str], int]:
    query = (
        select(_case.kind, _ABOUT, func.count(func.distinct(_HOUR)).label("times"))
        .outerjoin(orders, orders.c.id == _case.order_id)
        .where(among(_case.kind, "kinds"), _case.opened_at >= now - timedelta(days=DAYS))
        .group_by(_case.kind, _ABOUT)
        .having(func.count(func.distinct(_HOUR)) >= TOO_OFTEN)
    )
    rows = db.execute(query, {"kinds": list(kinds)})
    return {(row.kind, row.about): row.times for row in rows}

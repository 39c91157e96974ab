"""Which conditions need a person, how soon, how much money is at stake, and what are the ways out?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, case, func, select

from app.domain.cases import TEMPLATES, CaseKind
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.orders import orders
from app.queries.case_search import case_condition


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case. ``kind_words`` says what it is; ``hours_left`` until ``due_at`` may be negative.

    ``money_at_risk`` is minor units of ``currency``; ``ways_out`` the one to three ways to end it.
    """

    id: int
    kind: str
    kind_words: str
    title: str
    severity: str
    owner: str
    state: str
    due_at: datetime | None
    hours_left: float | None
    money_at_risk: int
    currency: str
    impact: str
    reason: str
    ways_out: tuple[str, ...]
    order_id: int | None
    order_number: str
    sku: str
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many open cases there are: in all, of each severity, and past their time."""

    open: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    overdue: int = 0


def case_rows(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    order_id: int | None = None,
    include_resolved: bool = False,
    limit: int | None = 200,
    offset: int = 0,
) -> list[CaseRow]:
    """Return cases, the worst and most urgent first.

    Raises:
        SearchError: the query cannot be read.
    """
    table = exception_cases.c
    found = _joined().where(case_condition(db, query, now))
    if not include_resolved:
        found = found.where(table.state == "open")
    if order_id is not None:
        found = found.where(table.order_id == order_id)
    page = found.order_by(
        table.state != "open", _SEVERITY, table.due_at.is_(None), table.due_at, table.id
    )
    return [_row(row, now) for row in db.execute(page.limit(limit).offset(offset))]


def count_cases(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many open cases a search finds."""
    found = _joined().where(case_condition(db, query, now), exception_cases.c.state == "open")
    return db.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def case_counts(db: Connection, *, now: datetime) -> CaseCounts:
    """Return how many open cases there are, by severity."""
    table = exception_cases.c
    late = func.coalesce(func.sum(case((table.due_at < now, 1), else_=0)), 0)
    query = (
        select(table.severity, func.count(), late)
        .where(table.state == "open")
        .group_by(table.severity)
    )
    by = {severity: (count, int(overdue)) for severity, count, overdue in db.execute(query)}
    counts = {severity: count for severity, (count, _late) in by.items()}
    return CaseCounts(
        sum(counts.values()),
        counts.get("high", 0),
        counts.get("medium", 0),
        counts.get("low", 0),
        sum(overdue for _count, overdue in by.values()),
    )


_SEVERITY: Final = case(
    (exception_cases.c.severity == "high", 0),
    (exception_cases.c.severity == "medium", 1),
    else_=2,
)


def _joined() -> Select[Any]:
    return (
        select(
            exception_cases,
            orders.c.number.label("order_number"),
            skus.c.code.label("sku"),
        )
        .outerjoin(orders, orders.c.id == exception_cases.c.order_id)
        .outerjoin(skus, skus.c.id == exception_cases.c.sku_id)
    )


def _row(row: Any, now: datetime) -> CaseRow:
    template = TEMPLATES[CaseKind(row.kind)]
    left = None if row.due_at is None else (row.due_at - now).total_seconds() / 3600
    facts: Mapping[str, Any] = row.facts or {}
    return CaseRow(
        id=row.id,
        kind=row.kind,
        kind_words=template.title,
        title=row.title,
        severity=row.severity,
        owner=row.owner,
        state=row.state,
        due_at=row.due_at,
        hours_left=left if left is None else round(left, 1),
        money_at_risk=row.money_at_risk,
        currency=row.currency,
        impact=row.impact,
        reason=str(facts.get("reason", "")),
        ways_out=template.ways_out,
        order_id=row.order_id,
        order_number=row.order_number or "",
        sku=row.sku or "",
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
    )

"""Which conditions need a person, how soon, how much money is at stake, and what are the ways out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from app.domain.cases import CaseKind
from app.domain.casework.kinds import TEMPLATES
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.exception_matrix import Matrix, matrix_in_force
from app.models.orders import orders
from app.models.sets import among
from app.queries.case_search import case_condition


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case. ``kind_words`` says what it is; ``hours_left`` until ``due_at`` may be negative.

    ``money_at_risk`` is minor units of ``currency``; ``ways_out`` the one to three ways to end it;
    ``subject_id`` the id of what it is about: an order, a SKU or a file, by its kind; ``address``
    where its order goes, line by line; ``tool`` what it is settled with, ``how`` the note that says how
    it is done here; ``step`` how often it climbed because nobody decided.
    """

    id: int
    kind: str
    subject_id: int
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
    address: str
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str
    cause: str = ""
    link: str = ""
    assigned_to: str = ""
    snoozed_until: datetime | None = None
    snooze_reason: str = ""
    step: int = 0
    is_joined: bool = False
    tool: str = ""
    default: str = ""
    how: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    customer_orders: int = 0
    account_id: int | None = None
    channel: str = ""
    location_id: int | None = None


def case_rows(
    db: Connection,
    *,
    query: str = "",
    now: datetime,
    sort: str = "",
    descending: bool = False,
    limit: int | None = 200,
    offset: int = 0,
) -> list[CaseRow]:
    """Return a page of the cases that a search finds, by default the worst and most urgent first.

    Raises:
        SearchError: the query cannot be read.
    """
    found = _joined().where(case_condition(db, query, now)).order_by(*_order_by(sort, descending))
    matrix = matrix_in_force(db)
    return [_row(row, now, matrix) for row in db.execute(found.limit(limit).offset(offset))]


def cases_by_id(db: Connection, ids: Sequence[int], *, now: datetime) -> dict[int, CaseRow]:
    """Return these cases, as far as they are there, by id."""
    matrix = matrix_in_force(db)
    found = _joined().where(among(exception_cases.c.id, "cases"))
    return {row.id: _row(row, now, matrix) for row in db.execute(found, {"cases": list(ids)})}


def cases_of(db: Connection, order_id: int, *, now: datetime) -> list[CaseRow]:
    """Return every case that an order ever had, those that are open first."""
    found = _joined().where(exception_cases.c.order_id == order_id)
    matrix = matrix_in_force(db)
    return [_row(row, now, matrix) for row in db.execute(found.order_by(*_order_by("", False)))]


def count_cases(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many cases a search finds."""
    found = _joined().where(case_condition(db, query, now))
    return db.execute(select(func.count()).select_from(found.subquery())).scalar_one()


SEVERITY_RANK: Final = case(
    (exception_cases.c.severity == "high", 0),
    (exception_cases.c.severity == "medium", 1),
    else_=2,
)
SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "severity": SEVERITY_RANK,
    "title": exception_cases.c.title,
    "due_at": exception_cases.c.due_at,
    "money_at_risk": exception_cases.c.money_at_risk,
    "owner": exception_cases.c.owner,
    "opened_at": exception_cases.c.opened_at,
    "resolved_at": exception_cases.c.resolved_at,
}


def _order_by(sort: str, descending: bool) -> tuple[ColumnElement[Any], ...]:
    """Sort by a column and then by urgency, so that no row is on two pages."""
    table = exception_cases.c
    usual = (table.state != "open", SEVERITY_RANK, table.due_at.is_(None), table.due_at, table.id)
    by = SORTS.get(sort)
    if by is None:
        return usual
    # Cases without a deadline come last, either way.
    return by.is_(None), by.desc() if descending else by.asc(), *usual


_ADDRESS: Final = (
    orders.c.ship_name, orders.c.ship_line1, orders.c.ship_line2, orders.c.ship_city,
    orders.c.ship_state, orders.c.ship_postcode, orders.c.ship_country,
)  # fmt: skip


def _joined() -> Select[Any]:
    return (
        select(
            exception_cases,
            orders.c.number.label("order_number"),
            orders.c.channel,
            skus.c.code.label("sku"),
            *_ADDRESS,
        )
        .outerjoin(orders, orders.c.id == exception_cases.c.order_id)
        .outerjoin(skus, skus.c.id == exception_cases.c.sku_id)
    )


def _row(row: Any, now: datetime, matrix: Matrix) -> CaseRow:
    template, said = TEMPLATES[CaseKind(row.kind)], matrix.row(CaseKind(row.kind))
    left = None if row.due_at is None else (row.due_at - now).total_seconds() / 3600
    facts: Mapping[str, Any] = row.facts or {}
    return CaseRow(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
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
        reason=str(facts.get("reason") or facts.get("message", "")),
        ways_out=template.ways_out,
        order_id=row.order_id,
        order_number=row.order_number or "",
        sku=row.sku or "",
        address=_address(row),
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        cause=row.joined_to or row.cause,
        link=row.link,
        assigned_to=row.assigned_to,
        snoozed_until=row.snoozed_until if row.snoozed_until and row.snoozed_until > now else None,
        snooze_reason=row.snooze_reason,
        step=row.step,
        is_joined=bool(row.joined_to),
        tool=said.tool.value,
        default=said.default.value,
        how=said.note,
        facts=facts,
        customer_orders=row.customer_orders or 0,
        account_id=row.account_id,
        channel=row.channel or "",
        location_id=row.location_id,
    )


def _address(row: Any) -> str:
    place = " ".join(filter(None, (row.ship_city, row.ship_state, row.ship_postcode)))
    parts = (row.ship_name, row.ship_line1, row.ship_line2, place, row.ship_country)
    return "\n".join(part for part in parts if part)

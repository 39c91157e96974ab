"""Nobody decided in time: the case climbs at its deadline, and what is safe is done by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.governance import audit_entries
from app.models.orders import holds, orders
from app.services.cases import open_cases
from app.services.casework import matrix, watching, working
from tests.builders import MONDAY, Shop, an_order

PROMISED = MONDAY + timedelta(hours=30)
LATE = CaseDraft(CaseKind.SHORTFALL, "order", 1, "Order 1: not enough stock", 4200, due_at=PROMISED)


def watch(db: Connection, now: datetime) -> Any:
    found = watching.look(db, now=now, detectors=())
    if not found.is_empty:
        watching.keep(db, SYSTEM, found, now=now)
    return db.execute(select(exception_cases)).one()


def said(db: Connection, action: str) -> int:
    table = audit_entries.c
    return len(db.execute(select(table.seq).where(table.action == action)).all())


def test_a_case_climbs_at_its_deadline_and_not_before(shop: Shop) -> None:
    open_cases(shop.db, [LATE], now=MONDAY)
    due = PROMISED - timedelta(hours=4)
    assert watch(shop.db, due - timedelta(seconds=1)).owner == "Operations"
    case = watch(shop.db, due)
    assert (case.owner, case.severity, case.step) == ("Owner", "high", 1)
    watch(shop.db, due + timedelta(hours=1))
    assert said(shop.db, "escalate") == 1


def test_each_step_is_taken_at_its_hour_as_the_matrix_says(shop: Shop) -> None:
    ladder = ["0 h: Service, high", "6 h: Owner, high"]
    matrix.save_matrix(
        shop.db, SYSTEM, rows={"shortfall": {"before": 8, "ladder": ladder}}, now=MONDAY
    )
    open_cases(shop.db, [LATE], now=MONDAY)
    due = PROMISED - timedelta(hours=8)
    assert [watch(shop.db, due + timedelta(hours=hours)).owner for hours in (0, 5, 6)] == [
        "Service", "Service", "Owner",
    ]  # fmt: skip


def test_what_is_put_aside_climbs_once_it_is_back(shop: Shop) -> None:
    open_cases(shop.db, [LATE], now=MONDAY)
    (case_id,) = shop.db.execute(select(exception_cases.c.id)).scalars()
    until = PROMISED - timedelta(hours=1)
    working.snooze_cases(
        shop.db, SYSTEM, case_ids=[case_id], until=until, reason="Later", now=MONDAY
    )
    assert watch(shop.db, until - timedelta(minutes=1)).step == 0
    assert watch(shop.db, until).step == 1


def test_the_default_is_done_once_and_told(shop: Shop) -> None:
    shop.takes_in(an_order("1"))
    order_id = shop.db.execute(select(orders.c.id)).scalar_one()
    shop.db.execute(exception_cases.delete())
    matrix.save_matrix(shop.db, SYSTEM, rows={"shortfall": {"default": "hold"}}, now=MONDAY)
    open_cases(shop.db, [replace(LATE, subject_id=order_id, order_id=order_id)], now=MONDAY)
    watch(shop.db, PROMISED)
    watch(shop.db, PROMISED + timedelta(days=1))
    (hold,) = shop.db.execute(select(holds)).all()
    assert (hold.code, hold.raised_by) == ("BY_HAND", "Orderdeck")
    assert "Nobody decided before the deadline" in hold.reason
    assert said(shop.db, "decide by itself") == 1


def test_a_default_that_cannot_be_done_leaves_the_case_to_a_person(shop: Shop) -> None:
    matrix.save_matrix(shop.db, SYSTEM, rows={"shortfall": {"default": "keep_numbers"}}, now=MONDAY)
    open_cases(shop.db, [LATE], now=MONDAY)
    assert watch(shop.db, PROMISED).owner == "Owner"
    assert said(shop.db, "decide by itself") == 0

"""Cases open, are refreshed and close by what is true, whichever door made it so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from app.domain.cases import CaseDraft, CaseKind
from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.inventory import stock_levels
from app.services.cases import open_cases
from app.services.casework import watching
from app.services.casework.detectors import Detector
from app.services.desk import Desk
from tests.builders import MONDAY, Shop

LATER = MONDAY + timedelta(minutes=90)
DOUBT = CaseDraft(CaseKind.IN_DOUBT, "order", 1, "Order 1001 may not have arrived", 4200,
                  facts={"message": 7}, cause="account:1")  # fmt: skip


class Trouble:
    """What is true now; a test says it."""

    def __init__(self, *drafts: CaseDraft) -> None:
        self.drafts: Sequence[CaseDraft] = drafts

    def find(self, _db: Connection, _now: datetime) -> Sequence[CaseDraft]:
        """Return it."""
        return self.drafts


def look(db: Connection, there: Trouble, now: datetime) -> bool:
    """Look once; return whether anything had to be written."""
    detector = Detector((CaseKind.IN_DOUBT,), there.find, "It is known what became of it.")
    found = watching.look(db, now=now, detectors=[detector])
    if not found.is_empty:
        watching.keep(db, SYSTEM, found, now=now)
    return not found.is_empty


def cases(db: Connection) -> list[Any]:
    return list(db.execute(select(exception_cases).order_by(exception_cases.c.id)))


def test_what_is_true_becomes_a_case_once(shop: Shop) -> None:
    there = Trouble(DOUBT)
    assert look(shop.db, there, MONDAY)
    assert not look(shop.db, there, LATER)  # nothing is written while nothing changes
    (case,) = cases(shop.db)
    assert (case.owner, case.severity, case.cause) == ("Operations", "high", "in_doubt/account:1")
    assert case.due_at == MONDAY + timedelta(hours=2)


def test_a_case_is_refreshed_and_keeps_who_has_it(shop: Shop) -> None:
    there = Trouble(DOUBT)
    look(shop.db, there, MONDAY)
    shop.db.execute(exception_cases.update().values(assigned_to="Mia"))
    there.drafts = [replace(DOUBT, title="Order 1001 may be lost", money_at_risk=9900)]
    assert look(shop.db, there, LATER)
    (case,) = cases(shop.db)
    assert (case.title, case.money_at_risk, case.assigned_to) == (
        "Order 1001 may be lost",
        9900,
        "Mia",
    )
    assert case.opened_at == MONDAY


def test_a_case_that_is_no_longer_true_closes_itself_and_says_so(shop: Shop) -> None:
    there = Trouble(DOUBT)
    look(shop.db, there, MONDAY)
    there.drafts = []
    look(shop.db, there, LATER)
    (case,) = cases(shop.db)
    assert (case.state, case.resolved_at) == ("resolved", LATER)
    assert case.resolution == "It is known what became of it."


def test_a_detector_leaves_the_cases_of_others_alone(shop: Shop) -> None:
    other = CaseDraft(CaseKind.FILE_PROBLEM, "file", 1, "A file did not come in whole")
    open_cases(shop.db, [other], now=MONDAY)
    look(shop.db, Trouble(), LATER)
    assert [case.state for case in cases(shop.db)] == ["open"]


def test_a_promise_that_moves_moves_the_decision(shop: Shop) -> None:
    there = Trouble(replace(DOUBT, due_at=MONDAY + timedelta(days=2)))
    look(shop.db, there, MONDAY)
    assert cases(shop.db)[0].due_at == MONDAY + timedelta(
        days=2
    )  # this kind asks for no head start
    there.drafts = [replace(DOUBT, due_at=MONDAY + timedelta(days=1))]
    look(shop.db, there, LATER)
    assert cases(shop.db)[0].due_at == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("column", ["owner", "severity", "impact", "cause", "link", "title"])
def test_the_database_keeps_no_case_that_says_less(shop: Shop, column: str) -> None:
    open_cases(shop.db, [DOUBT], now=MONDAY)
    with pytest.raises(IntegrityError), shop.db.begin_nested():
        shop.db.execute(text(f"UPDATE exception_cases SET {column} = ''"))


def test_two_desks_that_look_at_once_open_each_case_once(busy: Desk) -> None:
    busy.write(lambda db: db.execute(stock_levels.update().values(safety_stock=1000)))
    other = Desk(busy.store, busy.actor, now=busy.now)
    looks = [
        watching_all(desk) for desk in (busy, other)
    ]  # both have seen the same, none has written
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda write: write(), looks))
    with busy.store.read() as db:
        rows = db.execute(select(exception_cases).where(exception_cases.c.state == "open")).all()
    keys = [(row.kind, row.subject_kind, row.subject_id) for row in rows]
    assert len(keys) == len(set(keys))
    assert "low_stock" in {kind for kind, *_about in keys}


def watching_all(desk: Desk) -> Callable[[], object]:
    """Look at everything; return what writes down what was seen."""
    found = desk.read(watching.look, now=desk.now())
    assert not found.is_empty
    return lambda: desk.write(lambda db: watching.keep(db, desk.actor, found, now=desk.now()))


def test_the_database_keeps_no_case_without_a_deadline(shop: Shop) -> None:
    open_cases(shop.db, [DOUBT], now=MONDAY)
    with pytest.raises(IntegrityError), shop.db.begin_nested():
        shop.db.execute(text("UPDATE exception_cases SET due_at = NULL"))

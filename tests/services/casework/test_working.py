"""Cards are given to people, put aside, written on, put together and ended; each deed can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models.cases import case_notes, exception_cases
from app.models.orders import orders
from app.queries.inbox.cards import card_rows, count_cards
from app.services.cases import open_cases
from app.services.casework import watching, working
from tests.builders import MONDAY, Shop, an_order

LATER = MONDAY + timedelta(hours=3)
ONE = CaseDraft(
    CaseKind.IN_DOUBT, "order", 1, "Order 1 may not have arrived", 4200, cause="account:1"
)
TWO = replace(ONE, subject_id=2, title="Order 2 may not have arrived", money_at_risk=900)
OTHER = CaseDraft(CaseKind.FILE_PROBLEM, "file", 7, "orders.csv did not come in whole")


@pytest.fixture
def inbox(shop: Shop) -> Connection:
    """Three cases on two cards."""
    open_cases(shop.db, [ONE, TWO, OTHER], now=MONDAY)
    return shop.db


def ids(db: Connection) -> list[int]:
    return list(db.execute(select(exception_cases.c.id).order_by(exception_cases.c.id)).scalars())


def case(db: Connection, number: int) -> Any:
    return db.execute(select(exception_cases).order_by(exception_cases.c.id)).all()[number]


def titles(db: Connection, query: str = "", now: datetime = MONDAY) -> list[str]:
    return sorted(card.case.title for card in card_rows(db, query=query, now=now))


def back(db: Connection, changes: Changes) -> None:
    """Take a deed back."""
    assert changes.undo is not None
    getattr(working, changes.undo.operation)(db, SYSTEM, now=LATER, **changes.undo.arguments)


def test_what_one_cause_has_hit_is_one_card(inbox: Connection) -> None:
    cards = {card.case.kind: card for card in card_rows(inbox, now=MONDAY)}
    assert count_cards(inbox, now=MONDAY) == len(cards) == 2
    doubt = cards["in_doubt"]
    assert (doubt.count, doubt.money[0].minor, doubt.score.parts[5].points) == (2, 5100, 1)
    assert doubt.title == "2 messages may or may not have arrived"
    working.join_cases(inbox, SYSTEM, case_ids=[doubt.id], to=cards["file_problem"].id, now=MONDAY)
    (both,) = card_rows(inbox, now=MONDAY)
    assert both.title == f"{both.case.title} (with 2 others)"


def test_a_card_is_given_to_somebody_as_a_whole(inbox: Connection) -> None:
    person = "Owner"
    changes = working.assign_cases(inbox, SYSTEM, case_ids=[ids(inbox)[0]], to="owner", now=MONDAY)
    assert [case(inbox, at).assigned_to for at in range(3)] == [person, person, ""]
    assert [c.case.kind for c in card_rows(inbox, query="is:mine", now=MONDAY, actor=person)] == [
        "in_doubt"
    ]
    back(inbox, changes)
    assert case(inbox, 0).assigned_to == ""


def test_nobody_who_does_not_work_here_is_given_anything(inbox: Connection) -> None:
    with pytest.raises(RefusedError, match="Nobody called “Zoe”"):
        working.assign_cases(inbox, SYSTEM, case_ids=ids(inbox), to="Zoe", now=MONDAY)


def test_a_snoozed_card_comes_back_by_itself(inbox: Connection) -> None:
    wanted = [ids(inbox)[2]]
    until = MONDAY + timedelta(hours=2)
    changes = working.snooze_cases(
        inbox, SYSTEM, case_ids=wanted, until=until, reason="Lunch", now=MONDAY
    )
    assert OTHER.title not in titles(inbox)
    assert titles(inbox, "is:snoozed") == [OTHER.title]
    assert OTHER.title in titles(inbox, now=until)
    back(inbox, changes)
    assert OTHER.title in titles(inbox)


def test_nothing_is_put_aside_longer_than_what_was_promised(shop: Shop) -> None:
    promised = MONDAY + timedelta(hours=9)
    open_cases(shop.db, [replace(ONE, due_at=promised)], now=MONDAY)
    until = MONDAY + timedelta(days=3)
    working.snooze_cases(
        shop.db, SYSTEM, case_ids=ids(shop.db), until=until, reason="Later", now=MONDAY
    )
    assert case(shop.db, 0).snoozed_until == promised


@pytest.mark.parametrize("deed", [working.snooze_cases, working.settle_cases])
def test_out_of_sight_needs_a_reason(inbox: Connection, deed: Any) -> None:
    with pytest.raises(RefusedError, match="needs a reason"):
        deed(inbox, SYSTEM, case_ids=ids(inbox), reason=" ", now=MONDAY)


def test_what_is_still_true_is_lived_with_until_it_changes(inbox: Connection) -> None:
    working.settle_cases(inbox, SYSTEM, case_ids=ids(inbox), reason="I know", now=MONDAY)
    assert titles(inbox) == []
    assert [case(inbox, at).state for at in range(3)] == ["open", "open", "resolved"]
    open_cases(inbox, [ONE], now=LATER)  # nothing new
    assert titles(inbox, now=LATER) == []
    open_cases(inbox, [replace(ONE, title="Order 1 is lost")], now=LATER)
    assert titles(inbox, now=LATER) == ["Order 1 is lost"]


def test_a_settled_card_comes_back_as_it_was(inbox: Connection) -> None:
    before = titles(inbox)
    changes = working.settle_cases(inbox, SYSTEM, case_ids=ids(inbox), reason="Done", now=MONDAY)
    back(inbox, changes)
    assert titles(inbox) == before


def test_what_came_anew_meanwhile_is_not_put_back_twice(inbox: Connection) -> None:
    last = [ids(inbox)[2]]
    changes = working.settle_cases(inbox, SYSTEM, case_ids=last, reason="Done", now=MONDAY)
    open_cases(inbox, [OTHER], now=LATER)
    back(inbox, changes)
    assert [case(inbox, at).state for at in (2, 3)] == ["resolved", "open"]


def test_cards_with_one_cause_are_put_together_and_apart(inbox: Connection) -> None:
    first, _second, third = ids(inbox)
    working.join_cases(inbox, SYSTEM, case_ids=[third], to=first, now=MONDAY)
    (card,) = card_rows(inbox, now=MONDAY)
    assert card.count == 3
    working.part_cases(inbox, SYSTEM, case_ids=[first], now=MONDAY)
    assert count_cards(inbox, now=MONDAY) == 2
    with pytest.raises(RefusedError, match="one card already"):
        working.join_cases(inbox, SYSTEM, case_ids=[first], to=first, now=MONDAY)


def test_a_note_stays_with_the_card_and_out_of_the_trail(inbox: Connection) -> None:
    changes = working.write_case_note(
        inbox, SYSTEM, case_ids=[ids(inbox)[0]], text="Ann called", now=MONDAY
    )
    notes: Sequence[str] = inbox.execute(select(case_notes.c.text)).scalars().all()
    assert notes == ["Ann called", "Ann called"]
    back(inbox, changes)
    assert inbox.execute(select(case_notes.c.id)).all() == []


def test_whoever_buys_again_and_again_is_known(shop: Shop) -> None:
    shop.takes_in(*(an_order(number, buyer_email="ada@example.com") for number in "123"))
    order_id = shop.db.execute(select(orders.c.id).where(orders.c.number == "3")).scalar_one()
    shop.db.execute(exception_cases.delete())
    draft = replace(ONE, subject_id=order_id, order_id=order_id)
    open_cases(shop.db, [draft], now=MONDAY)
    found = watching.look(shop.db, now=MONDAY, detectors=())
    watching.keep(shop.db, SYSTEM, found, now=MONDAY)
    assert case(shop.db, 0).customer_orders == 3
    assert watching.look(shop.db, now=MONDAY, detectors=()).is_empty

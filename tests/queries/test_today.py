"""Does the list of what needs action name all that waits, with figures that its rows add up to?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.attention import Amount
from app.domain.roles import Actor, Role
from app.queries.cases import case_rows, count_cases
from app.queries.digest import digest
from app.queries.orders import count_orders, order_rows
from app.queries.shipments import count_parcels
from app.queries.today import Agenda, agenda, usual_orders
from app.queries.today_items import Doing, Item, Outgoing
from app.services.desk import Desk
from app.sync.files.exporter import FileExporter
from tests.queries import brand
from tests.queries.brand import NOW
from tests.queries.test_shipments import one, promise, scan

LATER = NOW + timedelta(minutes=1)  # past the undo window of what was shipped
COUNTS = {"orders": count_orders, "exceptions": count_cases, "shipments": count_parcels}


def read(desk: Desk, now: object = NOW) -> Agenda:
    waiting = [
        Outgoing(x.account_id, x.channel, x.account, x.kind, x.count)
        for x in FileExporter(desk).waiting(now=now)  # type: ignore[arg-type]
    ]
    return desk.read(agenda, now=now, waiting=waiting)


def titles(desk: Desk) -> dict[str, Item]:
    return {item.title: item for item in read(desk).items}


def by_doing(desk: Desk, doing: Doing) -> list[Item]:
    return [item for item in read(desk, LATER).items if item.doing is doing]


def test_one_order_is_named_and_several_are_counted(busy: Desk) -> None:
    (late, later) = by_doing(busy, Doing.ACCEPT)
    assert late.title == "LATE, Jane Doe can be accepted and should have left already"
    assert late.order is not None
    assert late.order.number == "LATE"
    assert later.title == "2 orders can be accepted, due later"
    assert later.order is None
    assert later.money == (Amount(1500 * 30, "USD"),)


@pytest.mark.parametrize("hours", [0, 20, 44, 60])
def test_every_line_opens_exactly_the_rows_that_it_counts(busy: Desk, hours: int) -> None:
    busy.run("hold", order_ids=[1], reason="Ask the customer.")
    now = NOW + timedelta(hours=hours)
    for item in read(busy, now).items:
        if item.page in COUNTS and item.doing is not Doing.CASE:
            assert busy.read(COUNTS[item.page], query=item.query, now=now) == item.count, item.title
    for item in read(busy, now).items:
        if item.doing in (Doing.ACCEPT, Doing.SHIP, Doing.HELD):
            rows = busy.read(order_rows, query=item.query, now=now, limit=None)
            assert item.money == (Amount(sum(row.total or 0 for row in rows), "USD"),)


def test_a_few_cases_stand_for_themselves_and_many_stand_together(busy: Desk) -> None:
    alone = by_doing(busy, Doing.CASE)
    assert {item.case.order_number for item in alone if item.case} == {"HELD", "SHORT", "NEW-CODE"}
    brand.take_in(busy, *(brand.order(f"LACKS-{n}", ("MUG-RED", 60)) for n in range(3)))
    (many,) = by_doing(busy, Doing.CASES)
    assert many.title == "4 orders do not have enough stock"
    assert many.money == (Amount(1500 * (50 + 3 * 60), "USD"),)
    rows = busy.read(case_rows, query=many.query, now=NOW)
    assert sum(row.money_at_risk for row in rows) == many.money[0].minor
    assert many.due_at == min(row.due_at for row in rows if row.due_at)


def test_money_of_two_currencies_is_never_added_up(busy: Desk) -> None:
    brand.take_in(busy, brand.order("YEN", ("TEA-001", 1), currency="JPY", total=9000))
    later = next(item for item in by_doing(busy, Doing.ACCEPT) if item.count == 3)
    assert later.money == (Amount(45000, "USD"), Amount(9000, "JPY"))
    assert busy.read(usual_orders)["JPY"] == 9000


def test_what_is_late_and_dear_stands_first(busy: Desk) -> None:
    found = read(busy).items
    scores = [item.score.total for item in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].title.startswith("LATE")
    assert len({item.id for item in found}) == len(found)


def test_what_is_decided_has_to_leave_on_its_day(busy: Desk) -> None:
    assert by_doing(busy, Doing.SHIP) == []
    (item,) = (
        x for x in read(busy, NOW + timedelta(hours=40)).items if x.doing is Doing.SHIP
    )  # fmt: skip
    assert item.title == "ACCEPTED, Jane Doe is accepted and has to leave today"


def test_an_order_on_hold_by_hand_is_remembered_on_its_last_day(busy: Desk) -> None:
    busy.run("hold", order_ids=[8], reason="Ask the customer.")
    (item,) = by_doing(busy, Doing.HELD)
    assert item.title == "LATE, Jane Doe is on hold and should have left already"
    assert item.query == "is:held hold:by_hand is:late"


def test_a_channel_that_is_to_be_told_is_one_line_with_its_money(busy: Desk) -> None:
    (item,) = by_doing(busy, Doing.TELL)
    assert item.title == "Etsy is to be told 1 shipping confirmation"
    assert item.outgoing is not None
    assert (item.money, item.outgoing.kind) == ((Amount(1500, "USD"),), "ship_confirm")
    FileExporter(busy).export(item.outgoing.account_id, item.outgoing.kind, now=LATER)
    assert by_doing(busy, Doing.TELL) == []


def test_parcels_that_should_have_arrived_are_counted(busy: Desk) -> None:
    promise(busy, "SHIPPED", NOW - timedelta(hours=1))
    scan(busy, one(busy, "SHIPPED"), "in_transit", NOW - timedelta(days=3))
    (item,) = by_doing(busy, Doing.PARCELS)
    assert (item.title, item.money) == (
        "A parcel should have arrived by now", (Amount(1500, "USD"),)
    )  # fmt: skip


def test_a_desk_without_orders_needs_nobody(database_url: str) -> None:
    desk = brand.empty_desk(database_url)
    assert read(desk) == Agenda((), None)
    desk.store.close()


def test_the_next_deadline_is_known_when_nothing_waits(database_url: str) -> None:
    desk = brand.stocked_desk(database_url)
    ids = brand.take_in(desk, brand.order("CALM", ("TEA-001", 1)))
    desk.run("accept", order_ids=ids)
    found = read(desk)
    assert found.items == ()
    assert found.next_deadline is not None
    assert found.next_deadline.number == "CALM"
    desk.store.close()


def test_the_digest_says_what_came_and_what_others_did(busy: Desk) -> None:
    nothing = busy.read(digest, since=NOW + timedelta(hours=1), actor="Owner")
    assert nothing.is_empty
    found = busy.read(digest, since=NOW - timedelta(hours=1), actor="Owner")
    came = {each.channel: (each.count, each.money) for each in found.arrived}
    assert came["walmart"] == (1, (Amount(1500, "USD"),))
    assert sum(count for count, _money in came.values()) == 10
    assert (found.decided, found.cases_opened, found.cases_resolved) == ((), 3, 0)
    busy.actor = Actor("Mara", Role.OPERATOR)
    busy.run("accept", order_ids=[1])
    since = busy.read(digest, since=NOW - timedelta(hours=1), actor="Owner")
    assert since.decided == (("Mara", 1),)

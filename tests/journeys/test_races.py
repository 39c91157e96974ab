"""Whoever sells at the same moment: what is there is sold once, and nobody's order is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.domain.importing import KitRow, SkuRow
from app.domain.orders import Address, IncomingLine, IncomingOrder
from app.domain.roles import Actor, Role
from app.errors import RefusedError
from app.services import catalogue, intake, setup
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.services.order_rows import Arrival
from app.services.shipping import Parcel
from app.services.verifying import verify_store

NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
KIM = Actor("Kim", Role.OWNER)

# What a second desk on the same store does: take in some orders of one unit, one by one.
ANOTHER_DESK = """
import sys
from tests.journeys.test_races import opened, order, sell
url, first, count, sku = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
desk = opened(url)
print("ready", flush=True)
sys.stdin.readline()
for n in range(first, first + count):
    sell(desk, order(f"P-{n}", sku))
desk.store.close()
"""


def opened(url: str) -> Desk:
    return Desk(open_ready_store(url, now=NOW), KIM, now=lambda: NOW)


def order(number: str, sku: str, units: int = 1) -> IncomingOrder:
    return IncomingOrder(
        "shopify", number, f"#{number}", NOW, "USD",
        (IncomingLine("1", sku, sku, units, 1000),),
        Address("A Buyer", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US"),
    )  # fmt: skip


def sell(desk: Desk, incoming: IncomingOrder) -> intake.Taken:
    def work(db: Connection) -> intake.Taken:
        account = setup.account_for(db, "shopify", now=NOW)
        arrival = Arrival(account, "race")
        return intake.take_in(db, KIM, arrival=arrival, incoming=[incoming], now=NOW)

    return desk.write(work)


def stocked(url: str, units: int = 10) -> Desk:
    desk = opened(url)
    with desk.store.write() as db:
        known = catalogue.save_skus(
            db, [SkuRow("MUG"), SkuRow("TEA"), SkuRow("BOX"), SkuRow("SET")], now=NOW
        )
        catalogue.save_kits(
            db,
            [KitRow("BOX", "MUG", 1), KitRow("BOX", "TEA", 1), KitRow("SET", "TEA", 1),
             KitRow("SET", "MUG", 1)],
            known,
            now=NOW,
        )  # fmt: skip
        setup.account_for(db, "shopify", now=NOW)
    for sku in ("MUG", "TEA"):
        desk.run("receive", sku=sku, location="MAIN", quantity=units, reason="The last ones")
    return desk


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run on threads that start at the same moment; a failure of any fails the test."""
    barrier = threading.Barrier(len(works))
    answers: list[Any] = []

    def run(work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            answers.append(work())
        except Exception as error:  # noqa: BLE001 - looked at by the test
            answers.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def one(desk: Desk, query: str) -> Any:
    with desk.store.read() as db:
        return db.execute(text(query)).scalar_one()


def assert_exactly_ten_sold(desk: Desk, orders: int) -> None:
    assert one(desk, "SELECT COUNT(*) FROM orders") == orders
    assert one(desk, "SELECT COUNT(*) FROM orders WHERE NOT is_short") == 10
    assert one(desk, "SELECT COUNT(*) FROM order_lines WHERE claim = 'reserved'") == 10
    assert one(
        desk,
        "SELECT COUNT(*) FROM exception_cases WHERE kind = 'shortfall' AND state = 'open'",
    ) == orders - 10  # fmt: skip
    assert [check for check in verify_store(desk.store) if not check.ok] == []


def test_twenty_threads_sell_the_last_ten_units(database_url: str) -> None:
    desk = stocked(database_url)
    own = [opened(database_url) for _ in range(20)]
    answers = at_once(
        *(lambda d=d, n=n: sell(d, order(f"T-{n}", "MUG")) for n, d in enumerate(own))
    )
    assert all(isinstance(answer, intake.Taken) for answer in answers)
    for each in own:
        each.store.close()
    assert one(desk, "SELECT reserved FROM network_stock WHERE sku_id = 1") == 10
    assert_exactly_ten_sold(desk, 20)
    desk.store.close()


def test_four_processes_sell_the_last_ten_units(database_url: str) -> None:
    desk = stocked(database_url)
    sell_in_processes(database_url, "MUG", "MUG", "MUG", "MUG")
    assert one(desk, "SELECT reserved FROM network_stock WHERE sku_id = 1") == 10
    assert_exactly_ten_sold(desk, 20)
    desk.store.close()


def test_two_kits_that_share_a_component_never_promise_it_twice(database_url: str) -> None:
    desk = stocked(database_url)
    sell_in_processes(database_url, "BOX", "SET", "BOX", "SET")
    for sku in (1, 2):
        assert one(desk, f"SELECT reserved FROM network_stock WHERE sku_id = {sku}") == 10
    assert_exactly_ten_sold(desk, 20)
    desk.store.close()


def sell_in_processes(url: str, *skus: str) -> None:
    desks = [
        subprocess.Popen(
            [sys.executable, "-c", ANOTHER_DESK, url, str(5 * n), "5", sku],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for n, sku in enumerate(skus)
    ]  # fmt: skip
    for each in desks:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in desks:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in desks:
        each.communicate(timeout=60)
    assert [each.returncode for each in desks] == [0] * len(desks)


def test_the_same_order_by_three_ways_at_once_is_one_order(database_url: str) -> None:
    desk = stocked(database_url)
    own = [opened(database_url) for _ in range(6)]
    answers = at_once(*(lambda d=d: sell(d, order("S-1", "MUG", 2)) for d in own))
    outcomes = sorted(answer.outcomes["S-1"] for answer in answers)
    assert outcomes == ["new"] + ["unchanged"] * 5
    assert one(desk, "SELECT COUNT(*) FROM orders") == 1
    assert one(desk, "SELECT reserved FROM network_stock WHERE sku_id = 1") == 2
    for each in own:
        each.store.close()
    desk.store.close()


def test_an_order_accepted_and_shipped_by_everybody_at_once_leaves_once(database_url: str) -> None:
    desk = stocked(database_url)
    (order_id,) = sell(desk, order("A-1", "MUG", 3)).changes.done
    own = [opened(database_url) for _ in range(6)]
    accepted = at_once(*(lambda d=d: d.run("accept", order_ids=[order_id]) for d in own))
    assert sum(len(answer.done) for answer in accepted) == 1
    parcel = one(desk, "SELECT id FROM fulfilment_orders")
    shipped = at_once(
        *(lambda d=d, n=n: d.run("ship", parcels=[Parcel(parcel, "UPS", f"1Z{n}")])
          for n, d in enumerate(own))
    )  # fmt: skip
    assert sum(len(answer.done) for answer in shipped) == 1
    assert one(desk, "SELECT COUNT(*) FROM shipments") == 1
    assert one(desk, "SELECT on_hand FROM stock_levels WHERE sku_id = 1") == 7
    assert [check for check in verify_store(desk.store) if not check.ok] == []
    for each in own:
        each.store.close()
    desk.store.close()


def test_a_cancellation_and_a_shipment_at_once_leave_one_of_the_two(database_url: str) -> None:
    desk = stocked(database_url)
    (order_id,) = sell(desk, order("C-1", "MUG", 3)).changes.done
    desk.run("accept", order_ids=[order_id])
    parcel = one(desk, "SELECT id FROM fulfilment_orders")
    one_desk, other = opened(database_url), opened(database_url)
    answers = at_once(
        lambda: one_desk.run("ship", parcels=[Parcel(parcel, "UPS", "1Z1")]),
        lambda: other.run("cancel", order_ids=[order_id], reason="The buyer asked"),
    )
    errors = [a for a in answers if isinstance(a, Exception)]
    assert all(isinstance(error, RefusedError) for error in errors)
    assert sum(len(a.done) for a in answers if not isinstance(a, Exception)) == 1
    assert one(desk, "SELECT status FROM orders") in ("shipped", "cancelled")
    assert [check for check in verify_store(desk.store) if not check.ok] == []
    for each in (one_desk, other, desk):
        each.store.close()


@pytest.mark.parametrize("units", [1, 3])
def test_a_whole_line_is_claimed_or_nothing(database_url: str, units: int) -> None:
    desk = stocked(database_url)
    own = [opened(database_url) for _ in range(12)]
    at_once(*(lambda d=d, n=n: sell(d, order(f"L-{n}", "MUG", units)) for n, d in enumerate(own)))
    sold = one(desk, "SELECT COUNT(*) FROM orders WHERE NOT is_short")
    assert sold == 10 // units
    assert one(desk, "SELECT reserved FROM network_stock WHERE sku_id = 1") == sold * units
    for each in (*own, desk):
        each.store.close()

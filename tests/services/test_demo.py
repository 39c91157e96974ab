"""The demo is a brand that an owner believes, and real work from the first row to the last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.cases import CaseKind
from app.domain.changes import Touched
from app.errors import RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import kit_components, listings, skus
from app.models.exchange import export_files, outbox_messages
from app.models.fulfilment import (
    fulfilment_orders,
    routing_decisions,
    routing_suggestions,
    shipments,
    tracking_events,
)
from app.models.inventory import locations, stock_levels, stock_movements
from app.models.orders import holds, order_lines, order_notes, orders
from app.queries import inbound
from app.queries.codes import aliases, unknown_codes
from app.queries.kit_trees import kit_tree
from app.services import audit, demo
from app.services.casework.detectors import DETECTORS
from app.services.demo import brand, labels
from app.services.mismatching.running import report_now
from app.services.verifying import verify_store
from tests.journeys.driver import DeskDriver

NOW = datetime(2025, 11, 24, 17, 5, tzinfo=UTC)

# The demo is worked by files, and none of them ever emptied its shops.
# What is found by looking is found once somebody looks, after the demo was filled in.
FOUND_BY_LOOKING = {kind for detector in DETECTORS for kind in detector.kinds}
NOT_IN_THE_DEMO = FOUND_BY_LOOKING | {
    CaseKind.ORDER_UNREADABLE,
    CaseKind.MESSAGE_REFUSED,
    CaseKind.NEGATIVE_STOCK,  # what is gone there was promised, so it is oversold
    CaseKind.CHANNEL_TROUBLE,
    CaseKind.SIGNED_OUT,
    CaseKind.ACKNOWLEDGE_LATE,
    CaseKind.LISTING_ERROR,
    CaseKind.ADDRESS_CHANGED,
    CaseKind.QUANTITIES_STOPPED,
    CaseKind.LOW_STOCK,
    CaseKind.DUPLICATE_SUSPECT,
    CaseKind.OVER_CAPACITY,
    CaseKind.SYNC_STALE,
    CaseKind.IN_DOUBT,
    CaseKind.PAYOUT_DIFFERENCE,
    CaseKind.DOUBLE_FEE,
    CaseKind.STANDARD_BROKEN,
    CaseKind.ORDER_NOT_PAID,
    CaseKind.PAYMENT_UNKNOWN,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskDriver]:
    """Fill one desk for all the looks at it."""
    driver = a_desk(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'desk.sqlite'}")
    demo.fill(driver.desk, orders=300)
    yield driver
    driver.store.close()


def a_desk(url: str) -> DeskDriver:
    driver = DeskDriver.at(url)
    driver.clock = NOW
    driver.desk.exporter = driver.exporter
    return driver


def all_of(driver: DeskDriver, query: Any) -> list[Any]:
    with driver.reading() as db:
        return list(db.execute(query).all())


def count_by(driver: DeskDriver, column: Any, *where: Any) -> dict[Any, int]:
    query = select(column, func.count()).where(*where).group_by(column)
    return dict(map(tuple, all_of(driver, query)))


# -- it is believable -----------------------------------------------------------------------------


def test_the_brand_sells_sixty_things_and_a_few_gift_sets(filled: DeskDriver) -> None:
    rows = all_of(filled, select(skus))
    assert len(rows) >= 60
    assert len({row.barcode for row in rows}) == len(rows)
    assert sum(row.is_kit for row in rows) >= 4
    assert all(row.title and row.category and row.weight_g for row in rows)
    assert all(row.cost for row in rows if not row.is_kit)
    assert len(all_of(filled, select(kit_components))) >= 10


@pytest.mark.parametrize("number", range(1, 62))
def test_every_barcode_has_the_right_check_digit(number: int) -> None:
    digits = [int(d) for d in brand.upc(number)]
    assert len(digits) == 12
    assert (3 * sum(digits[0::2]) + sum(digits[1::2])) % 10 == 0


def test_customers_live_where_their_zip_lies() -> None:
    zipcodes = pytest.importorskip("zipcodes", reason="the list of ZIPs is a development package")
    for place in brand.load().places:
        found = zipcodes.matching(place.postcode)[0]
        assert found["state"] == place.state
        assert place.city in (found["city"], *found["acceptable_cities"])


def test_three_places_ship_in_three_time_zones(filled: DeskDriver) -> None:
    rows = all_of(filled, select(locations))
    assert len({row.time_zone for row in rows}) == len({row.cut_off for row in rows}) == 3
    assert all(row.handling_cost > 0 and len(row.postcode) == 5 for row in rows)
    shipped = count_by(filled, fulfilment_orders.c.location_id)
    assert len(shipped) == 3


def test_seven_channels_sell_by_their_own_codes(filled: DeskDriver) -> None:
    assert set(count_by(filled, orders.c.channel)) == {
        "amazon", "walmart", "etsy", "ebay", "shopify", "woocommerce", "own",
    }  # fmt: skip
    by_sku: dict[int, set[str]] = {}
    for row in all_of(filled, select(listings.c.sku_id, listings.c.sku_text)):
        by_sku.setdefault(row.sku_id, set()).add(row.sku_text)
    assert max(map(len, by_sku.values())) >= 4


def test_the_history_covers_ninety_days_and_ends_now(filled: DeskDriver) -> None:
    placed = [row.placed_at for row in all_of(filled, select(orders.c.placed_at))]
    assert len(placed) == 300
    assert NOW - timedelta(days=91) < min(placed) < NOW - timedelta(days=80)
    assert NOW - timedelta(days=1) < max(placed) < NOW
    moments = all_of(filled, select(stock_movements.c.occurred_at))
    assert max(row.occurred_at for row in moments) <= NOW


def test_most_has_shipped_with_numbers_that_carriers_would_accept(filled: DeskDriver) -> None:
    assert count_by(filled, orders.c.status)["shipped"] > 230
    numbers = [row.tracking_number for row in all_of(filled, select(shipments))]
    assert len(set(numbers)) == len(numbers)
    scans = count_by(filled, tracking_events.c.status)
    assert scans["delivered"] > 200
    assert {"pre_transit", "in_transit", "out_for_delivery"} < set(scans)


def test_every_kind_of_case_is_open_with_its_reason(filled: DeskDriver) -> None:
    open_ones = count_by(filled, exception_cases.c.kind, exception_cases.c.state == "open")
    assert set(open_ones) - FOUND_BY_LOOKING == {kind.value for kind in CaseKind} - NOT_IN_THE_DEMO


def test_the_queue_shows_every_situation(filled: DeskDriver) -> None:
    waiting = all_of(filled, select(orders).where(orders.c.status == "open"))
    assert any(row.is_held for row in waiting)
    assert any(row.is_short for row in waiting)
    assert any(row.is_routed and row.ship_by < NOW for row in waiting)
    assert {"accepted", "partly_shipped", "cancelled"} < set(count_by(filled, orders.c.status))
    assert len(all_of(filled, select(order_notes))) >= 3


def test_overrides_carry_a_reason_and_what_they_cost(filled: DeskDriver) -> None:
    made = all_of(filled, select(routing_decisions).where(routing_decisions.c.kind == "overridden"))
    assert len(made) >= 5
    assert all(row.reason and row.cost and row.suggested_cost for row in made)


def test_the_channels_took_their_files_back(filled: DeskDriver) -> None:
    kinds = count_by(filled, export_files.c.kind)
    assert kinds["ship_confirm"] > 20
    assert kinds["quantity"] == 3 * 7  # the last evening, and twice today
    pending = count_by(filled, outbox_messages.c.created_at, outbox_messages.c.state == "pending")
    assert pending
    assert min(pending) > NOW - timedelta(days=4)


# -- it is real work ------------------------------------------------------------------------------


def test_every_invariant_of_the_store_holds(filled: DeskDriver) -> None:
    assert [check for check in verify_store(filled.store) if not check.ok] == []


def test_every_open_order_explains_itself(filled: DeskDriver) -> None:
    explained = {
        row.order_id
        for row in all_of(
            filled, select(routing_suggestions).where(routing_suggestions.c.state == "open")
        )
    }
    waiting = all_of(filled, select(orders).where(orders.c.status == "open", orders.c.is_routed))
    assert {row.id for row in waiting} <= explained
    live = select(holds.c.order_id).where(holds.c.released_at.is_(None))
    on_hold = {row.order_id for row in all_of(filled, live)}
    assert {r.id for r in all_of(filled, select(orders).where(orders.c.is_held))} == on_hold


def test_the_audit_was_written_in_the_order_of_the_clock(filled: DeskDriver) -> None:
    with filled.reading() as db:
        written = [str(row["at"]) for row in audit.rows_after(db, 0, 100_000)]
    assert written == sorted(written)


def test_each_shipment_is_told_once(filled: DeskDriver) -> None:
    told = count_by(filled, outbox_messages.c.shipment_id, outbox_messages.c.kind == "ship_confirm")
    assert set(told) == {row.id for row in all_of(filled, select(shipments.c.id))}
    assert set(told.values()) == {1}


# -- the same seed, the same story ----------------------------------------------------------------


def what_happened(driver: DeskDriver) -> list[Any]:
    return [
        all_of(driver, select(orders).order_by(orders.c.id)),
        all_of(driver, select(order_lines).order_by(order_lines.c.id)),
        all_of(driver, select(stock_movements).order_by(stock_movements.c.id)),
        all_of(driver, select(shipments).order_by(shipments.c.id)),
        all_of(driver, select(exception_cases).order_by(exception_cases.c.id)),
    ]


def test_the_same_seed_tells_the_same_story_on_every_engine(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here = a_desk(database_url)
    there = a_desk(f"sqlite:///{tmp_path_factory.mktemp('other') / 'desk.sqlite'}")
    counts = demo.fill(here.desk, orders=70, seed=3)
    assert counts == demo.fill(there.desk, orders=70, seed=3)
    assert counts["orders"] == 70
    assert what_happened(here) == what_happened(there)
    for driver in (here, there):
        driver.store.close()


@pytest.mark.parametrize(
    "moment", ["2025-11-22T12:00", "2025-11-24T03:00", "2026-01-01T20:00", "2026-03-08T09:30"]
)
def test_the_demo_can_be_opened_on_any_day_and_hour(moment: str, tmp_path: Any) -> None:
    driver = a_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    driver.clock = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    told: list[tuple[int, int]] = []
    demo.fill(driver.desk, orders=80, progress=lambda done, total: told.append((done, total)))
    open_ones = count_by(driver, exception_cases.c.kind, exception_cases.c.state == "open")
    assert all(check.ok for check in verify_store(driver.store))
    driver.store.close()
    assert set(open_ones) - FOUND_BY_LOOKING == {kind.value for kind in CaseKind} - NOT_IN_THE_DEMO
    assert told[-1] == (80, 80)


def test_a_store_with_anything_in_it_is_left_alone(filled: DeskDriver) -> None:
    with pytest.raises(RefusedError, match="not empty"):
        demo.fill(filled.desk)
    assert len(all_of(filled, select(orders.c.id))) == 300


def test_too_few_orders_to_tell_everything_are_refused(tmp_path: Any) -> None:
    driver = a_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    with pytest.raises(RefusedError, match="at least 70"):
        demo.fill(driver.desk, orders=10)
    assert all_of(driver, select(skus.c.id)) == []
    driver.store.close()


# -- labels ---------------------------------------------------------------------------------------


def test_tracking_numbers_end_in_the_carriers_own_check_digit() -> None:
    """Examples from the carriers' own documents."""
    assert labels.ups_check("5R8939035756712") == "7"
    assert labels.fedex_check("98657878885") == "5"
    assert labels.usps_check("936128987870031763379") == "5"


# -- the stockroom --------------------------------------------------------------------------------


def test_the_stockroom_shows_what_stock_can_be(filled: DeskDriver) -> None:
    with filled.reading() as db:
        coming = inbound.deliveries(db)
        tree = kit_tree(db, "KIT-WKD-001")
        strange = unknown_codes(db)
        packs = [row for row in aliases(db) if row.pack > 1]
    assert {each.kind for each in coming} == {"purchase", "transfer"}
    assert any(each.expected_at and each.expected_at < NOW for each in coming)
    assert {node.depth for node in tree} == {0, 1}
    assert any(each.orders > 1 for each in strange)
    assert all(each.suggestions for each in strange)
    assert [(row.code, row.pack) for row in packs] == [("TEA-BRK-100-6PK", 6)]
    aside = ("damaged", "quarantine", "returns_hold")
    levels = all_of(filled, select(stock_levels))
    assert all(sum(getattr(row, name) for row in levels) for name in aside)


def test_nothing_jumps_when_the_window_opens_on_a_busy_demo(tmp_path: Path) -> None:
    driver = a_desk(f"sqlite:///{tmp_path / 'busy.sqlite'}")
    demo.fill(driver.desk, orders=1100)
    case = exception_cases.c
    before = count_by(driver, case.kind, case.state == "open")
    assert CaseKind.QUANTITIES_STOPPED not in before
    driver.waits(timedelta(seconds=30))
    assert driver.desk.renew().done == ()
    assert driver.desk.publish().touched is Touched.NOTHING
    report_now(driver.desk)
    assert count_by(driver, case.kind, case.state == "open") == before
    made = routing_suggestions.c
    old = count_by(driver, made.state, made.state == "open", made.made_at < NOW)
    assert old == {}  # every open order was suggested anew at the end
    driver.store.close()

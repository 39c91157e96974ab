"""A parcel does not move any more: one card, one key, a second parcel, and the carrier is asked to pay.

And a return: received, graded B, partly refunded, in quarantine; ledger, money and what it cost agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.analytics.costs.report import order_cost
from app.analytics.kpis.populations import POPULATIONS
from app.domain.costs.serving import Step
from app.domain.explaining import Wording
from app.domain.kpis.kinds import Measure
from app.domain.tracking.carriers import house_of
from app.domain.tracking.timeline import CarrierEvent
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.returns import is_a_sale, recoveries, refunds
from app.queries.cases import case_rows
from app.queries.order_timeline import timeline
from app.queries.recoveries import claim_rows
from app.queries.returns import return_detail, return_rows
from app.services.costs.policy import in_force, rates
from app.services.tracking.receiving import Report, receive
from app.services.verifying import verify_store
from tests.builders import an_order
from tests.journeys.driver import MORNING, DeskDriver

_OF_STOCK = frozenset({Measure.SYNC_LAG.value})
WORDING = Wording(lambda minor, currency: f"{minor / 100:.2f} {currency}", str)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskDriver]:
    """A store on Etsy that ships from two places; two mugs have left with USPS."""
    driver = DeskDriver.at(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    driver.keeps_stock_at("GARAGE", "Garage", "07030").keeps_stock_at("SHOP", "Shop", "10001")
    driver.sells("MUG", "Blue mug", GARAGE=5, SHOP=4)
    driver.desk.write(lambda db: db.execute(text("UPDATE skus SET cost = 600")))
    order = an_order("E-1", ("MUG", 2), channel="etsy", total=4400, placed_at=MORNING,
                     deliver_by=MORNING + timedelta(days=6))  # fmt: skip
    driver.takes_in(order)
    driver.accepts("E-1")
    driver.ships("E-1", "USPS", "9400111899223197428490")
    yield driver
    driver.store.close()


def sound(desk: DeskDriver) -> bool:
    assert [check for check in verify_store(desk.store) if not check.ok] == []
    return True


def scanned(desk: DeskDriver, number: str, *scans: tuple[str, int]) -> int:
    """Let USPS report scans of an order's parcel, so many hours after the morning; return the parcel."""
    query = select(shipments.c.id).join(orders, orders.c.id == shipments.c.order_id)
    with desk.reading() as db:
        parcel = int(db.execute(query.where(orders.c.number == number)).scalar_one())
    events = tuple(
        CarrierEvent(house_of("USPS"), status, status, at, at, "Hodgkins, IL", "USPS")
        for status, hours in scans
        for at in (MORNING + timedelta(hours=hours),)
    )
    desk.desk.write(lambda db: receive(db, [Report(parcel, events)], now=desk.clock))
    return parcel


def stuck(desk: DeskDriver) -> int:
    """Let the parcel of E-1 stop in the hub while USPS delivers another; return it."""
    desk.takes_in(an_order("E-2", ("MUG", 1), channel="etsy", total=2200, placed_at=MORNING))
    desk.accepts("E-2")
    desk.ships("E-2", "USPS", "9400111899223197428506")
    parcel = scanned(desk, "E-1", ("pre_transit", 1), ("in_transit", 9))
    desk.waits(timedelta(days=9))
    scanned(desk, "E-2", ("pre_transit", 1), ("delivered", 9 * 24))
    return parcel


def serving(desk: DeskDriver, number: str) -> dict[Step, int]:
    """Return what it cost to serve an order, step by step."""
    read = desk.desk.read
    cost = read(order_cost, desk.order(number).id, read(rates), read(in_force))
    assert cost is not None
    return {each.step: each.amount for each in cost.whole.steps}


def test_a_stuck_parcel_is_one_card_is_sent_again_with_one_key_and_is_told_and_claimed(
    desk: DeskDriver,
) -> None:
    parcel = stuck(desk)
    desk.desk.watch_cases()
    (card,) = desk.desk.read(case_rows, query="order:E-1", now=desk.clock)
    assert (card.kind, card.subject_id) == ("parcel_stuck", parcel)
    # One key: the first way out of the card.
    done = desk.desk.run("recover", shipment_id=parcel, situation="stuck", kind="reship")
    assert done.label == "Send order E-1 again"
    desk.desk.watch_cases()
    assert desk.desk.read(case_rows, query="order:E-1 is:open", now=desk.clock) == []
    # The replacement goes the usual way, and Etsy is told of it as another parcel of the order.
    assert desk.order("E-1-R1").suggested in ("GARAGE", "SHOP")
    desk.accepts("E-1-R1")
    desk.ships("E-1-R1", "UPS", "1Z5R8939035756712")
    desk.waits()
    first, *_others, last = desk.messages("ship_confirm")
    assert first.order_id == last.order_id == desk.order("E-1").id
    # The carrier of the first parcel is asked to pay.
    (claim,) = desk.desk.read(claim_rows)
    assert (claim.carrier, claim.tracking_number, claim.amount) == (
        "USPS",
        "9400111899223197428490",
        2000,
    )
    desk.desk.run("file_claim", claim_id=claim.id, reference="C-1")
    # The timeline tells it, the cost is the original's, and no figure counts the order twice.
    titles = [each.title for each in desk.desk.read(timeline, desk.order("E-1").id, WORDING)]
    assert "The parcel is not moving: sent again" in titles
    assert "Claimed 20.00 USD of USPS" in titles
    with desk.reading() as db:
        made = db.execute(select(recoveries)).one()
        assert (made.order_id, made.goods_cost, made.postage_cost > 0) == (
            claim.order_id,
            1200,
            True,
        )
        again = made.goods_cost + made.postage_cost
        sales = db.execute(
            select(orders.c.number).where(is_a_sale()).order_by(orders.c.id)
        ).scalars()
        assert list(sales) == ["E-1", "E-2"]
    assert serving(desk, "E-1")[Step.MAKING_GOOD] == -again
    assert sound(desk)


def test_a_return_graded_b_is_partly_refunded_and_lies_in_quarantine(desk: DeskDriver) -> None:
    desk.waits(timedelta(days=8))
    (back,) = desk.desk.run(
        "open_return", order_id=desk.order("E-1").id, reason_code="changed_mind"
    ).done
    desk.desk.run("receive_return", return_id=back, location="GARAGE")
    units = [each.id for each in desk.desk.read(return_detail, back).units]
    desk.desk.run("inspect_return", unit_ids=units, grade="B", finding="opened")
    (refund,) = desk.desk.run("promise_refund", unit_ids=units, amount=1500).done
    desk.desk.run("pay_refund", refund_id=refund)
    (row,) = desk.desk.read(return_rows, now=desk.clock)
    assert (row.step, row.money_state, row.refunded, row.worth) == (
        "done",
        "partly_refunded",
        1500,
        2000,
    )
    with desk.reading() as db:
        lies = db.execute(text(
            "SELECT SUM(quantity) FROM stock_movements WHERE bucket = 'quarantine'")).scalar_one()  # fmt: skip
        source = db.execute(text(
            "SELECT COUNT(DISTINCT order_id) FROM stock_movements WHERE source = 'RET-1'")).scalar_one()  # fmt: skip
        paid = db.execute(select(refunds.c.amount).where(refunds.c.state == "paid")).scalar_one()
    assert (lies, source, paid) == (2, 1, 1500)
    assert serving(desk, "E-1")[Step.REFUNDS] == -1500
    assert sound(desk)


def counted_ones(desk: DeskDriver) -> dict[str, int]:
    """Return of every figure how many rows it counts, as if a month had passed."""
    later = desk.clock + timedelta(days=30)
    with desk.reading() as db:
        found = {
            measure.value: db.execute(select(func.count()).select_from(make(later).subquery())).scalar_one()
            for measure, make in POPULATIONS.items()
        }  # fmt: skip
    # What channels are told of the stock does change: two mugs more have left.
    return {key: count for key, count in found.items() if count and key not in _OF_STOCK}


def test_no_figure_counts_what_replaces_a_parcel_as_a_sale_or_a_parcel_of_its_own(
    desk: DeskDriver,
) -> None:
    before = counted_ones(desk)
    with desk.reading() as db:
        parcel = db.execute(select(shipments.c.id)).scalar_one()
    desk.desk.run("recover", shipment_id=parcel, situation="lost", kind="reship")
    desk.accepts("E-1-R1")
    desk.ships("E-1-R1", "UPS", "1Z5R8939035756712")
    assert before
    assert counted_ones(desk) == before

"""A parcel does not move any more: one card, one key, a second parcel, and the carrier is asked to pay.

And a return: received, graded B, partly refunded, in quarantine; ledger, money and what it cost agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.analytics.costs.report import order_cost
from app.analytics.kpis.populations import POPULATIONS
from app.analytics.kpis.report import kpi_report
from app.domain.costs.serving import Step
from app.domain.kpis.kinds import Measure
from app.domain.tracking.carriers import house_of
from app.domain.tracking.timeline import CarrierEvent
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.returns import is_a_sale, recoveries, refunds
from app.queries.cases import CaseRow, case_rows
from app.queries.recoveries import claim_rows
from app.queries.returns import return_detail, return_rows
from app.services import availability
from app.services.costs.policy import in_force, rates
from app.services.desk import Desk
from app.services.tracking.receiving import Report, receive
from app.services.verifying import verify_store
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.widgets.text import Text
from tests.builders import an_order
from tests.journeys.driver import MORNING, DeskDriver
from tests.ui.conftest import DeskWindow
from tests.ui.conftest import open_window as open_window  # noqa: PLC0414 - a fixture
from tests.ui.conftest import theme as theme  # noqa: PLC0414 - a fixture
from tests.ui.keyboard import Keyboard

_OF_STOCK = frozenset({Measure.SYNC_LAG.value})


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


def cards(desk: DeskDriver) -> list[CaseRow]:
    """Return the open cases about E-1."""
    return desk.desk.read(case_rows, query="order:E-1 is:open", now=desk.clock)


def serving(desk: DeskDriver, number: str) -> dict[Step, int]:
    """Return what it cost to serve an order, step by step."""
    read = desk.desk.read
    cost = read(order_cost, desk.order(number).id, read(rates), read(in_force))
    assert cost is not None
    return {each.step: each.amount for each in cost.whole.steps}


def sends_again(desk: DeskDriver, shown: DeskWindow, parcel: int) -> None:
    """Find the one card of the parcel, and press the key of “send it again”, which is on it with its cost."""
    keys, inbox = Keyboard(shown), shown.window.pages["exceptions"]
    assert isinstance(inbox, ExceptionsPage)
    keys.press("G", "E")
    while inbox.row is None or inbox.row.kind != "parcel_stuck":
        keys.press("Down")
    assert (inbox.row.subject_id, [card.id for card in cards(desk)]) == (parcel, [inbox.row.id])
    ways = [way.title for way in inbox.offered()]
    (key,) = [str(at) for at, title in enumerate(ways, 1) if title.startswith("Send it again")]
    keys.press(key)
    assert cards(desk) == []


def ships(shown: DeskWindow, number: str, tracking: str) -> None:
    """Accept the one order that waits where it is suggested, and enter what its parcel is known by."""
    keys = Keyboard(shown)
    keys.press("G", "O")
    assert shown.numbers() == [number]
    keys.press("A", "Ctrl+K")
    keys.write("To ship")
    assert shown.numbers() == [number]
    keys.press("S")
    keys.write(tracking)


def claims(shown: DeskWindow, tracking: str, reference: str) -> None:
    """Say that the claim for a parcel was handed in."""
    keys = Keyboard(shown)
    keys.press("G", "S", "Ctrl+K")
    keys.write("On the way")
    keys.press("/")
    keys.write(tracking)
    keys.press("Down", "L")
    keys.write(reference)


def told_of_its_order(shown: DeskWindow) -> str:
    """Open the order of the parcel under the cursor, and return what stands there."""
    Keyboard(shown).press("O")
    return "\n".join(each.text() for each in shown.orders.pane.findChildren(Text))


def test_a_stuck_parcel_is_one_card_is_sent_again_with_one_key_and_is_told_and_claimed(
    desk: DeskDriver, open_window: Callable[[Desk], DeskWindow]
) -> None:
    parcel = stuck(desk)
    desk.desk.watch_cases()
    shown = open_window(desk.desk)
    sends_again(desk, shown, parcel)
    # The replacement goes the usual way, and Etsy is told of it as another parcel of the order.
    assert desk.order("E-1-R1").suggested in ("GARAGE", "SHOP")
    ships(shown, "E-1-R1", "1Z5R8939035756712")
    assert desk.order("E-1-R1").status == "shipped"
    desk.waits()
    first, *_others, last = desk.messages("ship_confirm")
    assert first.order_id == last.order_id == desk.order("E-1").id
    # The carrier of the first parcel is asked to pay.
    claims(shown, "9400111899223197428490", "C-1")
    (claim,) = desk.desk.read(claim_rows)
    assert (claim.carrier, claim.state, claim.reference, claim.amount) == (
        "USPS", "filed", "C-1", 2000,
    )  # fmt: skip
    # The timeline tells it, the cost is the original's, and no figure counts the order twice.
    told = told_of_its_order(shown)
    assert "The parcel is not moving: sent again" in told
    assert "Claimed $20.00 of USPS" in told
    with desk.reading() as db:
        made = db.execute(select(recoveries)).one()
        sales = select(orders.c.number).where(is_a_sale()).order_by(orders.c.id)
        assert list(db.execute(sales).scalars()) == ["E-1", "E-2"]
    assert (made.order_id, made.goods_cost) == (claim.order_id, 1200)
    assert serving(desk, "E-1")[Step.MAKING_GOOD] == -(1200 + made.postage_cost) < -1200
    assert sound(desk)


def returned(desk: DeskDriver) -> tuple[int | None, int]:
    """Return how many orders of how many came back, as the figures of the last weeks count it."""
    with desk.reading() as db:
        (row,) = kpi_report(db, now=desk.clock, by=None, measures=(Measure.RETURN_RATE,))
    return row.numerator, row.denominator


def can_be_sold(desk: DeskDriver) -> int:
    """Return how many units of the mug channels may be told."""
    units = desk.desk.read(availability.available_units, now=desk.clock)
    return max(each for by_sku in units.values() for each in by_sku.values())


def test_a_return_graded_b_is_partly_refunded_and_lies_in_quarantine(desk: DeskDriver) -> None:
    desk.waits(timedelta(days=8))
    before = can_be_sold(desk)
    assert returned(desk) == (0, 1)
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
    assert can_be_sold(desk) == before == 7
    assert returned(desk) == (1, 1)
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

"""What becomes free makes older suggestions stale: they are shown, and accepted, as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.models.fulfilment import routing_decisions, routing_suggestions
from app.models.orders import orders
from tests.beginnings import Begun
from tests.builders import an_order
from tests.journeys.driver import DeskDriver


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open a desk with tea only far away from its customer, for whom an order waits."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("NEAR", "Near", "02139").keeps_stock_at("FAR", "Far", "91761")
    driver.sells("TEA", "Green tea", FAR=3)
    driver.takes_in(an_order("1001", ("TEA", 1)))
    driver.desk.renew()
    driver.waits(timedelta(minutes=5))
    yield driver
    driver.store.close()


def receives(desk: DeskDriver, units: int = 9) -> Changes:
    changes = desk.desk.run(
        "receive", sku="TEA", location="NEAR", quantity=units, reason="A delivery"
    )
    desk.waits(timedelta(minutes=5))
    return changes


def suggested(desk: DeskDriver, number: str = "1001") -> str | None:
    return desk.order(number).suggested


def costs(desk: DeskDriver) -> tuple[int, int]:
    """Return what the newest decision cost, and what its suggestion said."""
    cost = routing_decisions.c
    query = select(cost.cost, routing_suggestions.c.cost).join(
        routing_suggestions, routing_suggestions.c.id == cost.suggestion_id
    )
    with desk.reading() as db:
        return tuple(db.execute(query.order_by(cost.id.desc()).limit(1)).one())


def key(desk: DeskDriver, number: str = "1001") -> int:
    with desk.reading() as db:
        return int(db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one())


def test_a_receipt_renews_the_suggestions_behind_the_scenes(desk: DeskDriver) -> None:
    assert suggested(desk) == "FAR"
    receives(desk)
    assert desk.desk.renew().done == (key(desk),)
    assert suggested(desk) == "NEAR"
    assert desk.desk.renew().done == ()


def test_what_another_order_gives_back_renews_them_too(desk: DeskDriver) -> None:
    receives(desk, 1)
    desk.takes_in(an_order("1002", ("TEA", 1)))
    assert suggested(desk, "1002") == "NEAR"
    desk.desk.renew()
    desk.waits(timedelta(minutes=5))
    desk.desk.run("cancel", order_ids=[key(desk, "1002")], reason="Ordered twice")
    desk.desk.renew()
    assert suggested(desk) == "NEAR"


def test_taking_orders_in_and_accepting_them_makes_nothing_stale(desk: DeskDriver) -> None:
    desk.takes_in(an_order("1002", ("TEA", 1)))
    desk.waits(timedelta(minutes=5))
    desk.accepts("1002")
    assert desk.desk.renew().done == ()


def test_accepting_never_takes_a_stale_suggestion(desk: DeskDriver) -> None:
    receives(desk)
    accepted = desk.accepts("1001")
    cost, said = costs(desk)
    assert cost == said
    assert accepted.undo is not None
    desk.waits(timedelta(minutes=5)).desk.undo(accepted.undo)
    assert suggested(desk) == "NEAR"


def test_undoing_an_acceptance_shows_the_suggestion_that_was_accepted(desk: DeskDriver) -> None:
    accepted = desk.accepts("1001")
    before = costs(desk)
    desk.waits(timedelta(minutes=5))
    assert accepted.undo is not None
    desk.desk.undo(accepted.undo)
    assert suggested(desk) == "FAR"
    desk.waits(timedelta(minutes=5))
    desk.accepts("1001")
    assert costs(desk) == before

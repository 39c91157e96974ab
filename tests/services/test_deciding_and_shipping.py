"""A decision allocates, a shipment moves goods once, and what was decided can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.domain.changes import Changes
from app.domain.roles import SYSTEM, Actor, Role
from app.errors import NotAllowedError, OutOfStockError, RefusedError
from app.models.exchange import outbox_messages
from app.models.fulfilment import fulfilment_orders, routing_decisions, shipments
from app.models.inventory import network_stock, stock_levels
from app.models.orders import order_lines, orders
from app.services import deciding, holding, renewing, shipping, stock, voiding, withdrawing
from app.services.shipping import Parcel
from tests.builders import Shop, an_order

EAST, WEST = 1, 2


def order_id(shop: Shop, number: str = "1001") -> int:
    return int(shop.db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one())


def status(shop: Shop, number: str = "1001") -> str:
    query = select(orders.c.status).where(orders.c.number == number)
    return str(shop.db.execute(query).scalar_one())


def level(shop: Shop, code: str, place: int) -> tuple[int, int, int]:
    query = select(
        stock_levels.c.on_hand, stock_levels.c.allocated, stock_levels.c.suggested
    ).where(stock_levels.c.sku_id == shop.skus[code], stock_levels.c.location_id == place)
    return tuple(shop.db.execute(query).one())


def network(shop: Shop, code: str) -> tuple[int, int]:
    query = select(network_stock.c.free, network_stock.c.reserved).where(
        network_stock.c.sku_id == shop.skus[code]
    )
    return tuple(shop.db.execute(query).one())


def fulfilments(shop: Shop) -> list[int]:
    query = select(fulfilment_orders.c.id).where(fulfilment_orders.c.state == "open")
    return list(shop.db.execute(query.order_by(fulfilment_orders.c.location_id)).scalars())


def accept(shop: Shop, *numbers: str) -> Changes:
    ids = [order_id(shop, number) for number in numbers or ("1001",)]
    return deciding.accept(shop.db, SYSTEM, order_ids=ids, now=shop.now)


def test_accepting_turns_the_reservation_into_an_allocation(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    assert level(shop, "TEA", EAST) == (5, 0, 2)
    accept(shop)
    assert status(shop) == "accepted"
    assert level(shop, "TEA", EAST) == (5, 2, 0)
    assert network(shop, "TEA") == (3, 0)


def test_orders_that_cannot_be_accepted_are_named_with_their_reason(shop: Shop) -> None:
    shop.stocked(TEA=(3, 0))
    shop.takes_in(an_order("1001", ("TEA", 2)), an_order("1002", ("TEA", 5)), an_order("1003"))
    held = order_id(shop, "1003")
    holding.hold(shop.db, SYSTEM, order_ids=[held], reason="Ask first", now=shop.now)
    changes = accept(shop, "1001", "1002", "1003")
    assert changes.done == (order_id(shop, "1001"),)
    assert {s.subject: s.reason for s in changes.skipped} == {
        "1002": "nothing of it is reserved",
        "1003": "it is on hold",
    }


def test_an_override_keeps_who_why_and_the_difference_in_money(shop: Shop) -> None:
    shop.stocked(TEA=(5, 5)).takes_in(an_order("1001", ("TEA", 2)))
    deciding.override(
        shop.db, SYSTEM, order_id=order_id(shop), location_id=WEST, reason="East is moving house",
        now=shop.now,
    )  # fmt: skip
    decision = shop.db.execute(select(routing_decisions)).one()
    assert (decision.kind, decision.reason) == ("overridden", "East is moving house")
    assert decision.cost > decision.suggested_cost > 0
    assert level(shop, "TEA", WEST) == (5, 2, 0)
    assert level(shop, "TEA", EAST) == (5, 0, 0)


def test_an_override_needs_a_role_a_reason_and_the_units(shop: Shop) -> None:
    shop.stocked(TEA=(5, 1)).takes_in(an_order("1001", ("TEA", 2)))
    clerk = Actor("Kim", Role.OPERATOR)

    def override(actor: Actor, reason: str) -> None:
        deciding.override(
            shop.db, actor, order_id=order_id(shop), location_id=WEST, reason=reason, now=shop.now
        )

    with pytest.raises(NotAllowedError):
        override(clerk, "because")
    with pytest.raises(RefusedError, match="needs a reason"):
        override(SYSTEM, " ")
    with pytest.raises(OutOfStockError, match="West has 1 free"):
        override(SYSTEM, "because")
    assert status(shop) == "open"


def test_a_split_ships_from_two_places(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0), MUG=(0, 5)).takes_in(an_order("1001", ("TEA", 1), ("MUG", 1)))
    lines = shop.db.execute(select(order_lines.c.id).order_by(order_lines.c.position)).scalars()
    tea, mug = lines
    deciding.split(
        shop.db, SYSTEM, order_id=order_id(shop), assignment={tea: EAST, mug: WEST},
        reason="Customer agreed", now=shop.now,
    )  # fmt: skip
    first, second = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(first, "UPS", "1Z1")], now=shop.now)
    assert status(shop) == "partly_shipped"
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(second, "UPS", "1Z2")], now=shop.now)
    assert status(shop) == "shipped"


def test_withdrawing_puts_everything_back_and_suggests_anew(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    withdrawing.withdraw(shop.db, SYSTEM, order_ids=[order_id(shop)], now=shop.now)
    assert status(shop) == "open"
    assert level(shop, "TEA", EAST) == (5, 0, 2)
    assert network(shop, "TEA") == (5, 2)


def test_shipping_moves_the_goods_and_queues_one_confirmation(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    (going,) = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(going, "UPS", "1Z1")], now=shop.now)
    assert level(shop, "TEA", EAST) == (3, 0, 0)
    assert network(shop, "TEA") == (3, 0)
    messages = shop.db.execute(select(outbox_messages.c.kind, outbox_messages.c.state)).all()
    assert messages == [("ship_confirm", "pending")]


def test_nothing_ships_twice(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    (going,) = fulfilments(shop)
    parcel = Parcel(going, "UPS", "1Z1")
    shipping.ship(shop.db, SYSTEM, parcels=[parcel], now=shop.now)
    again = shipping.ship(shop.db, SYSTEM, parcels=[parcel], now=shop.now)
    assert again.done == ()
    assert "shipped already" in again.skipped[0].reason
    assert level(shop, "TEA", EAST) == (3, 0, 0)


def test_the_database_itself_refuses_a_second_shipment(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    (going,) = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(going, "UPS", "1Z1")], now=shop.now)
    row = shop.db.execute(select(shipments)).one()._asdict()
    row |= {"id": 99, "tracking_number": "1Z2"}
    with pytest.raises(IntegrityError), shop.db.begin_nested():
        shop.db.execute(shipments.insert(), [row])


def test_a_tracking_number_of_another_order_is_asked_about(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001"), an_order("1002"))
    accept(shop, "1001", "1002")
    one, two = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(one, "UPS", "1Z1")], now=shop.now)
    changes = shipping.ship(shop.db, SYSTEM, parcels=[Parcel(two, "UPS", "1Z1")], now=shop.now)
    assert changes.skipped[0].reason == "tracking number 1Z1 belongs to order 1001"
    shipping.ship(
        shop.db, SYSTEM, parcels=[Parcel(two, "UPS", "1Z1")], now=shop.now, same_tracking=True
    )
    assert status(shop, "1002") == "shipped"


def test_a_shipment_is_taken_back_only_before_the_channel_knows(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    (going,) = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(going, "UPS", "1Z1")], now=shop.now)

    def take_back() -> None:
        voiding.void_shipments(
            shop.db, SYSTEM, order_ids=[order_id(shop)], reason="Wrong box", now=shop.now
        )

    take_back()
    assert (status(shop), level(shop, "TEA", EAST)) == ("accepted", (5, 2, 0))
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(going, "UPS", "1Z2")], now=shop.now)
    shop.db.execute(text("UPDATE outbox_messages SET state = 'sent' WHERE state = 'pending'"))
    with pytest.raises(RefusedError, match="already told"):
        take_back()
    assert status(shop) == "shipped"


def test_units_that_go_missing_move_the_suggestion_elsewhere(shop: Shop) -> None:
    shop.stocked(TEA=(2, 5)).takes_in(an_order("1001", ("TEA", 2)))
    assert level(shop, "TEA", EAST)[2] == 2
    stock.count(shop.db, SYSTEM, sku="TEA", location="EAST", counted=0, reason="Mice", now=shop.now)
    assert level(shop, "TEA", EAST) == (0, 0, 0)
    assert level(shop, "TEA", WEST) == (5, 0, 2)


def test_a_count_below_what_is_sold_is_a_case_and_is_not_clamped(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    stock.count(
        shop.db, SYSTEM, sku="TEA", location="EAST", counted=0, reason="Flood", now=shop.now
    )
    assert network(shop, "TEA") == (-2, 0)
    kinds = shop.db.execute(text("SELECT kind FROM exception_cases WHERE state = 'open'")).scalars()
    assert list(kinds) == ["negative_stock"]
    stock.receive(
        shop.db, SYSTEM, sku="TEA", location="EAST", quantity=2, reason="Found", now=shop.now
    )
    kinds = shop.db.execute(text("SELECT kind FROM exception_cases WHERE state = 'open'")).scalars()
    assert list(kinds) == []


def test_a_transfer_never_takes_units_that_are_allocated(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)))
    accept(shop)
    with pytest.raises(RefusedError, match="EAST has 0 free units of TEA"):
        stock.transfer(
            shop.db, SYSTEM, sku="TEA", origin="EAST", destination="WEST", quantity=1, reason="",
            now=shop.now,
        )  # fmt: skip


def test_a_suggestion_of_another_day_is_worked_out_anew(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    later = shop.now + timedelta(days=2)
    assert renewing.stale_orders(shop.db, now=shop.now) == []
    (stale,) = renewing.stale_orders(shop.db, now=later)
    deciding.refresh_suggestions(shop.db, SYSTEM, order_ids=[stale], now=later)
    assert renewing.stale_orders(shop.db, now=later) == []
    assert level(shop, "TEA", EAST) == (5, 0, 2)


def test_withdrawing_many_leaves_those_that_have_shipped_alone(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001"), an_order("1002"))
    accept(shop, "1001", "1002")
    shipping.ship(
        shop.db, SYSTEM, parcels=[Parcel(fulfilments(shop)[0], "UPS", "1Z1")], now=shop.now
    )
    ids = [order_id(shop, "1001"), order_id(shop, "1002")]
    changes = withdrawing.withdraw(shop.db, SYSTEM, order_ids=ids, now=shop.now)
    assert (status(shop, "1001"), status(shop, "1002")) == ("shipped", "open")
    assert [(s.subject, s.reason) for s in changes.skipped] == [("1001", "it is shipped")]


def test_undoing_the_second_parcel_leaves_the_first_one_on_its_way(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0), MUG=(0, 5)).takes_in(an_order("1001", ("TEA", 1), ("MUG", 1)))
    lines = shop.db.execute(select(order_lines.c.id).order_by(order_lines.c.position)).scalars()
    tea, mug = lines
    deciding.split(
        shop.db, SYSTEM, order_id=order_id(shop), assignment={tea: EAST, mug: WEST},
        reason="Customer agreed", now=shop.now,
    )  # fmt: skip
    first, second = fulfilments(shop)
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(first, "UPS", "1Z1")], now=shop.now)
    done = shipping.ship(shop.db, SYSTEM, parcels=[Parcel(second, "UPS", "1Z2")], now=shop.now)
    assert done.undo is not None
    voiding.void_shipments(
        shop.db, SYSTEM, reason="Wrong box", now=shop.now, fulfilment_order_ids=done.undo.ids
    )
    assert status(shop) == "partly_shipped"
    assert fulfilments(shop) == [second]


def test_spaces_around_a_tracking_number_do_not_make_it_another_one(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001"), an_order("1002"))
    accept(shop, "1001", "1002")
    one, two = fulfilments(shop)
    parcels = [Parcel(one, "UPS", "1Z1"), Parcel(two, "UPS", " 1Z1 ")]
    changes = shipping.ship(shop.db, SYSTEM, parcels=parcels, now=shop.now)
    assert [s.subject for s in changes.skipped] == ["1002"]

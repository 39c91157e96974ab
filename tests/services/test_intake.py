"""Orders are stored once each, claim stock in their order, and wait with a reason if they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.orders import ChannelState, HoldCode, IncomingLine, MapperHold
from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.exchange import inbox_messages
from app.models.governance import audit_entries
from app.models.inventory import network_stock, stock_movements
from app.models.orders import holds, order_lines, orders, reservations
from app.services import cancelling, changing, deciding, holding, linking, stock
from tests.builders import Shop, an_order


def the_order(shop: Shop, number: str = "1001") -> Any:
    return shop.db.execute(select(orders).where(orders.c.number == number)).one()


def the_claims(shop: Shop, number: str = "1001") -> list[str]:
    query = (
        select(order_lines.c.claim)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.number == number)
        .order_by(order_lines.c.position)
    )
    return list(shop.db.execute(query).scalars())


def open_cases(shop: Shop) -> list[str]:
    query = select(exception_cases.c.kind).where(exception_cases.c.state == "open")
    return sorted(shop.db.execute(query).scalars())


def reserved(shop: Shop, code: str) -> int:
    query = select(network_stock.c.reserved).where(network_stock.c.sku_id == shop.skus[code])
    return int(shop.db.execute(query).scalar_one())


def rows_in(shop: Shop) -> dict[str, int]:
    tables = (orders, order_lines, reservations, stock_movements, inbox_messages, audit_entries)
    return {
        t.name: shop.db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables
    }


def test_an_order_is_stored_reserved_and_suggested(shop: Shop) -> None:
    shop.stocked(TEA=(5, 5))
    taken = shop.takes_in(an_order("1001", ("TEA", 2)))
    assert taken.outcomes == {"ext-1001": "new"}
    assert the_order(shop).is_routed
    assert reserved(shop, "TEA") == 2


def test_the_same_order_again_changes_nothing(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    before = rows_in(shop)
    assert shop.takes_in(an_order("1001", ("TEA", 2))).outcomes == {"ext-1001": "unchanged"}
    assert rows_in(shop) == before


def test_an_order_that_comes_twice_in_one_batch_is_one_order(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0))
    taken = shop.takes_in(an_order("1001", ("TEA", 2)), an_order("1001", ("TEA", 2)))
    assert taken.outcomes == {"ext-1001": "new"}
    assert reserved(shop, "TEA") == 2


def test_the_last_units_go_to_the_order_that_came_first(shop: Shop) -> None:
    shop.stocked(TEA=(3, 0))
    shop.takes_in(an_order("1001", ("TEA", 2)), an_order("1002", ("TEA", 2)), an_order("1003"))
    assert the_claims(shop, "1001") == ["reserved"]
    assert the_claims(shop, "1002") == ["short"]
    assert the_claims(shop, "1003") == ["reserved"]
    assert open_cases(shop) == ["shortfall"]


def test_a_kit_reserves_its_components(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0), MUG=(1, 0)).takes_in(an_order("1001", ("SET", 1)))
    assert (reserved(shop, "TEA"), reserved(shop, "MUG")) == (2, 1)


def test_an_unknown_code_holds_the_order_until_it_is_linked(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("tee-green", 2)))
    assert the_order(shop).is_held
    assert open_cases(shop) == ["unknown_sku"]
    linking.link(
        shop.db, SYSTEM, account_id=shop.account, alias="tee-green", sku_code="TEA", now=shop.now
    )
    assert not the_order(shop).is_held
    assert the_claims(shop) == ["reserved"]
    assert open_cases(shop) == []
    assert shop.takes_in(an_order("1002", ("tee-green", 1))).holds == ()


def test_stock_that_arrives_goes_to_the_oldest_waiting_order(shop: Shop) -> None:
    shop.stocked(TEA=(0, 0))
    late = replace(an_order("1001", ("TEA", 2)), placed_at=shop.now)
    early = replace(an_order("1002", ("TEA", 2)), placed_at=shop.now - timedelta(days=1))
    shop.takes_in(late, early)
    stock.receive(
        shop.db, SYSTEM, sku="TEA", location="EAST", quantity=3, reason="truck", now=shop.now
    )
    assert the_claims(shop, "1002") == ["reserved"]
    assert the_claims(shop, "1001") == ["short"]
    assert open_cases(shop) == ["shortfall"]


@pytest.mark.parametrize("state", [ChannelState.CANCELLED, ChannelState.SHIPPED])
def test_an_order_that_is_over_claims_nothing(shop: Shop, state: ChannelState) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2), state=state))
    assert reserved(shop, "TEA") == 0
    assert the_order(shop).status == state.value


def test_an_order_that_the_channel_ships_claims_nothing(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", fulfilled_by_channel=True))
    assert reserved(shop, "TEA") == 0


def test_a_line_that_needs_no_parcel_claims_nothing(shop: Shop) -> None:
    tip = IncomingLine("1", "", "Tip", 1, 300, requires_shipping=False)
    shop.takes_in(an_order("1001", lines=(tip,)))
    assert the_claims(shop) == ["none"]
    assert not the_order(shop).is_held


def test_payment_that_arrives_lifts_the_hold_and_fills_in_the_address(shop: Shop) -> None:
    wait = MapperHold(HoldCode.AWAITING_PAYMENT, "The channel has not confirmed the payment.")
    paid = an_order("1001", ("TEA", 1))
    pending = replace(
        paid, state=ChannelState.AWAITING_PAYMENT, holds=(wait,), total=None,
        ship_to=replace(paid.ship_to, name="", line1="", postcode=""),
    )  # fmt: skip
    shop.stocked(TEA=(5, 0)).takes_in(pending)
    assert the_order(shop).is_held
    assert shop.takes_in(paid).outcomes == {"ext-1001": "updated"}
    order = the_order(shop)
    assert (order.is_held, order.ship_postcode, order.total) == (False, "02138", 1000)
    assert open_cases(shop) == []


def test_a_change_on_the_channel_waits_for_a_person(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    taken = shop.takes_in(an_order("1001", ("TEA", 5)))
    assert taken.outcomes == {"ext-1001": "changed"}
    assert taken.holds == (("1001", HoldCode.ORDER_CHANGED),)
    assert reserved(shop, "TEA") == 2
    assert shop.takes_in(an_order("1001", ("TEA", 5))).outcomes == {"ext-1001": "unchanged"}


def test_taking_a_change_over_claims_the_new_quantity(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    deciding.accept(shop.db, SYSTEM, order_ids=[the_order(shop).id], now=shop.now)
    shop.takes_in(an_order("1001", ("TEA", 5), ("MUG", 1)))
    changing.take_over_change(shop.db, SYSTEM, order_id=the_order(shop).id, now=shop.now)
    assert reserved(shop, "TEA") == 5
    assert the_claims(shop) == ["reserved", "short"]
    assert the_order(shop).units == 6
    assert open_cases(shop) == ["shortfall"]


def test_keeping_the_old_version_is_not_asked_again(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    shop.takes_in(an_order("1001", ("TEA", 5)))
    changing.keep_as_it_is(shop.db, SYSTEM, order_id=the_order(shop).id, now=shop.now)
    assert not the_order(shop).is_held
    assert shop.takes_in(an_order("1001", ("TEA", 5))).outcomes == {"ext-1001": "unchanged"}
    assert reserved(shop, "TEA") == 2


def test_what_the_desk_knows_survives_a_re_import(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    order_id = the_order(shop).id
    holding.hold(shop.db, SYSTEM, order_ids=[order_id], reason="Ask about engraving", now=shop.now)
    holding.write_note(shop.db, SYSTEM, order_id=order_id, text="Gift wrap", now=shop.now)
    shop.takes_in(an_order("1001", ("TEA", 2)))
    live = select(holds.c.reason).where(holds.c.released_at.is_(None))
    assert shop.db.execute(live).scalars().all() == ["Ask about engraving"]


def test_a_cancellation_on_the_channel_gives_the_units_to_the_next_order(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0))
    shop.takes_in(an_order("1001", ("TEA", 2)), an_order("1002", ("TEA", 2)))
    shop.takes_in(an_order("1001", ("TEA", 2), state=ChannelState.CANCELLED))
    assert the_order(shop).status == "cancelled"
    assert the_claims(shop, "1002") == ["reserved"]


def test_a_cancellation_after_acceptance_is_a_case_and_not_a_silent_change(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)))
    deciding.accept(shop.db, SYSTEM, order_ids=[the_order(shop).id], now=shop.now)
    shop.takes_in(an_order("1001", ("TEA", 2), state=ChannelState.CANCELLED))
    assert the_order(shop).status == "accepted"
    assert open_cases(shop) == ["cancelled_late"]


def test_shipped_elsewhere_is_asked_and_then_closed(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)))
    shop.takes_in(an_order("1001", ("TEA", 2), state=ChannelState.SHIPPED))
    assert open_cases(shop) == ["shipped_elsewhere"]
    changing.close_as_shipped_elsewhere(
        shop.db, SYSTEM, order_id=the_order(shop).id, reason="Sent by hand", now=shop.now
    )
    assert the_order(shop).status == "shipped"
    assert reserved(shop, "TEA") == 0


def test_a_cancelled_order_comes_back_with_what_stock_is_left(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)), an_order("1002", ("TEA", 1)))
    first = the_order(shop).id
    cancelling.cancel(shop.db, SYSTEM, order_ids=[first], reason="Buyer asked", now=shop.now)
    assert the_claims(shop, "1002") == ["reserved"]
    cancelling.reinstate(shop.db, SYSTEM, order_ids=[first], now=shop.now)
    assert the_order(shop).status == "open"
    assert the_claims(shop, "1001") == ["short"]


def test_a_status_that_nobody_knows_is_a_case_and_not_a_guess(shop: Shop) -> None:
    doubt = MapperHold(HoldCode.STATUS_UNCLEAR, "Shopify says “partial”.")
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", holds=(doubt,)))
    assert the_order(shop).is_held
    assert open_cases(shop) == ["status_unclear"]
    holding.release(
        shop.db, SYSTEM, order_ids=[the_order(shop).id], reason="Looked it up", now=shop.now
    )
    assert open_cases(shop) == []

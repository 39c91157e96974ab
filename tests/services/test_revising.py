"""A channel states an order again: progress is followed, gaps are filled, changes are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.orders import Address, ChannelState, HoldCode, IncomingOrder, MapperHold
from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.fulfilment import fulfilment_orders
from app.models.orders import holds, order_lines, orders
from app.services import changing, deciding, holding, shipping
from app.services.shipping import Parcel
from tests.builders import Shop, an_order

WAIT = MapperHold(HoldCode.AWAITING_PAYMENT, "The channel has not confirmed the payment.")


def the_order(shop: Shop) -> Any:
    return shop.db.execute(select(orders)).one()


def the_lines(shop: Shop) -> list[tuple[str, str, int, str]]:
    line = order_lines.c
    query = select(line.external_id, line.sku_text, line.quantity, line.claim)
    return [tuple(row) for row in shop.db.execute(query.order_by(line.position))]


def live_holds(shop: Shop) -> list[str]:
    query = select(holds.c.code).where(holds.c.released_at.is_(None))
    return sorted(shop.db.execute(query).scalars())


def open_cases(shop: Shop) -> list[str]:
    query = select(exception_cases.c.kind).where(exception_cases.c.state == "open")
    return sorted(shop.db.execute(query).scalars())


def outcome(shop: Shop, order: IncomingOrder) -> str:
    return shop.takes_in(order).outcomes[order.external_id]


def without_address_and_ids(order: IncomingOrder) -> IncomingOrder:
    """Return the order as a report states it that has neither (Amazon's all-orders report)."""
    to = Address(city=order.ship_to.city, state=order.ship_to.state,
                 postcode=order.ship_to.postcode, country=order.ship_to.country)  # fmt: skip
    lines = tuple(replace(line, external_id=f"made-up-{n}") for n, line in enumerate(order.lines))
    return replace(order, ship_to=to, lines=lines, has_line_ids=False)


def test_an_order_that_grew_while_it_was_pending_is_taken_over_whole(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0), MUG=(9, 0))
    pending = an_order("1001", ("TEA", 1), state=ChannelState.AWAITING_PAYMENT, holds=(WAIT,))
    shop.takes_in(pending)
    assert outcome(shop, an_order("1001", ("TEA", 3), ("MUG", 1))) == "updated"
    assert [line[1:] for line in the_lines(shop)] == [
        ("TEA", 3, "reserved"), ("MUG", 1, "reserved"),
    ]  # fmt: skip
    assert live_holds(shop) == []


def test_payment_that_comes_late_never_rewrites_what_has_left(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0), MUG=(9, 0)).takes_in(an_order("1001", ("TEA", 1)))
    deciding.accept(shop.db, SYSTEM, order_ids=[the_order(shop).id], now=shop.now)
    going = shop.db.execute(select(fulfilment_orders.c.id)).scalar_one()
    shipping.ship(shop.db, SYSTEM, parcels=[Parcel(going, "UPS", "1Z1")], now=shop.now)
    outcome(shop, an_order("1001", ("TEA", 1), state=ChannelState.AWAITING_PAYMENT))
    assert outcome(shop, an_order("1001", ("MUG", 3))) == "changed"
    assert [line[1:3] for line in the_lines(shop)] == [("TEA", 1)]
    assert "order_changed" in open_cases(shop)


def test_what_the_channel_has_shipped_is_not_shipped_again_by_accepting_all(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order())
    outcome(shop, an_order(state=ChannelState.SHIPPED))
    changes = deciding.accept(shop.db, SYSTEM, order_ids=[the_order(shop).id], now=shop.now)
    assert changes.done == ()
    assert live_holds(shop) == ["SHIPPED_ELSEWHERE"]
    changing.close_as_shipped_elsewhere(
        shop.db, SYSTEM, order_id=the_order(shop).id, reason="Sent by hand", now=shop.now
    )
    assert (live_holds(shop), open_cases(shop)) == ([], [])


def test_what_the_channel_cancelled_after_acceptance_does_not_ship_by_itself(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order())
    deciding.accept(shop.db, SYSTEM, order_ids=[the_order(shop).id], now=shop.now)
    outcome(shop, an_order(state=ChannelState.CANCELLED))
    going = shop.db.execute(select(fulfilment_orders.c.id)).scalar_one()
    parcel = Parcel(going, "UPS", "1Z1")
    assert shipping.ship(shop.db, SYSTEM, parcels=[parcel], now=shop.now).done == ()
    assert open_cases(shop) == ["cancelled_late"]


def test_a_buyer_who_asks_to_cancel_stops_an_order_until_a_person_decides(shop: Shop) -> None:
    asks = MapperHold(HoldCode.CANCEL_REQUESTED, "The buyer asks to cancel this order.")
    shop.stocked(TEA=(9, 0)).takes_in(an_order())
    assert outcome(shop, an_order(holds=(asks,))) == "updated"
    assert (live_holds(shop), open_cases(shop)) == (["CANCEL_REQUESTED"], ["cancel_requested"])
    holding.release(
        shop.db, SYSTEM, order_ids=[the_order(shop).id], reason="They want it", now=shop.now
    )
    assert outcome(shop, an_order(holds=(asks,))) == "unchanged"
    assert live_holds(shop) == []


def test_an_order_that_is_refunded_in_part_later_waits_once_for_a_look(shop: Shop) -> None:
    back = MapperHold(HoldCode.REFUNDED_IN_PART, "The channel gave 4.00 USD back.")
    shop.stocked(TEA=(9, 0)).takes_in(an_order())
    assert outcome(shop, an_order(holds=(back,))) == "updated"
    assert (live_holds(shop), open_cases(shop)) == (["REFUNDED_IN_PART"], ["status_unclear"])
    holding.release(shop.db, SYSTEM, order_ids=[the_order(shop).id], reason="Postage", now=shop.now)
    assert outcome(shop, an_order(holds=(back,))) == "unchanged"
    assert (live_holds(shop), open_cases(shop)) == ([], [])


def test_an_order_in_which_the_channel_sees_fraud_waits_until_it_or_a_person_trusts_it(
    shop: Shop,
) -> None:
    risky = MapperHold(HoldCode.FRAUD_RISK, "Shopify thinks that it is fraud.")
    shop.stocked(TEA=(9, 0)).takes_in(an_order(holds=(risky,)), an_order("1002"))
    assert (live_holds(shop), open_cases(shop)) == (["FRAUD_RISK"], ["fraud_hold"])
    assert outcome(shop, an_order(holds=(risky,))) == "unchanged"
    assert outcome(shop, an_order(is_trusted=True)) == "updated"
    assert (live_holds(shop), open_cases(shop)) == ([], [])
    # The other is looked at by the channel only after it came, and a person decides.
    assert outcome(shop, an_order("1002", holds=(risky,))) == "updated"
    later = shop.db.execute(select(orders.c.id).where(orders.c.number == "1002")).scalar_one()
    holding.release(shop.db, SYSTEM, order_ids=[later], reason="It is genuine.", now=shop.now)
    assert outcome(shop, an_order("1002", holds=(risky,))) == "unchanged"
    assert (live_holds(shop), open_cases(shop)) == ([], [])


def test_a_report_that_lacks_address_and_line_ids_says_nothing_about_them(shop: Shop) -> None:
    full = an_order("1001", ("TEA", 2), ("MUG", 1))
    shop.stocked(TEA=(9, 0), MUG=(9, 0)).takes_in(full)
    assert outcome(shop, without_address_and_ids(full)) == "unchanged"
    assert the_order(shop).ship_line1 == "1 Fictional Lane"
    assert (live_holds(shop), open_cases(shop)) == ([], [])


def test_the_fuller_report_fills_in_address_and_line_ids(shop: Shop) -> None:
    full = an_order("1001", ("TEA", 2), ("MUG", 1))
    shop.stocked(TEA=(9, 0), MUG=(9, 0)).takes_in(without_address_and_ids(full))
    assert outcome(shop, full) == "updated"
    assert the_order(shop).ship_line1 == "1 Fictional Lane"
    assert [line[0] for line in the_lines(shop)] == ["1", "2"]
    assert outcome(shop, full) == "unchanged"
    assert outcome(shop, without_address_and_ids(full)) == "unchanged"


def test_a_report_without_any_price_says_nothing_about_money(shop: Shop) -> None:
    full = an_order("1001", ("TEA", 2))
    bare = replace(full, total=None, lines=tuple(replace(x, unit_price=0) for x in full.lines))
    shop.stocked(TEA=(9, 0)).takes_in(full)
    assert outcome(shop, bare) == "unchanged"


def test_an_address_corrected_here_is_no_change_of_the_channels(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order())
    holding.correct_address(
        shop.db, SYSTEM, order_id=the_order(shop).id, changes={"ship_postcode": "10001"},
        reason="Buyer wrote", now=shop.now,
    )  # fmt: skip
    assert outcome(shop, an_order()) == "unchanged"
    assert outcome(shop, an_order(state=ChannelState.CANCELLED)) == "updated"


@pytest.mark.parametrize("decision", [changing.take_over_change, changing.keep_as_it_is])
def test_a_version_that_was_here_before_is_asked_about_again(shop: Shop, decision: Any) -> None:
    two, five = an_order("1001", ("TEA", 2)), an_order("1001", ("TEA", 5))
    shop.stocked(TEA=(9, 0)).takes_in(two)
    order_id = the_order(shop).id
    for version in (five, two, five):
        if outcome(shop, version) == "changed":
            changing.take_over_change(shop.db, SYSTEM, order_id=order_id, now=shop.now)
    assert the_order(shop).units == 5
    assert outcome(shop, two) == "changed"
    decision(shop.db, SYSTEM, order_id=order_id, now=shop.now)
    assert live_holds(shop) == []


def test_a_change_that_the_channel_takes_back_needs_no_decision(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    assert outcome(shop, an_order("1001", ("TEA", 5))) == "changed"
    assert outcome(shop, an_order("1001", ("TEA", 2))) == "updated"
    assert (live_holds(shop), open_cases(shop)) == ([], [])


def test_of_several_changes_the_newest_is_the_one_to_decide_on(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001", ("TEA", 2)))
    for units in (5, 4, 5):
        assert outcome(shop, an_order("1001", ("TEA", units))) == "changed"
    changing.take_over_change(shop.db, SYSTEM, order_id=the_order(shop).id, now=shop.now)
    assert the_order(shop).units == 5

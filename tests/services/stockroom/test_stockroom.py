"""What happens to units on the shelves: they arrive, travel, break, come back and are counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.changes import Changes
from app.domain.roles import SYSTEM, Actor, Role
from app.errors import NotAllowedError, RefusedError
from app.models.inbound import expected_receipts
from app.models.inventory import stock_levels
from app.services import places, stock
from app.services.checks import stock as checks
from app.services.operations import OPERATIONS
from app.services.shipping import Parcel
from tests.builders import MONDAY, Shop, an_order


def run(shop: Shop, operation: str, **arguments: Any) -> Changes:
    return OPERATIONS[operation](shop.db, SYSTEM, now=shop.now, **arguments)


def undo(shop: Shop, changes: Changes) -> Changes:
    assert changes.undo is not None
    return run(shop, changes.undo.operation, **changes.undo.arguments)


def at(shop: Shop, sku: str, place: str) -> dict[str, int]:
    """Return what is not 0 of a SKU at a location."""
    query = select(stock_levels).where(
        stock_levels.c.sku_id == shop.skus[sku],
        stock_levels.c.location_id == {"EAST": 1, "WEST": 2}[place],
    )
    row = shop.db.execute(query).first()
    names = ("on_hand", "allocated", "incoming", "damaged", "quarantine", "returns_hold")
    return {name: getattr(row, name) for name in names if row and getattr(row, name)}


def case(shop: Shop) -> str:
    query = text(
        "SELECT title FROM exception_cases WHERE kind IN ('negative_stock', 'oversold') AND state = 'open'"
    )
    return str(shop.db.execute(query).scalar() or "")


def is_sound(shop: Shop) -> bool:
    found = [check(shop.db) for check in (checks.balances, checks.network, checks.incoming,
                                          checks.oversold, checks.plans)]  # fmt: skip
    return [each for each in found if not each.ok] == []


def state_of(shop: Shop, receipt_id: int) -> str:
    query = select(expected_receipts.c.state).where(expected_receipts.c.id == receipt_id)
    return str(shop.db.execute(query).scalar_one())


# ---- deliveries -----------------------------------------------------------------------------------


def test_a_delivery_is_on_its_way_until_it_is_received_in_parts(shop: Shop) -> None:
    shop.takes_in(an_order("1", ("TEA", 5)))
    expected = run(shop, "expect", location="EAST", lines=[("TEA", 10), ("MUG", 4)],
                   supplier="Leaf & Co", expected_at=MONDAY + timedelta(days=3))  # fmt: skip
    (delivery,) = expected.done
    assert at(shop, "TEA", "EAST") == {"incoming": 10}
    first = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 6})
    assert first.label == "Receive 6 units of R-1"
    assert at(shop, "TEA", "EAST") == {"on_hand": 6, "incoming": 4}
    assert not shop.db.execute(text("SELECT is_short FROM orders")).scalar_one()
    run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 4, "MUG": 4})
    assert at(shop, "TEA", "EAST") == {"on_hand": 10}
    assert state_of(shop, delivery) == "closed"
    assert is_sound(shop)
    with pytest.raises(RefusedError, match="is closed"):
        run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 1})


def test_what_never_came_of_a_delivery_is_expected_no_longer(shop: Shop) -> None:
    (delivery,) = run(shop, "expect", location="EAST", lines=[("TEA", 10)]).done
    last = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 7}, is_last=True)
    assert last.label == "Receive 7 units of R-1, 3 missing"
    assert at(shop, "TEA", "EAST") == {"on_hand": 7}
    undo(shop, last)
    assert at(shop, "TEA", "EAST") == {"incoming": 10}
    assert state_of(shop, delivery) == "open"
    assert is_sound(shop)


def test_more_than_was_expected_is_received_as_it_is(shop: Shop) -> None:
    (delivery,) = run(shop, "expect", location="EAST", lines=[("TEA", 10)]).done
    over = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 12})
    assert at(shop, "TEA", "EAST") == {"on_hand": 12}
    undo(shop, over)
    assert at(shop, "TEA", "EAST") == {"incoming": 10}


def test_a_delivery_that_was_written_down_by_mistake_can_be_taken_back(shop: Shop) -> None:
    expected = run(shop, "expect", location="EAST", lines=[("TEA", 10)])
    again = undo(shop, expected)
    assert at(shop, "TEA", "EAST") == {}
    undo(shop, again)
    assert at(shop, "TEA", "EAST") == {"incoming": 10}
    run(shop, "receive_expected", receipt_id=expected.done[0], arrived={"TEA": 4})
    with pytest.raises(RefusedError, match="More was done"):
        undo(shop, expected)
    assert is_sound(shop)


def test_what_was_received_is_taken_back_once(shop: Shop) -> None:
    (delivery,) = run(shop, "expect", location="EAST", lines=[("TEA", 10)]).done
    came = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 6})
    undo(shop, came)
    with pytest.raises(RefusedError, match="More was done"), shop.db.begin_nested():
        undo(shop, came)
    over = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 12})
    undo(shop, over)
    assert over.undo is not None
    old = {name: value for name, value in over.undo.arguments.items() if name != "left"}
    with pytest.raises(RefusedError, match="More was done"), shop.db.begin_nested():
        run(shop, "take_receipt_back", **old)
    with pytest.raises(RefusedError, match="More was done"), shop.db.begin_nested():
        undo(shop, over)
    assert at(shop, "TEA", "EAST") == {"incoming": 10}
    first = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 3})
    second = run(shop, "receive_expected", receipt_id=delivery, arrived={"TEA": 7})
    with pytest.raises(RefusedError, match="More was done"), shop.db.begin_nested():
        undo(shop, first)
    undo(shop, second)
    undo(shop, first)
    gone = run(shop, "cancel_expected", receipt_id=delivery, reason="Sold out")
    undo(shop, gone)
    with pytest.raises(RefusedError, match="More was done"), shop.db.begin_nested():
        undo(shop, gone)
    assert at(shop, "TEA", "EAST") == {"incoming": 10}
    assert is_sound(shop)


# ---- transfers ------------------------------------------------------------------------------------


def test_units_that_travel_lie_nowhere_until_they_are_received(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    sent = run(shop, "send_transfer", origin="EAST", destination="WEST", lines=[("TEA", 6)])
    assert (at(shop, "TEA", "EAST"), at(shop, "TEA", "WEST")) == ({"on_hand": 4}, {"incoming": 6})
    short = run(shop, "receive_expected", receipt_id=sent.done[0], arrived={"TEA": 5}, is_last=True)
    assert at(shop, "TEA", "WEST") == {"on_hand": 5}
    lost = shop.db.execute(
        text("SELECT quantity, reason_code FROM stock_movements WHERE cause = 'short_receipt'")
    ).one()
    assert tuple(lost) == (-1, "lost")
    undo(shop, short)
    undo(shop, sent)
    assert (at(shop, "TEA", "EAST"), at(shop, "TEA", "WEST")) == ({"on_hand": 10}, {})
    assert is_sound(shop)


def test_what_is_called_back_returns_to_where_it_came_from(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    (sent,) = run(shop, "send_transfer", origin="EAST", destination="WEST", lines=[("TEA", 6)]).done
    run(shop, "receive_expected", receipt_id=sent, arrived={"TEA": 2})
    run(shop, "cancel_expected", receipt_id=sent, reason="The van broke down")
    assert (at(shop, "TEA", "EAST"), at(shop, "TEA", "WEST")) == ({"on_hand": 8}, {"on_hand": 2})
    assert is_sound(shop)


def test_nobody_sends_what_is_not_free(shop: Shop) -> None:
    shop.stocked(TEA=(3, 0))
    with pytest.raises(RefusedError, match="EAST has 3 free units of TEA, not 4"):
        run(shop, "send_transfer", origin="EAST", destination="WEST", lines=[("TEA", 4)])
    with pytest.raises(RefusedError, match="two different"):
        run(shop, "send_transfer", origin="EAST", destination="EAST", lines=[("TEA", 1)])


def test_a_loss_on_the_way_needs_somebody_who_may_write_off(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    (sent,) = run(shop, "send_transfer", origin="EAST", destination="WEST", lines=[("TEA", 6)]).done
    with pytest.raises(NotAllowedError):
        OPERATIONS["receive_expected"](
            shop.db, Actor("Ann", Role.OPERATOR), now=shop.now, receipt_id=sent,
            arrived={"TEA": 5}, is_last=True,
        )  # fmt: skip


def test_a_move_next_door_is_done_at_once_and_back(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    moved = run(
        shop, "transfer", sku="TEA", origin="EAST", destination="WEST", quantity=4, reason=""
    )
    assert at(shop, "TEA", "WEST") == {"on_hand": 4}
    undo(shop, moved)
    assert at(shop, "TEA", "EAST") == {"on_hand": 10}


# ---- set aside ------------------------------------------------------------------------------------


def test_damaged_units_are_there_and_nobody_can_buy_them(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0))
    aside = run(shop, "set_aside", sku="TEA", location="EAST", quantity=3, bucket="damaged",
                reason="Wet")  # fmt: skip
    assert at(shop, "TEA", "EAST") == {"on_hand": 5, "damaged": 3}
    taken = shop.takes_in(an_order("1", ("TEA", 3)))
    assert taken.short_lines == 1
    undo(shop, aside)
    assert shop.db.execute(text("SELECT claim FROM order_lines")).scalar_one() == "reserved"
    assert is_sound(shop)


def test_no_more_is_set_aside_or_put_back_than_there_is(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0))
    where: dict[str, Any] = {"sku": "TEA", "location": "EAST", "reason": "Why", "bucket": "damaged"}
    with pytest.raises(RefusedError, match="5 units of TEA lie at EAST"):
        run(shop, "set_aside", **where, quantity=6)
    with pytest.raises(RefusedError, match="0 units of TEA are damaged"):
        run(shop, "put_back", **where, quantity=1)
    with pytest.raises(RefusedError, match="cannot be set aside as"):
        run(shop, "set_aside", **{**where, "bucket": "on_hand"}, quantity=1)


def test_a_return_waits_until_somebody_has_looked_at_it(shop: Shop) -> None:
    back = run(shop, "take_return", sku="TEA", location="EAST", quantity=2, reason="Order 7")
    assert at(shop, "TEA", "EAST") == {"on_hand": 2, "returns_hold": 2}
    run(
        shop,
        "put_back",
        sku="TEA",
        location="EAST",
        quantity=1,
        bucket="returns_hold",
        reason="Fine",
    )
    gone = run(shop, "write_off", sku="TEA", location="EAST", quantity=1, bucket="returns_hold",
               reason="Damaged by the buyer")  # fmt: skip
    assert at(shop, "TEA", "EAST") == {"on_hand": 1}
    undo(shop, gone)
    assert at(shop, "TEA", "EAST") == {"on_hand": 2, "returns_hold": 1}
    with pytest.raises(RefusedError, match="1 units of TEA are returned"):
        undo(shop, back)
    assert is_sound(shop)


def test_units_promised_and_then_found_broken_are_a_case_and_not_hidden(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0))
    shop.takes_in(an_order("1", ("TEA", 4)))
    run(
        shop,
        "set_aside",
        sku="TEA",
        location="EAST",
        quantity=3,
        bucket="quarantine",
        reason="Mites",
    )
    assert case(shop) == "TEA: 2 more sold than there are"
    run(shop, "receive", sku="TEA", location="WEST", quantity=9, reason="")
    assert case(shop) == ""


def test_a_location_below_zero_is_a_case_even_if_others_have_plenty(shop: Shop) -> None:
    shop.stocked(TEA=(2, 20))
    run(shop, "adjust", sku="TEA", location="EAST", quantity=-5, reason="Stolen from the porch")
    assert at(shop, "TEA", "EAST") == {"on_hand": -3}
    assert case(shop) == "TEA: 3 below zero at East"
    code = text("SELECT reason_code FROM stock_movements WHERE cause = 'adjustment'")
    assert shop.db.execute(code).scalar_one() == "stolen"
    run(shop, "count", sku="TEA", location="EAST", counted=0, reason="")
    assert case(shop) == ""
    assert is_sound(shop)


# ---- counts ---------------------------------------------------------------------------------------


def sell_one(shop: Shop, number: str) -> None:
    """Take an order in, accept it and ship it."""
    (order_id,) = shop.takes_in(an_order(number, ("TEA", 1))).changes.done
    run(shop, "accept", order_ids=[order_id])
    part = shop.db.execute(
        text("SELECT id FROM fulfilment_orders WHERE order_id = :o"), {"o": order_id}
    )
    run(shop, "ship", parcels=[Parcel(part.scalar_one(), "USPS", f"94{number}")])


def test_what_is_sold_after_its_shelf_was_counted_is_no_difference(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0), MUG=(4, 0))
    (count_id,) = run(shop, "start_count", location="EAST").done
    sell_one(shop, "1")
    run(shop, "enter_count", count_id=count_id, sku="TEA", units=8)  # 9 should be there
    sell_one(shop, "2")
    closed = run(shop, "close_count", count_id=count_id)
    assert closed.label == "Close the count: 1 difference in 1 SKU"
    assert "MUG" in [each.subject for each in closed.skipped]
    assert at(shop, "TEA", "EAST") == {"on_hand": 7}
    undo(shop, closed)
    assert at(shop, "TEA", "EAST") == {"on_hand": 8}
    assert is_sound(shop)


def test_a_shelf_that_was_counted_an_hour_ago_is_held_against_the_stock_of_then(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    looked = shop.now
    shop.now += timedelta(hours=1)
    sell_one(shop, "1")
    changes = run(shop, "count", sku="TEA", location="EAST", counted=10, reason="", at=looked)
    assert changes.label == "Count TEA: +0"
    assert at(shop, "TEA", "EAST") == {"on_hand": 9}


def test_a_count_can_be_dropped_corrected_and_taken_up_again(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    started = run(shop, "start_count", location="EAST", codes=["TEA"])
    (count_id,) = started.done
    entered = run(shop, "enter_count", count_id=count_id, sku="TEA", units=3)
    undo(shop, entered)
    with pytest.raises(RefusedError, match="Nothing was counted"):
        run(shop, "close_count", count_id=count_id)
    undo(shop, started)
    with pytest.raises(RefusedError, match="dropped"):
        run(shop, "enter_count", count_id=count_id, sku="TEA", units=3)
    run(shop, "reopen_count", count_id=count_id)
    run(shop, "enter_count", count_id=count_id, sku="MUG", units=2)
    run(shop, "close_count", count_id=count_id)
    assert at(shop, "MUG", "EAST") == {"on_hand": 2}
    assert at(shop, "TEA", "EAST") == {"on_hand": 10}


# ---- a channel's own warehouse --------------------------------------------------------------------


def test_what_lies_in_a_channels_own_warehouse_is_for_no_order_of_ours(shop: Shop) -> None:
    places.add_location(
        shop.db, SYSTEM, code="FBA", name="Amazon", kind="channel", channel="shopify", now=shop.now
    )
    stock.count(shop.db, SYSTEM, sku="TEA", location="FBA", counted=50, reason="", now=shop.now)
    assert shop.takes_in(an_order("1", ("TEA", 1))).short_lines == 1
    assert is_sound(shop)
    with pytest.raises(RefusedError, match="50 units"):
        places.change_location(
            shop.db, SYSTEM, code="FBA", changes={"kind": "warehouse"}, now=shop.now
        )

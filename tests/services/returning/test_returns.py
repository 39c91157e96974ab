"""What a customer sends back: received, looked at, put away; and the money for it, which is another matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.domain.changes import Changes
from app.domain.orders import IncomingRefund
from app.domain.roles import SYSTEM, Actor, Role
from app.errors import NotAllowedError, RefusedError
from app.models.inventory import stock_levels
from app.models.orders import order_lines, orders
from app.models.returns import refunds, return_units, returns
from app.services.checks import returning as checks
from app.services.checks import stock as stock_checks
from app.services.operations import OPERATIONS
from app.services.refunding import keep_refunds
from app.services.returning.policy import in_force
from app.services.shipping import Parcel
from tests.builders import Shop, an_order


def run(shop: Shop, operation: str, **arguments: Any) -> Changes:
    return OPERATIONS[operation](shop.db, SYSTEM, now=shop.now, **arguments)


def undo(shop: Shop, changes: Changes) -> Changes:
    assert changes.undo is not None
    return run(shop, changes.undo.operation, **changes.undo.arguments)


def order_id(shop: Shop, number: str = "1001") -> int:
    return int(shop.db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one())


def shipped(shop: Shop, *orders_: Any) -> Shop:
    """Take orders in, accept and ship them."""
    shop.takes_in(*orders_)
    for at, order in enumerate(orders_, 1):
        run(shop, "accept", order_ids=[order_id(shop, order.number)])
        query = text("SELECT id FROM fulfilment_orders WHERE state = 'open'")
        parcels = [
            Parcel(key, "USPS", f"TRACK-{order.number}-{at}-{key}")
            for key in shop.db.execute(query).scalars().all()
        ]
        run(shop, "ship", parcels=parcels)
    return shop


def on_shelf(shop: Shop, sku: str) -> dict[str, int]:
    query = select(stock_levels).where(
        stock_levels.c.sku_id == shop.skus[sku], stock_levels.c.location_id == 1
    )
    row = shop.db.execute(query).one()
    names = ("on_hand", "allocated", "damaged", "quarantine", "returns_hold")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def units(shop: Shop, return_id: int) -> list[Any]:
    query = select(return_units).where(return_units.c.return_id == return_id)
    return list(shop.db.execute(query.order_by(return_units.c.id)).all())


def ids(shop: Shop, return_id: int) -> list[int]:
    return [row.id for row in units(shop, return_id)]


def states(shop: Shop, return_id: int) -> list[tuple[str, str]]:
    return [(row.custody, row.money) for row in units(shop, return_id)]


def is_sound(shop: Shop) -> bool:
    found = [check(shop.db) for check in (checks.custody, checks.money, stock_checks.balances,
                                          stock_checks.network)]  # fmt: skip
    assert [each.detail for each in found if not each.ok] == []
    return True


def a_return(shop: Shop, **more: Any) -> int:
    (made,) = run(shop, "open_return", order_id=order_id(shop), **more).done
    return made


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Two cups of tea sold for 10.00 each and gone; five were there."""
    return shipped(shop.stocked(TEA=(5, 0), MUG=(5, 0)), an_order("1001", ("TEA", 2), total=2000))


def test_a_return_is_expected_received_inspected_partly_refunded_and_quarantined(
    sold: Shop,
) -> None:
    back = a_return(sold, reason_code="changed_mind", reason="Too strong")
    assert states(sold, back) == [("authorised", "none")] * 2
    run(sold, "send_return", return_id=back, carrier="USPS", tracking_number="94001")
    run(sold, "receive_return", return_id=back, location="EAST")
    assert on_shelf(sold, "TEA") == {"on_hand": 5, "returns_hold": 2}
    run(sold, "inspect_return", unit_ids=ids(sold, back), grade="B", finding="Opened box")
    assert on_shelf(sold, "TEA") == {"on_hand": 5, "quarantine": 2}
    (refund,) = run(sold, "promise_refund", unit_ids=ids(sold, back), amount=1500).done
    assert states(sold, back) == [("disposed", "promised")] * 2
    run(sold, "pay_refund", refund_id=refund)
    assert states(sold, back) == [("disposed", "partly_refunded")] * 2
    assert [row.refunded for row in units(sold, back)] == [750, 750]
    (rest,) = run(sold, "promise_refund", unit_ids=ids(sold, back)).done
    run(sold, "pay_refund", refund_id=rest)
    assert states(sold, back) == [("disposed", "refunded")] * 2
    given = sold.db.execute(select(refunds.c.amount).where(refunds.c.state == "paid")).scalars()
    assert sum(given) == 2000
    assert is_sound(sold)


def test_a_known_number_stays_and_sending_taken_back_brings_the_old_one_again(sold: Shop) -> None:
    def parcel() -> tuple[str, str]:
        row = sold.db.execute(select(returns).where(returns.c.id == back)).one()
        return row.carrier, row.tracking_number

    back = a_return(sold, carrier="USPS")
    undo(sold, run(sold, "send_return", return_id=back, carrier="UPS", tracking_number="1Z9"))
    assert parcel() == ("USPS", "")
    assert states(sold, back) == [("authorised", "none")] * 2
    undo(sold, run(sold, "send_return", return_id=back))
    run(sold, "send_return", return_id=back, tracking_number="94001")
    assert parcel() == ("USPS", "94001")


def test_what_has_not_left_cannot_come_back(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2), total=2000))
    with pytest.raises(RefusedError, match="Nothing of order 1001 can come back"):
        a_return(shop)


def test_a_unit_goes_on_sale_only_after_somebody_has_looked_at_it(sold: Shop) -> None:
    back = a_return(sold)
    with pytest.raises(RefusedError, match="announced cannot be put away"):
        run(sold, "put_away", unit_ids=ids(sold, back), disposition="restock")
    run(sold, "receive_return", return_id=back, location="EAST")
    with pytest.raises(RefusedError, match="not looked at cannot be put away"):
        run(sold, "put_away", unit_ids=ids(sold, back), disposition="restock")
    with pytest.raises(RefusedError, match="belong to returns that are not put away"):
        run(sold, "put_back", sku="TEA", location="EAST", quantity=1, bucket="returns_hold",
            reason="sneak")  # fmt: skip
    run(sold, "grade_return", unit_ids=ids(sold, back), grade="a")
    run(sold, "put_away", unit_ids=ids(sold, back), disposition="restock")
    assert on_shelf(sold, "TEA") == {"on_hand": 5}
    assert is_sound(sold)


def test_the_database_itself_refuses_a_unit_put_away_unseen(sold: Shop) -> None:
    back = a_return(sold)
    run(sold, "receive_return", return_id=back, location="EAST")
    with pytest.raises(IntegrityError), sold.db.begin_nested():
        sold.db.execute(
            return_units.update()
            .where(return_units.c.return_id == back)
            .values(custody="disposed", disposition="restock", disposed_at=sold.now)
        )


def test_every_step_can_be_taken_back_with_what_it_did_to_the_shelf(sold: Shop) -> None:
    back = a_return(sold)
    received = run(sold, "receive_return", return_id=back, location="EAST")
    seen = run(sold, "inspect_return", unit_ids=ids(sold, back), grade="D")
    assert on_shelf(sold, "TEA") == {"on_hand": 3}
    undo(sold, seen)
    assert states(sold, back) == [("received", "none")] * 2
    assert on_shelf(sold, "TEA") == {"on_hand": 5, "returns_hold": 2}
    undo(sold, received)
    assert states(sold, back) == [("authorised", "none")] * 2
    assert on_shelf(sold, "TEA") == {"on_hand": 3}
    assert is_sound(sold)
    with pytest.raises(RefusedError, match="Nothing has happened to a unit"):
        run(sold, "step_back", unit_ids=ids(sold, back))


def test_a_step_is_not_taken_back_when_its_units_have_gone_elsewhere(sold: Shop) -> None:
    back = a_return(sold)
    run(sold, "receive_return", return_id=back, location="EAST")
    seen = run(sold, "inspect_return", unit_ids=ids(sold, back), grade="B")
    run(
        sold, "put_back", sku="TEA", location="EAST", quantity=2, bucket="quarantine", reason="fine"
    )
    with pytest.raises(RefusedError, match="not there any more"):
        undo(sold, seen)


def test_no_more_comes_back_than_left_and_each_unit_once(sold: Shop) -> None:
    line = sold.db.execute(select(order_lines.c.id)).scalar_one()
    a_return(sold, lines={line: 1})
    with pytest.raises(RefusedError, match="Only 1 of these units"):
        a_return(sold, lines={line: 2})
    first_two = a_return(sold)
    assert len(units(sold, first_two)) == 1
    with pytest.raises(RefusedError, match=r"Nothing of order 1001 can come back"):
        a_return(sold)


def test_what_never_came_may_be_expected_no_longer_and_may_come_all_the_same(sold: Shop) -> None:
    back = a_return(sold)
    run(sold, "give_up_return", return_ids=[back], reason="never sent")
    assert states(sold, back) == [("not_returned", "none")] * 2
    run(sold, "receive_return", return_id=back, location="EAST", unit_ids=ids(sold, back))
    assert states(sold, back) == [("received", "none")] * 2
    assert is_sound(sold)


def test_a_kit_comes_back_as_what_is_in_it_and_its_price_is_shared_out(shop: Shop) -> None:
    shipped(shop.stocked(TEA=(9, 0), MUG=(9, 0)), an_order("1001", ("SET", 1), total=1000))
    back = a_return(shop)
    assert [row.sku_id for row in units(shop, back)].count(shop.skus["TEA"]) == 2
    assert sum(row.worth for row in units(shop, back)) == 1000


def test_money_is_promised_no_earlier_than_the_rule_says_and_never_above_the_price(
    sold: Shop,
) -> None:
    back = a_return(sold)
    with pytest.raises(RefusedError, match="only when somebody has looked at it"):
        run(sold, "promise_refund", unit_ids=ids(sold, back))
    body = {
        "usual": {"window_days": 30, "earliest": "announced"},
        "places": {"A": "restock", "B": "quarantine", "C": "damaged", "D": "write_off"},
    }
    run(sold, "save_return_policy", body=body)
    with pytest.raises(RefusedError, match="No more can be given back"):
        run(sold, "promise_refund", unit_ids=ids(sold, back), amount=2001)
    promised = run(sold, "promise_refund", unit_ids=ids(sold, back))
    undo(sold, promised)
    assert states(sold, back) == [("authorised", "none")] * 2
    run(sold, "deny_refund", unit_ids=ids(sold, back), reason="used for a year")
    with pytest.raises(RefusedError, match="denied cannot be promised"):
        run(sold, "promise_refund", unit_ids=ids(sold, back))
    assert is_sound(sold)


def test_a_closed_window_needs_a_reason(sold: Shop) -> None:
    body = {
        "usual": {"window_days": 0, "earliest": "announced"},
        "places": {"A": "restock", "B": "quarantine", "C": "damaged", "D": "write_off"},
    }
    run(sold, "save_return_policy", body=body)
    sold.now = sold.now.replace(day=30)
    with pytest.raises(RefusedError, match="The 0 days for returning"):
        a_return(sold)
    assert a_return(sold, reason="A good customer")


def test_giving_money_and_letting_goods_go_need_someone_who_is_trusted(sold: Shop) -> None:
    back = a_return(sold)
    run(sold, "receive_return", return_id=back, location="EAST")
    packer = Actor("Pat", Role.OPERATOR)
    with pytest.raises(NotAllowedError):
        OPERATIONS["inspect_return"](
            sold.db, packer, now=sold.now, unit_ids=ids(sold, back), grade="D"
        )
    OPERATIONS["inspect_return"](sold.db, packer, now=sold.now, unit_ids=ids(sold, back), grade="B")
    with pytest.raises(NotAllowedError):
        OPERATIONS["promise_refund"](sold.db, packer, now=sold.now, unit_ids=ids(sold, back))


def test_a_parcel_of_nobody_known_is_here_at_once_and_belongs_to_an_order_once_somebody_says_so(
    sold: Shop,
) -> None:
    (parcel,) = run(
        sold, "take_parcel", location="EAST", lines=[("TEA", 1), ("MUG", 1)], sender="Ada Example",
        tracking_number="BACK-1",
    ).done  # fmt: skip
    assert on_shelf(sold, "TEA") == {"on_hand": 4, "returns_hold": 1}
    run(sold, "inspect_return", unit_ids=ids(sold, parcel), grade="A")
    with pytest.raises(RefusedError, match="whose order is known"):
        run(sold, "promise_refund", unit_ids=ids(sold, parcel))
    matched = run(sold, "match_return", return_id=parcel, order_id=order_id(sold))
    assert [row.worth for row in units(sold, parcel)] == [1000, 0]
    undo(sold, matched)
    assert sold.db.execute(select(returns.c.order_id)).scalar_one() is None
    run(sold, "match_return", return_id=parcel, order_id=order_id(sold))
    run(sold, "promise_refund", unit_ids=ids(sold, parcel)[:1])
    assert is_sound(sold)


def test_a_return_that_was_tampered_with_is_found(sold: Shop) -> None:
    back = a_return(sold)
    run(sold, "receive_return", return_id=back, location="EAST")
    sold.db.execute(
        text(
            "UPDATE return_units SET custody = 'not_returned', received_at = NULL, location_id = NULL"
        )
    )
    assert not checks.custody(sold.db).ok


def test_money_that_the_channel_gave_settles_what_was_promised_and_is_counted_once(
    sold: Shop,
) -> None:
    back = a_return(sold)
    run(sold, "receive_return", return_id=back, location="EAST")
    run(sold, "inspect_return", unit_ids=ids(sold, back), grade="A")
    run(sold, "promise_refund", unit_ids=ids(sold, back), amount=1500)
    again = an_order("1001", ("TEA", 2), total=2000)
    for refund in (IncomingRefund("R-1", 1500), IncomingRefund("R-2", 200)):
        keep_refunds(sold.db, sold.account, [replace(again, refunds=(refund,))], now=sold.now)
    assert states(sold, back) == [("disposed", "partly_refunded")] * 2
    (mine,) = sold.db.execute(select(refunds)).all()
    assert (mine.state, mine.order_refund_id is not None) == ("paid", True)
    with pytest.raises(RefusedError, match="The channel says that this money was given"):
        run(sold, "take_back_payment", refund_id=mine.id)
    assert is_sound(sold)


def test_taking_a_return_policy_back_never_writes_over_a_newer_one(sold: Shop) -> None:
    def policy(days: int) -> dict[str, object]:
        return {
            "usual": {"window_days": days, "earliest": "announced"},
            "places": {"A": "restock", "B": "quarantine", "C": "damaged", "D": "write_off"},
        }

    first = run(sold, "save_return_policy", body=policy(10))
    assert not run(sold, "save_return_policy", body=policy(10)).touched
    second = run(sold, "save_return_policy", body=policy(20))
    with pytest.raises(RefusedError, match="Somebody has changed the return policy"):
        undo(sold, first)
    undo(sold, second)
    undo(sold, first)  # what came after it was taken back
    assert in_force(sold.db).usual.window_days == 30
    with pytest.raises(RefusedError, match="Somebody has changed the return policy"):
        run(sold, "save_return_policy", body=policy(5), based_on=second.done[0])

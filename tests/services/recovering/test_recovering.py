"""A parcel goes wrong, and is made good: by waiting, by a second parcel, by money; and its carrier is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.cases import CaseDraft, CaseKind
from app.domain.changes import Changes
from app.domain.orders import IncomingLine
from app.domain.roles import Actor, Role
from app.domain.tracking.carriers import house_of
from app.domain.tracking.timeline import CarrierEvent
from app.errors import NotAllowedError, RefusedError
from app.models.exchange import outbox_messages
from app.models.fulfilment import shipments
from app.models.orders import orders
from app.models.returns import (
    carrier_claims,
    is_a_sale,
    is_made_good,
    recoveries,
    refunds,
)
from app.services import confirming
from app.services.cases import open_cases
from app.services.checks import orders as order_checks
from app.services.checks import parcels as parcel_checks
from app.services.checks import returning as checks
from app.services.operations import OPERATIONS
from app.services.recovering.weighing import contents, weigh
from app.services.shipping import Parcel
from app.services.tracking.receiving import Report, receive
from tests.builders import Shop, an_order
from tests.services.returning.test_returns import on_shelf, order_id, run, shipped, undo


def parcel(shop: Shop) -> int:
    return int(shop.db.execute(select(shipments.c.id)).scalars().first() or 0)


def one(shop: Shop, table: Any) -> Any:
    return shop.db.execute(select(table).order_by(table.c[0])).one()


def recover(shop: Shop, kind: str, situation: str = "lost", **more: Any) -> Changes:
    return run(shop, "recover", shipment_id=parcel(shop), situation=situation, kind=kind, **more)


@pytest.fixture
def gone(shop: Shop) -> Shop:
    """Two cups of tea for 20.00 left and went missing; three more are there."""
    return shipped(shop.stocked(TEA=(5, 0), MUG=(5, 0)), an_order("1001", ("TEA", 2), total=2000))


def test_a_lost_parcel_is_sent_again_as_an_order_that_is_no_sale(gone: Shop) -> None:
    open_cases(gone.db, [CaseDraft(CaseKind.CANCELLED_LATE, "shipment", parcel(gone), "Lost")],
               now=gone.now)  # fmt: skip
    done = recover(gone, "reship")
    assert done.label == "Send order 1001 again"
    new = order_id(gone, "1001-R1")
    row = gone.db.execute(select(orders).where(orders.c.id == new)).one()
    assert (row.total, row.is_routed, row.units) == (0, True, 2)
    assert row.note == ""  # what a buyer wrote stands on papers; this is the desk's own word
    assert list(gone.db.execute(select(orders.c.number).where(is_a_sale())).scalars()) == ["1001"]
    made = one(gone, recoveries)
    assert (made.kind, made.state, made.replacement_order_id) == ("reship", "live", new)
    assert made.postage_cost > 0
    assert gone.db.execute(text("SELECT state FROM exception_cases")).scalar_one() == "resolved"
    with pytest.raises(RefusedError, match="made good already"):
        recover(gone, "refund")


def test_what_replaces_it_ships_and_is_told_to_a_channel_that_takes_another_parcel(
    shop: Shop,
) -> None:
    shop.db.execute(text("UPDATE channel_accounts SET channel = 'etsy'"))
    shipped(shop.stocked(TEA=(5, 0)), an_order("1001", ("TEA", 2), total=2000, channel="etsy"))
    recover(shop, "reship")
    new = order_id(shop, "1001-R1")
    run(shop, "accept", order_ids=[new])
    box = shop.db.execute(
        text("SELECT id FROM fulfilment_orders WHERE state = 'open'")
    ).scalar_one()
    run(shop, "ship", parcels=[Parcel(box, "USPS", "SECOND-1")])
    assert on_shelf(shop, "TEA") == {"on_hand": 1}
    due = confirming.parcels(shop.db, shop.account, now=shop.now + timedelta(minutes=1))
    assert [(each.external_id, each.tracking_number, each.is_last) for each in due][-1] == (
        "ext-1001", "SECOND-1", True,
    )  # fmt: skip
    assert parcel_checks.messages(shop.db).ok
    assert order_checks.orders(shop.db).ok


def test_a_channel_that_takes_no_other_parcel_is_not_told_of_one(gone: Shop) -> None:
    recover(gone, "reship")
    run(gone, "accept", order_ids=[order_id(gone, "1001-R1")])
    box = gone.db.execute(
        text("SELECT id FROM fulfilment_orders WHERE state = 'open'")
    ).scalar_one()
    run(gone, "ship", parcels=[Parcel(box, "USPS", "SECOND-1")])
    told = gone.db.execute(select(outbox_messages.c.order_id)).scalars().all()
    assert told == [order_id(gone)]
    assert parcel_checks.messages(gone.db).ok


def test_sending_again_is_taken_back_as_long_as_it_has_not_left(gone: Shop) -> None:
    done = recover(gone, "reship")
    undo(gone, done)
    row = gone.db.execute(select(orders.c.status).where(orders.c.number == "1001-R1")).one()
    assert row.status == "cancelled"
    assert one(gone, recoveries).state == "withdrawn"
    assert one(gone, carrier_claims).state == "dropped"
    assert checks.recoveries(gone.db).ok
    assert not gone.db.execute(text("SELECT 1 FROM outbox_messages WHERE kind = 'cancel'")).first()
    recover(gone, "refund")


def test_what_is_not_in_stock_cannot_be_sent_again(shop: Shop) -> None:
    shipped(shop.stocked(TEA=(2, 0)), an_order("1001", ("TEA", 2), total=2000))
    found = weigh(shop.db, parcel(shop), "lost", now=shop.now)
    assert found.offers[-1].why_not == "TEA is not in stock: 0 of 2 are free"
    with pytest.raises(RefusedError, match="cannot be done: TEA is not in stock"):
        recover(shop, "reship")


def test_waiting_ends_when_another_way_is_chosen(gone: Shop) -> None:
    recover(gone, "wait", "stuck")
    waits = one(gone, recoveries)
    assert waits.wait_until == gone.now + timedelta(days=3)
    made_good = select(shipments.c.id).where(is_made_good(shipments.c.id, gone.now))
    assert gone.db.execute(made_good).scalars().all() == [parcel(gone)]
    then = select(shipments.c.id).where(is_made_good(shipments.c.id, waits.wait_until))
    assert gone.db.execute(then).scalars().all() == []
    recover(gone, "reship", "stuck")
    states = gone.db.execute(
        select(recoveries.c.kind, recoveries.c.state).order_by(recoveries.c.id)
    )
    assert [tuple(row) for row in states] == [("wait", "ended"), ("reship", "live")]


def test_money_is_promised_and_can_be_withdrawn_until_it_was_given(gone: Shop) -> None:
    done = recover(gone, "refund", amount=1500)
    assert (one(gone, refunds).state, one(gone, refunds).amount) == ("due", 1500)
    assert one(gone, recoveries).refund_cost == 1500
    assert checks.recoveries(gone.db).ok
    gone.db.execute(refunds.update().values(amount=1400))
    assert not checks.recoveries(gone.db).ok
    gone.db.execute(refunds.update().values(amount=1500))
    run(gone, "pay_refund", refund_id=one(gone, refunds).id)
    with pytest.raises(RefusedError, match="given already"):
        undo(gone, done)


def test_what_was_lost_is_claimed_of_its_carrier_in_time(gone: Shop) -> None:
    recover(gone, "reship")
    claim = one(gone, carrier_claims)
    assert (claim.state, claim.amount, claim.carrier) == ("open", 2000, "USPS")
    assert claim.due_at == gone.now + timedelta(days=60)
    run(gone, "file_claim", claim_id=claim.id, reference="C-77")
    with pytest.raises(RefusedError, match="between nothing and what was claimed"):
        run(gone, "answer_claim", claim_id=claim.id, paid=2001)
    answered = run(gone, "answer_claim", claim_id=claim.id, paid=1800)
    assert one(gone, carrier_claims).state == "paid"
    undo(gone, answered)
    assert one(gone, carrier_claims).state == "filed"


def test_the_owner_s_matrix_decides_what_is_offered(gone: Shop) -> None:
    run(gone, "save_recovery_matrix", rows=[{"offers": [{"kind": "refund"}]}])
    assert [each.kind for each in weigh(gone.db, parcel(gone), "lost", now=gone.now).offers] == [
        "refund"
    ]
    with pytest.raises(RefusedError, match="does not offer that"):
        recover(gone, "reship")
    with pytest.raises(RefusedError, match="cannot be read"):
        run(gone, "save_recovery_matrix", rows=[{"offers": []}])


def test_taking_the_matrix_back_never_writes_over_a_newer_one(gone: Shop) -> None:
    refund, wait = [{"offers": [{"kind": "refund"}]}], [{"offers": [{"kind": "wait"}]}]
    first = run(gone, "save_recovery_matrix", rows=refund)
    assert not run(gone, "save_recovery_matrix", rows=refund).touched
    second = run(gone, "save_recovery_matrix", rows=wait)
    with pytest.raises(RefusedError, match="Somebody has changed the recovery matrix"):
        undo(gone, first)
    undo(gone, second)
    undo(gone, first)


def test_spending_the_brand_s_money_needs_someone_who_is_trusted_and_waiting_does_not(
    gone: Shop,
) -> None:
    packer = Actor("Pat", Role.OPERATOR)
    arguments = {"shipment_id": parcel(gone), "situation": "stuck"}
    with pytest.raises(NotAllowedError):
        OPERATIONS["recover"](gone.db, packer, now=gone.now, kind="reship", **arguments)
    OPERATIONS["recover"](gone.db, packer, now=gone.now, kind="wait", **arguments)


def test_who_may_choose_to_wait_may_take_that_back_and_no_promise_of_money(gone: Shop) -> None:
    packer = Actor("Pat", Role.OPERATOR)
    waits = recover(gone, "wait", "stuck").undo
    assert waits is not None
    OPERATIONS[waits.operation](gone.db, packer, now=gone.now, **waits.arguments)
    assert one(gone, recoveries).state == "withdrawn"
    money = recover(gone, "refund").undo
    assert money is not None
    with pytest.raises(NotAllowedError):
        OPERATIONS[money.operation](gone.db, packer, now=gone.now, **money.arguments)
    assert one(gone, refunds).state == "due"


def test_nothing_is_asked_of_a_carrier_once_its_time_is_over(gone: Shop) -> None:
    gone.now += timedelta(days=61)
    recover(gone, "reship")
    assert gone.db.execute(select(carrier_claims)).all() == []
    with pytest.raises(RefusedError, match="too late for that"):
        run(gone, "open_claim", shipment_id=parcel(gone), situation="lost")


def test_what_its_carrier_has_delivered_is_not_lost_but_may_not_have_been_received(
    gone: Shop,
) -> None:
    with pytest.raises(RefusedError, match="does not say that the parcel was delivered"):
        recover(gone, "reship", "missing")
    at = gone.now
    event = CarrierEvent(
        house_of("USPS"), "delivered", "Delivered", at, at, "Cambridge, MA", "USPS"
    )
    receive(gone.db, [Report(parcel(gone), (event,))], now=gone.now)
    for situation in ("lost", "stuck", "returned"):
        with pytest.raises(RefusedError, match="says that the parcel was delivered") as refused:
            recover(gone, "reship", situation)
        assert "“delivered, and not received”" in refused.value.advice
    found = weigh(gone.db, parcel(gone), "missing", now=gone.now)
    assert [each.kind for each in found.offers] == ["wait", "reship", "refund"]
    recover(gone, "reship", "missing")
    assert one(gone, recoveries).situation == "missing"


@pytest.mark.parametrize("paid", [1000, 1001, 999])
def test_the_parts_of_a_kit_are_worth_the_kit_to_the_cent(shop: Shop, paid: int) -> None:
    shipped(
        shop.stocked(TEA=(5, 0), MUG=(5, 0)),
        an_order("1001", total=paid, lines=(IncomingLine("1", "SET", "Set", 1, paid),)),
    )
    assert weigh(shop.db, parcel(shop), "lost", now=shop.now).parcel.value == paid
    parts = {each.sku: each.value for each in contents(shop.db, parcel(shop))}
    assert (parts["TEA"], sum(parts.values())) == (paid * 2 // 3, paid)

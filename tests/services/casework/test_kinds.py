"""Each kind of the matrix is found where it becomes true, and is over by whichever door ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.cases import OF_HOLD, OF_PARCELS, CaseKind
from app.domain.outgoing import MessageState, Offer, OutgoingKind
from app.domain.roles import SYSTEM
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.exchange import outbox_messages
from app.models.identity import Identity
from app.models.orders import orders
from app.models.rules import rulebooks
from app.services import holding
from app.services.cases import open_cases
from app.services.casework import channels, drafting, watching
from app.services.operations import OPERATIONS
from app.services.syncing import connections, deadlines, letters, offers
from app.sync.live.refusals import refused_quantities
from tests.builders import MONDAY, Shop, an_order
from tests.conftest import ROOT


def do(shop: Shop, operation: str, **arguments: Any) -> Any:
    return OPERATIONS[operation](shop.db, SYSTEM, now=shop.now, **arguments)


def found(shop: Shop) -> list[str]:
    """Look around, and return the kinds that are open."""
    watching.keep(shop.db, SYSTEM, watching.look(shop.db, now=shop.now), now=shop.now)
    query = select(exception_cases.c.kind).where(exception_cases.c.state == "open")
    return sorted(shop.db.execute(query).scalars())


def the_order(shop: Shop) -> int:
    return int(shop.db.execute(select(orders.c.id)).scalar_one())


def told(shop: Shop, kind: OutgoingKind, order_id: int | None = None, **payload: Any) -> int:
    """Keep a message that its channel has refused, or does not answer."""
    number = Identity(shop.db, outbox_messages).take(outbox_messages)
    state = MessageState.PENDING if kind is OutgoingKind.ACKNOWLEDGE else MessageState.REJECTED
    row = {"id": number, "account_id": shop.account, "kind": kind, "idempotency_key": f"k{number}",
           "order_id": order_id, "payload": payload, "state": state, "not_before": shop.now,
           "created_at": shop.now}  # fmt: skip
    shop.db.execute(outbox_messages.insert(), [row])
    return number


def test_units_that_are_promised_and_gone_are_oversold_until_any_door_mends_it(shop: Shop) -> None:
    shop.stocked(TEA=(2, 0)).takes_in(an_order("1001", ("TEA", 2)))
    do(shop, "adjust", sku="TEA", location="EAST", quantity=-1, reason="damaged")
    assert "oversold" in found(shop)
    case = shop.db.execute(
        select(exception_cases).where(exception_cases.c.kind == "oversold")
    ).one()
    assert case.title == "TEA: 1 more sold than there are"
    do(shop, "cancel", order_ids=[the_order(shop)], reason="Sold out.")
    assert "oversold" not in found(shop)


def test_an_order_that_is_held_as_fraud_is_a_case_until_it_is_released(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    holding.hold(
        shop.db, SYSTEM, order_ids=[the_order(shop)], reason="Looks like fraud", now=MONDAY
    )
    assert found(shop) == ["fraud_hold"]
    holding.release(
        shop.db, SYSTEM, order_ids=[the_order(shop)], reason="It is genuine.", now=MONDAY
    )
    assert found(shop) == []


def test_an_order_that_is_held_for_anything_else_is_no_fraud(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    holding.hold(shop.db, SYSTEM, order_ids=[the_order(shop)], reason="Gift note", now=MONDAY)
    assert found(shop) == []


@pytest.mark.parametrize("is_accepted", [True, False])
def test_another_address_is_a_kind_of_its_own_once_the_order_is_accepted(
    shop: Shop, is_accepted: bool
) -> None:
    first = an_order("1001", ("TEA", 2))
    shop.stocked(TEA=(5, 0)).takes_in(first)
    if is_accepted:
        do(shop, "accept", order_ids=[the_order(shop)])
    shop.takes_in(replace(first, ship_to=replace(first.ship_to, line1="2 Other Road")))
    assert found(shop) == ["address_changed" if is_accepted else "order_changed"]
    shop.takes_in(an_order("1001", ("TEA", 3)))
    assert found(shop) == ["order_changed"]  # the newest version is the one to decide on
    do(shop, "keep_as_it_is", order_id=the_order(shop))
    assert found(shop) == []


def test_an_order_that_is_not_accepted_on_its_channel_in_time_is_a_case(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0)).takes_in(an_order("1001", ("TEA", 2)))
    message = told(shop, OutgoingKind.ACKNOWLEDGE, the_order(shop))
    within = timedelta(hours=4)  # the order was placed two hours ago
    for hours, cases in ((0, 0), (1, 1)):
        now = MONDAY + timedelta(hours=hours)
        assert deadlines.warn(shop.db, shop.account, "Walmart", within=within, now=now) == cases
    assert found(shop) == ["acknowledge_late"]
    shop.db.execute(outbox_messages.update().values(state="rejected"))
    letters.drop_message(shop.db, SYSTEM, message_id=message, reason="Done there.", now=shop.now)
    assert found(shop) == []


def test_a_listing_that_takes_no_number_is_a_case_until_it_does(shop: Shop) -> None:
    offer = Offer(shop.skus["TEA"], "TEA-FBM", "L1", "", "Tea", 3)
    message = told(shop, OutgoingKind.QUANTITY, sku_id=offer.sku_id)
    drafts = refused_quantities("Shop", {offer: "The listing is inactive."}, {offer: message})
    open_cases(shop.db, drafts, now=shop.now)
    assert found(shop) == ["listing_error"]
    letters.send_again(shop.db, SYSTEM, message_ids=[message], now=shop.now)
    assert found(shop) == []


def test_a_refused_number_of_before_its_own_kind_is_over_when_it_is_taken(shop: Shop) -> None:
    offer = Offer(shop.skus["TEA"], "TEA-FBM", "L1", "", "Tea", 3)
    message = told(shop, OutgoingKind.QUANTITY, sku_id=offer.sku_id)
    drafts = refused_quantities("Shop", {offer: "The listing is inactive."}, {offer: message})
    before = [replace(each, kind=CaseKind.MESSAGE_REFUSED) for each in drafts]
    open_cases(shop.db, before, now=shop.now)
    assert found(shop) == ["message_refused"]
    offers.end_push(shop.db, shop.account, {offer: message}, {}, actor="sync", now=shop.now)
    assert found(shop) == []


def test_a_permission_that_runs_out_is_said_two_weeks_ahead_and_ends_with_a_new_one(
    shop: Shop,
) -> None:
    def connect(at: Any) -> None:
        connections.connect_account(shop.db, SYSTEM, channel="ebay", address="https://x.example",
                                    settings={}, since=MONDAY, now=at, name="eBay shop")  # fmt: skip

    connect(MONDAY)
    lasts = channels.LASTS["ebay"]
    assert channels.permission_ends(shop.db, MONDAY + lasts - timedelta(days=15)) == []
    (case,) = channels.permission_ends(shop.db, MONDAY + lasts - timedelta(days=13))
    assert (case.kind, case.due_at) == (CaseKind.SIGN_IN_ENDS, MONDAY + lasts)
    assert "sign in again" in case.title
    connect(MONDAY + lasts - timedelta(days=12))
    assert channels.permission_ends(shop.db, MONDAY + lasts - timedelta(days=11)) == []


def test_every_kind_of_the_matrix_is_opened_somewhere() -> None:
    """A kind that nothing ever opens is a promise that nobody keeps."""
    folders = (ROOT / "app" / name for name in ("services", "sync"))
    sources = [path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py")]
    opened = {kind for kind in CaseKind if any(f"CaseKind.{kind.name}" in text for text in sources)}
    assert set(CaseKind) - opened - {*OF_HOLD.values(), *OF_PARCELS} == set()


def fraud(shop: Shop, *numbers: str, channel: str = "shopify") -> None:
    """Let somebody hold orders as fraud, each in an hour of its own."""
    for at, number in enumerate(numbers):
        shop.takes_in(an_order(number, ("TEA", 1), channel=channel))
        order_id = shop.db.execute(
            select(orders.c.id).where(orders.c.number == number)
        ).scalar_one()
        holding.hold(shop.db, SYSTEM, order_ids=[order_id], reason="Fraud?", now=MONDAY)
        shop.now = MONDAY + timedelta(hours=at)
        found(shop)


def a_case(shop: Shop) -> int:
    query = select(exception_cases.c.id).where(exception_cases.c.kind == "fraud_hold")
    return int(shop.db.execute(query.order_by(exception_cases.c.id.desc())).scalars().first() or 0)


def test_what_comes_again_is_drafted_as_a_rule_where_a_rule_helps(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0))
    fraud(shop, "1001", "1002", "1003")
    draft = drafting.draft_of(shop.db, case_id=a_case(shop), now=shop.now)
    assert (draft.title, draft.rule is None) == ("Draft a rule for it", False)
    done = do(shop, "take_draft", case_id=a_case(shop))
    written = shop.db.execute(
        select(rulebooks.c.text).where(rulebooks.c.state == "draft")
    ).scalar_one()
    assert "hold May be fraud: look at it first." in " ".join(written.split())
    assert "sku:TEA" in written
    assert not shop.db.execute(select(rulebooks.c.id).where(rulebooks.c.state == "active")).first()
    do(shop, done.undo.operation, **done.undo.arguments)
    assert not shop.db.execute(select(rulebooks.c.id).where(rulebooks.c.state == "draft")).first()


def test_a_drafted_rule_is_named_after_what_its_orders_share_spaces_and_all(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0))
    fraud(shop, "1001", "1002", "1003")
    shop.db.execute(skus.update().where(skus.c.code == "TEA").values(code="TEA POT"))
    draft = drafting.draft_of(shop.db, case_id=a_case(shop), now=shop.now)
    assert draft.rule is not None
    assert draft.rule.name == "shopify, TEA POT: may be fraud"


def test_where_three_orders_share_nothing_it_is_only_seen_sooner(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0))
    fraud(shop, "1001", "1002")
    draft = drafting.draft_of(shop.db, case_id=a_case(shop), now=shop.now)
    assert (draft.title, draft.rule) == ("See it sooner", None)

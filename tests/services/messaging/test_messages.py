"""Buyers of the own store hear of each event once; those of marketplaces never do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text

from app.domain.orders import Address, IncomingLine
from app.errors import NotFoundError, RefusedError
from app.models.cases import exception_cases
from app.models.fulfilment import fulfilment_order_lines, fulfilment_orders, shipments
from app.models.governance import audit_entries
from app.models.messages import buyer_messages
from app.models.orders import orders
from app.services.messaging import drafting, leaving
from app.services.messaging.composing import compose
from app.services.policies import DEFAULT_CHANNELS
from app.services.verifying import verify_store
from tests.sync.mail.shop import BUYER, Shop

MARKETPLACES = sorted(
    c for c, policy in DEFAULT_CHANNELS.items() if policy["kind"] == "marketplace"
)


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url).filled()
    yield shop
    assert [check for check in verify_store(shop.desk.store) if not check.ok] == []
    shop.desk.store.close()


def due(shop: Shop) -> list[int]:
    return list(shop.desk.read(leaving.due, now=shop.now))


def test_a_parcel_that_leaves_is_one_draft_however_often_one_looks(shop: Shop) -> None:
    shop.writes().ships(shop.sells())
    shop.desk.run("draft_messages")
    shop.desk.run("draft_messages")
    assert shop.states() == ["shipped draft"]
    assert due(shop) == []


def test_a_yes_waits_for_its_undo_window_and_taking_it_back_sends_nothing(shop: Shop) -> None:
    shop.writes().ships(shop.sells())
    shop.desk.run("draft_messages")
    changes = shop.desk.run("approve_messages", message_ids=[1])
    assert due(shop) == []
    assert changes.undo is not None
    shop.desk.undo(changes.undo)
    shop.later(hours=1)
    assert due(shop) == []
    assert shop.states() == ["shipped draft"]
    shop.desk.run("approve_messages", message_ids=[1])
    assert due(shop.later(minutes=6)) == [1]


def test_what_a_rule_lets_go_goes_by_itself_but_not_at_night(shop: Shop) -> None:
    shop.writes("shipped")
    order = shop.sells(ship_to=Address("Ada", "", "1 Way", city="Los Angeles", state="CA",
                                       postcode="90001", country="US"))  # fmt: skip
    shop.now = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # half past nine in the evening there
    shop.ships(order)
    shop.desk.run("draft_messages")
    [message] = shop.messages()
    assert (message.state, message.not_before) == (
        "pending",
        datetime(2026, 11, 24, 16, tzinfo=UTC),
    )


def test_of_what_happened_before_it_was_turned_on_nobody_is_told(shop: Shop) -> None:
    shop.ships(shop.sells())
    shop.later(minutes=1).writes("shipped")
    shop.desk.run("draft_messages")
    assert shop.messages() == []


@pytest.mark.parametrize("channel", MARKETPLACES)
def test_a_marketplace_cannot_be_turned_on_and_nothing_can_be_made_for_it(
    database_url: str, channel: str
) -> None:
    shop = Shop(database_url, channel=channel).filled()
    with pytest.raises(RefusedError, match="are not written to by you"):
        shop.writes("shipped")
    shop.ships(shop.sells())
    with shop.desk.store.write() as db:  # even if somebody wrote the row, or the list, by hand
        db.execute(text("UPDATE settings SET value = value WHERE name = 'messages'"))
        db.execute(insert(buyer_messages).values(
            id=1, way="mail", event="shipped", idempotency_key="by hand", account_id=shop.account, order_id=1,
            state="pending", happened_at=shop.now, created_at=shop.now, not_before=shop.now,
        ))  # fmt: skip
    with pytest.raises(RefusedError, match="are not written to about that"):
        shop.desk.read(compose, 1)
    with shop.desk.store.write() as db:  # and if one had left, verify would say so
        db.execute(buyer_messages.update().values(state="acked"))
    assert [x.name for x in verify_store(shop.desk.store) if not x.ok] == ["messages to buyers"]
    shop.desk.store.close()


def test_a_parcel_that_did_not_leave_after_all_is_not_told_of(shop: Shop) -> None:
    order = shop.writes("shipped").sells()
    shop.ships(order)
    shop.desk.run("draft_messages")
    shop.desk.run("void_shipments", order_ids=[order], reason="Wrong box")
    shop.later(hours=1).desk.run("draft_messages")
    assert shop.states() == ["shipped recalled"]


def test_who_wants_no_messages_gets_none_also_not_for_the_next_order(shop: Shop) -> None:
    first = shop.writes().sells()
    shop.ships(first)
    shop.desk.run("draft_messages")
    changes = shop.desk.run("stop_writing", order_id=first)
    shop.ships(shop.sells("1002", BUYER.upper()), "1Z999AA10123456785")
    shop.desk.run("draft_messages")
    assert shop.states() == ["shipped recalled"]
    assert changes.undo is not None
    shop.desk.undo(changes.undo)
    shop.desk.run("draft_messages")
    assert shop.states() == ["shipped recalled", "shipped draft"]


def test_an_order_without_an_address_that_can_be_right_is_left_alone(shop: Shop) -> None:
    shop.writes().ships(shop.sells(email="ada@example.com, eve@example.com"))
    shop.desk.run("draft_messages")
    assert shop.messages() == []
    with pytest.raises(NotFoundError):
        shop.desk.run("stop_writing", order_id=99)


def test_the_mail_says_what_is_in_the_parcel_and_how_to_follow_it(shop: Shop) -> None:
    shop.writes().ships(shop.sells())
    shop.desk.run("draft_messages")
    composed = shop.desk.read(compose, 1)
    assert composed.to == BUYER
    assert composed.written.subject == "Your order 1001 is on its way"
    assert "1 × Title of TEA" in composed.written.text
    assert "https://www.ups.com/track?tracknum=1Z999AA10123456784" in composed.written.text


def test_own_words_are_used_and_can_be_taken_back(shop: Shop) -> None:
    shop.writes().ships(shop.sells())
    shop.desk.run("draft_messages")
    changes = shop.desk.run(
        "write_template", event="shipped", text="Off it goes: {order}\n\nHi {name}!"
    )
    assert shop.desk.read(compose, 1).written.subject == "Off it goes: 1001"
    assert changes.undo is not None
    shop.desk.undo(changes.undo)
    assert shop.desk.read(compose, 1).written.subject == "Your order 1001 is on its way"


def test_neither_address_nor_number_stands_in_the_trail_or_in_a_message_row(shop: Shop) -> None:
    order = shop.writes("shipped").sells()
    shop.ships(order)
    shop.desk.run("draft_messages")
    shop.desk.run("stop_writing", order_id=order)
    with shop.desk.store.read() as db:
        told = str([tuple(row) for row in db.execute(select(audit_entries))])
    assert BUYER not in told
    assert "hello@fern.example" not in told
    assert BUYER not in str(shop.messages())


def test_a_message_that_may_not_have_left_is_a_case_until_somebody_has_decided(shop: Shop) -> None:
    shop.writes("shipped").ships(shop.sells())
    shop.desk.run("draft_messages")
    shop.later(minutes=6)
    shop.desk.write(lambda db: leaving.begin(db, 1, now=shop.now))
    shop.later(minutes=6)
    shop.desk.write(lambda db: leaving.doubt_the_interrupted(db, now=shop.now))
    shop.desk.watch_cases()
    query = select(exception_cases.c.title).where(
        exception_cases.c.kind == "buyer_untold", exception_cases.c.state == "open"
    )
    with shop.desk.store.read() as db:
        assert list(db.execute(query).scalars()) == [
            "Order 1001: the message “shipped” may or may not have left"
        ]
    shop.desk.run("drop_messages", message_ids=[1], reason="The buyer has it")
    shop.desk.watch_cases()
    with shop.desk.store.read() as db:
        assert list(db.execute(query).scalars()) == []


def test_a_first_parcel_says_what_is_in_it_and_what_is_still_to_come(shop: Shop) -> None:
    order = shop.writes("shipped").sells("1001", lines=tuple(
        IncomingLine(str(n), "TEA", title, 3, 1000) for n, title in enumerate(("Green tea", "Black tea"), 1)
    ))  # fmt: skip
    with shop.desk.store.write() as db:  # one line is in a box of its own, which has left
        part = db.execute(select(fulfilment_orders)).one()
        values = {**part._mapping, "id": part.id + 1}  # noqa: SLF001
        db.execute(fulfilment_orders.insert(), [values])
        lines = db.execute(
            select(fulfilment_order_lines).order_by(fulfilment_order_lines.c.id)
        ).all()
        second = fulfilment_order_lines.c.id == lines[1].id
        db.execute(
            fulfilment_order_lines.update().where(second).values(fulfilment_order_id=part.id + 1)
        )
        db.execute(
            fulfilment_orders.update()
            .where(fulfilment_orders.c.id == part.id)
            .values(state="shipped")
        )
        db.execute(orders.update().values(status="partly_shipped"))
        db.execute(shipments.insert(), [{
            "id": 1, "fulfilment_order_id": part.id, "order_id": order, "carrier": "USPS", "tracking_number": "9400",
            "shipped_at": shop.now, "actor": "Dana", "created_at": shop.now,
        }])  # fmt: skip
        drafting.draft_messages(db, shop.desk.actor, now=shop.now)
        message = compose(db, 1)
        db.rollback()
    assert message.event == "partly_shipped"
    assert message.written.subject == "Part of your order 1001 is on its way"
    assert "In this parcel:\n\n3 × Green tea\n" in message.written.text
    assert "need do nothing:\n\n3 × Black tea\n" in message.written.text


def test_where_text_messages_are_handed_in_is_one_address_and_no_header(shop: Shop) -> None:
    for address in (
        "https://sms.example.com\r\nBcc: x",
        "https://sms.example.com /in",
        "http://x.y",
    ):
        with pytest.raises(RefusedError):
            shop.desk.run("set_message_rules", changes={"sms_address": address})

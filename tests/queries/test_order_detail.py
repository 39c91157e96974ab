"""Does one order tell everything that happened to it, and why?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.explaining import Wording
from app.domain.orders import ChannelState, IncomingRefund
from app.errors import NotFoundError
from app.queries.order_detail import OrderDetail, find_order, order_detail
from app.services.desk import Desk
from tests.queries.brand import NOW, order, ship, take_in


def seen(desk: Desk, number: str) -> OrderDetail:
    order_id = desk.read(find_order, number)
    assert order_id is not None
    return desk.read(order_detail, order_id, now=NOW)


def story(detail: OrderDetail) -> list[tuple[str, str]]:
    return [(entry.kind, entry.title) for entry in detail.timeline]


def test_an_order_is_found_by_number_external_id_or_id(busy: Desk) -> None:
    assert busy.read(find_order, "READY") == busy.read(find_order, " XREADY ") == 1
    assert busy.read(find_order, "1") == 1
    for nothing in ("", "nobody", "99", "9" * 30, "%", "٣"):
        assert busy.read(find_order, nothing) is None, nothing


def test_a_number_sign_before_the_number_does_not_matter(busy: Desk) -> None:
    (order_id,) = take_in(busy, order("#1001", ("TEA-001", 1)))
    assert busy.read(find_order, "1001") == busy.read(find_order, "#1001") == order_id


def test_an_order_that_is_not_there_is_said_so(busy: Desk) -> None:
    with pytest.raises(NotFoundError):
        busy.read(order_detail, 999, now=NOW)


def test_the_suggestion_says_why_there_and_why_not_elsewhere(busy: Desk) -> None:
    words = seen(busy, "READY").suggestion
    assert words is not None
    assert words.headline == "Ship from Garage for 6.10 USD."
    assert words.reason == "It is the cheapest by 3.85 USD, and in time."
    assert [each.location for each in words.alternatives] == ["Reno 3PL"]
    assert [each.sentence for each in words.refusals] == ["Shop: TEA-001 has 1 free, 2 needed."]


def test_the_reader_s_own_wording_is_used_for_money(busy: Desk) -> None:
    euros = Wording(money=lambda minor, currency: f"{minor} {currency.lower()} cents")
    detail = busy.read(order_detail, 1, now=NOW, wording=euros)
    assert detail.suggestion is not None
    assert detail.suggestion.headline == "Ship from Garage for 610 usd cents."


def test_a_shipped_order_tells_its_way_from_the_channel_to_the_message(busy: Desk) -> None:
    detail = seen(busy, "SHIPPED")
    assert story(detail) == [
        ("channel", "Ordered on Etsy"),
        ("intake", "Taken in"),
        ("suggestion", "Suggestion"),
        ("decision", "Accepted"),
        ("shipment", "Shipped from Garage"),
        ("message", "Shipping confirmation: waits for its file to the channel"),
    ]
    assert [line.claim_words for line in detail.lines] == ["shipped"]
    assert [line.claim_words for line in seen(busy, "ACCEPTED").lines] == ["allocated"]
    assert [line.claim_words for line in seen(busy, "SHORT").lines] == ["not enough stock"]
    assert detail.shipments[0].told == "the channel is not told yet"
    assert [(part.location, part.items, part.state) for part in detail.fulfilment_orders] == [
        ("Garage", "1 × TEA-001", "shipped")
    ]


def test_an_override_says_who_why_and_the_difference_in_money(busy: Desk) -> None:
    busy.run("override", order_id=1, location_id=3, reason="The garage is closed today")
    detail = seen(busy, "READY")
    assert detail.decision is not None
    assert detail.decision.extra == 385
    assert detail.decision.sentence == (
        "Owner chose Reno 3PL for 9.95 USD: The garage is closed today. "
        "It costs 3.85 USD more than the suggestion."
    )
    assert ("decision", "Chosen by hand") in story(detail)


def test_a_decision_taken_back_stays_in_the_timeline(busy: Desk) -> None:
    busy.run("withdraw", order_ids=[4])
    detail = seen(busy, "ACCEPTED")
    assert detail.decision is None
    assert [kind for kind, _title in story(detail)].count("suggestion") == 2
    assert ("desk", "Decision taken back") in story(detail)
    told = next(each for each in detail.timeline if each.title == "Decision taken back")
    assert told.detail == "It was to ship from Shop."
    assert detail.fulfilment_orders[0].state == "cancelled"


def test_a_hold_is_shown_until_it_is_lifted_and_told_afterwards(busy: Desk) -> None:
    detail = seen(busy, "HELD")
    assert [(hold.code, hold.is_open) for hold in detail.holds] == [("ADDRESS_ZIP", True)]
    assert detail.cases[0].ways_out
    busy.run("release", order_ids=[detail.id], reason="The ZIP is right.")
    detail = seen(busy, "HELD")
    assert not detail.holds[0].is_open
    assert ("hold", "Hold lifted") in story(detail)
    assert detail.cases[0].state == "resolved"


def test_a_change_from_the_channel_shows_old_and_new_in_words(busy: Desk) -> None:
    take_in(busy, order("READY", ("TEA-001", 5), total=7500))
    (change,) = seen(busy, "READY").changes
    assert change.state == "open"
    assert change.sentences == (
        "TEA-001: 2 becomes 5.",
        "Total: 30.00 USD becomes 75.00 USD.",
    )
    busy.run("take_over_change", order_id=1)
    detail = seen(busy, "READY")
    assert detail.changes[0].state == "applied"
    assert ("decision", "Took over the channel's new version") in story(detail)


def test_a_cancellation_keeps_its_reason_in_the_timeline(busy: Desk) -> None:
    busy.run("cancel", order_ids=[1], reason="The buyer changed her mind.")
    detail = seen(busy, "READY")
    assert detail.step == "cancelled"
    assert "The buyer changed her mind." in [entry.detail for entry in detail.timeline]


def test_what_the_channel_says_later_is_told(busy: Desk) -> None:
    take_in(busy, order("ACCEPTED", ("MUG-BLUE", 1), channel="amazon", state=ChannelState.SHIPPED))
    titles = [title for _kind, title in story(seen(busy, "ACCEPTED"))]
    assert "The channel moved on" in titles
    assert any(title.startswith("Case opened") for title in titles)


def test_a_note_and_a_shipment_taken_back_are_told(busy: Desk) -> None:
    busy.run("write_note", order_id=5, text="Left with a neighbour.")
    busy.run("void_shipments", order_ids=[5], reason="The label was wrong.")
    detail = seen(busy, "SHIPPED")
    assert detail.notes[0].text == "Left with a neighbour."
    assert detail.shipments[0].is_voided
    assert {("note", "Note"), ("shipment", "Shipment taken back")} <= set(story(detail))


def test_time_goes_one_way_in_the_timeline(busy: Desk) -> None:
    later = replace(busy, now=lambda: NOW + timedelta(hours=2))
    later.run("accept", order_ids=[1])
    ship(later, "READY", "9400")
    moments = [entry.at for entry in seen(busy, "READY").timeline]
    assert moments == sorted(moments)
    assert moments[-1] == NOW + timedelta(hours=2)


def test_what_the_channel_gave_back_is_told_once_however_often_it_is_stated(busy: Desk) -> None:
    refund = IncomingRefund("R1", 1050, NOW, "Chipped")
    sold = replace(order("BACK", ("TEA-001", 1)), refunds=(refund,))
    take_in(busy, sold)
    take_in(busy, sold)
    again = replace(sold, refunds=(refund, IncomingRefund("R2", 200)))
    take_in(busy, again)
    told = [(x.title, x.detail) for x in seen(busy, "BACK").timeline if "refunded" in x.title]
    assert told == [("Shopify refunded 10.50 USD", "Chipped"), ("Shopify refunded 2.00 USD", "")]

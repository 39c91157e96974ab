"""What the matrix offers for a parcel, what each way costs, and until when a carrier is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.recovering.claims import UNKNOWN, rule_for
from app.domain.recovering.matrix import (
    DEFAULT_MATRIX,
    OfferKind,
    Parcel,
    Situation,
    offers,
    read_matrix,
)

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MATRIX = read_matrix(1, DEFAULT_MATRIX)
LOST = Parcel(Situation.LOST, "shopify", 4_000, 4_000, 1_100, 640)


def kinds(parcel: Parcel) -> list[OfferKind]:
    return [each.kind for each in offers(MATRIX, parcel, NOW)]


def test_a_lost_parcel_is_sent_again_and_a_small_one_is_given_back() -> None:
    first, second = offers(MATRIX, LOST, NOW)
    assert (first.kind, first.cost) == (OfferKind.RESHIP, 1_740)
    assert (second.kind, second.cost) == (OfferKind.REFUND, 4_000)
    assert kinds(replace(LOST, value=900)) == [OfferKind.REFUND, OfferKind.RESHIP]


def test_what_is_not_in_stock_is_offered_last_and_says_why() -> None:
    found = offers(MATRIX, replace(LOST, missing="TEA is not in stock", postage=None), NOW)
    assert [(each.kind, each.why_not) for each in found] == [
        (OfferKind.REFUND, ""), (OfferKind.RESHIP, "TEA is not in stock"),
    ]  # fmt: skip


def test_a_good_customer_is_not_asked_to_wait_first() -> None:
    stuck = replace(LOST, situation=Situation.LATE)
    assert [
        each.refund for each in offers(MATRIX, stuck, NOW) if each.kind is OfferKind.PARTIAL
    ] == [400]
    assert offers(MATRIX, replace(stuck, customer=30_000), NOW)[1].refund == 600


def test_what_was_given_back_already_is_not_given_again() -> None:
    found = {each.kind: each for each in offers(MATRIX, replace(LOST, given_back=4_000), NOW)}
    assert found[OfferKind.REFUND].why_not == "everything was given back already"
    assert found[OfferKind.REFUND].refund == 0


@given(
    st.sampled_from(Situation), st.integers(0, 100_000), st.integers(0, 100_000),
    st.integers(0, 100_000),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_there_is_a_way_out_of_everything_and_none_gives_more_than_was_paid(
    situation: Situation, value: int, customer: int, given_back: int
) -> None:
    parcel = Parcel(
        situation, "etsy", value, customer, None, None, given_back=min(given_back, value)
    )
    found = offers(MATRIX, parcel, NOW)
    assert 1 <= len(found) <= 3
    assert all(0 <= each.refund <= value - parcel.given_back for each in found)


@pytest.mark.parametrize(
    "row",
    [{"offers": []}, {"offers": [{"kind": "gift"}]}, {"offers": [{"kind": "partial", "percent": 100}]},
     {"offers": [{"kind": "wait"}], "situations": ["sad"]}],
)  # fmt: skip
def test_a_row_that_says_nothing_clear_is_refused(row: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_matrix(1, [row])


@pytest.mark.parametrize(
    ("carrier", "opens", "closes"),
    [("USPS Ground Advantage", 15, 60), ("UPS", 1, 60), ("FedEx", 1, 60), ("DHL Express", 1, 30)],
)
def test_each_carrier_takes_claims_for_a_time(carrier: str, opens: int, closes: int) -> None:
    rule = rule_for(carrier)
    assert rule.source.startswith("https://")
    assert rule.opens_at(NOW, Situation.LOST) == NOW + timedelta(days=opens)
    assert rule.opens_at(NOW, Situation.DAMAGED) is None
    assert rule.due_at(NOW) == NOW + timedelta(days=closes)


def test_a_carrier_that_nobody_looked_up_gets_the_shortest_time() -> None:
    assert rule_for("Pony Mail") is UNKNOWN
    assert rule_for("Groups Logistics") is UNKNOWN  # not UPS
    assert UNKNOWN.closes_after == min(
        rule_for(name).closes_after for name in ("usps", "ups", "fedex", "dhl")
    )

"""Where is a parcel? The same whatever order, number and clock its reports came with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tracking.codebook import CodeBook
from app.domain.tracking.statuses import Incident, Meaning, TrackingStatus
from app.domain.tracking.timeline import CarrierEvent, Timeline, timeline, unmapped

MONDAY = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
RECORDED = MONDAY + timedelta(days=30)
BOOK = CodeBook(
    phrases={
        "label": Meaning(TrackingStatus.PRE_TRANSIT),
        "accepted": Meaning(TrackingStatus.ACCEPTED),
        "moving": Meaning(TrackingStatus.IN_TRANSIT),
        "out": Meaning(TrackingStatus.OUT_FOR_DELIVERY),
        "not home": Meaning(TrackingStatus.ATTEMPTED, Incident.NOT_HOME),
        "delivered": Meaning(TrackingStatus.DELIVERED),
        "going back": Meaning(TrackingStatus.RETURN_TO_SENDER),
        "lost": Meaning(TrackingStatus.LOST, Incident.LOST),
        "voided": Meaning(TrackingStatus.CANCELLED),
    }
)


def said(words: str, hours: float, *, place: str = "Reno", **other: object) -> CarrierEvent:
    event = CarrierEvent("ups", "", words, MONDAY + timedelta(hours=hours), RECORDED, place)
    return replace(event, **other)  # type: ignore[arg-type]


def way(*events: CarrierEvent) -> Timeline:
    return timeline(events, BOOK)


def test_a_parcel_is_where_its_last_scan_says() -> None:
    parcel = way(said("label", 0), said("accepted", 5), said("moving", 9), said("out", 30))
    assert parcel.status is TrackingStatus.OUT_FOR_DELIVERY
    assert parcel.accepted_at == MONDAY + timedelta(hours=5)
    assert parcel.last_scan_at == MONDAY + timedelta(hours=30)


def test_a_label_is_no_scan() -> None:
    parcel = way(said("label", 0))
    assert (parcel.status, parcel.accepted_at, parcel.last_scan_at) == (
        TrackingStatus.PRE_TRANSIT, None, None,
    )  # fmt: skip


def test_a_label_reported_after_the_first_scan_changes_nothing() -> None:
    parcel = way(said("accepted", 1), said("label", 2))
    assert parcel.status is TrackingStatus.ACCEPTED
    assert [scan.is_telling for scan in parcel.scans] == [True, False]


def test_a_voided_label_that_is_scanned_after_all_is_on_its_way() -> None:
    assert way(said("voided", 0), said("moving", 3)).status is TrackingStatus.IN_TRANSIT


def test_what_was_delivered_stays_delivered_when_an_older_scan_comes_late() -> None:
    parcel = way(said("delivered", 40), said("moving", 41))
    assert parcel.status is TrackingStatus.DELIVERED
    assert parcel.delivered_at == MONDAY + timedelta(hours=40)


def test_a_delivered_parcel_goes_back_only_in_words() -> None:
    assert way(said("delivered", 1), said("going back", 9)).status is (
        TrackingStatus.RETURN_TO_SENDER
    )


def test_what_goes_back_and_is_delivered_is_with_us_again() -> None:
    parcel = way(said("moving", 1), said("going back", 2), said("moving", 3), said("delivered", 9))
    assert parcel.status is TrackingStatus.RETURNED
    assert parcel.delivered_at is None


def test_a_lost_parcel_that_is_scanned_again_is_found() -> None:
    parcel = way(said("lost", 1), said("moving", 200))
    assert (parcel.status, parcel.incident) == (TrackingStatus.IN_TRANSIT, None)


def test_why_it_was_not_delivered_is_told_until_it_moves_on() -> None:
    attempted = said("not home", 10)
    assert way(attempted).incident is Incident.NOT_HOME
    assert way(attempted, said("out", 30)).incident is None


def test_a_code_that_nobody_knows_waits_for_a_meaning_and_moves_nothing() -> None:
    events = (said("accepted", 1), said("Zwischenstopp", 4))
    assert way(*events).status is TrackingStatus.ACCEPTED
    assert unmapped(events, BOOK) == (("ups", "", "Zwischenstopp"),)
    own = BOOK.with_own({("ups", "Z", ""): Meaning(TrackingStatus.HELD)})
    assert timeline([*events, said("", 5, code="Z")], own).status is TrackingStatus.HELD


def test_a_local_time_from_the_future_is_put_back_by_whole_hours() -> None:
    seen = said("moving", 0, at=RECORDED + timedelta(hours=6, minutes=30), is_zone_known=False)
    (scan,) = way(seen).scans
    assert scan.at == RECORDED - timedelta(minutes=30)


def test_the_same_scan_with_and_without_its_zone_is_one() -> None:
    known = said("out", 30)
    guessed = said("out", 23, is_zone_known=False)
    assert [scan.at for scan in way(guessed, known).scans] == [known.at]


def test_two_scans_at_one_place_a_day_apart_are_two() -> None:
    assert len(way(said("out", 6), said("out", 30)).scans) == 2


WORDS = sorted(BOOK.phrases)
EVENTS = st.lists(
    st.builds(
        said, st.sampled_from(WORDS), st.integers(0, 200),
        place=st.sampled_from(["Reno", "Boise"]),
    ),
    max_size=12,
)  # fmt: skip


@given(EVENTS, st.randoms(use_true_random=False), st.integers(-11, 11))
def test_order_repetition_and_zones_change_nothing(
    events: list[CarrierEvent], chance: object, hours: int
) -> None:
    elsewhere = timezone(timedelta(hours=hours))
    again = [replace(event, at=event.at.astimezone(elsewhere)) for event in events]
    mixed = [*events, *again]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert timeline(mixed, BOOK) == timeline(events, BOOK)


@given(EVENTS)
def test_every_word_that_was_said_stays_readable(events: list[CarrierEvent]) -> None:
    assert {scan.words for scan in timeline(events, BOOK).scans} == {x.words for x in events}


@given(EVENTS)
def test_a_delivered_parcel_says_when(events: list[CarrierEvent]) -> None:
    parcel = timeline(events, BOOK)
    if parcel.status is TrackingStatus.DELIVERED:
        assert parcel.delivered_at is not None
    if parcel.accepted_at is None:
        assert parcel.last_scan_at is None

"""How long does a lane usually take, and when is a parcel slower than that?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.cases import CaseKind
from app.domain.tracking.alerts import Alert, ParcelNow, judge
from app.domain.tracking.clocks import (
    FEWEST,
    STEPS,
    Clock,
    Clocks,
    Lane,
    Leg,
    Sample,
    as_usual,
    hours_between,
    learn,
    points_of,
    usual,
)
from app.domain.tracking.statuses import Incident, TrackingStatus
from app.domain.tracking.telling import facts_of, title_of
from app.domain.tracking.wording import in_words

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 10, 12, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LANE = Lane("ups", "ground", "021", "NY")


def samples(lane: Lane, count: int = 60) -> list[Sample]:
    rng = Random(5)
    return [Sample(lane, rng.uniform(4, 19), rng.uniform(8, 20), rng.uniform(30, 50))
            for _n in range(count)]  # fmt: skip


CLOCKS = Clocks(learn(samples(LANE)))


def parcel(hours: float, **known: object) -> ParcelNow:
    """Return a parcel that was shipped on Monday, as it stands so many hours later."""
    made = ParcelNow(1, LANE, MONDAY, MONDAY + hours * HOUR, promised_at=MONDAY + 90 * HOUR)
    return replace(made, **known)  # type: ignore[arg-type]


def alert(it: ParcelNow) -> Alert | None:
    return judge(it, CLOCKS, NEW_YORK)


def kind(it: ParcelNow) -> CaseKind | None:
    found = alert(it)
    return found.kind if found else None


def test_days_on_which_nobody_collects_do_not_count() -> None:
    friday = MONDAY + timedelta(days=4)
    assert hours_between(friday, friday + timedelta(days=3), NEW_YORK) == pytest.approx(24)
    assert hours_between(MONDAY, MONDAY + 5 * HOUR, NEW_YORK) == pytest.approx(5)
    assert hours_between(MONDAY, MONDAY - HOUR, NEW_YORK) == 0


def test_a_lane_of_too_few_parcels_asks_the_wider_circle() -> None:
    elsewhere = Lane("ups", "ground", "917", "TX")
    few = learn([*samples(LANE), *samples(elsewhere, FEWEST - 1)])
    assert Clocks(few).of(Leg.TRANSIT, elsewhere).lane == Lane("ups", "ground")
    assert Clocks(few).of(Leg.TRANSIT, LANE).lane == LANE
    assert Clocks(few).of(Leg.TRANSIT, Lane("dhl", "ground")) == usual(Leg.TRANSIT, "ground")


def test_what_went_wrong_before_is_no_habit_of_the_lane() -> None:
    took = [10.0 + n % 5 for n in range(100)]
    assert as_usual([*took, 400.0, 600.0]) == sorted(took)


def test_a_fast_service_is_expected_sooner_where_nothing_is_known() -> None:
    assert usual(Leg.TRANSIT, "2nd day air").hours(95) < usual(Leg.TRANSIT, "ground").hours(95)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 500), min_size=1, max_size=80), st.floats(0, 600), st.floats(0, 600))
def test_the_chance_to_arrive_grows_with_the_time_left(
    took: list[float], one: float, other: float
) -> None:
    clock = Clock(points_of(sorted(took)), len(took))
    assert list(clock.points) == sorted(clock.points)
    assert len(clock.points) == len(STEPS)
    soon, late = sorted((one, other))
    for after in (0.0, soon / 2):
        assert 0 <= clock.chance_by(soon, after=after) <= clock.chance_by(late, after=after) <= 1


def test_a_label_that_nobody_scans_is_noticed_by_its_lane_s_own_habit() -> None:
    assert kind(parcel(20)) is None
    found = alert(parcel(31))
    assert found is not None
    assert found.cause == "manifest:ups:0:2026-10-12"
    words = title_of(found, "1042", "UPS", 6)
    assert words == (
        "Order 1042: 31 h unscanned; this lane's 95th percentile is 19 h; six labels of one pick-up"
    )
    facts = facts_of(found, carrier="UPS Ground", tracking="1Z", location="Shop", together=6)
    assert (facts["learnt_from"], facts["together"], facts["situation"]) == (60, 6, "stuck")


def test_it_is_noticed_sooner_when_the_promise_is_at_risk() -> None:
    assert kind(parcel(22, promised_at=MONDAY + 200 * HOUR)) is None
    assert kind(parcel(22, promised_at=MONDAY + 50 * HOUR)) is CaseKind.UNSCANNED


def test_a_carrier_that_is_silent_altogether_says_nothing_of_one_parcel() -> None:
    assert kind(parcel(500, heard_at=MONDAY + 3 * HOUR)) is None


def moving(hours: float, last: float, **known: object) -> ParcelNow:
    seen = {
        "status": TrackingStatus.IN_TRANSIT, "accepted_at": MONDAY + 8 * HOUR,
        "since_at": MONDAY + 8 * HOUR, "last_scan_at": MONDAY + last * HOUR,
    }  # fmt: skip
    return parcel(hours, **{**seen, **known})


def test_a_parcel_that_stands_still_is_stuck() -> None:
    assert kind(moving(40, last=25)) is None
    assert kind(moving(62, last=25)) is CaseKind.PARCEL_STUCK


def test_a_parcel_whose_carrier_says_a_later_day_has_slipped() -> None:
    found = alert(moving(30, last=28, expected_at=MONDAY + 140 * HOUR))
    assert found is not None
    assert found.kind is CaseKind.ETA_SLIPPED
    assert "later day" in title_of(found, "7", "UPS", 1)


def test_a_parcel_that_is_slower_than_its_lane_has_slipped_before_the_day_is_over() -> None:
    late = moving(56, last=50, promised_at=MONDAY + 56.2 * HOUR)
    assert kind(late) is CaseKind.ETA_SLIPPED


def test_what_is_not_with_the_driver_hours_before_its_promise_does_not_arrive_by_then() -> None:
    soon = moving(54, last=50, promised_at=MONDAY + 57.5 * HOUR)
    assert kind(replace(soon, promised_at=MONDAY + 58.5 * HOUR)) is None
    assert kind(soon) is CaseKind.ETA_SLIPPED
    assert kind(replace(soon, status=TrackingStatus.OUT_FOR_DELIVERY)) is None


@pytest.mark.parametrize(
    ("status", "incident", "wanted"),
    [
        (TrackingStatus.ATTEMPTED, Incident.NOT_HOME, CaseKind.NOT_DELIVERED),
        (TrackingStatus.RETURN_TO_SENDER, Incident.REFUSED, CaseKind.PARCEL_RETURNED),
        (TrackingStatus.LOST, Incident.LOST, CaseKind.PARCEL_LOST),
        (TrackingStatus.DELAYED, Incident.DAMAGED, CaseKind.PARCEL_DAMAGED),
        (TrackingStatus.DELIVERED, None, None),
        (TrackingStatus.CANCELLED, None, None),
        (TrackingStatus.READY_FOR_PICKUP, None, None),
    ],
)
def test_what_the_carrier_itself_says_is_an_alert_of_its_own(
    status: TrackingStatus, incident: Incident | None, wanted: CaseKind | None
) -> None:
    assert kind(moving(30, last=29, status=status, incident=incident)) is wanted


def test_a_parcel_that_nobody_picks_up_is_noticed_before_it_goes_back() -> None:
    waits = moving(130, last=20, status=TrackingStatus.READY_FOR_PICKUP)
    found = alert(waits)
    assert found is not None
    assert title_of(found, "7", "UPS", 1) == "Order 7: nobody picks the parcel up"


@pytest.mark.parametrize("status", list(TrackingStatus))
def test_every_alert_can_be_said(status: TrackingStatus) -> None:
    for incident in (None, Incident.DESTROYED, Incident.REFUSED):
        found = alert(moving(300, last=20, status=status, incident=incident))
        if found is not None:
            assert title_of(found, "7", "UPS", 4).startswith("Order 7: ")
            assert facts_of(found, carrier="", tracking="", location="", together=4)


@pytest.mark.parametrize(
    ("status", "incident", "words"),
    [
        ("attempted", "not_home", "Could not be delivered: nobody home"),
        ("held", "customs", "Held by customs"), ("lost", "lost", "Lost"),
        ("attempted", "undeliverable", "Could not be delivered"), ("accepted", "", "Handed to the carrier"),
    ],
)  # fmt: skip
def test_a_scan_is_said_in_plain_words(status: str, incident: str, words: str) -> None:
    assert in_words(status, incident) == words

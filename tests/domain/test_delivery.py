"""When does a parcel leave and arrive, how far does it go, and what does it cost?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.domain.delivery import (
    ABROAD,
    Geography,
    add_working_days,
    dispatch_day,
    postage,
    workdays_of,
    zip3,
    zone,
)
from app.domain.routing import reach
from tests.builders import RATES, a_site

NEW_YORK = "America/New_York"
PLACES = Geography({"021": (42.36, -71.11), "917": (34.03, -117.60), "100": (40.75, -73.99)})


@pytest.mark.parametrize(
    ("miles", "expected"), [(0, 1), (50, 1), (51, 2), (600, 4), (1800, 7), (1801, 8), (5000, 8)]
)
def test_zones_follow_the_carriers_distance_bands(miles: int, expected: int) -> None:
    assert zone(miles) == expected


def test_a_neighbouring_city_is_near_and_the_other_coast_is_far() -> None:
    assert PLACES.zone_between("02138", "10001", "US") == 3
    assert PLACES.zone_between("02138", "91761", "US") == 8


def test_another_country_is_abroad_and_an_unknown_area_counts_as_far() -> None:
    assert PLACES.zone_between("02138", "10115", "DE") == ABROAD
    assert PLACES.zone_between("02138", "99999", "US") == 8


def test_the_zones_from_several_places_are_remembered_in_their_order() -> None:
    fan = PLACES.fan(("02138", "91761"))
    assert fan.zones_to("100", "US") == (3, 8)
    assert PLACES.fan(("02138", "91761")) is fan


@pytest.mark.parametrize(
    ("text", "area"),
    [("02138", "021"), (" 02138-1234", "021"), ("2138", "213"), ("SW1A", ""), ("", "")],
)
def test_an_area_is_the_first_three_digits_of_a_zip(text: str, area: str) -> None:
    assert zip3(text) == area


def test_postage_rises_with_weight_and_has_steps_beyond_the_table() -> None:
    light, heavy = (postage(RATES.standard, 2, grams) for grams in (200, 4400))
    assert light == 420
    assert heavy == 1085
    assert postage(RATES.standard, 2, 4501) == 1085 + 80
    assert postage(RATES.standard, 2, 6500) == 1085 + 2 * 80


@pytest.mark.parametrize(
    ("utc", "leaves_on"),
    [
        (datetime(2026, 11, 23, 18, 59, tzinfo=UTC), date(2026, 11, 23)),  # Mon 13:59 there
        (datetime(2026, 11, 23, 19, 0, tzinfo=UTC), date(2026, 11, 24)),  # Mon 14:00 there
        (datetime(2026, 11, 27, 20, 0, tzinfo=UTC), date(2026, 11, 30)),  # Fri after the cut-off
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), date(2026, 11, 30)),  # Saturday
        (datetime(2026, 7, 6, 17, 59, tzinfo=UTC), date(2026, 7, 6)),  # summer time: 13:59 there
        (datetime(2026, 7, 6, 18, 0, tzinfo=UTC), date(2026, 7, 7)),
    ],
)
def test_an_order_leaves_today_only_before_the_local_cut_off(
    utc: datetime, leaves_on: date
) -> None:
    assert dispatch_day(utc, NEW_YORK, time(14)) == leaves_on


def test_a_place_that_works_on_saturdays_ships_on_saturday_and_never_on_a_day_it_is_closed() -> (
    None
):
    tuesday_to_saturday, holiday = workdays_of("0111110"), frozenset({date(2026, 12, 1)})
    friday_evening = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)

    def leaves(at: datetime) -> date:
        return dispatch_day(at, NEW_YORK, time(14), tuesday_to_saturday, holiday)

    assert leaves(friday_evening) == date(2026, 11, 28)
    assert leaves(monday) == date(2026, 12, 2)


def test_weekends_do_not_count_as_days_in_transit() -> None:
    friday = date(2026, 11, 27)
    assert add_working_days(friday, 0) == friday
    assert add_working_days(friday, 1) == date(2026, 11, 30)
    assert add_working_days(friday, 6) == date(2026, 12, 7)


def test_no_parcel_arrives_on_a_day_on_which_carriers_rest() -> None:
    thanksgiving = date(2026, 11, 26)
    eve = thanksgiving - timedelta(days=1)
    assert add_working_days(eve, 1, frozenset({thanksgiving})) == date(2026, 11, 27)
    at = reach(a_site(1, "RENO"), 1, eve, RATES.standard, frozenset({thanksgiving}))
    assert at.arrives_on == date(2026, 11, 27)


@pytest.mark.parametrize("words", ["Expedited", "2-day air", "NextDay", "Priority Mail Express"])
def test_the_channels_words_for_fast_mean_the_fast_service(words: str) -> None:
    assert RATES.service_for(words) is RATES.expedited


def test_anything_else_goes_the_standard_way() -> None:
    assert RATES.service_for("Standard") is RATES.standard
    assert RATES.service_for("") is RATES.standard

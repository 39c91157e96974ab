"""On which day does a parcel leave, and when does it arrive? Each row was worked out on a wall calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.domain.delivery import MONDAY_TO_FRIDAY
from app.domain.routing.calendar import Hours, arrives_on

THANKSGIVING = date(2026, 11, 26)  # a Thursday
HOLIDAYS = frozenset({THANKSGIVING})
LAST = date(2026, 12, 31)
SIX_DAYS = frozenset(range(6))


def in_(zone: str, **more: object) -> Hours:
    """Return a location that works Monday to Friday, takes orders until 14:00 and is fetched at 17:00."""
    return Hours(f"America/{zone}", time(14), time(17), **more)  # type: ignore[arg-type]


NEW_YORK, DENVER, PHOENIX = in_("New_York"), in_("Denver"), in_("Phoenix")


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "now", "day", "leaves_at"),
    [
        # Tuesday 3 March, winter time: 14:00 in New York is 19:00 UTC, the van comes at 22:00 UTC.
        (NEW_YORK, utc(3, 3, 18, 50), date(2026, 3, 3), utc(3, 3, 22)),  # ten minutes before
        (NEW_YORK, utc(3, 3, 19, 0), date(2026, 3, 3), utc(3, 3, 22)),  # on the minute
        (NEW_YORK, utc(3, 3, 19, 10), date(2026, 3, 4), utc(3, 4, 22)),  # ten minutes after
        # The same moments two time zones further west: 11:50 and 12:10 in Denver, both in time.
        (DENVER, utc(3, 3, 18, 50), date(2026, 3, 3), utc(3, 4, 0)),
        (DENVER, utc(3, 3, 19, 10), date(2026, 3, 3), utc(3, 4, 0)),
        # Denver's own cut-off is 21:00 UTC; by then New York has closed for the day.
        (DENVER, utc(3, 3, 20, 50), date(2026, 3, 3), utc(3, 4, 0)),
        (DENVER, utc(3, 3, 21, 10), date(2026, 3, 4), utc(3, 5, 0)),
        (NEW_YORK, utc(3, 3, 20, 50), date(2026, 3, 4), utc(3, 4, 22)),
        # Just past midnight in UTC it is still Tuesday in Denver, after its cut-off.
        (DENVER, utc(3, 4, 1, 0), date(2026, 3, 4), utc(3, 5, 0)),
        # The eve of Thanksgiving, Wednesday 25 November: before, and after, which is Friday.
        (NEW_YORK, utc(11, 25, 18, 50), date(2026, 11, 25), utc(11, 25, 22)),
        (NEW_YORK, utc(11, 25, 19, 10), date(2026, 11, 27), utc(11, 27, 22)),
        # A location that also closes on the Friday begins again on Monday 30 November.
        (
            in_("New_York", closed=frozenset({date(2026, 11, 27)})),
            utc(11, 25, 19, 10),
            date(2026, 11, 30),
            utc(11, 30, 22),
        ),
        # Clocks go forward on Sunday 8 March: the Monday's 14:00 is 18:00 UTC, its van at 21:00 UTC.
        (NEW_YORK, utc(3, 6, 18, 50), date(2026, 3, 6), utc(3, 6, 22)),
        (NEW_YORK, utc(3, 6, 19, 10), date(2026, 3, 9), utc(3, 9, 21)),
        (NEW_YORK, utc(3, 9, 17, 50), date(2026, 3, 9), utc(3, 9, 21)),
        (NEW_YORK, utc(3, 9, 18, 10), date(2026, 3, 10), utc(3, 10, 21)),
        # Phoenix keeps its clocks: 14:00 is 21:00 UTC on both sides of that Sunday.
        (PHOENIX, utc(3, 6, 20, 50), date(2026, 3, 6), utc(3, 7, 0)),
        (PHOENIX, utc(3, 9, 20, 50), date(2026, 3, 9), utc(3, 10, 0)),
        # Clocks go back on Sunday 1 November: Friday's 14:00 is 18:00 UTC, Monday's 19:00 UTC.
        (NEW_YORK, utc(10, 30, 18, 10), date(2026, 11, 2), utc(11, 2, 22)),
        (NEW_YORK, utc(11, 2, 18, 50), date(2026, 11, 2), utc(11, 2, 22)),
        # A weekend, and a shop that works on Saturdays.
        (NEW_YORK, utc(3, 7, 12, 0), date(2026, 3, 9), utc(3, 9, 21)),
        (in_("New_York", workdays=SIX_DAYS), utc(3, 7, 12, 0), date(2026, 3, 7), utc(3, 7, 22)),
        # A place that needs a working day: decided on Friday in time, handed over on Monday.
        (in_("New_York", handling_days=1), utc(3, 6, 18, 50), date(2026, 3, 9), utc(3, 9, 21)),
        (in_("New_York", handling_days=1), utc(3, 6, 19, 10), date(2026, 3, 10), utc(3, 10, 21)),
    ],
)  # fmt: skip
def test_a_parcel_leaves_when_the_calendar_and_the_clock_of_its_place_say(
    place: Hours, now: datetime, day: date, leaves_at: datetime
) -> None:
    first = place.ship_days(now, LAST, HOLIDAYS)[0]
    assert (first.day, first.leaves_at) == (day, leaves_at)


@pytest.mark.parametrize(
    ("leaves", "days", "weekdays", "arrives"),
    [
        (date(2026, 3, 3), 1, MONDAY_TO_FRIDAY, date(2026, 3, 4)),
        (date(2026, 3, 6), 1, MONDAY_TO_FRIDAY, date(2026, 3, 9)),  # over the weekend
        (date(2026, 3, 6), 1, SIX_DAYS, date(2026, 3, 7)),  # a carrier that delivers on Saturdays
        (date(2026, 11, 25), 1, MONDAY_TO_FRIDAY, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 11, 25), 2, MONDAY_TO_FRIDAY, date(2026, 11, 30)),
        (date(2026, 3, 3), 0, MONDAY_TO_FRIDAY, date(2026, 3, 3)),  # the courier of the same day
    ],
)
def test_a_parcel_arrives_after_its_delivery_days(
    leaves: date, days: int, weekdays: frozenset[int], arrives: date
) -> None:
    assert arrives_on(leaves, days, weekdays, HOLIDAYS) == arrives


def test_a_place_has_no_day_left_when_the_plan_ends_before_it_opens() -> None:
    assert NEW_YORK.ship_days(utc(3, 6, 19, 10), date(2026, 3, 8)) == ()

"""Money, numbers and dates are written as the person's own country writes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from datetime import time as time_of_day

import pytest

from app.ui import days, words

NOW = datetime(2026, 10, 12, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Write as before, afterwards."""
    before = str(words.locale())
    yield
    words.write_as_in(before)


@pytest.mark.parametrize(
    ("country", "dollars", "yen", "units", "day", "long_ago"),
    [
        ("en_US", "$1,234.50", "¥1,235", "12,345", "Sep 1", "Sep 1, 2024"),
        ("de_DE", "1.234,50 $", "1.235 ¥", "12.345", "1. Sept.", "1. Sept. 2024"),
        ("ja_JP", "$1,234.50", "￥1,235", "12,345", "9月1日", "2024年9月1日"),
    ],
)
def test_money_numbers_and_days_are_those_of_the_country(
    country: str, dollars: str, yen: str, units: str, day: str, long_ago: str
) -> None:
    words.write_as_in(country)
    assert words.money(123450, "USD").replace("\xa0", " ") == dollars
    assert words.money(1235, "JPY").replace("\xa0", " ") == yen
    assert words.number(12345) == units
    assert words.day(date(2026, 9, 1), NOW) == day
    assert words.day(date(2024, 9, 1), NOW) == long_ago


def test_an_amount_keeps_its_own_currency_whatever_the_country() -> None:
    words.write_as_in("de_DE")
    assert words.money(1050, "KWD").replace("\xa0", " ") == "1,050 KWD"
    assert words.money(None, "USD") == "–"


def test_what_is_not_known_is_not_zero() -> None:
    assert words.money(None, "USD") != words.money(0, "USD")


@pytest.mark.parametrize("zone_change", [datetime(2026, 3, 8, 6, 30, tzinfo=UTC)])
def test_a_deadline_counts_real_hours_over_the_change_of_the_clocks(zone_change: datetime) -> None:
    """At 2:00 on 8 March 2026 New York goes straight to 3:00."""
    later = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
    assert words.left(later, zone_change) == "3 h left"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one zone while it runs")
@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 1, 15, 1, 0, tzinfo=UTC), "5:00 PM PST · 10:00 AM here the next day"),
        (datetime(2026, 7, 15, 0, 0, tzinfo=UTC), "5:00 PM PDT · 9:00 AM here the next day"),
    ],
)
def test_a_promise_is_said_where_it_was_made_and_here(
    monkeypatch: pytest.MonkeyPatch, at: datetime, said: str
) -> None:
    words.write_as_in("en_US")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert words.promised(at, "America/Los_Angeles").endswith(said)
        assert words.promised(at, "Asia/Tokyo").endswith("JST")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one zone while it runs")
def test_a_moment_in_full_names_the_desks_own_clock_where_it_differs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words.write_as_in("en_US")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    at = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
    try:
        words.count_days_in("America/New_York")
        assert words.exact(at).endswith("10:00 AM · 8:00 PM EST at the desk")
        words.count_days_in("Asia/Tokyo")
        assert words.exact(at).endswith("10:00 AM")
    finally:
        words.count_days_in("")
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2:00 PM", "14:00"), ("2 pm", "14:00"), ("12 a.m.", "00:00"), ("14.30", "14:30"), ("7", "07:00")],
)  # fmt: skip
def test_a_time_of_day_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert words.read_clock(typed) == time_of_day.fromisoformat(meant)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "14 pm", "7:60"])
def test_what_is_no_time_of_day_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(words.NotATimeError):
        words.read_clock(typed)


@pytest.mark.parametrize(("country", "said"), [("en_US", "2:05 PM"), ("de_DE", "14:05")])
def test_a_time_that_is_kept_is_said_and_read_in_the_persons_own_way(
    country: str, said: str
) -> None:
    words.write_as_in(country)
    assert words.clock_time("14:05") == said
    assert words.read_clock(said) == time_of_day(14, 5)


@pytest.mark.parametrize("country", ["en_US", "de_DE", "ja_JP", "cs_CZ"])
def test_days_are_written_and_read_in_the_persons_own_way(country: str) -> None:
    words.write_as_in(country)
    day, at = date(2026, 12, 3), datetime(2026, 12, 3, 14, 5).astimezone()
    assert days.read_day(days.written_day(day)) == days.read_day("2026-12-03") == day
    assert days.read_moment(days.written_moment(at)) == at


@pytest.mark.parametrize("typed", ["", "soon", "13/45/2026", "12"])
def test_what_is_no_day_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(days.NotADayError, match="write it such as 12/25/2026"):
        days.read_day(typed)


def test_a_sentence_for_everybody_says_its_moments_as_this_person_does() -> None:
    words.write_as_in("en_US")
    told = words.said_moments("It was told 2026-10-12 13:05 UTC.", NOW)
    assert told == f"It was told {words.moment(NOW.replace(hour=13, minute=5), NOW)}."


def test_nothing_promised_is_nothing_said() -> None:
    assert words.promised(None, "UTC") == ""


@pytest.mark.parametrize(
    ("country", "grams", "said"),
    [
        ("en_US", 225, "225 g (7.9 oz)"),
        ("en_US", 4500, "4,500 g (9.9 lb)"),
        ("en_GB", 4500, "4,500 g"),
        ("de_DE", 4500, "4.500 g"),
    ],
)
def test_a_weight_is_said_as_the_scales_of_the_country_show_it(
    country: str, grams: int, said: str
) -> None:
    words.write_as_in(country)
    assert words.weight(grams) == said

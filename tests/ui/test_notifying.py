"""Is a person called only for what needs one, seldom enough, and led to just those orders?"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.queries.counting import counts_of
from app.queries.orders import order_rows
from app.ui.notices import APART, QUERIES, Kind, Notice, Notices, Wishes
from app.ui.notifying import time_of
from tests.queries import brand
from tests.ui.conftest import DeskWindow

NONE = {Kind.DUE: 0, Kind.LATE: 0, Kind.SHORT: 0}
NOON = datetime(2026, 10, 12, 12).astimezone()
ALWAYS = Wishes(quiet_from=time(0), quiet_to=time(0))


def heard(notices: Notices, now: datetime, **counts: int) -> list[Notice]:
    return notices.hear({**NONE, **{Kind(kind): count for kind, count in counts.items()}}, now)


def test_what_was_there_before_the_window_opened_calls_nobody() -> None:
    assert heard(Notices(lambda: ALWAYS), NOON, late=9, due=4) == []


def test_orders_of_one_kind_are_told_together() -> None:
    notices = Notices(lambda: ALWAYS)
    heard(notices, NOON)
    (notice,) = heard(notices, NOON, due=3)
    assert notice.title == "3 orders have to leave within 2 hours"
    assert (notice.page, notice.query) == ("orders", QUERIES[Kind.DUE])


def test_one_kind_is_told_once_in_a_quarter_of_an_hour_and_then_with_all_that_came() -> None:
    notices = Notices(lambda: ALWAYS)
    heard(notices, NOON)
    assert len(heard(notices, NOON, late=1)) == 1
    assert heard(notices, NOON + APART - timedelta(seconds=1), late=3) == []
    (notice,) = heard(notices, NOON + APART, late=4)
    assert notice.title == "3 orders are late now"


def test_kinds_do_not_wait_for_each_other() -> None:
    notices = Notices(lambda: ALWAYS)
    heard(notices, NOON)
    assert [each.kind for each in heard(notices, NOON, late=1, short=5)] == [Kind.LATE, Kind.SHORT]


def test_a_single_shortage_is_no_reason_to_call() -> None:
    notices = Notices(lambda: ALWAYS)
    heard(notices, NOON)
    assert heard(notices, NOON, short=1) == []


def test_in_quiet_hours_nobody_is_called_until_they_are_over() -> None:
    notices = Notices(lambda: Wishes(quiet_from=time(20), quiet_to=time(7)))
    night = NOON.replace(hour=23)
    heard(notices, night)
    assert heard(notices, night, late=2) == []
    (notice,) = heard(notices, NOON + timedelta(days=1), late=2)
    assert notice.title.startswith("2 orders")


@pytest.mark.parametrize(("hour", "is_quiet"), [(19, False), (20, True), (3, True), (7, False)])
def test_quiet_hours_go_over_midnight(hour: int, is_quiet: bool) -> None:
    assert Wishes(quiet_from=time(20), quiet_to=time(7)).is_quiet(time(hour)) is is_quiet


def test_who_wants_no_calls_gets_none() -> None:
    notices = Notices(lambda: Wishes(is_on=False, quiet_from=time(0), quiet_to=time(0)))
    heard(notices, NOON)
    assert heard(notices, NOON, late=50) == []
    assert notices.stopped("The folder cannot be read.", "", NOON) == []


def test_the_counts_are_those_of_the_rows_that_a_click_shows(shown: DeskWindow) -> None:
    counts = shown.desk.read(counts_of, queries=QUERIES, now=brand.NOW)
    for kind, count in counts.items():
        rows = shown.desk.read(order_rows, query=QUERIES[kind], now=brand.NOW)
        assert len(rows) == count, kind
    assert counts[Kind.LATE] > 0


def test_a_call_without_a_tray_is_a_banner_that_opens_its_orders(shown: DeskWindow) -> None:
    shown.go("inventory")
    shown.window.notifier.tell(
        Notice(Kind.LATE, "1 order is late now", "Ship it.", "orders", QUERIES[Kind.LATE])
    )
    buttons = {each.text(): each for each in shown.window.messages.findChildren(QPushButton)}
    buttons["Show them"].click()
    shown.settle()
    assert shown.numbers() == ["LATE"]
    assert shown.operations.activity.items[0].title == "1 order is late now"
    assert not shown.window.messages.isVisible()


def test_today_lists_what_is_late_itself_and_no_banner_says_it_again(shown: DeskWindow) -> None:
    shown.go("today")
    shown.window.notifier.tell(
        Notice(Kind.LATE, "1 order is late now", "Ship it.", "orders", QUERIES[Kind.LATE])
    )
    assert not shown.window.messages.isVisible()
    assert shown.operations.activity.items[0].title == "1 order is late now"


def test_news_go_when_they_are_not_so_any_more_and_newer_ones_take_their_place(
    shown: DeskWindow,
) -> None:
    shown.go("inventory")
    for count in (1, 2):
        late = Notice(Kind.LATE, f"{count} late now", "Ship it.", "orders", QUERIES[Kind.LATE])
        shown.window.notifier.tell(late)
    shown.settle()
    labels = shown.window.messages.findChildren(QLabel)
    said = [each.text() for each in labels if each.isVisible()]
    assert "2 late now" in said
    assert "1 late now" not in said
    shown.window.notifier._heard({**NONE, Kind.LATE: 0})  # noqa: SLF001 (as the clock does)
    assert not shown.window.messages.isVisible()


def test_what_was_chosen_is_kept(shown: DeskWindow) -> None:
    shown.window.register.run("app.set_notifications")
    form = shown.window.notify_settings.form
    assert form is not None
    form.set_value("on", "off")
    form.set_value("from", "soon")
    form.submit()
    assert shown.window.notify_settings.isVisible()
    form.set_value("from", "21.30")
    form.submit()
    assert not shown.window.notify_settings.isVisible()
    kept = shown.window.notifier._kept()  # noqa: SLF001
    assert (kept.is_on, kept.quiet_from) == (False, time(21, 30))


def test_closing_ends_the_program_where_there_is_no_tray(shown: DeskWindow) -> None:
    shown.window.notifier.choose(Wishes(stays_in_tray=True))
    assert not shown.window.notifier.has_tray
    shown.window.close()
    assert not shown.window.isVisible()
    assert not shown.window.notifier.stays


def test_a_time_of_day_is_read_as_people_write_it() -> None:
    assert [time_of(text) for text in ("7", "19:30", "19.30", "25:00", "soon")] == [
        time(7), time(19, 30), time(19, 30), None, None,
    ]  # fmt: skip

"""The figures by week are kept behind everybody's back, and are always what the rows say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.analytics.kpis import rollup
from app.analytics.kpis.keeper import FigureKeeper, catch_up, count_on
from app.analytics.kpis.measuring import Span, cells
from app.analytics.kpis.samples import packed, unpacked
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import of_sample
from app.domain.kpis.kinds import Dimension, Measure
from app.domain.kpis.weeks import begins, last_weeks
from app.models import house
from app.models.kpis import kpi_cells
from app.services.desk import Desk
from tests.analytics.thirty_orders import THIS_WEEK, Story, at, sold, thirty_orders
from tests.queries.brand import NOW

NEW_YORK = ZoneInfo("America/New_York")
WEEKS = last_weeks(NOW, NEW_YORK, 4)
SPAN = Span(begins(WEEKS[0], NEW_YORK), begins(WEEKS[-1] + timedelta(weeks=1), NEW_YORK))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = thirty_orders(database_url)
    yield desk
    desk.store.close()


def is_what_the_rows_say(desk: Desk) -> bool:
    for by in Dimension:
        kept = desk.read(rollup.weekly, by, WEEKS)
        for measure in KPIS:
            counted = desk.read(cells, measure, SPAN, by, zone=NEW_YORK, now=NOW)
            ours = {(n, w): figure for (m, n, w), figure in kept.items() if m is measure}
            assert ours == {key: cell.figure for key, cell in counted.items()}, (measure, by)
    return True


def test_what_is_kept_is_what_the_rows_say_and_follows_them(desk: Desk) -> None:
    assert not desk.read(rollup.weekly, Dimension.CHANNEL, WEEKS)
    catch_up(desk.store, now=NOW)
    assert is_what_the_rows_say(desk)
    assert desk.read(rollup.is_current, now=NOW)
    assert not count_on(desk.store, now=NOW)  # there is nothing to do twice

    # New rows are noticed, and what changes an old order changes its weeks.
    story = Story(desk)
    story.come(sold("S5", "shopify", at(9, 12), at(10, 3, 59)))
    story.void(at(11, 9), "A1")
    assert not desk.read(rollup.is_current, now=NOW)
    catch_up(desk.store, now=NOW)
    assert is_what_the_rows_say(desk)

    # Weeks and channels can be put together with their percentiles exact.
    kept = desk.read(rollup.kept_cells, Measure.CYCLE_TIME, Dimension.CHANNEL, WEEKS)
    together = [seconds for cell in kept.values() for seconds in cell.sample]
    counted = desk.read(cells, Measure.CYCLE_TIME, SPAN, None, zone=NEW_YORK, now=NOW)
    whole = [seconds for cell in counted.values() for seconds in cell.sample]
    assert of_sample(together) == of_sample(whole)

    # Whatever goes wrong is found by looking, and mended within a day.
    assert desk.read(rollup.faults, now=NOW) == []
    wrong = update(kpi_cells).where(kpi_cells.c.week == THIS_WEEK.isoformat()).values(hits=99)
    desk.write(lambda db: db.execute(wrong))
    later = NOW + timedelta(days=1, minutes=1)
    catch_up(desk.store, now=later)
    assert desk.read(rollup.faults, now=later) == []
    assert is_what_the_rows_say(desk)
    moving_to_another_zone_counts_anew(desk)
    the_keeper_catches_up_and_ends_when_told(desk)


def moving_to_another_zone_counts_anew(desk: Desk) -> None:
    desk.write(lambda db: house.write(db, {"time_zone": "Europe/Berlin"}))
    assert not desk.read(rollup.is_current, now=NOW)
    catch_up(desk.store, now=NOW)
    kept = desk.read(rollup.weekly, Dimension.CHANNEL, WEEKS, [Measure.ON_TIME_SHIP])
    assert kept[Measure.ON_TIME_SHIP, "etsy", THIS_WEEK].rows == 2  # E17 is Monday's in Berlin


def the_keeper_catches_up_and_ends_when_told(desk: Desk) -> None:
    desk.write(rollup.forget)
    keeper = FigureKeeper(desk.store, lambda: NOW, first=0)
    keeper.start(pytest.fail)
    end = time.monotonic() + 60
    while not desk.read(rollup.is_current, now=NOW) and time.monotonic() < end:
        time.sleep(0.02)
    keeper.stop()
    assert desk.read(rollup.weekly, Dimension.KIND, WEEKS)


@given(st.lists(st.integers(-5, 10**9), max_size=40))
def test_a_packed_sample_is_the_same_sample(values: list[int]) -> None:
    assert list(unpacked(packed(values))) == sorted(values)

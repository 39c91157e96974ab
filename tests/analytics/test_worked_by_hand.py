"""The figures of thirty orders, each worked by hand from their story (``thirty_orders``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.analytics.kpis.measuring import Span, cells, totals
from app.analytics.kpis.report import kpi_report
from app.analytics.kpis.rows_behind import Counted, Part, count_rows, counted_rows
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure, Rounding, percent
from app.domain.kpis.kinds import Dimension, Measure
from app.services.desk import Desk
from tests.analytics.thirty_orders import LAST_WEEK, THIS_WEEK, at, thirty_orders
from tests.queries.brand import NOW

NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3600
MONTH = Span(NOW - timedelta(days=28), NOW + timedelta(days=7))

# Hits and rows. E are eighteen on Etsy, A six on Amazon, W two on Walmart, S four in the own store.
SHARES = {
    # Due: 18 E, A1 to A3, W1, S1 to S4. Late: E18 by a second, A2, the second parcel of S1, S2, S4.
    Measure.ON_TIME_SHIP: (21, 26),
    # Promised and scanned: A1 in time, A2 not. Nobody knows of A3.
    Measure.ON_TIME_DELIVERY: (1, 2),
    # 18 E, A1 to A4, W1, two of S1, two of S2, one of S3, S4. Missing: A4, half of S2, S4.
    Measure.FILL_RATE: (26, 29),
    # All but A6, which Amazon ships. A4 was ours; the buyer of A5 had asked; Walmart took W2.
    Measure.SELLER_CANCEL: (1, 29),
    Measure.CANCELLATION: (3, 29),
    Measure.OVERSELLS: (1, 29),  # S4
    Measure.EXCEPTION_RATE: (2, 29),  # A5 and S4
    Measure.SPLIT_RATE: (1, 24),  # S1, of 18 E, A1 to A3, W1, S1, S3
    # 18 E, A1 to A3, W1 (the torn label is none), two of S1, one of S2, S3. Never scanned: A3.
    Measure.VALID_TRACKING: (25, 26),
    Measure.SCAN_COMPLIANCE: (24, 26),  # A2 an hour too late as well
    Measure.OVERRIDE_RATE: (3, 25),  # W1, S1, S2 of 18 E, A1 to A3, W1, S1 to S3
    Measure.INVENTORY_ACCURACY: (2, 3),  # tea and red mugs fit, blue mugs do not
    Measure.RETURN_RATE: (0, 24),
}
# The size of the sample, its median and its 90th percentile.
TIMES = {
    # 20 h three times, 30 h seventeen times, then 36, 42, 68, and 88 h and a second.
    Measure.CYCLE_TIME: (24, 30 * HOUR, 42 * HOUR),
    # 2 h eighteen times, 10 h once, 12 h six times.
    Measure.ACCEPTANCE_TIME: (25, 2 * HOUR, 12 * HOUR),
    # 8 h five times, 24 h once, 28 h seventeen times, then 32, 56, and 86 h and a second.
    Measure.LABEL_TIME: (26, 28 * HOUR, 32 * HOUR),
    Measure.PICK_PACK: (1, 90 * 60, 90 * 60),  # A1
    Measure.TIME_TO_RESOLVE: (1, 12 * HOUR + 40 * 60, 12 * HOUR + 40 * 60),  # A5
}


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = thirty_orders(database_url)
    yield desk
    desk.store.close()


def figures(desk: Desk, measure: Measure, by: Dimension | None = None) -> dict[str, Figure]:
    found = desk.read(cells, measure, MONTH, by, zone=NEW_YORK, now=NOW)
    return totals(found)


def shares(desk: Desk, measure: Measure, by: Dimension) -> dict[str, tuple[int, int]]:
    found = figures(desk, measure, by)
    return {name: (figure.hits, figure.rows) for name, figure in found.items()}


def test_every_figure_is_what_a_person_works_out(desk: Desk) -> None:
    figures_are_right(desk)
    weeks_are_those_of_the_desk(desk)
    slices_are_right(desk)
    numbers_open_their_rows(desk)
    nothing_is_late_before_it_is_due(desk)
    marketplaces_and_own_stores_are_kept_apart(desk)


def figures_are_right(desk: Desk) -> None:
    for measure, expected in SHARES.items():
        figure = figures(desk, measure)[""]
        assert (figure.hits, figure.rows) == expected, measure
    for measure, (rows, median, ninetieth) in TIMES.items():
        assert figures(desk, measure)[""] == Figure(rows, 0, median, ninetieth), measure
    assert not figures(desk, Measure.SYNC_LAG)  # no channel was told anything
    assert {*SHARES, *TIMES, Measure.SYNC_LAG} == set(KPIS)


def weeks_are_those_of_the_desk(desk: Desk) -> None:
    # Sunday night in New York is Monday in UTC: E17 belongs to the earlier week, E18 to the later.
    found = desk.read(cells, Measure.ON_TIME_SHIP, MONTH, Dimension.CHANNEL, zone=NEW_YORK, now=NOW)
    assert (found["etsy", LAST_WEEK].hits, found["etsy", LAST_WEEK].rows) == (17, 17)
    assert (found["etsy", THIS_WEEK].hits, found["etsy", THIS_WEEK].rows) == (0, 1)
    assert percent(17, 18) == "94.44 %"
    assert percent(17, 18, Rounding.WHOLE_DOWN) == "94 %"  # as Etsy shows it


def slices_are_right(desk: Desk) -> None:
    # A split order is counted once at each of its places, once with its carrier.
    assert shares(desk, Measure.ON_TIME_SHIP, Dimension.KIND) == {
        "marketplace": (20, 22), "own_store": (1, 4),
    }  # fmt: skip
    by_place = shares(desk, Measure.SPLIT_RATE, Dimension.LOCATION)
    assert by_place["RENO"][0] == by_place["GARAGE"][0] == 1  # S1, at both
    assert sum(rows for _hits, rows in by_place.values()) == 24 + 1
    assert shares(desk, Measure.VALID_TRACKING, Dimension.CARRIER) == {"USPS": (25, 26)}
    assert shares(desk, Measure.FILL_RATE, Dimension.FAMILY) == {
        "TEA-001": (25, 26), "MUG-BLUE": (1, 2), "MUG-RED": (0, 1),
    }  # fmt: skip


def numbers_open_their_rows(desk: Desk) -> None:
    # Each number counts exactly the rows that it opens.
    for measure, (hits, rows) in SHARES.items():
        for part, number in ((Part.ALL, rows), (Part.HITS, hits), (Part.MISSES, rows - hits)):
            counted = Counted(measure, MONTH, part=part)
            assert desk.read(count_rows, counted, now=NOW) == number, (measure, part)
            assert len(desk.read(counted_rows, counted, now=NOW)) == number, (measure, part)
    late = Counted(Measure.ON_TIME_SHIP, MONTH, part=Part.MISSES)
    assert [row.name for row in desk.read(counted_rows, late, now=NOW)] == [
        "S1", "S2", "S4", "A2", "E18",
    ]  # fmt: skip
    own = Counted(Measure.CYCLE_TIME, MONTH, Dimension.KIND, ("own_store",))
    assert [(r.name, r.seconds) for r in desk.read(counted_rows, own, now=NOW)] == [
        ("S1", 68 * HOUR), ("S3", 20 * HOUR),
    ]  # fmt: skip


def nothing_is_late_before_it_is_due(desk: Desk) -> None:
    found = desk.read(cells, Measure.ON_TIME_SHIP, MONTH, None, zone=NEW_YORK, now=at(5, 3, 59, 30))
    assert totals(found)[""].rows == 17  # E18 falls due half a minute later


def marketplaces_and_own_stores_are_kept_apart(desk: Desk) -> None:
    rows = desk.read(kpi_report, now=NOW, measures=[Measure.ON_TIME_SHIP])
    assert [(row.slice, row.numerator, row.denominator, row.percent) for row in rows] == [
        ("marketplace", 20, 22, "90.91 %"), ("own_store", 1, 4, "25.00 %"),
    ]  # fmt: skip
    weekly = desk.read(
        kpi_report, now=NOW, measures=[Measure.CYCLE_TIME], by=None, weekly=True, weeks=3
    )
    assert [(row.week, row.denominator, row.median_seconds) for row in weekly] == [
        (None, 24, 30 * HOUR), (LAST_WEEK, 17, 30 * HOUR), (THIS_WEEK, 7, 36 * HOUR),
    ]  # fmt: skip

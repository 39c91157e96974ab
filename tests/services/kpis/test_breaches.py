"""A standard that is broken is one task, bound to an action; after some days it is said whether it worked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.analytics.kpis.rows_behind import count_rows
from app.analytics.kpis.standing import standings
from app.analytics.kpis.watching import keep_watch, tasks
from app.domain.kpis.breaches import THROTTLED_TO
from app.errors import RefusedError
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.inbound import stock_count_lines, stock_counts
from app.models.promising.sheet import sheet
from app.services.desk import Desk
from tests.analytics.thirty_orders import Story, at, sold, thirty_orders
from tests.queries.brand import NOW


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = thirty_orders(database_url)
    yield desk
    desk.store.close()


def cases(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """Return state, title and resolution of each task's case, by the standard's code."""
    table = exception_cases.c
    query = select(table.facts, table.state, table.title, table.resolution).where(
        table.kind == "standard_broken"
    )
    found = desk.read(lambda db: db.execute(query.order_by(table.id)).all())
    assert len(found) == len({row.facts["standard"] for row in found})
    return {row.facts["standard"]: (row.state, row.title, row.resolution) for row in found}


def test_from_the_breach_to_whether_it_worked(desk: Desk) -> None:
    each_broken_standard_is_one_task_with_its_action(desk)
    a_budget_says_how_much_more_and_opens_its_rows(desk)
    what_a_task_asks_for_is_done(desk)
    after_some_days_it_is_said_whether_it_worked(desk)
    a_standard_is_changed_in_versions_and_taken_back(desk)


def each_broken_standard_is_one_task_with_its_action(desk: Desk) -> None:
    keep_watch(desk)
    keep_watch(desk)  # it stays one
    found = cases(desk)
    assert {code: title for code, (_state, title, _how) in found.items()} == {
        "etsy-on-time": "Shipped on time at Etsy: 94 % (17 of 18), at least 95 %",
        "oversells": "Orders for what was not there: 3.45 % (1 of 29), at most 1 %",
        "scans": "Parcels scanned within a day: 92.31 % (24 of 26), at least 95 %",
    }
    assert [task.state for task in desk.read(tasks)] == ["open"] * 3
    whose = select(exception_cases.c.owner).where(
        exception_cases.c.title.startswith("Parcels scanned")
    )
    assert (
        desk.read(lambda db: db.execute(whose).scalar_one()) == "Service"
    )  # who talks to carriers


def a_budget_says_how_much_more_and_opens_its_rows(desk: Desk) -> None:
    by_code = {each.standard.code: each for each in desk.read(standings, now=NOW)}
    etsy, cancels = by_code["etsy-on-time"], by_code["ebay-cancel"]
    assert (etsy.figure.rows, etsy.figure.hits, etsy.left) == (18, 17, -1)
    assert desk.read(count_rows, etsy.bad, now=NOW) == 1
    assert etsy.eases_at is not None
    assert etsy.eases_at.date().isoformat() == "2027-01-04"  # ninety days after October 5, and it
    assert cancels.left is None  # nothing was sold there


def what_a_task_asks_for_is_done(desk: Desk) -> None:
    by_code = {task.code: task.id for task in desk.read(tasks)}
    for code in ("etsy-on-time", "oversells", "scans"):
        desk.run("act_on_breach", breach_id=by_code[code])
    with pytest.raises(RefusedError):
        desk.run("act_on_breach", breach_id=by_code["scans"])

    (overlay,) = desk.read(sheet).calendar
    assert (overlay.channels, dict(overlay.changes)) == (("etsy",), {"cap_units": THROTTLED_TO})
    assert overlay.ends_at == NOW + timedelta(days=14)

    counting = (
        select(skus.c.code)
        .join_from(
            stock_count_lines, stock_counts, stock_counts.c.id == stock_count_lines.c.count_id
        )
        .join(skus, skus.c.id == stock_count_lines.c.sku_id)
        .where(stock_counts.c.note == "Because of: Orders for what was not there")
    )
    listed = set(desk.read(lambda db: db.execute(counting).scalars().all()))
    assert "MUG-RED" in listed  # the order that there was nothing for
    assert {task.state for task in desk.read(tasks)} == {"acted"}


def after_some_days_it_is_said_whether_it_worked(desk: Desk) -> None:
    keep_watch(desk)
    assert {state for state, _title, _how in cases(desk).values()} == {"open"}  # it is too soon

    story = Story(desk)
    story.parcels = 100  # numbers that no parcel has yet
    numbers = [f"N{n}" for n in range(10)]
    story.come(*(sold(each, "etsy", at(13, 12), at(16, 3, 59)) for each in numbers))
    story.accept(at(13, 14), *numbers)
    for each in numbers:
        story.ship(at(14, 18), each, scanned=40)
    later = NOW + timedelta(days=14, minutes=1)
    desk.now = lambda: later
    keep_watch(desk)
    found = cases(desk)
    assert found["etsy-on-time"][0] == "resolved"
    assert "worked. Since then 100 % (10 of 10)" in found["etsy-on-time"][2]
    assert found["scans"][:2] == (
        "open", "Parcels scanned within a day: 0.00 % (0 of 10), at least 95 %",
    )  # fmt: skip
    by_code = {task.code: task for task in desk.read(tasks)}
    assert "did not work" in by_code["scans"].words
    assert by_code["scans"].state == "open"  # it can be tried again
    assert by_code["oversells"].state == "acted"  # ten orders are too few to say
    keep_watch(desk)
    assert len(cases(desk)) == 3


def a_standard_is_changed_in_versions_and_taken_back(desk: Desk) -> None:
    receipt = desk.run("change_standard", code="scans", changes={"limit": 9000, "warning": 9100})
    now = {each.standard.code: each.standard for each in desk.read(standings, now=desk.now())}
    assert now["scans"].limit == 9000
    assert receipt.undo is not None
    desk.undo(receipt.undo)
    now = {each.standard.code: each.standard for each in desk.read(standings, now=desk.now())}
    assert (now["scans"].limit, now["scans"].warning) == (9500, 9600)
    mine = desk.run("change_standard", code="scans", changes={"limit": 9100})
    desk.run("change_standard", code="oversells", changes={"check_days": 20})
    assert mine.undo is not None
    desk.undo(mine.undo)  # another standard is in nobody's way
    again = desk.run("change_standard", code="scans", changes={"limit": 9200})
    desk.run("change_standard", code="scans", changes={"limit": 9300})
    assert again.undo is not None
    with pytest.raises(RefusedError, match="Somebody has changed this standard"):
        desk.undo(again.undo)

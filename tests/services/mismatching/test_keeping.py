"""A mismatch is one row for as long as it lasts; each cause is one case; each has one fix."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.errors import NotFoundError, RefusedError
from app.models.cases import exception_cases
from app.queries.mismatches import MismatchRow, mismatch_rows, runs
from app.services.mismatching.running import report_if_due, report_now
from tests.journeys.driver import DeskDriver
from tests.services.mismatching.planting import everything_planted, shows


@pytest.fixture
def desk(database_url: str) -> Iterator[DeskDriver]:
    """Open the desk at which everything went wrong once, with its report made."""
    driver = everything_planted(database_url)
    report_now(driver.desk)
    yield driver
    driver.store.close()


def rows(desk: DeskDriver, query: str) -> list[MismatchRow]:
    return desk.desk.read(mismatch_rows, query=query, now=desk.clock, limit=None)


def cases(desk: DeskDriver) -> dict[str, str]:
    table = exception_cases.c
    with desk.store.read() as db:
        found = db.execute(select(table.facts, table.title).where(
            table.kind == "mismatch", table.state == "open"))  # fmt: skip
        return {row.facts["cause"]: row.title for row in found}


def fixes(desk: DeskDriver, sku: str, kind: str = "stock") -> Changes:
    (row,) = rows(desk, f"sku:{sku} is:{kind}")
    assert row.fix, row
    changes = desk.desk.run(row.fix, **row.arguments)
    desk.waits(timedelta(minutes=1))
    return changes


def test_a_mismatch_stays_one_row_and_keeps_when_it_was_first_seen(desk: DeskDriver) -> None:
    (first,) = rows(desk, "sku:HAND")
    desk.waits(timedelta(days=1))
    report_now(desk.desk)
    (again,) = rows(desk, "sku:HAND")
    assert (again.id, again.first_seen_at, again.began_at) == (
        first.id, first.first_seen_at, first.began_at)  # fmt: skip
    assert again.last_seen_at == desk.clock
    assert len(desk.desk.read(runs)) == 2


def test_each_cause_that_is_an_error_is_one_case_and_closes_itself(desk: DeskDriver) -> None:
    assert len(cases(desk)) == 12
    assert "lag" not in cases(desk)
    shows(desk, "etsy", {"HAND": 20})
    report_now(desk.desk)
    assert "manual_edit" not in cases(desk)
    assert [row.sku for row in rows(desk, "is:fixed cause:manual_edit")] == ["HAND"]


def test_what_somebody_lives_with_is_no_error_until_its_number_changes(desk: DeskDriver) -> None:
    (row,) = rows(desk, "sku:HAND")
    accepted = desk.desk.run("accept_mismatches", mismatch_ids=[row.id], reason="A pre-order")
    report_now(desk.desk)
    assert rows(desk, "sku:HAND") == []
    assert "manual_edit" not in cases(desk)
    assert accepted.undo is not None
    desk.desk.undo(accepted.undo)
    assert "manual_edit" in cases(desk)
    desk.desk.run("accept_mismatches", mismatch_ids=[row.id], reason="A pre-order")
    shows(desk, "etsy", {"HAND": 31})
    report_now(desk.desk)
    assert [each.delta for each in rows(desk, "sku:HAND")] == [11]


@pytest.mark.parametrize("sku", ["CANCEL", "RETURN", "LID", "TWICE", "COUNT"])
def test_the_one_fix_of_a_stock_row_ends_it(desk: DeskDriver, sku: str) -> None:
    fixes(desk, sku)
    report_now(desk.desk)
    assert rows(desk, f"sku:{sku} is:stock") == []


@pytest.mark.parametrize("sku", ["RETURN", "TWICE", "COUNT"])
def test_a_fix_can_be_taken_back_and_the_mismatch_is_there_again(
    desk: DeskDriver, sku: str
) -> None:
    changes = fixes(desk, sku)
    assert changes.undo is not None
    desk.desk.undo(changes.undo)
    report_now(desk.desk)
    assert rows(desk, f"sku:{sku} is:stock") or sku in ("COUNT", "RETURN")


def test_telling_again_queues_the_right_number_and_can_be_taken_back(desk: DeskDriver) -> None:
    changes = fixes(desk, "HAND", "channel")
    report_now(desk.desk)
    assert [row.cause for row in rows(desk, "sku:HAND")] == ["lag"]
    assert changes.undo is not None
    desk.desk.undo(changes.undo)
    report_now(desk.desk)
    assert [row.cause for row in rows(desk, "sku:HAND")] == ["manual_edit"]
    with pytest.raises(NotFoundError):
        desk.desk.undo(changes.undo)


def test_the_report_is_made_once_a_day_at_the_time_that_was_set(desk: DeskDriver) -> None:
    assert report_if_due(desk.desk) is None
    desk.waits(timedelta(days=1))
    assert report_if_due(desk.desk) is not None
    assert report_if_due(desk.desk) is None
    with pytest.raises(RefusedError, match="no time of day"):
        desk.desk.run("set_report_time", at="noon")
    desk.desk.run("set_report_time", at="off")
    desk.waits(timedelta(days=2))
    assert report_if_due(desk.desk) is None

"""Every planted cause is found and named, once and by its own name; a clean store has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.mismatching.causes import CAUSES, Reason
from app.queries.mismatches import MismatchRow, mismatch_rows
from app.services.desk import Desk
from app.services.mismatching.running import report_now
from tests.journeys.driver import DeskDriver
from tests.services.mismatching.planting import PLANTED, a_clean_store, everything_planted

SIX = ("amazon", "walmart", "etsy", "ebay", "shopify", "woocommerce")


@pytest.fixture
def planted(database_url: str) -> Iterator[DeskDriver]:
    """Open the desk at which everything went wrong once, with its report made."""
    driver = everything_planted(database_url)
    report_now(driver.desk)
    yield driver
    driver.store.close()


def rows(desk: Desk, query: str = "") -> list[MismatchRow]:
    return desk.read(mismatch_rows, query=query, now=desk.now(), limit=None)


def causes(desk: Desk) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows(desk):
        found.setdefault(row.sku, set()).add(row.cause)
    return found


def test_each_of_the_fourteen_planted_causes_is_found_and_named(planted: DeskDriver) -> None:
    assert set(PLANTED.values()) == {reason.value for reason in Reason}
    assert causes(planted.desk) == {code: {cause} for code, cause in PLANTED.items()}


def test_only_what_is_on_its_way_or_by_policy_is_no_error(planted: DeskDriver) -> None:
    fine = {row.cause for row in rows(planted.desk, "is:explained")}
    assert fine == {"lag", "by_policy"}
    assert {row.cause for row in rows(planted.desk, "is:error")} == set(PLANTED.values()) - fine
    assert not any(CAUSES[Reason(cause)].is_error for cause in fine)


def test_a_clean_store_raises_no_alarm(database_url: str) -> None:
    desk = a_clean_store(database_url, many=150, channels=SIX)
    report_now(desk.desk)
    assert rows(desk.desk) == []
    desk.store.close()


def test_every_row_says_why_by_how_much_and_for_how_much_money(planted: DeskDriver) -> None:
    (hand,) = rows(planted.desk, "sku:HAND")
    assert (hand.place, hand.expected, hand.published, hand.observed) == ("Etsy", 20, 20, 26)
    assert (hand.delta, hand.money, hand.currency) == (6, 6 * 2400, "USD")
    assert "nobody here told it that" in hand.sentence
    twice = rows(planted.desk, "sku:TWICE")
    assert {row.kind for row in twice} == {"pair", "place"}
    assert {row.delta for row in twice} == {2, -2}
    assert len({row.order_ids for row in twice}) == 1

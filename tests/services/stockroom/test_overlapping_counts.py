"""Several people count one shelf, or count it twice: each difference is booked once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.domain.changes import Changes
from app.errors import RefusedError
from app.models.inbound import stock_count_lines
from tests.builders import MONDAY, Shop
from tests.services.stockroom.test_stockroom import at, is_sound, run, undo


def minutes(shop: Shop, n: int = 1) -> None:
    shop.now += timedelta(minutes=n)


def two_counts(shop: Shop) -> tuple[int, int]:
    """Begin two counts; a shelf that is counted comes into the second by being entered there."""
    (first,) = run(shop, "start_count", location="EAST", codes=["TEA"]).done
    (second,) = run(shop, "start_count", location="EAST", codes=["MUG"]).done
    return first, second


def test_two_counts_of_one_shelf_book_its_difference_once(shop: Shop) -> None:
    shop.stocked(TEA=(25, 0))
    both = two_counts(shop)
    for count_id in both:
        minutes(shop)
        run(shop, "enter_count", count_id=count_id, sku="TEA", units=15)
    minutes(shop)
    first = run(shop, "close_count", count_id=both[0])
    assert at(shop, "TEA", "EAST") == {"on_hand": 15}
    minutes(shop)
    second = run(shop, "close_count", count_id=both[1])
    assert second.label == "Close the count: 0 differences in 1 SKU"
    assert at(shop, "TEA", "EAST") == {"on_hand": 15}
    minutes(shop)
    undo(shop, second)
    assert at(shop, "TEA", "EAST") == {"on_hand": 15}
    minutes(shop)
    undo(shop, first)
    assert at(shop, "TEA", "EAST") == {"on_hand": 25}
    minutes(shop)
    run(shop, "close_count", count_id=both[1])
    assert at(shop, "TEA", "EAST") == {"on_hand": 15}
    assert is_sound(shop)


def test_a_shelf_that_somebody_counts_is_not_begun_again(shop: Shop) -> None:
    shop.stocked(TEA=(25, 0))
    (first,) = run(shop, "start_count", location="EAST", codes=["TEA"]).done
    with pytest.raises(RefusedError, match=f"TEA is in count {first} already"):
        run(shop, "start_count", location="EAST")
    run(shop, "start_count", location="WEST", codes=["TEA"])
    run(shop, "drop_count", count_id=first)
    run(shop, "start_count", location="EAST")


@pytest.mark.parametrize(
    ("operation", "more"),
    [("count", {"counted": 15}), ("adjust", {"quantity": -10})],
)
def test_what_was_corrected_at_once_is_not_booked_again_by_the_open_count(
    shop: Shop, operation: str, more: dict[str, Any]
) -> None:
    shop.stocked(TEA=(25, 0))
    (count_id,) = run(shop, "start_count", location="EAST", codes=["TEA"]).done
    minutes(shop)
    run(shop, "enter_count", count_id=count_id, sku="TEA", units=15)
    minutes(shop)
    run(shop, operation, sku="TEA", location="EAST", reason="Lost", **more)
    minutes(shop)
    run(shop, "close_count", count_id=count_id)
    assert at(shop, "TEA", "EAST") == {"on_hand": 15}


def test_a_sample_given_away_after_the_count_is_no_difference(shop: Shop) -> None:
    shop.stocked(TEA=(25, 0))
    (count_id,) = run(shop, "start_count", location="EAST", codes=["TEA"]).done
    minutes(shop)
    run(shop, "enter_count", count_id=count_id, sku="TEA", units=25)
    minutes(shop)
    run(shop, "adjust", sku="TEA", location="EAST", quantity=-1, reason="Sample for a buyer")
    slip = run(shop, "receive", sku="TEA", location="EAST", quantity=50, reason="")
    minutes(shop)
    undo(shop, slip)
    minutes(shop)
    run(shop, "close_count", count_id=count_id)
    assert at(shop, "TEA", "EAST") == {"on_hand": 24}


def test_nobody_counts_a_shelf_tomorrow(shop: Shop) -> None:
    shop.stocked(TEA=(25, 0))
    later = shop.now + timedelta(seconds=1)
    with pytest.raises(RefusedError, match="in the future"):
        run(shop, "count", sku="TEA", location="EAST", counted=15, reason="", at=later)
    assert at(shop, "TEA", "EAST") == {"on_hand": 25}


def test_two_looks_at_one_shelf_are_one_difference(shop: Shop) -> None:
    shop.stocked(TEA=(25, 0))
    looked = shop.now
    for _again in range(2):
        minutes(shop)
        run(shop, "count", sku="TEA", location="EAST", counted=15, reason="", at=looked)
        assert at(shop, "TEA", "EAST") == {"on_hand": 15}


def test_a_corrected_entry_is_undone_to_the_one_before_and_its_moment(shop: Shop) -> None:
    shop.stocked(TEA=(10, 0))
    (count_id,) = run(shop, "start_count", location="EAST", codes=["TEA"]).done
    first = run(shop, "enter_count", count_id=count_id, sku="TEA", units=8)
    as_first = shop.db.execute(stock_count_lines.select()).all()
    run(shop, "receive", sku="TEA", location="EAST", quantity=3, reason="")
    minutes(shop)
    second = run(shop, "enter_count", count_id=count_id, sku="TEA", units=9)
    undone = undo(shop, second)
    assert undone.label == "Count TEA: 8"
    assert shop.db.execute(stock_count_lines.select()).all() == as_first
    undo(shop, undone)
    assert shop.db.execute(stock_count_lines.select()).one().counted == 9
    undo(shop, second)
    undo(shop, first)
    assert shop.db.execute(stock_count_lines.select()).one().counted is None


class Shelf:
    """A shelf that the ledger may be wrong about, and two counts that may overlap."""

    def __init__(self, shop: Shop, believed: int, true: int) -> None:
        self.shop, self.true, self.began, self.looks = shop, true, shop.now, [(shop.now, true)]
        shop.stocked(TEA=(believed, 0))
        self.counts = two_counts(shop)
        self.closed: dict[int, Changes] = {}

    def does(self, verb: str, which: int) -> None:
        """Do something a minute later, if it can be done now."""
        minutes(self.shop)
        self.looks.append((self.shop.now, self.true))
        minutes(self.shop)
        if verb in {"enter", "close", "reopen"}:
            getattr(self, verb)(self.counts[which])
        elif verb == "count":
            when, units = self.looks[which - 2]
            run(self.shop, "count", sku="TEA", location="EAST", counted=units, reason="", at=when)
            assert self.ledger == self.true
        else:
            self.moves(verb)

    def enter(self, count_id: int) -> None:
        if count_id not in self.closed:
            run(self.shop, "enter_count", count_id=count_id, sku="TEA", units=self.true)

    def close(self, count_id: int) -> None:
        if count_id in self.closed:
            return
        try:
            self.closed[count_id] = run(self.shop, "close_count", count_id=count_id)
        except RefusedError:  # nothing was counted yet
            return
        assert self.ledger == self.true

    def reopen(self, count_id: int) -> None:
        if count_id in self.closed:
            undo(self.shop, self.closed.pop(count_id))

    def moves(self, verb: str) -> None:
        here = {"sku": "TEA", "location": "EAST"}
        if verb == "sample":
            run(self.shop, "adjust", **here, quantity=-1, reason="Sample")
            self.true -= 1
            return
        came = run(self.shop, "receive", **here, quantity=5, reason="")
        self.true += 5
        if verb == "slip":
            minutes(self.shop)
            undo(self.shop, came)
            self.true -= 5

    @property
    def ledger(self) -> int:
        return at(self.shop, "TEA", "EAST").get("on_hand", 0)


_STEP = some.tuples(
    some.sampled_from(["enter", "enter", "close", "close", "reopen", "count", "receive", "sample", "slip"]),
    some.integers(0, 1),
)  # fmt: skip


@given(
    believed=some.integers(1, 30), true=some.integers(9, 30), steps=some.lists(_STEP, max_size=9)
)
@settings(max_examples=30,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
def test_however_counts_overlap_each_ends_at_what_lies_on_the_shelf(
    shop: Shop, believed: int, true: int, steps: list[tuple[str, int]]
) -> None:
    with shop.db.begin_nested() as example:
        shop.now = MONDAY
        shelf = Shelf(shop, believed, true)
        for verb, which in [*steps, ("enter", 0), ("close", 0), ("close", 1)]:
            shelf.does(verb, which)
        if shelf.closed:
            assert shelf.ledger == shelf.true
        assert is_sound(shop)
        example.rollback()

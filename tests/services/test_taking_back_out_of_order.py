"""An undo puts back what its own change took away, and never walks over a later one."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.changes import Changes
from app.domain.promising.breakers import Thresholds
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models.kits import contents
from app.queries.inventory import inventory_row, location_rows
from app.services.mismatching.schedule import report_time
from app.services.operations import OPERATIONS
from app.services.promising.limits import deciders
from app.services.promising.planning import thresholds
from tests.builders import Shop


def run(shop: Shop, operation: str, **arguments: Any) -> Changes:
    return OPERATIONS[operation](shop.db, SYSTEM, now=shop.now, **arguments)


def undo(shop: Shop, changes: Changes) -> Changes:
    assert changes.undo is not None
    return run(shop, changes.undo.operation, **changes.undo.arguments)


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "save_deciders": (
        {"lines": [{"data": "Listing", "field": "price", "decides": "desk"}]},
        {"lines": [{"data": "Order", "field": "address", "on_conflict": "keep_ours"}]},
    ),
    "set_breakers": ({"changes": {"zeros": 3}}, {"changes": {"least": 9}}),
    "set_report_time": ({"at": "07:00"}, {"at": "08:00"}),
    "set_kit": (
        {"kit": "SET", "contents": {"TEA": 3}}, {"kit": "SET", "contents": {"TEA": 3, "MUG": 2}},
    ),
    "change_location": (
        {"code": "EAST", "changes": {"cut_off": "11:00"}},
        {"code": "EAST", "changes": {"cut_off": "12:30"}},
    ),
}  # fmt: skip


def stands(shop: Shop) -> tuple[Any, ...]:
    places = {each.code: each for each in location_rows(shop.db)}
    kit = shop.skus["SET"]
    return (deciders(shop.db), thresholds(shop.db), report_time(shop.db),
            contents(shop.db, [kit])[kit], places["EAST"].cut_off)  # fmt: skip


@pytest.mark.parametrize("operation", CHANGES)
def test_an_older_change_is_not_taken_back_over_a_newer_one(shop: Shop, operation: str) -> None:
    begun = stands(shop)
    older, newer = (run(shop, operation, **said) for said in CHANGES[operation])
    after = stands(shop)
    with pytest.raises(RefusedError, match=r"nothing was (undone|changed)"):
        undo(shop, older)
    assert stands(shop) == after
    again = undo(shop, newer)
    undo(shop, older)
    assert stands(shop) == begun
    with pytest.raises(RefusedError):
        undo(shop, again)  # the newer one, once more, over what is there no longer


def test_breakers_that_were_never_touched_stay(shop: Shop) -> None:
    first = run(shop, "set_breakers", changes={"zeros": 3})
    undo(shop, first)
    assert thresholds(shop.db) == Thresholds()


def test_of_many_skus_those_that_were_changed_since_are_left_alone_and_named(shop: Shop) -> None:
    ids = [shop.skus["TEA"], shop.skus["MUG"]]
    both = run(shop, "edit_skus", sku_ids=ids, changes={"supplier": "Leaf"})
    run(shop, "edit_skus", sku_ids=ids[1:], changes={"supplier": "Clay"})
    back = undo(shop, both)
    assert [each.subject for each in back.skipped] == ["MUG"]
    suppliers = []
    for code in ("TEA", "MUG"):
        row = inventory_row(shop.db, code)
        assert row is not None
        assert row.record is not None
        suppliers.append(row.record.supplier)
    assert suppliers == ["", "Clay"]
    with pytest.raises(RefusedError, match="changed since"):
        undo(shop, both)
    undo(shop, back)
    assert inventory_row(shop.db, "TEA").record.supplier == "Leaf"  # type: ignore[union-attr]

"""The first print is free, the second has a reason; bins are set and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.roles import SYSTEM
from app.errors import NotFoundError, RefusedError
from app.models.fulfilment import document_prints
from app.models.governance import audit_entries
from app.models.inventory import bins
from app.models.orders import orders
from app.services import printing
from tests.builders import Shop, an_order


def ids(shop: Shop) -> list[int]:
    return list(shop.db.execute(select(orders.c.id).order_by(orders.c.id)).scalars())


def print_slips(shop: Shop, order_ids: list[int], reason: str = "") -> Changes:
    return printing.log_prints(
        shop.db, SYSTEM, kind="slip", order_ids=order_ids, reason=reason, now=shop.now
    )


def prints(shop: Shop) -> list[tuple[int, str, str]]:
    table = document_prints.c
    query = select(table.order_id, table.kind, table.reason).order_by(table.id)
    return [tuple(row) for row in shop.db.execute(query)]


@pytest.fixture
def two(shop: Shop) -> list[int]:
    """Take two orders in."""
    shop.stocked(TEA=(9, 0)).takes_in(an_order("1001"), an_order("1002"))
    return ids(shop)


def test_the_first_print_needs_no_reason(shop: Shop, two: list[int]) -> None:
    changes = print_slips(shop, two)
    assert changes.label == "Print 2 packing slips"
    assert changes.done == tuple(two)
    assert changes.undo is None  # what is on paper stays on paper
    assert prints(shop) == [(two[0], "slip", ""), (two[1], "slip", "")]


def test_a_second_print_without_a_reason_is_refused_whole(shop: Shop, two: list[int]) -> None:
    print_slips(shop, two[:1])
    with pytest.raises(RefusedError, match="1001 was printed before"):
        print_slips(shop, two, reason="  ")
    assert len(prints(shop)) == 1


def test_the_reason_is_kept_with_what_was_printed_again_only(shop: Shop, two: list[int]) -> None:
    print_slips(shop, two[:1])
    print_slips(shop, two, reason="Printer jam")
    assert prints(shop)[1:] == [(two[0], "slip", "Printer jam"), (two[1], "slip", "")]
    query = select(audit_entries.c.reason).where(audit_entries.c.action == "print packing slip")
    assert list(shop.db.execute(query).scalars()) == ["", "Printer jam", ""]


def test_a_pick_list_is_counted_apart_from_the_slip(shop: Shop, two: list[int]) -> None:
    print_slips(shop, two)
    printing.log_prints(shop.db, SYSTEM, kind="pick", order_ids=two, now=shop.now)
    assert [kind for _order, kind, _reason in prints(shop)] == ["slip", "slip", "pick", "pick"]


def test_fifty_thousand_orders_are_one_print(shop: Shop, two: list[int]) -> None:
    changes = print_slips(shop, [*two, *range(10_000, 60_000)])
    assert changes.done == tuple(two)


def set_bin(shop: Shop, sku: str, name: str, **more: Any) -> Changes:
    place = more.get("location", "EAST")
    return printing.set_bin(shop.db, SYSTEM, sku=sku, location=place, name=name, now=shop.now)


def bin_of(shop: Shop, sku: str) -> str | None:
    query = select(bins.c.bin).where(bins.c.sku_id == shop.skus[sku], bins.c.location_id == 1)
    return shop.db.execute(query).scalar()


def test_a_bin_is_set_changed_and_taken_back(shop: Shop) -> None:
    set_bin(shop, "TEA", "A-2")
    changed = set_bin(shop, "TEA", " B  15 ")
    assert bin_of(shop, "TEA") == "B 15"
    assert changed.label == "Put TEA into bin B 15"
    assert changed.undo is not None
    arguments: dict[str, Any] = changed.undo.arguments
    printing.set_bin(shop.db, SYSTEM, now=shop.now, **arguments)
    assert bin_of(shop, "TEA") == "A-2"
    set_bin(shop, "TEA", "")
    assert bin_of(shop, "TEA") is None


def test_a_bin_that_cannot_be_is_refused(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="kit"):
        set_bin(shop, "SET", "A-2")
    with pytest.raises(RefusedError, match="at most 30"):
        set_bin(shop, "TEA", "A" * 31)
    with pytest.raises(NotFoundError, match="no SKU"):
        set_bin(shop, "NOPE", "A-2")
    with pytest.raises(NotFoundError, match="no location"):
        set_bin(shop, "TEA", "A-2", location="NORTH")

"""Each parcel has its slip with only what is in it, and picks come from where it was decided."""

from __future__ import annotations

import pytest

from app.domain.papers import PackingSlip
from app.queries.inventory import inventory_row, inventory_rows, location_rows
from app.queries.order_detail import find_order
from app.queries.orders import count_orders, order_rows
from app.queries.papers import packing_slips, picks, printed_before
from app.services.desk import Desk
from tests.queries import brand


def ids(desk: Desk, *numbers: str) -> list[int]:
    found = [desk.read(find_order, number) for number in numbers]
    return [each for each in found if each is not None]


def slips(desk: Desk, *numbers: str) -> list[PackingSlip]:
    return list(desk.read(packing_slips, ids(desk, *numbers)).slips)


def test_slips_come_in_the_order_of_the_selection(busy: Desk) -> None:
    numbers = ["LATE", "READY", "ACCEPTED"]
    assert [slip.number for slip in slips(busy, *numbers)] == numbers


def test_a_slip_says_what_goes_to_whom_from_where(busy: Desk) -> None:
    busy.run("set_bin", sku="TEA-001", location="GARAGE", name="A-12")
    (slip,) = slips(busy, "READY")
    assert (slip.channel_name, slip.location, slip.currency) == ("Shopify", "Garage", "USD")
    assert slip.address.name == "Jane Doe"
    assert [(i.sku, i.title, i.quantity, i.bin) for i in slip.items] == [
        ("TEA-001", "Title of TEA-001", 2, "A-12")
    ]
    assert not slip.is_decided


def test_what_must_not_leave_has_no_slip_and_is_named(busy: Desk) -> None:
    papers = busy.read(packing_slips, ids(busy, "HELD", "GONE", "FBA", "READY"))
    assert [slip.number for slip in papers.slips] == ["READY"]
    assert {left.subject: left.reason for left in papers.left_out} == {
        "HELD": "it is on hold", "GONE": "it is cancelled", "FBA": "the channel ships it",
    }  # fmt: skip


def test_a_split_order_has_a_slip_for_each_parcel_with_only_what_is_in_it(busy: Desk) -> None:
    busy.run("accept", order_ids=ids(busy, "APART"))
    parcels = slips(busy, "APART")
    assert len(parcels) > 1
    assert [(slip.parcel, slip.parcels) for slip in parcels] == [
        (at, len(parcels)) for at in range(1, len(parcels) + 1)
    ]
    assert len({slip.location for slip in parcels}) == len(parcels)
    units: dict[str, int] = {}
    for slip in parcels:
        for item in slip.items:
            units[item.sku] = units.get(item.sku, 0) + item.quantity
    assert units == {"TEA-001": 25, "MUG-BLUE": 3}


def test_parcels_that_left_are_printed_only_if_nothing_else_is_here(busy: Desk) -> None:
    (slip,) = slips(busy, "SHIPPED")
    assert slip.items[0].quantity == 1


def test_a_kit_shows_what_was_ordered_and_what_is_packed(busy: Desk) -> None:
    (order_id,) = brand.take_in(busy, brand.order("KIT", ("GIFT-SET", 2)))
    busy.run("accept", order_ids=[order_id])
    (slip,) = slips(busy, "KIT")
    (item,) = slip.items
    assert (item.sku, item.quantity) == ("GIFT-SET", 2)
    assert {part.sku: part.quantity for part in item.parts} == {"TEA-001": 2, "MUG-BLUE": 4}
    assert slip.units == 6


def test_a_tag_makes_an_order_a_gift(busy: Desk) -> None:
    (order_id,) = brand.take_in(busy, brand.order("WRAPPED", ("TEA-001", 1), note="It's a gift!"))
    assert order_id
    assert [slip.is_gift for slip in slips(busy, "WRAPPED", "READY")] == [True, False]


def test_picks_come_from_the_decided_location_with_their_bin(busy: Desk) -> None:
    before = busy.read(picks, ids(busy, "ACCEPTED")).picks
    busy.run("set_bin", sku="MUG-BLUE", location=_code(busy, before[0].location), name="B-2")
    (pick,) = busy.read(picks, ids(busy, "ACCEPTED")).picks
    assert (pick.sku, pick.quantity, pick.bin) == ("MUG-BLUE", 1, "B-2")


def _code(desk: Desk, name: str) -> str:
    return next(row.code for row in desk.read(location_rows) if row.name == name)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("READY", "accept it first: no location has been decided"),
        ("SHIPPED", "it has left already"),
        ("HELD", "it is on hold"),
        ("GONE", "it is cancelled"),
    ],
)
def test_what_cannot_be_picked_says_why(busy: Desk, number: str, reason: str) -> None:
    papers = busy.read(picks, ids(busy, number))
    assert papers.picks == ()
    assert [left.reason for left in papers.left_out] == [reason]


def test_what_was_printed_before_says_when_first_and_by_whom(busy: Desk) -> None:
    both = ids(busy, "READY", "LATE")
    busy.run("log_prints", kind="slip", order_ids=both[:1])
    busy.run("log_prints", kind="slip", order_ids=both[:1], reason="Printer jam")
    (row,) = busy.read(printed_before, "slip", both)
    assert (row.number, row.times, row.first_by, row.first_at) == ("READY", 2, "Owner", brand.NOW)
    assert busy.read(printed_before, "pick", both) == ()


def test_what_was_printed_is_seen_in_the_list_and_found(busy: Desk) -> None:
    accepted = ids(busy, "ACCEPTED")
    busy.run("log_prints", kind="slip", order_ids=accepted)
    busy.run("log_prints", kind="pick", order_ids=ids(busy, "READY"))
    (row,) = busy.read(order_rows, query="is:printed", now=brand.NOW)
    assert (row.number, row.slip_printed_at) == ("ACCEPTED", brand.NOW)
    assert busy.read(count_orders, query="is:unprinted", now=brand.NOW) == 0


def test_a_bin_is_shown_with_the_stock_and_found(busy: Desk) -> None:
    busy.run("set_bin", sku="MUG-RED", location="RENO", name="A-7")
    row = busy.read(inventory_row, "MUG-RED")
    assert row is not None
    assert {level.location_code: level.bin for level in row.levels} == {
        "GARAGE": "", "SHOP": "", "RENO": "A-7",
    }  # fmt: skip
    assert [each.code for each in busy.read(inventory_rows, query="bin:a-*")] == ["MUG-RED"]

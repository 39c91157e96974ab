"""Do the numbers of the stock add up, and open to the movements behind them?"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from app.errors import NotFoundError
from app.models.published import observed_quantities as _obs
from app.models.published import published_quantities as _pub
from app.queries.channel_numbers import account_names
from app.queries.inventory import (
    SORTS,
    InventoryRow,
    count_skus,
    grid_rows,
    inventory_row,
    inventory_rows,
    location_rows,
)
from app.queries.promising import promises_of
from app.queries.stock_history import balances_at, movements, stock_steps
from app.services.desk import Desk
from tests.queries.brand import NOW


def row_of(desk: Desk, code: str) -> InventoryRow:
    row = desk.read(inventory_row, code)
    assert row is not None
    return row


def codes(desk: Desk, query: str) -> list[str]:
    return [row.code for row in desk.read(inventory_rows, query=query)]


def test_a_sku_shows_what_lies_where_and_what_channels_may_be_told(busy: Desk) -> None:
    tea = row_of(busy, "TEA-001")
    assert {each.location_code: each.on_hand for each in tea.levels} == {
        "GARAGE": 19, "SHOP": 1, "RENO": 30,
    }  # fmt: skip
    assert (tea.on_hand, tea.reserved, tea.allocated, tea.free, tea.atp) == (50, 29, 0, 50, 19)
    assert not tea.is_low


def test_a_kit_has_no_stock_of_its_own_but_a_number_for_channels(busy: Desk) -> None:
    kit = row_of(busy, "GIFT-SET")
    assert kit.is_kit
    assert kit.on_hand is None
    assert kit.atp == 3


def test_the_steps_lead_from_on_hand_to_the_number_that_channels_are_told(busy: Desk) -> None:
    for code in ("TEA-001", "MUG-BLUE", "MUG-RED", "GIFT-SET"):
        steps = busy.read(stock_steps, code, now=NOW)
        assert steps[-1].label.startswith("For sale")
        assert steps[-1].after == row_of(busy, code).atp
    assert [
        (step.label, step.change, step.after) for step in busy.read(stock_steps, "TEA-001", now=NOW)
    ] == [
        ("On hand", 50, 50),
        ("Safety stock", -2, 48),
        ("Reserved for orders", -29, 19),
        ("For sale", 0, 19),
    ]


def test_a_location_below_zero_takes_nothing_from_the_others(busy: Desk) -> None:
    busy.run("adjust", sku="MUG-RED", location="SHOP", quantity=-4, reason="stolen")
    steps = {step.label: step for step in busy.read(stock_steps, "MUG-RED", now=NOW)}
    assert steps["Below zero at a location"].change == 4
    assert steps["For sale"].after == row_of(busy, "MUG-RED").atp == 5
    assert row_of(busy, "MUG-RED").is_negative


def test_every_number_opens_to_its_movements(busy: Desk) -> None:
    found = busy.read(movements, "MUG-BLUE")
    assert found[0].id > found[-1].id
    newest = {(each.location_code, each.bucket): each.balance for each in reversed(found)}
    blue = row_of(busy, "MUG-BLUE")
    assert newest["GARAGE", "on_hand"] + newest["SHOP", "on_hand"] == blue.on_hand
    assert newest["", "reserved"] == blue.reserved
    assert newest["SHOP", "allocated"] == blue.allocated
    accepted = [each for each in found if each.cause == "allocation"]
    assert {each.order_number for each in accepted} == {"ACCEPTED"}
    assert {each.cause_words for each in accepted} == {"accepted for shipping"}
    assert {each.channel for each in accepted} == {"Amazon"}


def test_movements_can_be_narrowed_without_changing_their_balances(busy: Desk) -> None:
    here = busy.read(movements, "TEA-001", location="GARAGE", bucket="on_hand")
    assert [(each.quantity, each.balance) for each in here] == [(-1, 19), (20, 20)]
    assert len(busy.read(movements, "TEA-001", limit=2)) == 2


def test_balances_can_be_asked_as_of_any_moment(busy: Desk) -> None:
    now = {(each.location_code, each.bucket): each.quantity
           for each in busy.read(balances_at, "TEA-001", at=NOW)}  # fmt: skip
    assert now["GARAGE", "on_hand"] == 19
    assert busy.read(balances_at, "TEA-001", at=NOW - timedelta(days=1)) == ()
    assert busy.read(movements, "TEA-001", at=NOW - timedelta(days=1)) == []


def test_an_unknown_sku_is_said_so(busy: Desk) -> None:
    for query in (
        movements,
        balances_at,
        partial(stock_steps, now=NOW),
        partial(promises_of, now=NOW),
    ):
        with pytest.raises(NotFoundError):
            busy.read(query, "NOPE")
    assert busy.read(inventory_row, "NOPE") is None


def test_skus_are_found_by_what_people_know_of_them(busy: Desk) -> None:
    for query, found in (
        ("", ["GIFT-SET", "MUG-BLUE", "MUG-RED", "TEA-001"]),
        ("mug", ["MUG-BLUE", "MUG-RED"]),
        ("earl", ["TEA-001"]),
        ("100%", ["MUG-RED"]),
        ("%", ["MUG-RED"]),
        ("_", []),
        ("sku:MUG-*", ["MUG-BLUE", "MUG-RED"]),
        ("is:kit", ["GIFT-SET"]),
        ("-is:kit title:mug", ["MUG-BLUE", "MUG-RED"]),
        ("reserved:>0", ["MUG-BLUE", "TEA-001"]),
        ("free:<10", ["MUG-RED"]),
        ("is:negative", []),
        ("is:low", []),
        ("location:SHOP", ["MUG-BLUE", "TEA-001"]),
    ):
        assert codes(busy, query) == found, query
        assert busy.read(count_skus, query=query) == len(found), query


def test_what_is_sold_out_is_found_as_low(busy: Desk) -> None:
    busy.run("adjust", sku="MUG-RED", location="RENO", quantity=-5, reason="damaged")
    assert codes(busy, "is:low") == codes(busy, "is:out") == ["MUG-RED"]
    assert row_of(busy, "MUG-RED").is_low


def test_pages_hold_every_sku_once_whatever_they_are_sorted_by(busy: Desk) -> None:
    for sort in SORTS:
        for descending in (False, True):
            pages = [
                busy.read(inventory_rows, sort=sort, descending=descending, limit=3, offset=at)
                for at in (0, 3)
            ]
            found = sorted(row.code for page in pages for row in page)
            assert found == ["GIFT-SET", "MUG-BLUE", "MUG-RED", "TEA-001"], sort


def test_locations_say_what_lies_there(busy: Desk) -> None:
    rows = {row.code: (row.name, row.on_hand, row.skus) for row in busy.read(location_rows)}
    assert rows == {
        "GARAGE": ("Garage", 29, 2),
        "SHOP": ("Shop", 3, 2),
        "RENO": ("Reno 3PL", 35, 2),
    }


def test_the_grid_says_what_each_account_is_told_and_showed_last_and_sorts_by_it(
    busy: Desk,
) -> None:
    busy.publish()
    accounts = busy.read(account_names)
    rows = busy.read(grid_rows, limit=None)
    told = 0
    for account in accounts:
        by_sku = {row.code: each.told for row in rows for each in row.numbers
                  if each.account_id == account.id}  # fmt: skip
        for code, units in by_sku.items():
            right = {each.outlet.id: each.units
                     for each in busy.read(promises_of, code, now=NOW)}  # fmt: skip
            assert units == right[account.id]
        told += len(by_sku)
        ordered = busy.read(grid_rows, limit=None, sort=f"told:{account.id}", descending=True)
        known = [units for row in ordered if (units := by_sku.get(row.code)) is not None]
        assert known == sorted(known, reverse=True)
        busy.read(grid_rows, sort=f"shown:{account.id}")
    assert told > 3


def test_what_is_held_back_is_not_told_and_what_was_seen_is_shown(busy: Desk) -> None:
    busy.publish()
    row = next(row for row in busy.read(grid_rows, limit=None) if row.numbers)
    account = row.numbers[0].account_id
    mine = (_pub.c.sku_id == row.id, _pub.c.account_id == account)
    with busy.store.write() as db:
        db.execute(_pub.update().where(*mine).values(state="held", before=77))
        db.execute(_obs.insert(), [
            {"id": 900 + n, "sku_id": row.id, "account_id": account, "sku_text": row.code,
             "quantity": units, "source": "file:1", "first_seen_at": NOW, "last_seen_at": NOW}
            for n, units in enumerate((4, 9))
        ])  # fmt: skip
    [seen] = [each for each in busy.read(grid_rows, limit=None) if each.id == row.id]
    number = next(each for each in seen.numbers if each.account_id == account)
    assert (number.told, number.state, number.shown, number.seen_at) == (77, "held", 9, NOW)
    first = busy.read(grid_rows, sort=f"shown:{account}", descending=True)[0]
    assert first.code == row.code

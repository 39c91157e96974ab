"""A month of oversells is planted: the back-test shows them, and the buffer that would have avoided them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.promising.hindsight import Fate
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models.orders import orders
from app.services import cancelling, deciding, intake, setup, stock
from app.services.backtesting.buffers import backtest_buffers, sweep_buffer
from app.services.backtesting.comparing import BufferTest, Sweep
from app.services.master import kits
from app.services.order_rows import Arrival
from app.services.promising import sheets
from app.services.stockroom import expecting
from tests.builders import MONDAY, Shop, an_order

DAYS = 30
PRICE = 1000
A_CASE = 200
"""Six minutes of work at 20.00 an hour."""


class Season:
    """A shop and its Etsy account, whose orders come in when somebody imports their file."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.db = shop, shop.db
        self.accounts = {
            "shopify": shop.account, "etsy": setup.account_for(shop.db, "etsy", now=MONDAY)
        }  # fmt: skip
        self._number = 0

    def order(
        self, channel: str, asked: datetime, came: datetime, units: int = 1, sku: str = "TEA"
    ) -> str:
        """Let somebody order, and the order come in later."""
        self._number += 1
        number = str(self._number)
        order = replace(an_order(number, (sku, units), channel=channel), placed_at=asked)
        arrival = Arrival(self.accounts[channel], "file:test")
        intake.take_in(self.db, SYSTEM, arrival=arrival, incoming=[order], now=came)
        return number

    def receive(self, at: datetime, units: int) -> None:
        """Let units come in."""
        stock.receive(
            self.db, SYSTEM, sku="TEA", location="EAST", quantity=units, reason="Delivery", now=at
        )

    def cancel(self, number: str, at: datetime) -> None:
        """Cancel what cannot be sent."""
        key = self.db.execute(select(orders.c.id).where(orders.c.number == number)).scalar_one()
        cancelling.cancel(self.db, SYSTEM, order_ids=[key], reason="Nothing there", now=at)

    def send_all(self, at: datetime) -> None:
        """Accept what has come in."""
        keys = list(self.db.execute(select(orders.c.id).where(orders.c.status == "open")).scalars())
        deciding.accept(self.db, SYSTEM, order_ids=keys, now=at)

    @property
    def until(self) -> datetime:
        return MONDAY + timedelta(days=DAYS)

    def test(self, **row: object) -> BufferTest:
        """Try another row for Etsy."""
        return backtest_buffers(self.db, channels={"etsy": row}, since=MONDAY, now=self.until)

    def sweep(self, *values: int, name: str = "buffer_units") -> Sweep:
        """Try several numbers for Etsy."""
        return sweep_buffer(
            self.db, name=name, values=values, channel="etsy", since=MONDAY, now=self.until
        )


def at(day: int, hour: float) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def test_a_month_of_oversells_is_shown_with_the_buffer_that_avoids_it(shop: Shop) -> None:
    season = Season(shop)
    for day in range(DAYS):
        _sells_the_last_one_twice(season, day)
    found = season.test()
    assert (found.lines, found.alike, found.unlike) == (5 * DAYS, 5 * DAYS, ()), "as it happened"
    assert (found.changed, found.active) == ((), found.draft)
    assert (found.active.oversold_orders, found.active.oversold) == (DAYS, DAYS * PRICE)
    found = season.test(buffer_units=1)
    assert found.saved == DAYS * (PRICE + A_CASE)
    assert (found.draft.oversold_orders, found.draft.unsold, found.lost) == (0, 0, ())
    assert [(each.account, each.sku, each.shown_before, each.shown_after) for each in found.avoided] == [
        ("Etsy", "TEA", 1, 0)
    ] * DAYS  # fmt: skip
    assert [(each.name, each.avoided_units) for each in found.by_channel if each.avoided] == [
        ("Etsy", DAYS)
    ]
    swept = season.sweep(*range(5))
    assert [each.toll.oversold_units for each in swept.tried] == [DAYS, 0, 0, 0, 0]
    assert [each.toll.unsold_units for each in swept.tried] == [0, 0, 1, 2, 3], (
        "a unit that is kept one day is there on the next"
    )
    assert swept.best.value == 1
    held = [each.toll.held_back for each in swept.tried]
    assert held == sorted(held)
    assert held[0] == 0


def _sells_the_last_one_twice(season: Season, day: int) -> None:
    """Four units a day: the last is sold on both channels, since one number is two hours late."""
    season.receive(at(day, 0), 4)
    season.order("etsy", at(day, 0.5), at(day, 0.6))  # shows 4
    season.order("shopify", at(day, 1), at(day, 1.1))
    season.order("etsy", at(day, 1.5), at(day, 1.6))  # shows 2
    season.order("shopify", at(day, 2), at(day, 4))  # the last one, known two hours later
    twice = season.order("etsy", at(day, 3), at(day, 4.1))  # shows 1 all the same
    season.cancel(twice, at(day, 5))
    season.send_all(at(day, 6))


def test_what_one_buyer_is_not_sold_is_there_for_the_next(shop: Shop) -> None:
    season = Season(shop)
    season.receive(at(0, 0), 2)
    season.order("etsy", at(0, 1), at(0, 3), units=2)  # shows 2
    season.order("shopify", at(0, 2), at(0, 3.1))
    found = season.test(buffer_units=1)
    assert [(each.number, each.before, each.after) for each in found.changed] == [
        ("1", Fate.FILLED, Fate.NOT_SOLD), ("2", Fate.OVERSOLD, Fate.FILLED),
    ]  # fmt: skip
    assert (found.draft.unsold, found.draft.oversold) == (2 * PRICE, 0)


def test_a_sale_that_came_although_nothing_was_shown_is_nothing_that_a_buffer_stops(
    shop: Shop,
) -> None:
    season = Season(shop)
    season.receive(at(0, 0), 1)
    season.order("shopify", at(0, 1), at(0, 1))
    season.order("etsy", at(1, 0), at(1, 0))  # told 0 long since, and sold
    found = season.test(buffer_units=3)
    assert (found.changed, found.active.oversold_units) == ((), 1)


def test_days_at_nothing_are_counted_since_nobody_knows_what_would_have_sold(shop: Shop) -> None:
    season = Season(shop)
    season.receive(at(0, 0), 1)
    season.order("shopify", at(0, 1), at(0, 1))
    season.order("etsy", at(0, 1.1), at(0, 1.1))
    season.receive(at(4, 0), 9)
    found = season.test()
    days = {each.name: each.blank_days for each in found.by_channel}
    assert days == {"Shopify": 5, "Etsy": 5}
    assert (found.blank, found.listing_days) == (10, 2 * (DAYS + 1))


def test_kits_and_what_waits_are_replayed_as_they_were(shop: Shop) -> None:
    season = Season(shop)
    shop.stocked(MUG=(9, 0))
    season.receive(at(0, 0), 3)
    season.order("etsy", at(0, 1), at(0, 1), sku="SET")  # two TEA and a MUG
    season.order("shopify", at(0, 1.1), at(0, 2), sku="SET")
    season.receive(at(1, 0), 1)
    season.order("etsy", at(2, 0), at(2, 0))
    found = season.test()
    assert (found.alike, found.unlike, found.active.oversold_orders) == (3, (), 2)
    assert season.test(buffer_units=1).changed == (), "of three, two may be shown: one kit"
    assert [each.after for each in season.test(buffer_units=2).changed] == [
        Fate.NOT_SOLD, Fate.FILLED, Fate.FILLED,
    ]  # fmt: skip


def test_units_on_their_way_are_shown_as_long_as_they_were(shop: Shop) -> None:
    season = Season(shop)
    coming = {"incoming": "due", "incoming_days": 7}
    sheets.save_sheet(shop.db, SYSTEM, channels={"etsy": coming}, now=at(0, 0))
    receipt = expecting.expect(shop.db, SYSTEM, location="EAST", lines=[("TEA", 3)],
                               expected_at=at(5, 0), now=at(0, 0)).done[0]  # fmt: skip
    season.receive(at(0, 0), 1)
    season.order("etsy", at(1, 0), at(1, 0.1), units=3)  # sold of what is still on its way
    expecting.receive_expected(
        shop.db, SYSTEM, receipt_id=receipt, arrived={"TEA": 5}, now=at(5, 0)
    )
    season.order("etsy", at(6, 0), at(6, 0.1))
    found = season.test(incoming="never")
    assert (found.alike, found.unlike, found.active.oversold_orders) == (2, (), 1)
    assert [(each.number, each.shown_before, each.shown_after, each.after) for each in found.avoided] == [
        ("1", 4, 1, Fate.NOT_SOLD)
    ]  # fmt: skip
    assert season.test(buffer_units=1).changed == (), "three of four are shown"


def test_what_was_kept_back_and_what_was_in_a_kit_is_as_it_was_then(shop: Shop) -> None:
    season = Season(shop)
    shop.stocked(MUG=(9, 0))
    season.receive(at(0, 0), 4)
    season.order("etsy", at(1, 0), at(1, 0.1), sku="SET")  # two TEA and a MUG: two can be made
    kits.set_kit(shop.db, SYSTEM, kit="SET", contents={"TEA": 1}, now=at(2, 0))
    stock.set_safety_stock(shop.db, {(shop.skus["TEA"], 1): 1}, now=at(3, 0))
    season.order("etsy", at(4, 0), at(4, 0.1), sku="SET")  # one TEA: of one that may be shown
    found = season.test(buffer_units=3)
    assert (found.alike, found.unlike) == (2, ())
    assert [(each.number, each.shown_before, each.shown_after) for each in found.changed] == [
        ("1", 2, 0), ("2", 1, 0),
    ]  # fmt: skip


def test_only_a_number_of_the_sheet_can_be_swept(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="no number of the sheet"):
        Season(shop).sweep(0, 1, name="price_owner")

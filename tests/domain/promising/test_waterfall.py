"""What each channel is told, worked out by hand: shelves in, one number a channel out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from app.domain.payouts.judging import Booked
from app.domain.payouts.lines import LineType
from app.domain.promising.goods import Arrival, Kit, Outlet, Pace, Place, Stock
from app.domain.promising.keeping import FEWEST, Settled, settled_share
from app.domain.promising.policy import (
    ChannelRules,
    Decider,
    Incoming,
    Oversell,
    StockMode,
)
from app.domain.promising.waterfall import promises, sellable

TODAY = date(2026, 11, 23)
EQUAL = ChannelRules()


def keeps(units: int = 0, percent: int = 0, cap: int | None = None, fee: int = 3) -> ChannelRules:
    """Describe a channel that keeps stock for itself."""
    return ChannelRules(
        stock_mode=StockMode.RESERVED, reserve_units=units, reserve_percent=percent,
        cap_units=cap, fee_percent=fee,
    )  # fmt: skip


def shows_at_most(cap: int, fee: int = 3) -> ChannelRules:
    """Describe a channel with a cap."""
    return ChannelRules(stock_mode=StockMode.CAPPED, cap_units=cap, fee_percent=fee)


def on_shelf(units: int) -> Stock:
    """Describe a SKU in one garage."""
    return Stock("TEA", (Place("GARAGE", "Garage", units),))


def told(goods: Stock | Kit, **rules: ChannelRules) -> dict[str, int | None]:
    """Return what each channel is told."""
    return {p.outlet.channel: p.units for p in promises(goods, outlets(rules), today=TODAY)}


def outlets(rules: dict[str, ChannelRules]) -> list[Outlet]:
    """Return one account a channel."""
    return [Outlet(n, name, name.title(), row) for n, (name, row) in enumerate(rules.items(), 1)]


@dataclass(frozen=True)
class Sum:
    """One line of the table: what lies where, the sheet, and what comes out."""

    name: str
    goods: Stock | Kit
    rules: dict[str, ChannelRules]
    told: dict[str, int | None] = field(default_factory=dict)


THREE_PLACES = Stock(
    "TEA",
    (Place("GARAGE", "Garage", 10), Place("RENO", "Reno", 8, safety_stock=3), Place("SHOP", "Shop", 2)),
)  # fmt: skip
ON_ITS_WAY = Stock(
    "TEA", (Place("GARAGE", "Garage", 4),), 0,
    (Arrival(6, TODAY + timedelta(days=3)), Arrival(20, TODAY + timedelta(days=30)), Arrival(5)),
)  # fmt: skip
LID = Stock("LID", (Place("GARAGE", "Garage", 9),))
CUP = Stock("CUP", (Place("GARAGE", "Garage", 20),))
# A box of two travel mugs (each a cup and a lid) and one spare lid: 2 cups and 3 lids.
BOX = Kit("BOX", ((CUP, 2), (LID, 3)))
BUSY = Pace(sold=56, days=28)  # two a day

TABLE = [
    Sum("all share alike", on_shelf(7), {"amazon": EQUAL, "etsy": EQUAL}, {"amazon": 7, "etsy": 7}),
    Sum("what is damaged, allocated or reserved is not told",
        Stock("TEA", (Place("G", "G", 20, allocated=3, unavailable=2),), reserved=5),
        {"amazon": EQUAL}, {"amazon": 10}),
    # 10 % of 20 is 2, and 5 units: 13 are left for all.
    Sum("a percentage and units are kept together", on_shelf(20),
        {"shopify": keeps(percent=10), "amazon": keeps(5, fee=15), "ebay": EQUAL},
        {"shopify": 15, "amazon": 18, "ebay": 13}),
    Sum("one channel with both keeps the larger", on_shelf(20),
        {"shopify": keeps(1, percent=20), "ebay": EQUAL}, {"shopify": 20, "ebay": 16}),
    # It would keep 10 and may show 6: the other 4 are nobody's alone.
    Sum("a cap below the reserve", on_shelf(20),
        {"shopify": keeps(10, cap=6), "ebay": EQUAL}, {"shopify": 6, "ebay": 14}),
    Sum("a cap above what is there says nothing", on_shelf(3),
        {"walmart": shows_at_most(5)}, {"walmart": 3}),
    Sum("a cap does not count in the mode equal", on_shelf(30),
        {"walmart": ChannelRules(cap_units=5)}, {"walmart": 30}),
    Sum("a kit of a kit: 20 cups make 10, 9 lids make 3", BOX, {"etsy": EQUAL}, {"etsy": 3}),
    # 4 lids are Shopify's: 9 lids make 3 there, the 5 others make 1.
    Sum("a kit takes nothing that is kept for another channel", BOX,
        {"shopify": keeps(4), "etsy": EQUAL}, {"shopify": 3, "etsy": 1}),
    Sum("a kit with a part that was never counted", Kit("SET", ((CUP, 1), (Stock("NEW"), 1))),
        {"etsy": EQUAL}, {"etsy": None}),
    Sum("a kit with nothing in it", Kit("SET"), {"etsy": EQUAL}, {"etsy": None}),
    Sum("safety stock at one of three locations", THREE_PLACES, {"own": EQUAL}, {"own": 17}),
    Sum("safety stock above what is there keeps only that",
        Stock("TEA", (Place("A", "A", 2, safety_stock=5), Place("B", "B", 4))),
        {"own": EQUAL}, {"own": 4}),
    Sum("incoming counts only where the sheet says so", ON_ITS_WAY,
        {"own": EQUAL, "etsy": ChannelRules(incoming=Incoming.DUE, incoming_days=7),
         "amazon": ChannelRules(incoming=Incoming.ALL)},
        {"own": 4, "etsy": 10, "amazon": 35}),
    Sum("incoming first fills what is sold already",
        Stock("TEA", (Place("G", "G", 2),), 5, (Arrival(10, TODAY),)),
        {"etsy": ChannelRules(incoming=Incoming.DUE), "own": EQUAL}, {"etsy": 7, "own": 0}),
    Sum("one unit and four channels that share it", on_shelf(1),
        dict.fromkeys(("own", "etsy", "ebay", "amazon"), EQUAL),
        {"own": 1, "etsy": 1, "ebay": 1, "amazon": 1}),
    Sum("one unit and four channels with a quarter each: the best margin has it", on_shelf(1),
        {"amazon": keeps(percent=25, fee=15), "ebay": keeps(percent=25, fee=13),
         "etsy": keeps(percent=25, fee=10), "own": keeps(percent=25, fee=3)},
        {"amazon": 0, "ebay": 0, "etsy": 0, "own": 1}),
    Sum("one unit and four channels of which three give way", on_shelf(1),
        {"amazon": ChannelRules(fee_percent=15, gives_way_at=2),
         "ebay": ChannelRules(fee_percent=13, gives_way_at=2),
         "etsy": ChannelRules(fee_percent=10, gives_way_at=2), "own": ChannelRules()},
        {"amazon": 0, "ebay": 0, "etsy": 0, "own": 1}),
    # 0.9 for Shopify and 8.1 for all: the odd unit goes to the larger remainder.
    Sum("10 % of 9 is 1", on_shelf(9), {"shopify": keeps(percent=10), "ebay": EQUAL},
        {"shopify": 9, "ebay": 8}),
    Sum("10 % of 4 is 0", on_shelf(4), {"shopify": keeps(percent=10), "ebay": EQUAL},
        {"shopify": 4, "ebay": 4}),
    Sum("half of an odd number: the channel before nobody", on_shelf(5),
        {"shopify": keeps(percent=50), "ebay": EQUAL}, {"shopify": 5, "ebay": 2}),
    Sum("not enough for all reserves: the lower margin gives way", on_shelf(6),
        {"amazon": keeps(5, fee=15), "own": keeps(4, fee=3)}, {"amazon": 2, "own": 4}),
    Sum("never sold beyond what is there", Stock("TEA", (Place("G", "G", 2),), reserved=5),
        {"own": EQUAL}, {"own": 0}),
    Sum("up to five may be oversold, and three are", Stock("TEA", (Place("G", "G", 2),), reserved=5),
        {"own": ChannelRules(oversell=Oversell.UP_TO, oversell_units=5)}, {"own": 2}),
    Sum("a backorder needs a delivery with a date", ON_ITS_WAY,
        {"own": ChannelRules(oversell=Oversell.BACKORDER, oversell_units=8)}, {"own": 12}),
    Sum("no date, no backorder", Stock("TEA", (Place("G", "G", 4),), 0, (Arrival(9),)),
        {"own": ChannelRules(oversell=Oversell.BACKORDER, oversell_units=8)}, {"own": 4}),
    Sum("a buffer of the larger of 2 units and 15 %", on_shelf(20),
        {"own": ChannelRules(buffer_units=2, buffer_percent=15)}, {"own": 17}),
    Sum("15 % of 9 is rounded up", on_shelf(9), {"own": ChannelRules(buffer_percent=15)}, {"own": 7}),
    Sum("three days of cover at two a day", Stock("TEA", (Place("G", "G", 20),), pace=BUSY),
        {"own": ChannelRules(cover_days=3)}, {"own": 14}),
    Sum("a buffer larger than what is left leaves 0", on_shelf(1),
        {"own": ChannelRules(buffer_units=4)}, {"own": 0}),
    Sum("a dynamic buffer of a SKU that does not sell is its floor",
        Stock("TEA", (Place("G", "G", 20),), pace=Pace(0)),
        {"own": ChannelRules(buffer_units=1, buffer_percent=50, buffer_dynamic=True)}, {"own": 19}),
    # 10 % of 20 = 2; band A 150 %, more in 30 days 150 %, only channel 75 %: 2 × 1.6875 = 3.4 → 4.
    Sum("a dynamic buffer grows with velocity and lead time",
        Stock("TEA", (Place("G", "G", 20),), pace=Pace(56, 28, 30)),
        {"own": ChannelRules(buffer_percent=10, buffer_dynamic=True)}, {"own": 16}),
    Sum("a channel's own warehouse is nobody else's",
        Stock("TEA", (Place("G", "G", 5), Place("FBA", "FBA", 40, is_shared=False))),
        {"own": EQUAL}, {"own": 5}),
    Sum("below zero at one location takes nothing from the others",
        Stock("TEA", (Place("A", "A", -4), Place("B", "B", 9))), {"own": EQUAL}, {"own": 9}),
    Sum("never counted is not zero", Stock("TEA"), {"own": EQUAL}, {"own": None}),
    Sum("nobody decides: nothing is told", on_shelf(9),
        {"own": ChannelRules(stock_owner=Decider.NOBODY),
         "etsy": ChannelRules(stock_owner=Decider.CHANNEL), "ebay": EQUAL},
        {"own": None, "etsy": None, "ebay": 9}),
]  # fmt: skip


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_the_table(line: Sum) -> None:
    assert told(line.goods, **line.rules) == line.told


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.name)
def test_the_steps_lead_to_the_number(line: Sum) -> None:
    for each in promises(line.goods, outlets(line.rules), today=TODAY):
        if each.units is None:
            assert each.withheld
            continue
        assert each.steps[-1].after == each.units
        if isinstance(line.goods, Stock):
            ends = [step.after for step in each.steps]
            assert [step.before for step in each.steps] == [0, *ends[:-1]]


def test_a_step_says_why_and_what_opens() -> None:
    steps = {step.label: step for step in sellable(THREE_PLACES).steps}
    assert steps["On hand"].why == "Garage 10, Reno 8, Shop 2"
    assert steps["On hand"].opens == ("movements", "on_hand")
    assert (steps["Safety stock"].change, steps["Safety stock"].why) == (-3, "Reno 3")


def test_a_slow_channel_holds_back_what_sells_meanwhile() -> None:
    pace = Pace(sold=28 * 24, days=28)  # one an hour
    stock = Stock("TEA", (Place("G", "G", 50),), pace=pace)
    rules = ChannelRules(buffer_lag=True)
    slow = Outlet(1, "walmart", "Walmart", rules, lag_seconds=4 * 3600)
    fast = Outlet(2, "shopify", "Shopify", rules, lag_seconds=30)
    there = promises(stock, [slow, fast], today=TODAY)
    assert [each.units for each in there] == [46, 49]
    assert "240 minutes" in there[0].steps[-2].why


def test_the_lower_margin_holds_back_more() -> None:
    rules = {"own": 3, "amazon": 15}
    rows = {
        name: ChannelRules(buffer_percent=20, buffer_dynamic=True, fee_percent=fee)
        for name, fee in rules.items()
    }
    stock = Stock("TEA", (Place("G", "G", 100),), pace=Pace(8, 28))  # band B: 100 %
    assert told(stock, **rows) == {"own": 85, "amazon": 75}


def test_what_settlements_show_ranks_instead_of_what_was_typed() -> None:
    rules = ChannelRules(gives_way_at=2, fee_percent=15)
    own = Outlet(1, "own", "Own store", ChannelRules(fee_percent=3))
    few, enough = Settled(1, FEWEST - 1), Settled(1, FEWEST)
    typed = promises(on_shelf(1), [own, Outlet(2, "etsy", "Etsy", rules, 0, few)], today=TODAY)
    assert [each.units for each in typed] == [1, 0]
    assert typed[1].steps[-2].why == (
        "Left to Own store, where more of the price stays: "
        "Etsy keeps 15 % of a sale, by the policy sheet."
    )
    settled = promises(on_shelf(1), [own, Outlet(2, "etsy", "Etsy", rules, 0, enough)], today=TODAY)
    assert [each.units for each in settled] == [1, 1]
    assert Outlet(2, "etsy", "Etsy", rules, 0, enough).kept.says == (
        "keeps 1 % of a sale, from 20 settled orders"
    )


def test_what_is_kept_of_a_sale_is_what_was_kept_of_the_order_in_the_middle() -> None:
    def order(sale: int, fee: int, *more: Booked) -> list[Booked]:
        return [Booked(LineType.SALE, "Principal", sale, "USD"),
                Booked(LineType.FEE, "Commission", -fee, "USD"), *more]  # fmt: skip

    shipping = Booked(LineType.SHIPPING, "Shipping", 500, "USD")
    sending = Booked(LineType.FEE, "FBA Fulfilment fee", -900, "USD")
    tax = Booked(LineType.TAX, "Tax", 165, "USD")
    back = Booked(LineType.REFUND, "Refund", -2000, "USD")
    found = settled_share([
        order(2000, 300, tax),  # 15 %
        order(2000, 330),  # 16.5 %
        order(2000, 500, shipping, sending),  # 500 of 2,500: 20 %; the parcel is no share
        order(2000, 10, back),  # given back: says nothing
        [Booked(LineType.FEE, "Subscription", -3900, "USD")],  # not about a sale
    ])  # fmt: skip
    assert found == Settled(17, 3)  # 16.5 is rounded up
    assert settled_share([]) is None

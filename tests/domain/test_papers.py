"""A walk goes bin after bin, totes get what is theirs, and prices stay where they belong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.orders import Address
from app.domain.papers import (
    SLIP_TEMPLATES,
    PackingSlip,
    Pick,
    PickMode,
    Sender,
    SlipItem,
    SlipPart,
    ToteShare,
    is_gift,
    natural,
    pick_lists,
    ship_to,
)
from app.services.policies import DEFAULT_CHANNELS


def a_pick(
    order: int, sku: str, units: int, bin_: str = "", place: str = "Garage", code: str = ""
) -> Pick:
    return Pick(order, f"R-{order}", place, bin_, sku, f"Title of {sku}", code, units)


def a_slip(channel: str = "shopify", **changes: object) -> PackingSlip:
    made = PackingSlip(
        1, "R-1", channel, channel.title(), Sender("Brand", "", "Thank you"), Address("Ann"),
        datetime(2026, 10, 12, tzinfo=UTC), "", "Garage", 1, 1, "USD", "", is_gift=False,
        is_decided=True, items=(SlipItem("TEA", "Tea", 2, "A-1", 1500),),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_bins_sort_as_people_number_shelves() -> None:
    bins = ["A-15", "A-2", "A-1", "B-1", "a-3", "10", "9"]
    assert sorted(bins, key=natural) == ["9", "10", "A-1", "A-2", "a-3", "A-15", "B-1"]


def test_a_batch_adds_up_each_sku_and_goes_from_bin_to_bin() -> None:
    picks = [a_pick(1, "TEA", 2, "A-15"), a_pick(2, "TEA", 3, "A-15"), a_pick(2, "MUG", 1, "A-2"),
             a_pick(2, "POT", 1)]  # fmt: skip
    (walk,) = pick_lists(picks, PickMode.BATCH)
    assert [(line.bin, line.sku, line.quantity) for line in walk.lines] == [
        ("A-2", "MUG", 1), ("A-15", "TEA", 5), ("", "POT", 1),
    ]  # fmt: skip
    assert walk.orders == ("R-1", "R-2")
    assert walk.units == 7
    assert all(not line.totes for line in walk.lines)


def test_a_wave_says_how_many_go_into_which_tote() -> None:
    picks = [a_pick(7, "TEA", 2), a_pick(3, "TEA", 3), a_pick(3, "MUG", 1), a_pick(7, "TEA", 1)]
    (walk,) = pick_lists(picks, PickMode.WAVE)
    assert walk.orders == ("R-7", "R-3")  # totes 1 and 2, in the order of the queue
    assert {line.sku: line.totes for line in walk.lines} == {
        "MUG": (ToteShare(2, 1),),
        "TEA": (ToteShare(1, 3), ToteShare(2, 3)),
    }


def test_each_order_has_a_list_of_its_own_when_picked_singly() -> None:
    picks = [a_pick(2, "TEA", 1), a_pick(1, "TEA", 1), a_pick(2, "MUG", 1)]
    walks = pick_lists(picks, PickMode.SINGLE)
    assert [(walk.orders, walk.units) for walk in walks] == [(("R-2",), 2), (("R-1",), 1)]


@pytest.mark.parametrize("mode", PickMode)
def test_nobody_walks_through_two_locations_on_one_list(mode: PickMode) -> None:
    picks = [a_pick(1, "TEA", 1, place="Shop 10"), a_pick(1, "MUG", 1, place="Shop 2")]
    assert [walk.location for walk in pick_lists(picks, mode)] == ["Shop 2", "Shop 10"]


@pytest.mark.parametrize("mode", PickMode)
def test_no_unit_is_lost_or_doubled_whatever_the_walk(mode: PickMode) -> None:
    picks = [a_pick(order, sku, order + n, f"A-{n}") for order in (1, 2, 3)
             for n, sku in enumerate(("TEA", "MUG", "POT"))]  # fmt: skip
    walks = pick_lists(picks, mode)
    assert sum(walk.units for walk in walks) == sum(pick.quantity for pick in picks)
    for walk in walks:
        for line in walk.lines:
            if mode is PickMode.WAVE:
                assert sum(share.quantity for share in line.totes) == line.quantity


def test_a_stop_is_scanned_by_the_goods_own_number_or_else_by_its_sku() -> None:
    (walk,) = pick_lists([a_pick(1, "TEA", 1, code="4006381333931"), a_pick(1, "MUG", 1)],
                         PickMode.BATCH)  # fmt: skip
    assert {line.sku: line.code for line in walk.lines} == {"TEA": "4006381333931", "MUG": "MUG"}


def test_every_channel_has_a_template_and_marketplaces_say_the_least() -> None:
    assert set(SLIP_TEMPLATES) == set(DEFAULT_CHANNELS)
    for channel, template in SLIP_TEMPLATES.items():
        is_ours = DEFAULT_CHANNELS[channel]["kind"] == "own_store"
        assert template.may_show_prices is is_ours, channel
        assert template.may_thank is is_ours, channel


@pytest.mark.parametrize("channel", ["amazon", "walmart", "etsy", "ebay", "a-channel-of-tomorrow"])
def test_a_marketplace_slip_has_neither_prices_nor_thanks(channel: str) -> None:
    slip = a_slip(channel).shown(with_prices=True)
    assert [item.unit_price for item in slip.items] == [None]
    assert slip.thanks == ""


def test_our_own_store_shows_prices_only_where_they_are_wanted() -> None:
    assert a_slip().shown(with_prices=True).items[0].unit_price == 1500
    assert a_slip().shown(with_prices=False).items[0].unit_price is None
    assert a_slip().thanks == "Thank you"


def test_a_gift_never_shows_prices() -> None:
    assert a_slip(is_gift=True).shown(with_prices=True).items[0].unit_price is None


def test_a_gift_is_known_by_its_tag_or_by_what_the_buyer_writes() -> None:
    assert is_gift("", ["Gift"])
    assert is_gift("Please wrap it, it is a GIFT for Jo", [])
    assert not is_gift("Same as my last order", ["vip"])
    assert not is_gift("I love your gifted potter", [])


def test_a_slip_counts_what_the_packer_holds() -> None:
    kit = SlipItem(
        "SET", "Set", 1, "", 4500, (SlipPart("TEA", "", 1, ""), SlipPart("MUG", "", 2, ""))
    )
    assert a_slip(items=(kit, SlipItem("POT", "", 2, ""))).units == 5


def test_an_address_is_written_without_its_empty_lines() -> None:
    address = Address("Ann", "", "1 Main St", "", "", "Reno", "NV", "89501", "US")
    assert ship_to(address) == ("Ann", "1 Main St", "Reno, NV 89501", "US")

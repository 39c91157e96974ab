"""What has the owner said about money and places that routing needs to know?

The values are the desk's own policy, kept in versions as data. Whatever is not said is the usual for
the kind of channel: a marketplace punishes what an own store's customers forgive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from typing import Any, Final, NamedTuple


@dataclass(frozen=True, slots=True)
class ChannelMoney:
    """What a channel's orders cost when things go wrong, in minor units; ``fee_bp`` of the price."""

    fee_bp: int = 290
    split: int = 250
    late_ship: int = 400
    late_delivery: int = 500
    late_day: int = 150
    unfilled: int = 6000


MARKETPLACE: Final = ChannelMoney(1500, 300, 2500, 1200, 300, 12_000)
OWN_STORE: Final = ChannelMoney()


@dataclass(frozen=True, slots=True)
class PlaceWork:
    """What a location's work costs beyond an order's handling, and when its parcels are fetched."""

    pickup: time = time(17)
    handling_days: int = 0
    line: int = 0
    unit: int = 0
    fragile_unit: int = 0
    rank: int = 100
    slots_on: Mapping[date, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ()


class HeldUnits(NamedTuple):
    """Units of a SKU at a location that are held for one channel, all by code."""

    sku: str
    location: str
    channel: str
    units: int


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """The routing policy in force; version 0 is what a desk does before its owner says anything.

    ``parcel_worth`` is how much dearer one parcel may be than two.
    """

    version: int = 0
    promise_first: bool = True
    parcel_worth: int = 50
    channels: Mapping[str, ChannelMoney] = field(default_factory=dict)
    places: Mapping[str, PlaceWork] = field(default_factory=dict)
    held: tuple[HeldUnits, ...] = ()
    carriers_rest: bool = True

    def money(self, channel: str, kind: str) -> ChannelMoney:
        """Return what a channel's orders cost when things go wrong."""
        usual = MARKETPLACE if kind == "marketplace" else OWN_STORE
        return self.channels.get(channel, usual)

    def work(self, place: str) -> PlaceWork:
        """Return what is known of a location's work."""
        return self.places.get(place, _USUAL_WORK)


_USUAL_WORK: Final = PlaceWork()


def routing_policy(
    version: int, body: Mapping[str, Any], kinds: Mapping[str, str]
) -> RoutingPolicy:
    """Return the policy from its stored form; ``kinds`` of channels say what is usual for each.

    Raises:
        ValueError: something in it is not known, or is not what it should be.
    """
    _only(body, ("promise_first", "parcel_worth", "channels", "locations", "held", "carriers_rest"))
    return RoutingPolicy(
        version,
        _truth(body.get("promise_first", True)),
        _amount(body.get("parcel_worth", 50)),
        {code: _money(code, row, kinds) for code, row in body.get("channels", {}).items()},
        {code: _work(row) for code, row in body.get("locations", {}).items()},
        tuple(HeldUnits(row["sku"], row["location"], row["channel"], _amount(row["units"]))
              for row in body.get("held", ())),
        _truth(body.get("carriers_rest", True)),
    )  # fmt: skip


def _only(row: Mapping[str, Any], known: Sequence[str]) -> None:
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise ValueError(f"“{unknown[0]}” is not known here; known are {', '.join(known)}")


def _amount(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no whole number from 0 on")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _money(code: str, row: Mapping[str, Any], kinds: Mapping[str, str]) -> ChannelMoney:
    usual = MARKETPLACE if kinds.get(code) == "marketplace" else OWN_STORE
    _only(row, [each.name for each in fields(ChannelMoney)])
    return replace(usual, **{name: _amount(value) for name, value in row.items()})


def _work(row: Mapping[str, Any]) -> PlaceWork:
    known = [each.name for each in fields(PlaceWork)]
    _only(row, known)
    counts = {name: _amount(row[name]) for name in ("handling_days", "line", "unit", "fragile_unit",
              "rank") if name in row}  # fmt: skip
    slots = row.get("slots_on", {})
    return PlaceWork(
        pickup=time.fromisoformat(row.get("pickup", "17:00")),
        slots_on={date.fromisoformat(day): _amount(count) for day, count in slots.items()},
        channels=tuple(row.get("channels", ())),
        **counts,
    )

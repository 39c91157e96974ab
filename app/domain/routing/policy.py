"""What has the owner said about money, places and goods that routing needs to know?

The values are the desk's own policy, kept in versions as data. Whatever is not said is the usual for
the kind of channel: a marketplace punishes what an own store's customers forgive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from typing import Any, Final, NamedTuple

from app.domain.routing.objectives import USUAL, Objectives, objectives_from, usual_objectives


@dataclass(frozen=True, slots=True)
class ChannelMoney:
    """What a channel's orders cost when things go wrong, in minor units; ``fee_bp`` of the price.

    ``backorder`` is what a later parcel costs, ``backorder_loss_bp`` the share of its margin that is lost.
    ``levels`` are the services (by name) that may be used instead of the one that was bought, if they are
    no slower; none: the one that was bought.
    """

    fee_bp: int = 290
    split: int = 250
    late_ship: int = 400
    late_delivery: int = 500
    late_day: int = 150
    unfilled: int = 6000
    backorder: int = 900
    backorder_loss_bp: int = 2500
    levels: tuple[str, ...] = ()


MARKETPLACE: Final = ChannelMoney(1500, 300, 2500, 1200, 300, 12_000, 900, 4000)
OWN_STORE: Final = ChannelMoney()


@dataclass(frozen=True, slots=True)
class PlaceWork:
    """What a location's work costs beyond an order's handling, and when its parcels are fetched.

    ``slots_on`` are the parcels of single days instead of the location's own capacity.
    """

    pickup: time = time(17)
    handling_days: int = 0
    line: int = 0
    unit: int = 0
    fragile_unit: int = 0
    rank: int = 100
    slots_on: Mapping[date, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Return whether it says nothing."""
        return self == _USUAL_WORK


class HeldUnits(NamedTuple):
    """Units of a SKU at a location that are held for one channel, all by code."""

    sku: str
    location: str
    channel: str
    units: int


class Substitute(NamedTuple):
    """What may be sent instead of a SKU, by code; ``cost`` is what the buyer is given for a unit.

    Nothing is substituted before somebody has approved it. No channels: all that allow substitutes.
    """

    sku: str
    substitute: str
    channels: tuple[str, ...] = ()
    cost: int = 0
    approved_by: str = ""

    def is_for(self, channel: str) -> bool:
        """Return whether it may be used for a channel's orders."""
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """The routing policy in force; version 0 is what a desk does before its owner says anything.

    ``packaging`` is what a parcel's box and filling cost, minor units.
    """

    version: int = 0
    objectives: Objectives = USUAL
    packaging: int = 0
    channels: Mapping[str, ChannelMoney] = field(default_factory=dict)
    places: Mapping[str, PlaceWork] = field(default_factory=dict)
    held: tuple[HeldUnits, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    carriers_rest: bool = True

    def money(self, channel: str, kind: str) -> ChannelMoney:
        """Return what a channel's orders cost when things go wrong."""
        usual = MARKETPLACE if kind == "marketplace" else OWN_STORE
        return self.channels.get(channel, usual)

    def work(self, place: str) -> PlaceWork:
        """Return what is known of a location's work."""
        return self.places.get(place, _USUAL_WORK)

    @property
    def is_plain(self) -> bool:
        """Return whether one look at each location is enough: nothing is shared or limited by it."""
        return (
            self.objectives.is_usual
            and not self.held
            and all(each.is_plain for each in self.places.values())
            and not any(each.levels for each in self.channels.values())
        )


_USUAL_WORK: Final = PlaceWork()
_PARTS: Final = ("objectives", "packaging", "carriers_rest", "channels", "locations", "held",
                 "substitutes")  # fmt: skip
_BEFORE: Final = ("promise_first", "parcel_worth")
"""How objectives were stored once."""


def routing_policy(
    version: int, body: Mapping[str, Any], kinds: Mapping[str, str]
) -> RoutingPolicy:
    """Return the policy from its stored form; ``kinds`` of channels say what is usual for each.

    Raises:
        ValueError: something in it is not known, or is not what it should be.
    """
    _only(_table(body), (*_PARTS, *_BEFORE))
    return RoutingPolicy(
        version,
        _objectives(body),
        _amount(body.get("packaging", 0)),
        {code: _money(code, _table(row), kinds)
         for code, row in _table(body.get("channels", {})).items()},
        {code: _work(_table(row)) for code, row in _table(body.get("locations", {})).items()},
        tuple(map(_held, _rows(body.get("held", ())))),
        tuple(map(_substitute, _rows(body.get("substitutes", ())))),
        _truth(body.get("carriers_rest", True)),
    )  # fmt: skip


def policy_as_said(policy: RoutingPolicy, kinds: Mapping[str, str]) -> dict[str, Any]:
    """Return the policy as it is stored: every part, and of channels and locations what is not usual."""
    return {
        "objectives": policy.objectives.as_said(),
        "packaging": policy.packaging,
        "carriers_rest": policy.carriers_rest,
        "channels": {
            code: found
            for code, each in sorted(policy.channels.items())
            if (found := _unusual(each, _usual_money(code, kinds)))
        },
        "locations": {
            code: found
            for code, each in sorted(policy.places.items())
            if (found := _unusual(each, _USUAL_WORK))
        },
        "held": [each._asdict() for each in policy.held],
        "substitutes": [
            {**each._asdict(), "channels": list(each.channels)} for each in policy.substitutes
        ],
    }


def _unusual(each: ChannelMoney | PlaceWork, usual: ChannelMoney | PlaceWork) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name in (one.name for one in fields(each))
        if (value := getattr(each, name)) != getattr(usual, name)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        return {day.isoformat(): count for day, count in sorted(value.items())}
    return list(value) if isinstance(value, tuple) else value


def _objectives(body: Mapping[str, Any]) -> Objectives:
    if "objectives" in body:
        return objectives_from(_texts(body["objectives"]))
    first, worth = _truth(body.get("promise_first", True)), _amount(body.get("parcel_worth", 50))
    return usual_objectives(worth, promise_first=first)


def _table(row: Any) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise TypeError(f"{row!r} stands where a table belongs")
    return row


def _rows(said: Any) -> list[Mapping[str, Any]]:
    if not isinstance(said, Sequence) or isinstance(said, str):
        raise TypeError(f"{said!r} stands where a list belongs")
    return [_table(each) for each in said]


def _texts(said: Any) -> tuple[str, ...]:
    is_list = isinstance(said, Sequence) and not isinstance(said, str)
    if not is_list or not all(isinstance(each, str) for each in said):
        raise ValueError(f"{said!r} is no list of names")
    return tuple(said)


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


def _text(row: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise ValueError(f"“{name}” has to be a name")
    return value.strip()


def _usual_money(code: str, kinds: Mapping[str, str]) -> ChannelMoney:
    return MARKETPLACE if kinds.get(code) == "marketplace" else OWN_STORE


def _money(code: str, row: Mapping[str, Any], kinds: Mapping[str, str]) -> ChannelMoney:
    _only(row, [each.name for each in fields(ChannelMoney)])
    said: dict[str, Any] = {
        name: _texts(value) if name == "levels" else _amount(value) for name, value in row.items()
    }
    return replace(_usual_money(code, kinds), **said)


def _work(row: Mapping[str, Any]) -> PlaceWork:
    known = [each.name for each in fields(PlaceWork)]
    _only(row, known)
    counts = {name: _amount(row[name]) for name in ("handling_days", "line", "unit", "fragile_unit",
              "rank") if name in row}  # fmt: skip
    slots = _table(row.get("slots_on", {}))
    return PlaceWork(
        pickup=time.fromisoformat(str(row.get("pickup", "17:00"))),
        slots_on={date.fromisoformat(day): _amount(count) for day, count in slots.items()},
        channels=_texts(row.get("channels", ())),
        **counts,
    )


def _held(row: Mapping[str, Any]) -> HeldUnits:
    _only(row, HeldUnits._fields)
    return HeldUnits(
        _text(row, "sku"), _text(row, "location"), _text(row, "channel"), _amount(row.get("units"))
    )


def _substitute(row: Mapping[str, Any]) -> Substitute:
    _only(row, Substitute._fields)
    found = Substitute(
        _text(row, "sku"), _text(row, "substitute"), _texts(row.get("channels", ())),
        _amount(row.get("cost", 0)), _text(row, "approved_by", needed=False),
    )  # fmt: skip
    if found.sku == found.substitute:
        raise ValueError(f"{found.sku} cannot stand in for itself")
    return found

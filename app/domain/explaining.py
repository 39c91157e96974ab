"""Why is this location suggested, what would the others cost, and why not there? In sentences.

Amounts and days are written by a :class:`Wording`, so that the window and the command line can each
speak the reader's own way; the plain one here needs no locale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.flipping import flips
from app.domain.money import to_decimal
from app.domain.telling_goods import goods_notes

_GONE = "a location that is gone"


def plain_money(minor: int, currency: str) -> str:
    """Return an amount such as "8.25 USD"."""
    return f"{to_decimal(minor, currency):,} {currency}"


def plain_day(day: date) -> str:
    """Return a day such as "Mon 12 Oct"."""
    return f"{day:%a} {day.day} {day:%b}"


@dataclass(frozen=True, slots=True)
class Wording:
    """How an amount (minor units, currency) and a day are written."""

    money: Callable[[int, str], str] = plain_money
    day: Callable[[date], str] = plain_day


PLAIN = Wording()


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in an explanation are called: locations by name, SKUs by code."""

    locations: Mapping[int, str] = field(default_factory=dict)
    skus: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One suggested parcel; ``cost`` = ``postage`` + ``handling``, minor units."""

    location_id: int
    location: str
    items: str
    cost: int
    postage: int
    handling: int
    zone: int
    leaves_on: date
    arrives_on: date
    is_late: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another location that has everything; ``extra`` is what it costs more (minor units).

    The cost is postage and handling.
    """

    location_id: int
    location: str
    cost: int
    extra: int
    leaves_on: date
    arrives_on: date
    is_late: bool
    sentence: str
    late: str = ""  # what comes too late: leaves, arrives, both
    postage: int = 0
    handling: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A location that cannot ship the order alone, and why, in one sentence."""

    location_id: int
    location: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A suggestion as a person reads it. ``cost`` is minor units of ``currency``.

    ``headline`` says what is proposed, ``reason`` why. ``is_kept`` says whether the promise to the
    customer would be kept; ``is_complete`` whether every reserved unit is in a parcel. ``flips`` say what
    would have made another location the choice, ``rules`` which rules applied, ``decided_by`` which versions
    of the policies; ``goods`` tell of substitutes and of lines that wait.
    """

    headline: str
    reason: str
    service: str
    cost: int
    currency: str
    is_complete: bool
    is_kept: bool
    parcels: tuple[ParcelView, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    flips: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rulebook_version: int | None = None
    decided_by: str = ""
    goods: tuple[str, ...] = ()


def explain(
    stored: Mapping[str, Any], currency: str, names: Names, wording: Wording = PLAIN
) -> Explanation:
    """Put a stored suggestion into words: parcels, alternatives with money, refusals."""
    service = str(stored.get("service", ""))
    parcels = tuple(_parcel(each, service, currency, names, wording) for each in stored["parcels"])
    cost = sum(parcel.cost for parcel in parcels)
    is_complete = bool(stored["complete"])
    judged = stored["candidates"]
    alternatives = _alternatives(judged, parcels, currency, names, wording) if is_complete else ()
    return Explanation(
        headline=_headline(parcels, cost, currency, is_complete, wording),
        reason=_reason(parcels, alternatives, is_complete, currency, wording),
        service=service,
        cost=cost,
        currency=currency,
        is_complete=is_complete,
        is_kept=bool(parcels) and not any(parcel.is_late for parcel in parcels),
        parcels=parcels,
        alternatives=alternatives,
        flips=flips(
            stored, names.locations, names.skus, lambda minor: wording.money(minor, currency)
        ),
        rules=tuple(stored.get("rules", {}).get("met", ())),
        rulebook_version=stored.get("rules", {}).get("version"),
        goods=goods_notes(
            stored, names.skus, lambda minor: wording.money(minor, currency), wording.day
        ),
        decided_by=_decided_by(stored.get("policies", {})),
        refusals=tuple(
            _refusal(each, names)
            for each in judged
            if each.get("rule") or each.get("missing") or each.get("blocked")
        ),
    )


def _decided_by(versions: Mapping[str, int]) -> str:
    said = [f"{name} version {versions[kind]}" for kind, name in _POLICIES if versions.get(kind)]
    return f"Decided by {', '.join(said)}." if said else ""


_POLICIES = (("rates", "rate tables"), ("channels", "policy sheet"), ("routing", "routing policy"))


def difference(cost: int, suggested: int, currency: str, wording: Wording = PLAIN) -> str:
    """Say how a decision's cost compares with the suggestion's (minor units)."""
    if cost == suggested:
        return "It costs the same as the suggestion."
    apart = wording.money(abs(cost - suggested), currency)
    return f"It costs {apart} {'more' if cost > suggested else 'less'} than the suggestion."


def item_list(items: Sequence[tuple[str, int]]) -> str:
    """Return SKU codes with units as one text: "2 × TEA-001, 1 × MUG-BLUE"."""
    units: dict[str, int] = {}
    for code, quantity in items:
        units[code] = units.get(code, 0) + quantity
    return ", ".join(f"{quantity} × {code}" for code, quantity in units.items())


def _parcel(
    each: Mapping[str, Any], service: str, currency: str, names: Names, wording: Wording
) -> ParcelView:
    location = names.locations.get(each["location"], _GONE)
    service = each.get("service", service)
    items = item_list([(names.skus.get(sku, "?"), n) for _line, sku, n in each["units"]])
    leaves, arrives = _days(each)
    cost = each["postage"] + each["handling"]
    parts = f"postage {wording.money(each['postage'], currency)}"
    if each["handling"]:
        parts += f" and handling {wording.money(each['handling'], currency)}"
    sentence = (
        f"{location} ships {items} by {service} for {wording.money(cost, currency)} ({parts}): "
        f"{_promise(each, currency, wording, leaves=True)}{_safety(each.get('safety_used', 0))}."
    )
    return ParcelView(
        each["location"], location, items, cost, each["postage"], each["handling"], each["zone"],
        leaves, arrives, bool(each.get("late")), sentence,
    )  # fmt: skip


def _days(each: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(each["ships_on"]), date.fromisoformat(each["arrives_on"])


def _promise(
    each: Mapping[str, Any], currency: str, wording: Wording, *, leaves: bool = False
) -> str:
    """Say when it leaves (if that is asked, or is late) and arrives, and which of them was promised sooner."""
    out, home = map(wording.day, _days(each))
    if not each.get("late", False):
        return f"leaves {out}, arrives {home}, in time" if leaves else f"arrives {home}, in time"
    late = _late(each)
    said = {
        "leaves": f"leaves {out}, {_LATER}, and arrives {home}",
        "arrives": f"leaves {out} and arrives {home}, which is {_LATER}",
        "both": f"leaves {out} and arrives {home}, both {_LATER}",
    }[late]
    penalty = each.get("penalty", 0)
    return said + (f"; that costs about {wording.money(penalty, currency)}" if penalty else "")


def _late(each: Mapping[str, Any]) -> str:
    """Return what comes too late: leaves, arrives, both; older suggestions note only that something does."""
    late = each.get("late", "")
    return late if isinstance(late, str) else "arrives" if late else ""


_LATER = "later than promised"


def _safety(units: int) -> str:
    if not units:
        return ""
    return f", and takes {units} {'unit' if units == 1 else 'units'} of the safety stock"


def _alternatives(
    judged: Sequence[Mapping[str, Any]],
    parcels: tuple[ParcelView, ...],
    currency: str,
    names: Names,
    wording: Wording,
) -> tuple[Alternative, ...]:
    taken = {parcel.location_id for parcel in parcels}
    chosen = sum(parcel.cost for parcel in parcels)
    able = [
        each
        for each in judged
        if not any((each.get("missing"), each.get("rule"), each.get("blocked")))
        and each["location"] not in taken
    ]
    views = [_alternative(each, chosen, currency, names, wording) for each in able]
    return tuple(sorted(views, key=lambda view: (view.is_late, view.cost, view.location)))


def _alternative(
    each: Mapping[str, Any], chosen: int, currency: str, names: Names, wording: Wording
) -> Alternative:
    location = names.locations.get(each["location"], _GONE)
    leaves, arrives = _days(each)
    cost = each["postage"] + each["handling"]
    parts = (
        f"postage {wording.money(each['postage'], currency)} and "
        f"handling {wording.money(each['handling'], currency)}"
    )
    sentence = (
        f"{location}: {wording.money(cost, currency)} ({parts}), "
        f"{_apart(cost - chosen, currency, wording)}, {_promise(each, currency, wording)}"
        f"{_safety(each.get('safety_used', 0))}."
    )
    return Alternative(
        each["location"],
        location,
        cost,
        cost - chosen,
        leaves,
        arrives,
        bool(each.get("late")),
        sentence,
        _late(each),
        each["postage"],
        each["handling"],
    )


def _apart(extra: int, currency: str, wording: Wording) -> str:
    if not extra:
        return "the same money"
    return f"{wording.money(abs(extra), currency)} {'more' if extra > 0 else 'less'}"


def _refusal(each: Mapping[str, Any], names: Names) -> Refusal:
    location = names.locations.get(each["location"], _GONE)
    if each.get("rule"):
        return Refusal(
            each["location"], location, f"{location}: the rule “{each['rule']}” keeps it out."
        )
    blocked = each.get("blocked", "")
    if not each.get("missing"):
        said = _BLOCKED.get(blocked, "it cannot ship this order")
        return Refusal(each["location"], location, f"{location}: {said}.")
    sku, needed, free = each["missing"]
    held = "; the others are held for another channel" if blocked == "reserve_exceeded" else ""
    return Refusal(
        each["location"],
        location,
        f"{location}: {names.skus.get(sku, 'a SKU')} has {free} free, {needed} needed{held}.",
    )


_BLOCKED: Mapping[str, str] = {
    "location_not_eligible": "it does not ship for this channel",
    "bad_ship_date": "it is closed on every day that is planned",
    "service_not_eligible": "no service goes from there to this address",
    "level_not_allowed": "no service from there is one that this order may use",
    "level_downgraded": "only slower services than the one bought go from there",
    "weight_limit": "no service from there takes a parcel as heavy",
    "hazmat": "no service from there takes dangerous goods",
    "capacity_exceeded": "it has no parcel left to hand over on any day that is planned",
}


def _headline(
    parcels: tuple[ParcelView, ...], cost: int, currency: str, is_complete: bool, wording: Wording
) -> str:
    if not parcels:
        return "No location can ship this order."
    places = " and ".join(parcel.location for parcel in parcels)
    money = wording.money(cost, currency)
    if not is_complete:
        return f"Ship a part of it from {places} for {money}; the rest waits."
    if len(parcels) > 1:
        return f"Ship {len(parcels)} parcels from {places} for {money}."
    return f"Ship from {places} for {money}."


def _reason(
    parcels: tuple[ParcelView, ...],
    alternatives: tuple[Alternative, ...],
    is_complete: bool,
    currency: str,
    wording: Wording,
) -> str:
    if not parcels:
        return "Nothing of it is free at a location that ships."
    if not is_complete:
        return "No location, and no allowed set of locations, has all of it."
    if len(parcels) > 1:
        return "No single location has everything, and this channel's orders may be split."
    if not alternatives:
        return "It is the only location that has everything."
    return _compared(parcels[0], alternatives, currency, wording)


def _compared(
    chosen: ParcelView, others: tuple[Alternative, ...], currency: str, wording: Wording
) -> str:
    """Say what speaks for the chosen location against the cheapest of the others."""
    cheapest = min(others, key=lambda other: (other.cost, other.is_late))
    if cheapest.extra > 0:
        saved = wording.money(cheapest.extra, currency)
        return f"It is the cheapest by {saved}{'' if chosen.is_late else ', and in time'}."
    if cheapest.extra == 0:
        return f"It costs as little as {cheapest.location} and is the nearer one."
    cheaper = f"{cheapest.location} would be {wording.money(-cheapest.extra, currency)} cheaper"
    if cheapest.is_late and not chosen.is_late:
        verb = "leaves" if cheapest.late == "leaves" else "arrives"
        return f"{cheaper}, but {verb} {_LATER}."
    return f"{cheaper}, but would take safety stock."

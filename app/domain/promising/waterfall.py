"""How many units is each channel told, and how does what lies on the shelves become that number?

One function answers for the window, the files, the command line and the tests: ``promises``. Every
step says what it adds or takes, why, and what opens behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.promising.buffers import buffer_of
from app.domain.promising.goods import Arrival, Kit, Outlet, Place, Stock
from app.domain.promising.policy import Decider, Incoming, Oversell
from app.domain.promising.reserves import exclusive


class Step(NamedTuple):
    """One step: units before and after it, why, and what opens behind it as (kind, name)."""

    label: str
    before: int
    after: int
    why: str = ""
    opens: tuple[str, str] = ("", "")

    @property
    def change(self) -> int:
        """What it adds or takes."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Promise:
    """What one outlet is told, ``None`` if nothing: then ``withheld`` says why.

    ``exclusive`` are the units that only it may sell. The last step ends at ``units``.
    """

    outlet: Outlet
    units: int | None
    steps: tuple[Step, ...]
    exclusive: int = 0
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Sellable:
    """What could be sold at all: ``units``, or what is missing (``short``), and the way there."""

    units: int
    short: int
    steps: tuple[Step, ...]


def promises(goods: Stock | Kit, outlets: Sequence[Outlet], *, today: date) -> tuple[Promise, ...]:
    """Return what each outlet is told of a SKU, in the order of the outlets."""
    if isinstance(goods, Kit):
        return _of_kit(goods, outlets, today)
    if not goods.is_known:
        return tuple(Promise(each, None, (), withheld=_UNCOUNTED) for each in outlets)
    base = sellable(goods)
    kept = exclusive(base.units, outlets)
    return tuple(
        _finished(_shared(goods, base, kept, each, outlets, today), each, outlets, kept)
        for each in outlets
    )


def sellable(stock: Stock) -> Sellable:
    """Return what could be sold of a SKU at all, before any channel's row of the sheet."""
    way = _Way([])
    ours = [place for place in stock.places if place.is_shared]
    on_hand = sum(place.on_hand for place in stock.places)
    way.add("On hand", on_hand, _at(stock.places), ("movements", "on_hand"), always=True)
    way.add("In a channel's own warehouse", sum(place.on_hand for place in ours) - on_hand,
            "Only that channel sells them.", ("movements", "on_hand"))  # fmt: skip
    way.add("Unavailable", -sum(place.unavailable for place in ours),
            "Damaged, in quarantine or returned.", ("movements", "unavailable"))  # fmt: skip
    way.add("Allocated to accepted orders", -sum(place.allocated for place in ours),
            "They wait to be packed.", ("orders", "status:accepted"))  # fmt: skip
    way.add("Below zero at a location", sum(-place.free for place in ours if place.free < 0),
            "It takes nothing from the others.", ("movements", ""))  # fmt: skip
    way.add("Safety stock", -sum(_kept_back(place) for place in ours), _safety(ours),
            ("places", ""))  # fmt: skip
    way.add("Reserved for orders", -stock.reserved, "Sold, and not decided yet.",
            ("orders", "status:open"))  # fmt: skip
    short = max(0, -way.total)
    way.add("More sold than there is", short, "Somebody waits for them.", ("movements", "reserved"))
    return Sellable(way.total, short, tuple(way.steps))


def sellable_units(goods: Stock | Kit) -> int:
    """Return how many could be sold at all; of a kit, what its scarcest part allows."""
    if isinstance(goods, Stock):
        return sellable(goods).units
    return min((sellable(part).units // each for part, each in goods.parts), default=0)


def before_the_sheet(goods: Stock | Kit) -> tuple[Step, ...]:
    """Return how many are for sale before any channel's row of the sheet, and the way there."""
    if isinstance(goods, Stock):
        way = _Way(list(sellable(goods).steps))
    elif goods.parts:
        bases = [(stock, each, sellable(stock)) for stock, each in goods.parts]
        way = _scarcest([(stock, each, _Way(list(base.steps))) for stock, each, base in bases])
    else:
        way = _Way([])
    way.add("For sale", 0, "", ("", ""), always=True)
    return tuple(way.steps)


_UNCOUNTED = "Nobody has counted it yet, and unknown is not zero."
_MADE_OF_NOTHING = "Nobody has said what is in it."
_DECIDED = {
    Decider.CHANNEL: "The channel decides its own stock numbers.",
    Decider.ELSEWHERE: "Another system tells this channel its stock numbers.",
    Decider.NOBODY: "Nothing is deciding what this channel is told.",
}


@dataclass(slots=True)
class _Way:
    """The steps so far; ``short`` units are sold and not there, ``later`` ones come by ``due``."""

    steps: list[Step]
    short: int = 0
    later: int = 0
    due: date | None = None

    @property
    def total(self) -> int:
        return self.steps[-1].after if self.steps else 0

    def add(
        self, label: str, change: int, why: str, opens: tuple[str, str], *, always: bool = False
    ) -> None:
        if change or always:
            total = self.total
            self.steps.append(Step(label, total, total + change, why, opens))


def _shared(
    stock: Stock, base: Sellable, kept: dict[int, int], outlet: Outlet,
    outlets: Sequence[Outlet], today: date,
) -> _Way:  # fmt: skip
    """Go from what is sellable to what this outlet may count on."""
    way = _Way(list(base.steps), base.short)
    if stock.arrivals:
        _count_arrivals(way, stock, base, outlet, today)
    for other in outlets:
        if other.id != outlet.id and kept.get(other.id):
            way.add(f"Kept for {other.name}", -kept[other.id], "The policy sheet says so.",
                    ("policy", f"{other.channel}:reserve"))  # fmt: skip
    if not way.total or not outlet.rules.has_buffer:
        return way
    standing = _standing(outlet, outlets) if outlet.rules.buffer_dynamic else 0
    buffer = buffer_of(outlet, base.units, stock.pace, standing)
    way.add("Buffer", -min(buffer.units, way.total), f"Held back: {buffer.why}.",
            ("policy", f"{outlet.channel}:buffer"))  # fmt: skip
    return way


def _count_arrivals(way: _Way, stock: Stock, base: Sellable, outlet: Outlet, today: date) -> None:
    """Add what is on its way and counts here; the rest with a date may be promised for later."""
    counted = _counted(stock, outlet, today)
    later = [each for each in stock.arrivals if each.due is not None and each not in counted]
    way.later = sum(each.units for each in later)
    way.due = max((each.due for each in later if each.due is not None), default=None)
    coming = sum(each.units for each in counted)
    way.short = max(0, base.short - coming)
    way.add("On its way", max(0, coming - base.short), _coming(outlet), ("incoming", ""))


def _finished(
    way: _Way, outlet: Outlet, outlets: Sequence[Outlet], kept: dict[int, int]
) -> Promise:
    """Go on to the number that it is told."""
    rules = outlet.rules
    if rules.stock_owner is not Decider.DESK:
        return Promise(outlet, None, tuple(way.steps), withheld=_DECIDED[rules.stock_owner])
    if 0 < way.total <= rules.gives_way_at and (better := _better(outlet, outlets)):
        way.add("The last units", -way.total, f"Left to {better}, where more of the price stays: "
                f"{outlet.name} {outlet.kept.says}.",
                ("policy", f"{outlet.channel}:gives_way"))  # fmt: skip
    if rules.oversell is not Oversell.NEVER:
        way.add("May be sold beyond that", max(0, _beyond(way, outlet) - way.short),
                _oversell(way, outlet), ("policy", f"{outlet.channel}:oversell"))  # fmt: skip
    if rules.cap is not None and way.total > rules.cap:
        way.add(f"At most {rules.cap:,} are shown", rules.cap - way.total, "The policy sheet says so.",
                ("policy", f"{outlet.channel}:cap"))  # fmt: skip
    mine = kept.get(outlet.id, 0)
    way.add(f"{outlet.name} is told", 0, f"{mine:,} of them only here." if mine else "",
            ("policy", outlet.channel), always=True)  # fmt: skip
    return Promise(outlet, way.total, tuple(way.steps), mine)


def _of_kit(kit: Kit, outlets: Sequence[Outlet], today: date) -> tuple[Promise, ...]:
    if not kit.is_known:
        why = _UNCOUNTED if kit.parts else _MADE_OF_NOTHING
        return tuple(Promise(each, None, (), withheld=why) for each in outlets)
    bases = [(stock, each, sellable(stock)) for stock, each in kit.parts]
    kept = [exclusive(base.units, outlets) for _stock, _each, base in bases]
    found = []
    for outlet in outlets:
        ways = [
            (stock, each, _shared(stock, base, mine, outlet, outlets, today))
            for (stock, each, base), mine in zip(bases, kept, strict=True)
        ]
        found.append(_finished(_scarcest(ways), outlet, outlets, {}))
    return tuple(found)


def _scarcest(ways: Sequence[tuple[Stock, int, _Way]]) -> _Way:
    """Return the way of a kit: what each part allows, then the fewest."""
    steps = [
        Step(f"{stock.sku}, {each} in each", way.total, way.total // each,
             f"{way.total:,} of them may be used here.", ("sku", stock.sku))
        for stock, each, way in ways
    ]  # fmt: skip
    fewest = min(steps, key=lambda step: step.after)
    steps.append(
        Step("The scarcest part", fewest.after, fewest.after,
             f"{fewest.opens[1]} sets the number.", fewest.opens)
    )  # fmt: skip
    return _Way(
        steps,
        max(-(-way.short // each) for _stock, each, way in ways),
        min(way.later // each for _stock, each, way in ways),
        max((way.due for _stock, _each, way in ways if way.due is not None), default=None),
    )


def _counted(stock: Stock, outlet: Outlet, today: date) -> Sequence[Arrival]:
    """Return what is on its way that this outlet may promise already."""
    rules = outlet.rules
    if rules.incoming is Incoming.NEVER:
        return ()
    last = today + timedelta(days=rules.incoming_days)
    return [
        each
        for each in stock.arrivals
        if rules.incoming is Incoming.ALL or (each.due is not None and each.due <= last)
    ]


def _beyond(way: _Way, outlet: Outlet) -> int:
    """Return how many may be sold that are not there; a backorder needs a delivery with a date."""
    rules = outlet.rules
    if rules.oversell is Oversell.BACKORDER:
        return min(rules.oversell_units, way.later)
    return rules.oversell_units if rules.oversell is Oversell.UP_TO else 0


def _better(outlet: Outlet, outlets: Sequence[Outlet]) -> str:
    """Return who has the better margin; nobody if none that the desk tells numbers has."""
    better = [
        each
        for each in outlets
        if each.kept.percent < outlet.kept.percent and each.rules.stock_owner is Decider.DESK
    ]
    return min(better, key=lambda each: each.rank).name if better else ""


def _standing(outlet: Outlet, outlets: Sequence[Outlet]) -> int:
    """Return where the outlet's margin stands among all, 0 (best) to 100."""
    fees = sorted({each.kept.percent for each in outlets})
    return 100 * fees.index(outlet.kept.percent) // (len(fees) - 1) if len(fees) > 1 else 0


def _kept_back(place: Place) -> int:
    """Return what the safety stock keeps back: never more than is free."""
    return max(0, min(place.free, place.safety_stock))


def _at(places: Sequence[Place]) -> str:
    there = [f"{place.name} {place.on_hand:,}" for place in places if place.on_hand]
    return ", ".join(there) or "Nothing anywhere."


def _safety(places: Sequence[Place]) -> str:
    return ", ".join(f"{place.name} {_kept_back(place):,}" for place in places if _kept_back(place))


def _coming(outlet: Outlet) -> str:
    rules = outlet.rules
    if rules.incoming is Incoming.ALL:
        return "What is on its way counts on this channel."
    return f"What is due within {rules.incoming_days} days counts on this channel."


def _oversell(way: _Way, outlet: Outlet) -> str:
    if outlet.rules.oversell is Oversell.BACKORDER and way.due is not None:
        return f"They come by {way.due.isoformat()}; the customer is told that date."
    return f"The policy sheet allows {outlet.rules.oversell_units:,} more than there are."

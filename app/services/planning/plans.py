"""What would a plan for the whole queue change, and what would it save?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.routing.choosing import decide, take
from app.domain.routing.given import given
from app.domain.routing.goods import Wanted
from app.domain.routing.options import Option
from app.domain.routing.preferring import prefer
from app.domain.routing.shelves import Cell, Shelves
from app.services.planning.problem import Queue, Waiting


@dataclass(frozen=True, slots=True)
class Way:
    """From where an order ships: location ids and names (together, and each), money (minor units), the promise.

    ``cost`` is postage and handling, and what ``sends`` costs more: what is sent instead of what was
    ordered. Without places the order cannot ship whole.
    """

    places: tuple[int, ...] = ()
    names: str = ""
    sends: str = ""
    cost: int = 0
    is_late: bool = False
    each: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """One order of a plan: as suggested now, as planned, and the place of each line in the plan.

    ``sending`` are the lines for which the plan takes another SKU than they have reserved.
    """

    order_id: int
    number: str
    channel: str
    is_held: bool
    now: Way
    planned: Way
    at: Mapping[int, int] = field(default_factory=dict)  # line -> location
    sending: Mapping[int, int] = field(default_factory=dict)  # line -> SKU
    differs: bool = False

    @property
    def saving(self) -> int:
        """Return what the change saves, minor units; negative where it costs more."""
        return self.now.cost - self.planned.cost


def taken_over(orders: Iterable[PlannedOrder]) -> dict[str, Any]:
    """Return what ``take_plan`` is to be told to take these over."""
    rows = list(orders)
    return {
        "planned": {each.order_id: dict(each.at) for each in rows},
        "sending": {each.order_id: dict(each.sending) for each in rows if each.sending},
    }


@dataclass(frozen=True, slots=True)
class Totals:
    """What a way to ship the whole queue comes to; ``cost`` is postage and handling.

    ``safety`` are units of safety stock that it would take.
    """

    cost: int
    orders: int
    parcels: int
    late: int
    safety: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan for the queue beside what is suggested now and what one order at a time would give.

    ``may_save`` is how much cheaper than this plan any plan could be at most; 0 where it is proven best.
    ``spared`` is what it costs more to leave safety stock alone, minor units.
    """

    made_at: datetime
    currency: str
    orders: tuple[PlannedOrder, ...]
    now: Totals
    one_by_one: Totals
    planned: Totals
    may_save: int
    is_stopped: bool
    spared: int = 0

    @property
    def changes(self) -> tuple[PlannedOrder, ...]:
        """Return the orders that the plan would ship otherwise."""
        return tuple(each for each in self.orders if each.differs)

    @property
    def saving(self) -> int:
        """Return what the whole plan saves against what is suggested now, minor units."""
        return self.now.cost - self.planned.cost

    @property
    def gap(self) -> float:
        """Return ``may_save`` as a share of the plan's cost."""
        return self.may_save / self.planned.cost if self.planned.cost else 0.0


def propose(queue: Queue, *, seconds: float, ask: Callable[[], bool] | None = None) -> Proposal:
    """Plan the queue; nothing is read and nothing is written. ``ask`` says whether to stop."""
    from app.planning.one_by_one import one_by_one
    from app.planning.queue import plan_queue

    network, orders = queue.moment.network, queue.wanted
    plan = plan_queue(network, orders, queue.shelves(), seconds=seconds, ask=ask)
    alone: dict[int, Option | None] = dict(one_by_one(network, orders, queue.shelves()))
    current = {order.id: given(network, order, waiting.places)
               for order, waiting in zip(orders, queue.waiting, strict=True)}  # fmt: skip
    liked = _as_liked(queue, plan.options)
    spared = _sparing(queue, liked)
    best: dict[int, Option | None] = dict(spared)
    rows = tuple(
        _row(queue, order, waiting, current[order.id], spared[order.id])
        for order, waiting in zip(orders, queue.waiting, strict=True)
    )
    planned = _totals(queue, best)
    return Proposal(
        queue.moment.now,
        queue.moment.rates.currency,
        rows,
        _totals(queue, current),
        _totals(queue, alone),
        planned,
        min(plan.cost - plan.bound, planned.cost),
        ask is not None and ask(),
        planned.cost - _totals(queue, dict(liked)).cost,
    )


def _as_liked(queue: Queue, options: Mapping[int, Option]) -> dict[int, Option]:
    """Let the objectives after money choose among ways about as cheap, each order in turn."""
    aims, network = queue.moment.policy.objectives, queue.moment.network
    if aims.is_usual:
        return dict(options)
    shelves, found = queue.shelves(), dict(options)
    for order in queue.wanted:
        take(network, order, found[order.id], shelves)
    for order in queue.wanted:
        take(network, order, found[order.id], shelves, -1)
        found[order.id] = prefer(network, order, shelves, found[order.id], aims)
        take(network, order, found[order.id], shelves)
    return found


def _sparing(queue: Queue, options: Mapping[int, Option]) -> dict[int, Option]:
    """Leave the safety stock alone where an order ships as punctually without it, the last first."""
    network, shelves, found = queue.moment.network, queue.above_safety(), dict(options)
    for order in queue.wanted:
        take(network, order, found[order.id], shelves)
    for order in reversed(queue.wanted):
        planned = found[order.id]
        if _is_above(planned, shelves):
            continue
        take(network, order, planned, shelves, -1)
        other = decide(network, order, shelves)
        ships = other.allotment is not None and not other.allotment.later
        if ships and (planned.is_late or not other.is_late):
            found[order.id] = other
        take(network, order, found[order.id], shelves)
    return found


def _is_above(option: Option, shelves: Shelves) -> bool:
    """Return whether what an option has taken left the safety stock alone."""
    on = option.allotment
    return on is None or all(
        shelves.there(sku, place) >= 0
        for place, contents in zip(on.places, on.contents, strict=True)
        for sku, _units in contents
    )


def _row(
    queue: Queue, order: Wanted, waiting: Waiting, now: Option | None, planned: Option
) -> PlannedOrder:
    at = _places(order, planned)
    sending = _sending(order, planned)
    return PlannedOrder(
        order.id, waiting.number, waiting.channel, waiting.is_held,
        _way(queue, order, now), _way(queue, order, planned), at, sending,
        bool(at) and (at != dict(waiting.places) or bool(sending)),
    )  # fmt: skip


def _sending(order: Wanted, option: Option) -> dict[int, int]:
    """Return the SKU of each line that is filled otherwise than with what it has reserved."""
    on = option.allotment
    return {
        line.id: line.variants[way].pieces[0].contents[0][0]
        for line, way in zip(order.lines, on.variants if on else (), strict=False)
        if way and line.variants[way].pieces
    }


def _sends(queue: Queue, order: Wanted, option: Option) -> str:
    """Say what is sent instead of what was ordered."""
    on, said = option.allotment, []
    for line, way in zip(order.lines, on.variants if on else (), strict=False):
        sent = line.variants[way or 0]
        if way is not None and sent.substitute:
            ordered = next(each for each in line.variants if not each.substitute)
            ((sku, _units),) = ordered.pieces[0].contents
            said.append(f"{queue.codes[sent.substitute]} instead of {queue.codes[sku]}")
    return " and ".join(said)


def _places(order: Wanted, option: Option) -> dict[int, int]:
    on = option.allotment
    if on is None:
        return {}
    return {
        order.lines[share.line].id: place
        for place, shares in zip(on.places, on.shares, strict=True)
        for share in shares
    }


def _way(queue: Queue, order: Wanted, option: Option | None) -> Way:
    if option is None or option.allotment is None:
        return Way()
    places = option.allotment.places
    each = tuple(queue.moment.names[place] for place in places)
    cost, sends = queue.moment.money(order, option), _sends(queue, order, option)
    return Way(places, " and ".join(each), sends, cost, option.is_late, each)


def _totals(queue: Queue, options: Mapping[int, Option | None]) -> Totals:
    by_id = {order.id: order for order in queue.wanted}
    shipping = [
        each for each in options.values() if each is not None and each.allotment is not None
    ]
    return Totals(
        sum(
            queue.moment.money(by_id[key], each)
            for key, each in options.items()
            if each is not None and each.allotment is not None
        ),
        len(shipping),
        sum(len(each.quotes) for each in shipping),
        sum(each.is_late for each in shipping),
        _safety(queue, shipping),
    )


def _safety(queue: Queue, shipping: Iterable[Option]) -> int:
    """Return how many units of safety stock these options take together."""
    taken: Counter[Cell] = Counter()
    for option in shipping:
        if option.allotment is not None:
            for place, contents in zip(
                option.allotment.places, option.allotment.contents, strict=True
            ):
                taken.update({(sku, place): units for sku, units in contents})
    return sum(max(0, units - queue.safe.get(cell, 0)) for cell, units in taken.items())

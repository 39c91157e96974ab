"""What is there too little of, if all orders wanted it at once?

A row is one scarce thing: units of a SKU at a place, or a place's parcel slots. What is not scarce for
all orders together can be left out of the planning: no plan can ever run short of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.domain.routing.calendar import ShipDay
from app.domain.routing.goods import Wanted
from app.domain.routing.network import Network
from app.domain.routing.options import Option
from app.domain.routing.shelves import Cell, Shelves

Row = tuple[int, ...]
"""(SKU, place, channel) with channel -1 where no units are held for one, or (place, day number)."""
NOBODY = -1


class Slots(NamedTuple):
    """The ship days of a place that planning looks at: slots on each, and up to each of them."""

    days: tuple[ShipDay, ...]
    on: tuple[int | None, ...]
    up_to: tuple[int | None, ...]


class Scarcity:
    """What the orders could want too much of, and how much there is.

    ``by_day`` counts each day's slots; otherwise a parcel counts for all days up to which it may
    wait, and the slots are those up to a day. Both allow the same plans.
    """

    def __init__(
        self, network: Network, orders: Sequence[Wanted], shelves: Shelves, *, by_day: bool
    ) -> None:
        self.network, self.shelves, self.by_day = network, shelves, by_day
        self.slots = {place: self._slots(place, orders) for place in network.places}
        self.limits: dict[Row, int] = {}
        self._limit_slots()
        self.cells = self._wanted_too_much(orders)

    def _slots(self, place_id: int, orders: Sequence[Wanted]) -> Slots:
        """Leave out days without a slot, and days after the one by which all could have left."""
        place = self.network.places[place_id]
        wanting = sum(place.may_serve(each) for each in orders)
        days, on, up_to, total = [], [], [], 0
        for each in self.network.ship_days(place_id):
            count = place.slots_of(each.day)
            left = None if count is None else count - self.shelves.parcels(place_id, each.day)
            if left is not None and left <= 0:
                continue
            total += left or 0
            enough = left is None or total >= wanting
            days.append(each)
            on.append(None if left is None or left >= wanting else left)
            up_to.append(None if enough else total)
            if enough:
                break
        return Slots(tuple(days), tuple(on), tuple(up_to))

    def _limit_slots(self) -> None:
        for place, slots in self.slots.items():
            counts = slots.on if self.by_day else slots.up_to
            for day, count in zip(slots.days, counts, strict=True):
                if count is not None:
                    self.limits[place, day.number] = count

    def _wanted_too_much(self, orders: Sequence[Wanted]) -> set[Cell]:
        """Return the SKUs at places that all orders together could want more of than there is."""
        wanted: dict[int, int] = defaultdict(int)
        for order in orders:
            if not order.hold:
                for sku, units in most_wanted(order).items():
                    wanted[sku] += units
        shelves = self.shelves
        return {
            cell
            for cell in shelves.cells()
            if wanted[cell[0]] > (open_units := shelves.open_units(cell)) and (
                open_units > 0 or cell in shelves.held
            )
        }  # fmt: skip

    def row(self, sku: int, place: int, channel: int) -> Row | None:
        """Return the row of units that a channel takes at a place; ``None`` where enough is there."""
        if (sku, place) not in self.cells:
            return None
        return (sku, place, channel if (sku, place) in self.shelves.held else NOBODY)

    def slot_rows(self, place_id: int, day: int) -> Iterator[Row]:
        """Return the rows on which a parcel counts: its day's, or all up to which it may wait."""
        if self.by_day:
            if (place_id, day) in self.limits:
                yield place_id, day
            return
        for each in self.slots[place_id].days:
            if each.number >= day and (place_id, each.number) in self.limits:
                yield place_id, each.number

    def takes(self, order: Wanted, option: Option) -> dict[Row, int]:
        """Return what an option takes of what is scarce."""
        on, found = option.allotment, dict[Row, int]()
        if on is None:
            return found
        for place, contents, quote in zip(on.places, on.contents, option.quotes, strict=True):
            for sku, units in contents:
                row = self.row(sku, place, order.channel_id)
                if row is not None:
                    found[row] = found.get(row, 0) + units
            for row in self.slot_rows(place, quote.day):
                found[row] = found.get(row, 0) + 1
        return found


def most_wanted(order: Wanted) -> dict[int, int]:
    """Return the most units of each SKU that an order could take, with every substitute."""
    found: dict[int, int] = defaultdict(int)
    for line in order.lines:
        of_line: dict[int, int] = {}
        for variant in line.variants:
            units: dict[int, int] = defaultdict(int)
            for piece in variant.pieces:
                for sku, each in piece.contents:
                    units[sku] += each * piece.units
            for sku, count in units.items():
                of_line[sku] = max(count, of_line.get(sku, 0))
        for sku, count in of_line.items():
            found[sku] += count
    return found

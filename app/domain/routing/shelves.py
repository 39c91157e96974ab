"""How many units and parcels are left at each place while orders take them?

Free units are those after safety stock. Some are held for one channel: a channel draws on its own
first, and what it takes beyond comes from the open rest, which is everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

Cell = tuple[int, int]
"""A SKU at a place."""


class Shelves:
    """The stock and the parcel slots of one moment; it keeps account and is never asked to guess."""

    def __init__(
        self,
        available: Mapping[Cell, int],
        held: Mapping[Cell, Mapping[int, int]] | None = None,
    ) -> None:
        self.available = available
        self.held = held or {}
        self._open = dict(available)
        self._used: dict[Cell, dict[int, int]] = {}
        self._parcels: dict[tuple[int, date], int] = {}
        for cell, mine in self.held.items():
            self._open[cell] = available.get(cell, 0) - sum(mine.values())

    def free(self, sku_id: int, place_id: int, channel_id: int) -> int:
        """Return the units that one more order of a channel could take."""
        cell = (sku_id, place_id)
        left = self._open.get(cell, 0)
        return left + self.own_units(cell, channel_id) if cell in self.held else left

    def open_units(self, cell: Cell) -> int:
        """Return the units left that are held for nobody."""
        return self._open.get(cell, 0)

    def own_units(self, cell: Cell, channel_id: int) -> int:
        """Return the units still held for a channel."""
        used = self._used.get(cell, {}).get(channel_id, 0)
        return max(0, self.held.get(cell, {}).get(channel_id, 0) - used)

    def there(self, sku_id: int, place_id: int) -> int:
        """Return the units left that no order has taken, for whichever channel they are held."""
        cell = (sku_id, place_id)
        mine = self.held.get(cell, ())
        return self._open.get(cell, 0) + sum(self.own_units(cell, channel) for channel in mine)

    def take(self, cell: Cell, channel_id: int, units: int) -> None:
        """Take units for a channel; a negative number puts them back."""
        mine = self.held.get(cell)
        if mine is None:
            self._open[cell] = self._open.get(cell, 0) - units
            return
        used = self._used.setdefault(cell, {})
        before, own = used.get(channel_id, 0), mine.get(channel_id, 0)
        used[channel_id] = before + units
        self._open[cell] -= max(0, before + units - own) - max(0, before - own)

    def parcels(self, place_id: int, day: date) -> int:
        """Return how many parcels have been given to a place for a day."""
        return self._parcels.get((place_id, day), 0)

    def hand_over(self, place_id: int, day: date, count: int = 1) -> None:
        """Give a place a parcel for a day; a negative count takes it back."""
        key = (place_id, day)
        self._parcels[key] = self._parcels.get(key, 0) + count

    def cells(self) -> Iterable[Cell]:
        """Return every SKU at every place that has any."""
        return self.available.keys()

"""What does an order want, in pieces that may or may not leave from different places?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.domain.routing.carriage import Destination

Contents = tuple[tuple[int, int], ...]
"""SKUs with units, by SKU."""


@dataclass(frozen=True, slots=True)
class Item:
    """A SKU as routing sees it; ``cost`` is what a unit of it is worth, in minor units."""

    weight_g: int
    cost: int = 0
    fragile: bool = False
    hazmat: bool = False


class Piece(NamedTuple):
    """Units that each leave complete from one place; of a kit, one unit is all of its components.

    ``component`` says that the kit may leave in parts and this is one of them.
    """

    contents: Contents
    units: int
    component: bool = False


class Variant(NamedTuple):
    """One way to fill a line: with what was ordered, or with a substitute.

    ``concession`` is what the substitute costs the brand for the whole line.
    """

    pieces: tuple[Piece, ...]
    concession: int = 0
    substitute: int | None = None


class OrderLine(NamedTuple):
    """A line: its ways to be filled (the first is what was ordered), its worth and its margin.

    ``unapproved`` are ways that nobody has approved for the order's channel.
    """

    id: int
    variants: tuple[Variant, ...]
    worth: int
    margin: int
    unapproved: tuple[Variant, ...] = ()


Ranks = Mapping[int, int]
"""By place, how far behind others it stands for one order: what is left to tell equals apart."""

NO_PLACES: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order to be routed.

    ``least_rank`` is the rank of the service that the customer bought. ``turn`` is its place in order
    of arrival: it, and no clock or list, decides between equals. ``barred`` places may not ship it, and
    ``most_parcels`` and ``levels`` are what its rules and its buyer leave of the channel's contract. ``ranks``
    stand for it in place of the owner's ranking of the places.
    """

    id: int
    turn: int
    channel_id: int
    lines: tuple[OrderLine, ...]
    to: Destination
    ship_by: datetime | None
    deliver_by: date | None
    least_rank: int | None = None
    hold: str = ""
    barred: frozenset[int] = NO_PLACES
    most_parcels: int | None = None
    levels: frozenset[str] | None = None
    ranks: Ranks | None = None

    @property
    def margin(self) -> int:
        """Return what the order earns, minor units."""
        return sum(line.margin for line in self.lines)

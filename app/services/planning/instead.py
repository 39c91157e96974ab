"""What else could the lines of the queue be sent as, when all orders are planned together?

What was ordered stays unless something else lets another order ship or keeps a promise: nobody swaps a
buyer's goods to save postage. A line that waits is planned too if a substitute could free its units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from app.domain.reservation import Claim
from app.domain.routing.goods import OrderLine, Piece, Variant
from app.domain.routing.objectives import DEAREST, RELUCTANCE
from app.services.policies import Policies
from app.services.standing_in import StandIns

WAITS: Final = DEAREST
"""What it weighs that a line goes on waiting: a substitute elsewhere, but no broken promise."""
KEEPS: Final = 2 * DEAREST
"""What it weighs to leave an order unfilled that has its units: no other gets them for money."""


class Other(NamedTuple):
    """A SKU that a line could be sent as, what its buyer is given then, and whether it was ordered."""

    sku_id: int
    gives: int
    is_ordered: bool

    def way(self, units: int) -> Variant:
        """Return it as a way to fill a line."""
        pieces = (Piece(((self.sku_id, units),), 1),)
        if self.is_ordered:
            return Variant(pieces)
        return Variant(pieces, self.gives + RELUCTANCE, self.sku_id)


@dataclass(frozen=True, slots=True)
class Instead:
    """What each line that has its units could be sent as, as it is now first; and which lines could be freed."""

    ways: Mapping[int, tuple[Other, ...]] = field(default_factory=dict)  # line -> SKUs
    waiting: Mapping[int, Sequence[Any]] = field(default_factory=dict)  # order -> lines
    codes: Mapping[int, str] = field(
        default_factory=dict
    )  # of the SKUs that may replace each other

    @property
    def sku_ids(self) -> set[int]:
        """Return the SKUs that come into question."""
        found = {other.sku_id for ways in self.ways.values() for other in ways}
        return found | {line.sku_id for lines in self.waiting.values() for line in lines}

    def variants(self, line_id: int, piece: Piece) -> tuple[Variant, ...]:
        """Return the ways to fill a line that has its units; the first is how they are."""
        ways = self.ways.get(line_id)
        if ways is None:
            return (Variant((piece,)),)
        ((_sku, units),) = piece.contents
        return tuple(other.way(units) for other in ways)

    def lines_of(self, order_id: int, cost: Mapping[int, int], *, alone: bool) -> list[OrderLine]:
        """Return an order's lines that wait; they may go on waiting where others leave without them.

        ``cost`` is what a unit of each SKU is worth.
        """
        found = []
        for row in self.waiting.get(order_id, ()):
            units = row.quantity * row.pack
            filled = Variant((Piece(((row.sku_id, units),), 1),))
            ways = (filled,) if alone else (filled, Variant((), WAITS))
            found.append(OrderLine(row.id, ways, units * cost[row.sku_id], 0))
        return found


NOTHING: Final = Instead()


def instead_of(
    db: Connection, known: Policies, now: datetime, channels: Mapping[int, str],
    lines: Mapping[int, Any], claims: Mapping[int, Sequence[Claim]],
) -> Instead:  # fmt: skip
    """Read what the undecided orders (with their ``channels`` and ``claims``) could be sent as."""
    if not known.routing.substitutes:
        return NOTHING
    stand_ins = StandIns(db, known, now)
    ways: dict[int, tuple[Other, ...]] = {}
    for order_id, channel in channels.items():
        for line_id, mine in _by_line(claims.get(order_id, ())).items():
            found = _others(stand_ins, channel, lines[line_id].sku_id, mine)
            if len(found) > 1:
                ways[line_id] = found
    given_up = {others[0].sku_id for others in ways.values()}
    waiting: dict[int, list[Any]] = defaultdict(list)
    for row in lines.values():
        if row.claim == "short" and row.sku_id in given_up and row.order_id in channels:
            waiting[row.order_id].append(row)
    return Instead(ways, waiting, stand_ins.codes)


def _by_line(claims: Sequence[Claim]) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.line_id].append(claim)
    return found


def _others(
    stand_ins: StandIns, channel: str, ordered: int, mine: Sequence[Claim]
) -> tuple[Other, ...]:
    """Return what a line may be sent as: what it holds first; a kit is never replaced."""
    if len(mine) != 1 or not stand_ins.is_named(ordered):
        return ()
    (claim,) = mine
    others = [
        each for each in (ordered, *stand_ins.others(channel, ordered)) if each != claim.sku_id
    ]
    return tuple(
        Other(each, claim.quantity * stand_ins.gives(ordered, each), each == ordered)
        for each in (claim.sku_id, *others)
    )

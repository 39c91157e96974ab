"""Which orders wait for a decision, what do they claim, and what is on the shelves for them?

Only what is undecided is planned: units that a decision has allocated, accepted or overridden, are no
longer on the shelves. Orders on hold are planned too, so that their units stay where they will be needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.inventory import StockPool
from app.domain.orders import OrderStatus
from app.domain.reservation import Claim
from app.domain.routing.goods import Item, OrderLine, Piece, Wanted
from app.domain.routing.reaching import UNKNOWN_WEIGHT_G
from app.domain.routing.shelves import Cell, Shelves
from app.domain.rulebook.effects import Effects
from app.models.catalogue import skus
from app.models.inventory import stock_levels
from app.models.orders import order_lines, orders, reservations, total_of_order
from app.services import policies
from app.services.planning.instead import KEEPS, Instead, instead_of
from app.services.planning.network import Moment, moment_of
from app.services.planning.router import Router
from app.services.rules.asking import Asking
from app.services.standing_in import beside_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that waits: how it is called, its reservations by line, and where they would ship from."""

    order_id: int
    number: str
    channel: str
    currency: str
    is_held: bool
    claims: tuple[tuple[Claim, int], ...]  # with the reservation's id
    places: Mapping[int, int]  # line -> suggested location

    def is_whole(self) -> bool:
        """Return whether every line has a suggested location."""
        return all(claim.line_id in self.places for claim, _id in self.claims)


@dataclass(frozen=True, slots=True)
class Queue:
    """The undecided orders of one moment as a routing problem."""

    moment: Moment
    waiting: tuple[Waiting, ...]
    wanted: tuple[Wanted, ...]
    stock: Mapping[Cell, int]
    held: Mapping[Cell, Mapping[int, int]]
    safe: Mapping[Cell, int]  # what is free without the safety stock
    codes: Mapping[int, str] = field(
        default_factory=dict
    )  # of the SKUs that may replace each other

    def shelves(self) -> Shelves:
        """Return the shelves before anything is planned."""
        return Shelves(self.stock, self.held)

    def above_safety(self) -> Shelves:
        """Return the shelves with what lies there beyond the safety stock only."""
        return Shelves(self.safe, self.held)


def open_queue(db: Connection, *, now: datetime) -> Queue:
    """Read the queue: one consistent picture, and nothing is written."""
    rows = db.execute(_UNDECIDED).all()
    ids = [row.id for row in rows]
    claims = _claims(db)
    lines = {row.id: row for row in db.execute(_LINES)}
    known = policies.in_force(db)
    instead = instead_of(
        db, known, now, {row.id: row.channel for row in rows}, lines,
        {key: [claim for claim, _id, _place in held] for key, held in claims.items()},
    )  # fmt: skip
    wanted_skus = {claim.sku_id for held in claims.values() for claim, _id, _place in held}
    wanted_skus |= instead.sku_ids
    moment = moment_of(db, now, _items(db, wanted_skus), known=known)
    router = Router(db, now)
    asking = Asking(db, router.rules, router, ids)
    reader = _Reader(moment, lines, instead)
    waiting = tuple(
        _waiting(row, claims.get(row.id, ()))
        for row in rows
        if row.id in claims or row.id in instead.waiting
    )
    by_id = {row.id: row for row in rows}
    follow = _with_a_parcel_that_follows(db, rows, moment)
    wanted = tuple(
        reader.wanted(
            turn,
            by_id[each.order_id],
            each,
            asking.of(each.order_id),
            follows=each.order_id in follow,
        )
        for turn, each in enumerate(waiting)
    )
    stock, safe = _stock(db, wanted_skus, waiting, moment)
    return Queue(
        moment, waiting, wanted, stock, _held_units(db, moment, stock), safe, instead.codes
    )


def _with_a_parcel_that_follows(db: Connection, rows: Sequence[Any], moment: Moment) -> set[int]:
    """Return the orders of which a later parcel counts among those that they may become."""
    short = [row for row in rows if row.is_short]
    told = beside_of(db, short, {}, StockPool(), moment.known, moment.now) if short else {}
    return {order_id for order_id, each in told.items() if each.follows}


_UNDECIDED = (
    select(orders, total_of_order().label("worth"))
    .where(
        orders.c.status.in_((OrderStatus.OPEN.value, OrderStatus.PARTLY_SHIPPED.value)),
        orders.c.fulfilled_by_channel.is_(False),
    )
    .order_by(orders.c.placed_at, orders.c.id)
)
_HELD = (
    select(reservations)
    .join(orders, orders.c.id == reservations.c.order_id)
    .where(
        reservations.c.state == "held",
        orders.c.status.in_((OrderStatus.OPEN.value, OrderStatus.PARTLY_SHIPPED.value)),
    )
    .order_by(reservations.c.order_id, reservations.c.id)
)
_LINES = (
    select(
        order_lines.c.id,
        order_lines.c.order_id,
        order_lines.c.sku_id,
        order_lines.c.claim,
        order_lines.c.quantity,
        order_lines.c.pack,
        order_lines.c.unit_price,
        order_lines.c.discount,
    )
    .join(orders, orders.c.id == order_lines.c.order_id)
    .where(orders.c.status.in_((OrderStatus.OPEN.value, OrderStatus.PARTLY_SHIPPED.value)))
)
_LEVELS = select(
    stock_levels.c.sku_id,
    stock_levels.c.location_id,
    (stock_levels.c.on_hand - stock_levels.c.unavailable - stock_levels.c.allocated).label("free"),
    stock_levels.c.safety_stock,
).order_by(stock_levels.c.sku_id, stock_levels.c.location_id)
_SKUS = select(
    skus.c.id, skus.c.code, skus.c.weight_g, skus.c.cost, skus.c.is_fragile, skus.c.is_hazmat
)

Held = tuple[Claim, int, int | None]


def _claims(db: Connection) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = defaultdict(list)
    for row in db.execute(_HELD):
        claim = Claim(row.order_line_id, row.sku_id, row.quantity)
        found[row.order_id].append((claim, row.id, row.suggested_location_id))
    return found


def _waiting(row: Any, held: Sequence[Held]) -> Waiting:
    places = {claim.line_id: place for claim, _id, place in held if place is not None}
    claims = tuple((claim, key) for claim, key, _place in held)
    return Waiting(row.id, row.number, row.channel, row.currency, row.is_held, claims, places)


def _items(db: Connection, wanted: set[int]) -> dict[int, Item]:
    return {
        row.id: Item(
            UNKNOWN_WEIGHT_G if row.weight_g is None else row.weight_g,
            row.cost or 0, row.is_fragile, row.is_hazmat,
        )
        for row in db.execute(_SKUS)
        if row.id in wanted
    }  # fmt: skip


class _Reader:
    """Makes orders to be routed of stored ones."""

    def __init__(self, moment: Moment, lines: Mapping[int, Any], instead: Instead) -> None:
        self._moment, self._lines, self._instead = moment, lines, instead
        self._all = frozenset(moment.network.places)

    def wanted(
        self, turn: int, row: Any, waiting: Waiting, asked: Effects, *, follows: bool
    ) -> Wanted:
        """Return one order; its lines leave whole, each from one place."""
        moment = self._moment
        channel = moment.channel(row.channel)
        by_line: dict[int, list[Claim]] = defaultdict(list)
        for claim, _id in waiting.claims:
            by_line[claim.line_id].append(claim)
        fee = moment.network.terms[channel].fee_bp
        return Wanted(
            id=row.id,
            turn=turn,
            channel_id=channel,
            lines=self._lines_of(row.id, by_line, fee),
            to=moment.destination(row.ship_postcode, row.ship_country),
            ship_by=moment.end_of_day(row.ship_by),
            deliver_by=moment.day(row.deliver_by),
            barred=self._barred(waiting, asked),
            least_rank=moment.rank(asked.service or row.service),
            most_parcels=moment.most_parcels(
                row.channel, row.worth, asked.max_parcels, follows=follows
            ),
            levels=moment.levels(asked.service or row.service, row.channel),
            ranks=moment.ranks(
                moment.destination(row.ship_postcode, row.ship_country), asked.prefer
            ),
        )

    def _lines_of(
        self, order_id: int, by_line: Mapping[int, Sequence[Claim]], fee_bp: int
    ) -> tuple[OrderLine, ...]:
        """Return an order's lines, and those that wait for units that others could give up."""
        there = [self._line(key, claims, fee_bp) for key, claims in by_line.items()]
        if self._instead.waiting and there:
            there[0] = there[0]._replace(margin=there[0].margin + KEEPS)
        cost = {sku: item.cost for sku, item in self._moment.network.items.items()}
        return (*there, *self._instead.lines_of(order_id, cost, alone=not there))

    def _line(self, key: int, claims: Sequence[Claim], fee_bp: int) -> OrderLine:
        units: dict[int, int] = defaultdict(int)
        for claim in claims:
            units[claim.sku_id] += claim.quantity
        contents = tuple(sorted(units.items()))
        items, row = self._moment.network.items, self._lines[key]
        worth = sum(items[sku].cost * count for sku, count in contents)
        price = row.quantity * row.unit_price - row.discount
        margin = price - price * fee_bp // 10_000 - worth
        return OrderLine(key, self._instead.variants(key, Piece(contents, 1)), worth, margin)

    def _barred(self, waiting: Waiting, asked: Effects) -> frozenset[int]:
        """Return the places that rules keep out. Where rules name tiers, their choice stays."""
        barred = frozenset(each.location_id for each in asked.never)
        if not asked.tiers:
            return barred
        return self._all - frozenset(waiting.places.values())


def _stock(
    db: Connection, wanted: set[int], waiting: Sequence[Waiting], moment: Moment
) -> tuple[dict[Cell, int], dict[Cell, int]]:
    """Return the free units, and those without safety stock.

    Safety stock counts as free only for a SKU of which the orders here need some of it.
    """
    needed: dict[int, int] = defaultdict(int)
    for each in waiting:
        for claim, _id in each.claims:
            needed[claim.sku_id] += claim.quantity
    free: dict[Cell, int] = {}
    safe: dict[Cell, int] = {}
    enough: dict[int, int] = defaultdict(int)
    for row in db.execute(_LEVELS):
        if row.sku_id in wanted and row.location_id in moment.network.places:
            cell = row.sku_id, row.location_id
            free[cell], safe[cell] = max(0, row.free), max(0, row.free - row.safety_stock)
            enough[row.sku_id] += safe[cell]
    stock = {
        cell: safe[cell] if enough[cell[0]] >= needed[cell[0]] else free[cell] for cell in free
    }
    return stock, safe


def _held_units(
    db: Connection, moment: Moment, stock: Mapping[Cell, int]
) -> dict[Cell, dict[int, int]]:
    """Grant the units held for channels in the owner's order, while available units last."""
    found: dict[Cell, dict[int, int]] = {}
    if not moment.policy.held:
        return found
    codes = {row.code: row.id for row in db.execute(_SKUS)}
    for each in moment.policy.held:
        cell = codes.get(each.sku, 0), moment.codes.get(each.location, 0)
        if cell not in stock:
            continue
        held = found.setdefault(cell, {})
        left = stock[cell] - sum(held.values())
        channel = moment.channel(each.channel)
        held[channel] = held.get(channel, 0) + max(0, min(each.units, left))
    return found

"""Carry out movements of the stockroom, and do what follows: orders that waited, cases, suggestions.

Nothing is clamped. Units below zero, at a location or over all of them, are a case until something
arrives or a count says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.cases import CaseDraft, CaseKind
from app.domain.inventory import SET_ASIDE, Bucket
from app.domain.roles import Actor
from app.errors import NotFoundError, RefusedError
from app.models.base import is_state
from app.models.catalogue import skus
from app.models.inventory import locations, network_stock, stock_levels
from app.models.orders import orders, reservations
from app.models.sets import among
from app.services import audit, reclaiming, reserving, routing
from app.services.cases import open_cases, resolve_cases
from app.services.ledger import Movement, ensure_levels, post

MOST_UNITS = 10_000_000
DESK = "desk"


def carry_out(
    db: Connection,
    actor: Actor,
    movements: Sequence[Movement],
    deeds: Sequence[audit.Deed],
    *,
    now: datetime,
    source: str = DESK,
) -> None:
    """Post movements, give what became free to waiting orders, and open or close cases.

    Raises:
        RefusedError: no brand has that many units, and no column of the ledger holds them.
    """
    refuse_slips(m.quantity for m in movements)
    concerned = {(m.sku_id, m.location_id) for m in movements if m.location_id is not None}
    ensure_levels(db, concerned)
    post(db, [m for m in movements if m.quantity], reserving.origin_of(actor.name, source, now))
    audit.record(db, actor, now, *deeds)
    item_ids = sorted({sku for sku, _place in concerned})
    review(db, item_ids, now)
    moved = reclaiming.reclaim_for_skus(db, actor, item_ids, now=now)
    lost = _orders_suggested_at(db, _fewer(movements))
    routing.resuggest(db, sorted(lost - set(moved)), now=now)


def review(db: Connection, item_ids: Collection[int], now: datetime) -> None:
    """Open a case for each SKU that is below zero or promised beyond what is there."""
    wanted = {"skus": list(item_ids)}
    below: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(_BELOW_ZERO, wanted):
        below[row.sku_id].append(row)
    rows = db.execute(_NETWORK, wanted).all()
    over = [row for row in rows if row.reserved and row.free < row.reserved]
    open_cases(db, [_oversold(row) for row in over], now=now)
    open_cases(db, [_negative(row, below[row.id]) for row in rows if row.id in below], now=now)
    for kind, wrong in (
        (CaseKind.OVERSOLD, {row.id for row in over}),
        (CaseKind.NEGATIVE_STOCK, set(below)),
    ):
        fine = [row.id for row in rows if row.id not in wrong]
        resolve_cases(db, [kind], "sku", fine, resolution="The stock covers it again.", now=now)


def oversold(db: Connection, _now: datetime) -> list[CaseDraft]:
    """Return the SKUs of which more units are promised to orders than there are."""
    return [
        _oversold(row)
        for row in db.execute(_ALL.where(_net.reserved > 0, _net.free < _net.reserved))
    ]


_net, _level = network_stock.c, stock_levels.c
# By when the first of the orders has to leave that wait for units of it.
_NEEDED_BY = (
    select(func.min(orders.c.ship_by))
    .join(reservations, reservations.c.order_id == orders.c.id)
    .where(reservations.c.sku_id == _net.sku_id, is_state(reservations.c.state, "held"))
    .correlate(network_stock)
    .scalar_subquery()
)
_ALL = (
    select(skus.c.id, skus.c.code, _net.free, _net.reserved, _NEEDED_BY.label("needed_by"))
    .join(skus, skus.c.id == _net.sku_id)
    .order_by(skus.c.id)
)
_NETWORK = _ALL.where(among(_net.sku_id, "skus"))
_FREE_HERE = _level.on_hand - _level.unavailable - _level.allocated
_BELOW_ZERO = (
    select(_level.sku_id, locations.c.name, _FREE_HERE.label("free"))
    .join(locations, locations.c.id == _level.location_id)
    .where(among(_level.sku_id, "skus"), _FREE_HERE < 0)
    .order_by(_level.location_id)
)
_SUGGESTED = select(
    reservations.c.order_id, reservations.c.sku_id, reservations.c.suggested_location_id
).where(among(reservations.c.sku_id, "skus"), is_state(reservations.c.state, "held"))


def _oversold(row: Any) -> CaseDraft:
    return CaseDraft(
        CaseKind.OVERSOLD, "sku", row.id, f"{row.code}: {row.reserved - row.free} more sold than there are",
        sku_id=row.id, due_at=row.needed_by, facts={"free": row.free, "reserved": row.reserved},
    )  # fmt: skip


def _negative(row: Any, below: Sequence[Any]) -> CaseDraft:
    facts = {"free": row.free, "reserved": row.reserved,
             "below_zero_at": {each.name: each.free for each in below}}  # fmt: skip
    title = f"{row.code}: {-below[0].free} below zero at {below[0].name}"
    return CaseDraft(CaseKind.NEGATIVE_STOCK, "sku", row.id, title, sku_id=row.id, facts=facts)


def _fewer(movements: Sequence[Movement]) -> set[tuple[int, int]]:
    """Return where fewer units can be sold than before."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for m in movements:
        if m.location_id is not None and m.bucket is not Bucket.INCOMING:
            takes = m.bucket in SET_ASIDE or m.bucket is Bucket.ALLOCATED
            sums[m.sku_id, m.location_id] += -m.quantity if takes else m.quantity
    return {key for key, units in sums.items() if units < 0}


def _orders_suggested_at(db: Connection, gone: Collection[tuple[int, int]]) -> set[int]:
    """Return the open orders whose suggestion counts on units that have just gone."""
    if not gone:
        return set()
    rows = db.execute(_SUGGESTED, {"skus": [sku for sku, _place in gone]})
    return {row.order_id for row in rows if (row.sku_id, row.suggested_location_id) in gone}


def sku_id(db: Connection, code: str) -> int:
    """Return the id of a SKU that is kept in stock.

    Raises:
        NotFoundError: there is none.
        RefusedError: it is a kit.
    """
    found = db.execute(select(skus.c.id, skus.c.is_kit).where(skus.c.code == code)).first()
    if found is None:
        raise NotFoundError(
            f"There is no SKU “{code}”; nothing was changed.", "Check the code, or import it."
        )
    if found.is_kit:
        raise RefusedError(
            f"“{code}” is a kit: it has no stock of its own; nothing was changed.",
            "Change the stock of its components.",
        )
    return int(found.id)


def location_id(db: Connection, code: str) -> int:
    """Return the id of a location by its code.

    Raises:
        NotFoundError: there is none; the advice lists those that exist.
    """
    rows = {row.code: row.id for row in db.execute(select(locations.c.code, locations.c.id))}
    if code not in rows:
        raise NotFoundError(
            f"There is no location “{code}”; nothing was changed.",
            f"Locations here: {', '.join(sorted(rows))}.",
        )
    return int(rows[code])


def level(db: Connection, item: int, place: int) -> Any:
    """Return the balances of a SKU at a location."""
    ensure_levels(db, [(item, place)])
    query = select(stock_levels).where(_level.sku_id == item, _level.location_id == place)
    return db.execute(query).one()


def free_at(db: Connection, item: int, place: int) -> int:
    """Return the units at a location that no decision has taken yet."""
    here = level(db, item, place)
    return int(here.on_hand - here.unavailable - here.allocated)


def must_be_units(quantity: int, what: str) -> None:
    """Refuse anything but a positive number of units.

    Raises:
        RefusedError: it is none.
    """
    if quantity <= 0:
        raise RefusedError(f"{what} needs a number of units above 0; nothing was changed.",
                           "Write how many units it is about.")  # fmt: skip
    refuse_slips([quantity])


def refuse_slips(quantities: Iterable[int]) -> None:
    """Refuse more units than any brand moves at once: no column of the ledger holds them.

    Raises:
        RefusedError: one of them is that many.
    """
    if any(abs(units) > MOST_UNITS for units in quantities):
        raise RefusedError(f"More than {MOST_UNITS:,} units at once are taken for a slip; nothing "
                           "was changed.", "Check the number of units.")  # fmt: skip

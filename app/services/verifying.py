"""Is everything as it must be? Replays the ledger and proves every invariant, in sentences.

Reads only, on one consistent picture; on a large store it takes seconds. What is known outside the
database must be read before that picture is taken, or a desk that works meanwhile would look wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from app.errors import DamagedError
from app.models.database import Store
from app.services import anchor
from app.services.anchor import Anchors
from app.services.checks import (
    master,
    money,
    orders,
    parcels,
    quantities,
    returning,
    searching,
    stock,
    stockroom,
    tracking,
    trail,
    written,
)
from app.services.checks.check import Check

__all__ = ["Check", "verify", "verify_store"]


def verify_store(store: Store) -> list[Check]:
    """Check a store against itself and against what this computer remembers of it."""
    anchors = anchor.remembered(store)
    with store.read() as db:
        return verify(db, anchors=anchors)


def verify(db: Connection, *, anchors: Anchors) -> list[Check]:
    """Run every check; all are run, whatever the first ones find."""
    return [
        trail.database(db),
        trail.people(db),
        stock.balances(db),
        stock.network(db),
        stock.plans(db),
        stock.incoming(db),
        stockroom.counts(db),
        stock.oversold(db),
        master.kits(db),
        master.codes(db),
        orders.orders(db),
        orders.reservations(db),
        orders.told(db),
        parcels.allocations(db),
        parcels.shipments(db),
        parcels.messages(db),
        parcels.files(db),
        returning.custody(db),
        returning.money(db),
        returning.recoveries(db),
        tracking.states(db),
        tracking.meanings(db),
        written.rules(db),
        written.policies(db),
        _unless_damaged("quantities told", quantities.told, db),
        quantities.shown(db),
        _unless_damaged("quantities to work out", quantities.marks, db),
        money.payouts(db),
        money.messages(db),
        trail.files(db),
        trail.chain(db),
        trail.anchored(db, anchors),
        searching.index(db),
    ]


def _unless_damaged(name: str, check: Callable[[Connection], Check], db: Connection) -> Check:
    """Run a check that needs the policies; where those are damaged, that is its answer."""
    try:
        return check(db)
    except DamagedError as error:
        return Check(name, False, f"This could not be checked. {error}")

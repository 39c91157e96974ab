"""What are a channel's terms: what may it be asked and told, how often, and by when?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.domain.syncing import PROMISED


class Operation(StrEnum):
    """What is asked of a channel; each may have a rate budget of its own."""

    CHECK = "check"
    SIGN_IN = "sign_in"
    ORDERS = "orders"
    ORDER = "order"
    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    QUANTITY = "quantity"
    READ_QUANTITY = "read_quantity"
    BULK = "bulk"
    LISTINGS = "listings"
    TRACK = "track"


class Capability(StrEnum):
    """What a channel takes; the engine leaves out what it does not, and says so."""

    ACKNOWLEDGE = "acknowledge"  # wants to hear that an order was seen, before a deadline
    CONFIRM = "confirm"
    PARTIAL = "partial"  # a parcel may hold a part of an order
    CANCEL = "cancel"
    QUANTITY = "quantity"
    READ_QUANTITY = "read_quantity"
    LISTINGS = "listings"


@dataclass(frozen=True, slots=True)
class Budget:
    """How often an operation may be asked: a bucket of ``burst`` that fills by ``per_second``."""

    per_second: float
    burst: float = 1.0


@dataclass(frozen=True, slots=True)
class Bulk:
    """From how many quantities on they go in bulk, to be worked through by the channel; at most how many."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What is true of every account on a channel; rates and deadlines can be set otherwise by account.

    ``budgets`` are those of single operations, ``together`` those that all of them draw on.
    ``overlap`` is how far a pull looks back behind its cursor, ``settle`` how far before now the
    channel may be asked about, ``reach`` how long ago it can list at all (``None``: for ever).
    ``sweep`` is how often open orders are asked for one by one, because some changes show nowhere
    else. ``catch_up`` is the promise: how far behind an account may fall before it is a case.
    ``acknowledge_within`` is the channel's own deadline. ``push_size`` is the most offers in one
    call, ``fetch_size`` the most orders; ``bulk`` is for a channel that takes very many at once and
    answers later.
    ``joins_orders`` says that it may make one order of several, with lines that keep their ids.
    ``keeps`` are places (by their names in a listing) whose stock the channel counts itself.
    """

    capabilities: frozenset[Capability]
    budgets: Mapping[Operation, Budget]
    together: tuple[Budget, ...] = ()
    overlap: timedelta = timedelta(minutes=2)
    settle: timedelta = timedelta()
    reach: timedelta | None = None
    sweep: timedelta = timedelta(minutes=30)
    catch_up: timedelta = PROMISED
    acknowledge_within: timedelta | None = None
    push_size: int = 1
    fetch_size: int = 1
    bulk: Bulk | None = None
    joins_orders: bool = False
    keeps: frozenset[str] = frozenset()

    def takes(self, capability: Capability) -> bool:
        """Say whether the channel can be asked this."""
        return capability in self.capabilities

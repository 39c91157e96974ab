"""What is known about one number: replayed, told, shown, and what in the rows makes it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.mismatching.causes import Reason


@dataclass(frozen=True, slots=True)
class Fix:
    """What ends a mismatch: an operation with its arguments, or nothing where a person must choose."""

    operation: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the rows that makes what the desk counts of a SKU wrong.

    ``units`` more are right than the desk counts (fewer, below zero). One that ``is_settled`` is
    right here by now, and only explains what a channel still shows. ``key`` tells it from others.
    """

    reason: Reason
    units: int
    says: str
    since: datetime
    key: str
    location_id: int | None = None
    order_ids: tuple[int, ...] = ()
    fix: Fix = field(default_factory=Fix)
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class LastTold:
    """The number that was sent last; ``is_confirmed`` once the channel took it or showed it."""

    units: int
    at: datetime
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number that has not left yet; one that ``is_held`` waits for a person's word."""

    units: int
    since: datetime
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the channel showed, from when to when somebody saw it."""

    units: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PairFacts:
    """One SKU on one channel. ``expected`` is replayed from the ledger and the sheet, in units.

    ``pack`` are the units in one that the channel sells; what it shows counts packs. ``lag`` is how
    long a number takes until it shows, ``allowance`` how long one may wait to be told at all.
    ``orders_at`` is when the channel's orders were last fetched, ``unread`` how many that name this
    code could not be read. ``policy`` names what of the sheet holds units back.
    """

    sku: str
    channel: str
    now: datetime
    for_sale: int
    expected: int | None
    told: LastTold | None = None
    waiting: Waiting | None = None
    shown: Shown | None = None
    pack: int = 1
    lag: timedelta = timedelta(minutes=15)
    allowance: timedelta = timedelta(minutes=15)
    refused: str = ""
    is_kept: bool = False
    orders_at: datetime | None = None
    unread: int = 0
    policy: str = ""
    flaws: tuple[Flaw, ...] = ()

    @property
    def wanted(self) -> int:
        """What it should show, as it counts."""
        return (self.expected or 0) // self.pack

    @property
    def seen(self) -> Shown | None:
        """What it showed after the last number had been told; a look before that says nothing."""
        if self.shown is None or (self.told and self.shown.last_at < self.told.at):
            return None
        return self.shown

    @property
    def current(self) -> int | None:
        """What it shows as far as anybody knows: as seen, or else as told; ``None`` for nobody knows."""
        if self.seen is not None:
            return self.seen.units
        return self.told.units // self.pack if self.told else None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """One SKU at one location: the balance that is used, and what its movements add up to."""

    sku: str
    place: str
    now: datetime
    balance: int
    replayed: int
    free: int = 0
    below_since: datetime | None = None
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A listing that means no SKU of ours, or an order line that waits for its code."""

    code: str
    channel: str
    shown: int
    seen_at: datetime
    account_id: int
    listing_id: str = ""
    order_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StrayOrder:
    """An order that one side knows and the other does not."""

    number: str
    channel: str
    since: datetime
    is_here: bool
    order_id: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mismatch: its one cause, the numbers, the sentences, and the fix.

    ``delta`` is by how much what is shown (or counted) is too high; ``since`` when it began.
    """

    reason: Reason
    sentence: str
    since: datetime
    expected: int | None
    published: int | None
    observed: int | None
    delta: int
    evidence: tuple[str, ...] = ()
    order_ids: tuple[int, ...] = ()
    fix: Fix = field(default_factory=Fix)

"""What can a channel be asked and told? The one shape that all six adapters have.

An adapter is thin: it turns a question into requests and the answers into values, and raises a
:class:`~app.sync.live.trouble.ChannelError` of the class that says what follows. It keeps no state
that is not in its ``Secrets``, never sleeps and never retries: the engine does, because only the
engine knows what else waits.

All times are aware UTC; amounts are minor units; a payload is plain JSON (no floats: numbers with a
point come as :class:`~decimal.Decimal` from the door and as text in what is kept).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from app.domain.arriving import SeenOrder as SeenOrder  # noqa: PLC0414 - adapters name it with the rest
from app.domain.importing import ListingRow
from app.domain.orders import IncomingOrder
from app.domain.outgoing import CancelledOrder, Offer, ShippedParcel
from app.sync.live.bodies import plain


@dataclass(frozen=True, slots=True)
class Window:
    """Which orders to list: those that changed at ``since`` or later, and up to ``until``."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a window.

    ``next`` asks for the next one; it is empty on the last page, and only there. ``reached`` says up
    to when the window has been seen completely: on the last page, and earlier only where the channel
    lists strictly by time of change. ``total`` is how many orders the window holds in all, where the
    channel says so.
    """

    orders: tuple[SeenOrder, ...]
    next: str = ""
    reached: datetime | None = None
    total: int = 0


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of what the account offers. ``listing_id`` is whatever the adapter needs to push."""

    listings: tuple[ListingRow, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel answered to something it was told; ``answer`` is plain JSON without tokens.

    ``is_found`` says that it knew already: found by a look, not by telling it.
    """

    reference: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class QuantityReceipt:
    """What became of one offer of a push; ``problem`` is empty where the channel took it."""

    offer: Offer
    problem: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the channel itself keeps stock at."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """Who answered a read-only test: the shop's name, and what it lets us do.

    ``missing`` names permissions that were not granted, in the channel's own words.
    """

    name: str
    currency: str = ""
    missing: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRef:
    """An order by the channel's own identity, and the number that people see."""

    external_id: str
    number: str


class ChannelClient(Protocol):
    """One account on one channel. Every method may raise a ``ChannelError`` or ``StoppedError``.

    ``key`` is the message's idempotency key: the same key again must never take effect twice, as
    far as the channel knows such keys.
    """

    def check(self) -> Shop:
        """Read who we are there; changes nothing."""

    def pull(self, window: Window, token: str = "") -> OrderPage:
        """List the orders that changed in a window, a page at a time."""

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders; one that the channel does not know is left out."""

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Say that the order was seen; one that was acknowledged before is success."""

    def confirm(self, parcel: ShippedParcel, key: str) -> Receipt:
        """Say that a parcel left, with its tracking number."""

    def find_confirmation(self, parcel: ShippedParcel) -> Receipt | None:
        """Look whether the channel knows of this parcel, by its tracking number; ``None`` if not."""

    def cancel(self, order: CancelledOrder, key: str) -> Receipt:
        """Cancel an order that has not left."""

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether the channel shows this order as cancelled."""

    def push_quantities(self, offers: Sequence[Offer], key: str) -> tuple[QuantityReceipt, ...]:
        """State how many units each offer may show, absolutely; at most ``push_size`` of them."""

    def read_quantities(self, offers: Sequence[Offer]) -> Mapping[Offer, int | None]:
        """Read how many units each offer shows; one that is not listed is left out."""

    def listings(self, token: str = "") -> ListingPage:
        """List what the account offers, a page at a time."""


@runtime_checkable
class BulkClient(ChannelClient, Protocol):
    """A channel that also takes very many quantities at once, and works through them by itself."""

    def hand_in_quantities(self, offers: Sequence[Offer]) -> str:
        """Hand quantities in, and return the channel's number for them; handed in twice is no harm."""

    def bulk_outcome(self, number: str) -> Mapping[str, str] | None:
        """Return why single SKUs of a bulk were refused; ``None`` while it is not worked through.

        Raises:
            RejectedError: none of it was done.
        """


class Secrets(Protocol):
    """An account's keys and tokens, in the system's own safe place."""

    def read(self) -> dict[str, str]:
        """Return them as they are kept now: another process may have renewed them."""

    def write(self, secrets: Mapping[str, str]) -> None:
        """Keep these; on return they are safe, so that a rotated token may be used."""


class NotReadableError(Exception):
    """A payload cannot be understood; the words are for a person and name field and value."""


def seen_in(
    page: Sequence[Any], understand_one: Callable[[Mapping[str, Any]], SeenOrder]
) -> tuple[SeenOrder, ...]:
    """Understand every entry of a page; one that is no object at all is kept as it is, and said."""
    return tuple(
        _seen_one(entry, understand_one) if isinstance(entry, Mapping)
        else SeenOrder("", {"entry": plain(entry)}, None, "the channel listed something that is no order")
        for entry in page
    )  # fmt: skip


def _seen_one(
    entry: Mapping[str, Any], understand_one: Callable[[Mapping[str, Any]], SeenOrder]
) -> SeenOrder:
    """Understand an entry; where not even what belongs to it can be found, it is kept as it is."""
    try:
        return understand_one(entry)
    except _NOT_UNDERSTOOD as why:
        return SeenOrder("", plain(dict(entry)), None, _missing(why))


def seen(
    external_id: str,
    payload: Mapping[str, Any],
    understand: Callable[[Mapping[str, Any]], IncomingOrder],
    changed_at: datetime | None = None,
) -> SeenOrder:
    """Understand one payload; one that cannot be is kept with the reason, and the others go on."""
    try:
        order = understand(payload)
    except NotReadableError as why:
        return SeenOrder(external_id, payload, None, str(why), changed_at)
    except _NOT_UNDERSTOOD as why:
        return SeenOrder(external_id, payload, None, _missing(why), changed_at)
    return SeenOrder(external_id, payload, order, "", changed_at)


_NOT_UNDERSTOOD = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)


def _missing(why: Exception) -> str:
    return f"a part of it is missing or of another kind ({type(why).__name__})"

"""What does it take to connect a channel, and what did a test of the connection show?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the owner enters to connect; what is secret is kept in the safe place only."""

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False
    default: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Connectable:
    """A channel that can be connected: what to enter, and which permissions it asks for, and why.

    ``notice`` is what the owner must know before connecting at all.
    """

    channel: str
    title: str
    entries: tuple[Entry, ...]
    permissions: tuple[tuple[str, str], ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Glimpsed:
    """One order of a first look: its number, when it was placed, and why it cannot be read, if so."""

    number: str
    placed_at: datetime | None
    units: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TriedOut:
    """What a test of a connection has shown; nothing was changed, here or there.

    ``missing`` names permissions that were not given. ``orders`` are the first of the last days;
    ``has_more`` says that there are more of them. ``places`` are where the channel keeps stock.
    """

    shop: str
    currency: str
    missing: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    orders: tuple[Glimpsed, ...]
    has_more: bool
    pushes: bool

"""Which channels can be talked to, and what does each need before it can be?

A channel's adapter is one value here, made in its own ``adapter.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Protocol

from app.domain.connecting import Entry
from app.sync.live.channel import ChannelClient, Secrets
from app.sync.live.clock import Clock
from app.sync.live.door import Door, Limits
from app.sync.live.terms import Traits


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the owner signs in with the system's browser (OAuth 2, authorisation code).

    ``authorise`` and ``token`` are addresses; ``{name}`` in them is filled from the entered fields.
    """

    authorise: str
    token: str
    scopes: tuple[str, ...]
    uses_pkce: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connection:
    """One account as an adapter needs it: where to, by which settings, with which secrets."""

    account_id: int
    address: str
    settings: Mapping[str, str]
    secrets: Secrets
    clock: Clock
    door: Door
    time_zone: str = "UTC"


class MakeClient(Protocol):
    """Makes the client of one account."""

    def __call__(self, connection: Connection) -> ChannelClient:
        """Return the client; asks nothing of the network yet."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One channel as it can be connected and talked to.

    ``hosts`` are the names that its requests may go to (``*.`` for anything below one); empty for an
    own store, which has its own name. ``address`` is where the channel's API is, with ``{field}`` for
    what the owner enters. ``permits`` are what the channel must allow, in its own words, each with
    what the desk needs it for. ``notice`` is what the owner must know before connecting at all.
    """

    channel: str
    title: str
    traits: Traits
    address: str
    hosts: tuple[str, ...]
    fields: tuple[Entry, ...]
    permits: Mapping[str, str]
    make: MakeClient
    sign_in: SignIn | None = None
    notice: str = ""


def door_to(adapter: Adapter, address: str, clock: Clock, limits: Limits | None = None) -> Door:
    """Return the door of an account on a channel, with the channel's own hosts and budgets."""
    traits = adapter.traits
    return Door(
        adapter.title, address, clock, traits.budgets, traits.together, adapter.hosts,
        limits or Limits(),
    )  # fmt: skip


_HOMES: Final = ("shopify", "woocommerce", "amazon", "walmart", "etsy", "ebay")


def adapter_of(channel: str) -> Adapter | None:
    """Return the adapter of a channel, or nothing: then it is worked by files."""
    if channel not in _HOMES:
        return None
    try:
        home = import_module(f"app.sync.channels.{channel}.adapter")
    except ModuleNotFoundError as missing:
        if missing.name == f"app.sync.channels.{channel}.adapter":
            return None
        raise
    found: Adapter = home.ADAPTER
    return found


def all_adapters() -> list[Adapter]:
    """Return every channel that can be talked to."""
    return [each for each in map(adapter_of, _HOMES) if each is not None]

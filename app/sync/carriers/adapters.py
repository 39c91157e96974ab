"""Which carriers can be asked over the network, and what does each need before it can be?

A carrier's adapter is one value here, made in its own ``adapter.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from app.domain.connecting import Entry
from app.domain.tracking.carriers import TITLES, carrier_name
from app.sync.carriers.client import CarrierClient
from app.sync.carriers.reading import Read
from app.sync.live.adapters import Connection
from app.sync.live.clock import Clock
from app.sync.live.door import Door, Limits
from app.sync.live.terms import Budget, Operation


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier as it can be connected and asked.

    ``houses`` are the tables of codes of the parcels that it is asked about; without any, it is asked about
    the parcels of all carriers that are not connected themselves. ``at_once`` is how many it takes in one
    question. ``read`` understands an answer.
    """

    code: str
    address: str
    hosts: tuple[str, ...]
    fields: tuple[Entry, ...]
    make: Callable[[Connection], CarrierClient]
    read: Read
    houses: frozenset[str]
    budgets: Mapping[Operation, Budget] = field(default_factory=dict)
    together: tuple[Budget, ...] = ()
    at_once: int = 1
    notice: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return carrier_name(self.code)

    def door(self, address: str, clock: Clock, limits: Limits | None = None) -> Door:
        """Return the one way to it."""
        return Door(
            self.title, address, clock, self.budgets, self.together, self.hosts, limits or Limits()
        )


def carrier_of(code: str) -> Carrier | None:
    """Return a carrier by its code, or nothing: then its parcels come by files."""
    if code not in TITLES:
        return None
    found: Carrier = import_module(f"app.sync.carriers.{code}.adapter").CARRIER
    return found


def houses_of(codes: Collection[str]) -> set[str]:
    """Return the tables of codes of parcels that some carriers are asked about themselves."""
    return {house for each in all_carriers() if each.code in codes for house in each.houses}


def all_carriers() -> list[Carrier]:
    """Return every carrier that can be asked."""
    return [each for each in map(carrier_of, TITLES) if each is not None]

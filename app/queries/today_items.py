"""What does one line of the page Today stand for?"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.attention import Amount, Score, Stake, add_up
from app.queries.cases import CaseRow
from app.queries.orders import OrderRow


class Doing(StrEnum):
    """What kind of thing a line asks for."""

    ACCEPT = "accept"
    SHIP = "ship"
    HELD = "held"
    CASE = "case"
    CASES = "cases"
    PARCELS = "parcels"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Messages of one kind (ship_confirm, cancel, quantity) that wait for a file to an account."""

    account_id: int
    channel: str
    account: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line: ``count`` things that ask for the same.

    ``page`` and ``query`` open exactly its rows. ``order`` is set if it is about a single order,
    ``case`` if it is a single case, ``outgoing`` if a channel has to be told. ``since`` is when the
    oldest of it began to wait.
    """

    key: str
    doing: Doing
    title: str
    why: str
    count: int
    stake: Stake
    page: str
    query: str = ""
    owner: str = "Operations"
    since: datetime | None = None
    order: OrderRow | None = None
    case: CaseRow | None = None
    outgoing: Outgoing | None = None
    score: Score = field(default=Score(()))

    @property
    def id(self) -> int:
        """A number that stays the same for the same line, as lists want it."""
        return zlib.crc32(self.key.encode())

    @property
    def money(self) -> tuple[Amount, ...]:
        """What is at stake, by currency."""
        return self.stake.money

    @property
    def due_at(self) -> datetime | None:
        """When the first of it is due."""
        return self.stake.due_at


def money_of(rows: Iterable[Any]) -> tuple[Amount, ...]:
    """Add up ``worth`` by ``currency`` of rows that SQL has counted together."""
    return add_up([Amount(int(row.worth or 0), row.currency) for row in rows])


def first_due(rows: Iterable[Any]) -> datetime | None:
    """Return the earliest ``due_at`` of such rows."""
    return min((row.due_at for row in rows if row.due_at is not None), default=None)

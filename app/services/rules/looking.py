"""Look at rules before they decide: what is wrong, what they mean, what they would change. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.orders import OrderStatus
from app.domain.rulebook.conditions import compiled, read
from app.domain.rulebook.counting import count
from app.domain.rulebook.effects import Effects
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.findings import NO_HISTORY, History, Lint
from app.domain.rulebook.linting import lint
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Step
from app.domain.rulebook.text import parsed
from app.errors import NotFoundError
from app.models.base import is_state
from app.models.orders import orders
from app.models.rules import rulebooks
from app.services.planning.router import Router
from app.services.rules.alike import ASKED
from app.services.rules.in_force import places, ready
from app.services.rules.known import references
from app.services.rules.telling import Telling, sku_ids_of

CHUNK: Final = 500
HISTORY_DAYS: Final = 90
MOST_HISTORY: Final = 2000


@dataclass(frozen=True, slots=True)
class RulebookRow:
    """One version of the rules."""

    version: int
    state: str
    text: str
    reason: str
    written_by: str
    written_at: datetime
    activated_by: str
    activated_at: datetime | None


def rulebook_rows(db: Connection) -> tuple[RulebookRow, ...]:
    """Return every version, the newest first."""
    query = select(rulebooks).order_by(rulebooks.c.version.desc())
    return tuple(
        RulebookRow(
            row.version, row.state, row.text, row.reason, row.written_by, row.written_at,
            row.activated_by or "", row.activated_at,
        )
        for row in db.execute(query)
    )  # fmt: skip


def version_of(db: Connection, version: int | None = None) -> RulebookRow:
    """Return a version: the one asked for, or the draft, or the one in force.

    Raises:
        NotFoundError: there is none.
    """
    rank = {"draft": 0, "active": 1}
    rows = rulebook_rows(db)
    if version is not None:
        rows = tuple(row for row in rows if row.version == version)
    elif rows:
        rows = tuple(sorted(rows, key=lambda row: rank.get(row.state, 2)))[:1]
    if not rows or (version is None and rows[0].state == "archived"):
        which = f"version {version} of the rules" if version is not None else "rulebook yet"
        raise NotFoundError(f"There is no {which}.", "Write rules, or import a rulebook.")
    return rows[0]


def open_facts(db: Connection, *, now: datetime) -> tuple[OrderFacts, ...]:
    """Return what the rules know of every order that is open."""
    return facts_of(db, db.execute(_UNDECIDED).scalars().all(), now=now)


def facts_of(db: Connection, order_ids: Sequence[int], *, now: datetime) -> tuple[OrderFacts, ...]:
    """Return what the rules know of these orders."""
    return tuple(facts for chunk in _facts(db, now, order_ids) for facts in chunk.values())


_UNDECIDED = (
    select(orders.c.id)
    .where(is_state(orders.c.status, OrderStatus.OPEN.value), ~orders.c.fulfilled_by_channel)
    .order_by(orders.c.placed_at, orders.c.id)
)


def facts_by_id(
    db: Connection, order_ids: Sequence[int], *, now: datetime
) -> dict[int, OrderFacts]:
    """Return what the rules know of these orders, by id."""
    found: dict[int, OrderFacts] = {}
    for chunk in _facts(db, now, order_ids):
        found.update(chunk)
    return found


def _facts(db: Connection, now: datetime, ids: Sequence[int]) -> Iterator[dict[int, OrderFacts]]:
    router = Router(db, now)
    for at in range(0, len(ids), CHUNK):
        chunk = ids[at : at + CHUNK]
        yield Telling(db, now, router, sku_ids_of(db, chunk), (ASKED,)).stored(db, chunk)


def how_many(db: Connection, *, condition: str, now: datetime) -> int:
    """Return how many open orders meet a condition.

    Raises:
        SearchError: it cannot be read.
    """
    is_met = compiled(read(condition))
    return sum(map(is_met, open_facts(db, now=now)))


def findings(
    db: Connection, *, text: str, now: datetime, with_history: bool = True
) -> tuple[Lint, ...]:
    """Return what is wrong with rules, by the desk's own lists and the orders of the last weeks.

    Raises:
        RefusedError: the text is no rulebook.
    """
    book = parsed(text)
    history = _history(db, book, now) if with_history else NO_HISTORY
    return lint(book, references(db), history)


def _history(db: Connection, book: Rulebook, now: datetime) -> History:
    since = now - timedelta(days=HISTORY_DAYS)
    query = (
        select(orders.c.id)
        .where(orders.c.placed_at >= since)
        .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        .limit(MOST_HISTORY)
    )
    ids = db.execute(query).scalars().all()
    told = facts_of(db, ids, now=now)
    hits = {each.rule: each.means for each in count(book, told)}
    return History(hits, len(told), HISTORY_DAYS)


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of each rule for one order."""

    number: str
    steps: tuple[Step, ...]
    effects: Effects


def trace(db: Connection, *, text: str, number: str, now: datetime) -> Trace:
    """Return what each rule says of one order, by its number.

    Raises:
        NotFoundError: there is no such order, or it has nothing to ship.
    """
    row = _order(db, number)
    router = Router(db, now)
    told = Telling(db, now, router, sku_ids_of(db, [row.id]), (ASKED,)).stored(db, [row.id])
    if row.id not in told:
        raise NotFoundError(f"Order {row.number} has nothing to ship.", "Try another order.")
    effects, steps = ready(text, places(db)).trace(told[row.id])
    return Trace(row.number, steps, effects)


def _order(db: Connection, number: str) -> Any:
    row = db.execute(
        select(orders.c.id, orders.c.number)
        .where(orders.c.number == number.strip())
        .order_by(orders.c.id.desc())
    ).first()
    if row is None:
        raise NotFoundError(f"There is no order {number.strip()}.", "Look its number up in Orders.")
    return row

"""What does the newest report say: rows that do not fit, their causes, and how that went over time?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.domain.mismatching.causes import CAUSES, Reason
from app.domain.search import And, Node, Not, Or, parse
from app.domain.search_fields import MISMATCH_FIELDS
from app.domain.search_values import Between, Choice, Match
from app.models.mismatches import mismatch_runs, mismatches
from app.models.orders import orders
from app.models.sets import among
from app.queries import search_sql
from app.queries.search_sql import Build, Condition, Here, Translation, contains, matches

_kept, _run = mismatches.c, mismatch_runs.c


@dataclass(frozen=True, slots=True)
class MismatchRow:
    """One thing that does not fit. ``cause_words`` and ``fix_words`` are as people read them.

    ``delta`` is by how much what is shown or counted is too high; ``money`` minor units at risk.
    """

    id: int
    kind: str
    sku: str
    place: str
    account_id: int | None
    location_id: int | None
    cause: str
    cause_words: str
    is_error: bool
    expected: int | None
    published: int | None
    observed: int | None
    delta: int
    money: int
    currency: str
    orders: int
    order_ids: tuple[int, ...]
    sentence: str
    evidence: tuple[str, ...]
    fix: str
    fix_words: str
    arguments: Mapping[str, Any]
    began_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    state: str
    settled_at: datetime | None
    settled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """One making of the report."""

    run_at: datetime
    numbers: int
    seconds: float
    errors: int
    by_cause: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Concerned:
    """An order that a mismatch concerns."""

    order_id: int
    number: str
    channel: str


def mismatch_rows(
    db: Connection, *, query: str = "", now: datetime, sort: str = "", descending: bool = False,
    limit: int | None = 200, offset: int = 0,
) -> list[MismatchRow]:  # fmt: skip
    """Return a page of what a search finds, by default what costs most first.

    Raises:
        SearchError: the query cannot be read.
    """
    found = select(mismatches).where(_condition(db, query, now)).order_by(*_order(sort, descending))
    return [_row(row) for row in db.execute(found.limit(limit).offset(offset))]


def count_mismatches(db: Connection, *, query: str = "", now: datetime) -> int:
    """Return how many a search finds."""
    found = select(func.count()).select_from(mismatches).where(_condition(db, query, now))
    return db.execute(found).scalar_one()


def rows_of(db: Connection, ids: Sequence[int]) -> list[MismatchRow]:
    """Return these rows, in the order given."""
    query = select(mismatches).where(among(_kept.id, "rows"))
    found = {row.id: _row(row) for row in db.execute(query, {"rows": list(ids)})}
    return [found[each] for each in ids if each in found]


def runs(db: Connection, *, limit: int = 30) -> list[RunRow]:
    """Return the newest reports, the newest first."""
    query = select(_run.run_at, _run.numbers, _run.seconds, _run.errors, _run.by_cause)
    return [RunRow(*row) for row in db.execute(query.order_by(_run.id.desc()).limit(limit))]


def concerned(db: Connection, order_ids: Sequence[int]) -> list[Concerned]:
    """Return the orders that a mismatch concerns."""
    query = select(orders.c.id, orders.c.number, orders.c.channel).where(
        among(orders.c.id, "orders")
    )
    return [Concerned(*row) for row in db.execute(query, {"orders": list(order_ids)})]


SORTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "sku": _kept.code, "place": _kept.place, "cause": _kept.cause, "delta": _kept.delta,
    "began_at": _kept.began_at, "money": _kept.money, "orders": _kept.orders,
}  # fmt: skip


def _order(sort: str, descending: bool) -> tuple[ColumnElement[Any], ...]:
    usual = (_kept.is_error.desc(), _kept.money.desc(), _kept.id)
    by = SORTS.get(sort)
    return usual if by is None else (by.desc() if descending else by.asc(), *usual)


def _condition(db: Connection, query: str, now: datetime) -> Condition:
    """Return what a query means; one that says nothing of a state means what is open."""
    wanted = parse(query, MISMATCH_FIELDS)
    found = search_sql.condition(wanted, search_sql.here(db, now), _MISMATCHES)
    return found if _names_a_state(wanted) else found & _STATES["open"]


def _names_a_state(node: Node) -> bool:
    if isinstance(node, And | Or):
        return any(_names_a_state(each) for each in node.nodes)
    if isinstance(node, Not):
        return _names_a_state(node.node)
    return isinstance(node, Choice) and node.field == "is" and node.value in _OF_STATE


def _text(at: Here, text: str) -> Condition:
    return or_(*(contains(at, each, text) for each in (_kept.code, _kept.place, _kept.sentence)))


def _own(column: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        return matches(at, column, wanted)

    return build


def _cause(_at: Here, wanted: Choice) -> Condition:
    return _kept.cause == wanted.value


def _money(_at: Here, wanted: Between) -> Condition:
    return search_sql.money_between(_kept.money, _kept.currency, wanted)


def _units(_at: Here, wanted: Between) -> Condition:
    return search_sql.units_between(_kept.delta, wanted)


_OF_STATE: Final = ("open", "accepted", "fixed")
_STATES: Final[Mapping[str, Condition]] = {
    "open": _kept.state == "open",
    "accepted": _kept.state == "accepted",
    "fixed": _kept.state == "fixed",
    "error": _kept.is_error,
    "explained": ~_kept.is_error,
    "oversold": (_kept.delta > 0) & _kept.is_error,
    "channel": _kept.kind == "pair",
    "stock": _kept.kind == "place",
}
_MISMATCHES: Final = Translation(
    _text,
    {
        "sku": _own(_kept.code), "where": _own(_kept.place), "cause": _cause,
        "is": search_sql.one_of(_STATES), "money": _money, "delta": _units,
    },
)  # fmt: skip


def _row(row: Any) -> MismatchRow:
    told = CAUSES[Reason(row.cause)]
    return MismatchRow(
        row.id, row.kind, row.code, row.place, row.account_id, row.location_id, row.cause,
        told.words, row.is_error, row.expected, row.published, row.observed, row.delta, row.money,
        row.currency, row.orders, tuple(row.order_ids), row.sentence, tuple(row.evidence), row.fix,
        told.fix, row.arguments, row.began_at, row.first_seen_at, row.last_seen_at, row.state,
        row.settled_at, row.settled_by, row.reason,
    )  # fmt: skip

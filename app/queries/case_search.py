"""Which cases does a search mean?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, or_

from app.domain.search import And, Node, Not, Or, parse
from app.domain.search_fields import CASE_FIELDS
from app.domain.search_values import Between, Choice, Match
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.orders import orders
from app.queries import search_sql
from app.queries.search_sql import Build, Condition, Here, Translation, contains, matches


def case_condition(
    db: Connection, query: str, now: datetime, *, actor: str = ""
) -> ColumnElement[bool]:
    """Return the condition on ``exception_cases`` (beside their order and SKU) of a query.

    A query that says nothing of open, resolved or put aside means what is open and waits for somebody now.
    ``actor`` is whose ``is:mine`` are.

    Raises:
        SearchError: the query cannot be read.
    """
    wanted = parse(query, CASE_FIELDS)
    found = search_sql.condition(wanted, search_sql.here(db, now), _cases_of(actor))
    return found if _names(wanted, _NAMED) else and_(found, _STATES["open"], ~_aside(now))


def is_over(query: str) -> bool:
    """Return whether a query asks for what is over as well.

    Raises:
        SearchError: the query cannot be read.
    """
    return _names(parse(query, CASE_FIELDS), ("resolved",))


def _names(node: Node, states: Collection[str]) -> bool:
    if isinstance(node, And | Or):
        return any(_names(each, states) for each in node.nodes)
    if isinstance(node, Not):
        return _names(node.node, states)
    return isinstance(node, Choice) and node.field == "is" and node.value in states


def _aside(now: datetime) -> ColumnElement[bool]:
    until = exception_cases.c.snoozed_until
    return and_(until.is_not(None), until > now)


def _snoozed(at: Here, _wanted: Choice) -> Condition:
    return and_(_STATES["open"], _aside(at.now))


def _escalated(at: Here, _wanted: Choice) -> Condition:
    return and_(_STATES["open"], exception_cases.c.step > 0, ~_aside(at.now))


def _text(at: Here, text: str) -> Condition:
    columns = (exception_cases.c.title, orders.c.number, orders.c.buyer_name, skus.c.code)
    return or_(*(contains(at, column, text) for column in columns))


def _own(column: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        return matches(at, column, wanted)

    return build


def _word(column: Any) -> Build:
    def build(_at: Here, wanted: Choice) -> Condition:
        return column == wanted.value  # type: ignore[no-any-return]

    return build


def _word_as_typed(at: Here, wanted: Match) -> Condition:
    """The cause as it is written on a card, or what it was put to."""
    table = exception_cases.c
    return or_(matches(at, table.cause, wanted), matches(at, table.joined_to, wanted))


def _due(at: Here, wanted: Between) -> Condition:
    return search_sql.moment_between(at, exception_cases.c.due_at, wanted)


def _money(_at: Here, wanted: Between) -> Condition:
    table = exception_cases.c
    return search_sql.money_between(table.money_at_risk, table.currency, wanted)


def _overdue(at: Here, _wanted: Choice) -> Condition:
    return exception_cases.c.due_at < at.now


_STATES: Final[Mapping[str, Condition]] = {
    "open": exception_cases.c.state == "open",
    "resolved": exception_cases.c.state == "resolved",
}

_NAMED: Final = ("open", "resolved", "snoozed")


def _cases_of(actor: str) -> Translation:
    def mine(at: Here, _wanted: Choice) -> Condition:
        return and_(_STATES["open"], exception_cases.c.assigned_to == actor, ~_aside(at.now))

    timed: dict[str, Build] = {
        "overdue": _overdue,
        "snoozed": _snoozed,
        "escalated": _escalated,
        "mine": mine,
    }
    return Translation(_text, {**_FIELDS, "is": search_sql.one_of(_STATES, timed)})


_FIELDS: Final[Mapping[str, Build]] = {
    "kind": _word(exception_cases.c.kind),
    "severity": _word(exception_cases.c.severity),
    "owner": _own(exception_cases.c.owner),
    "assigned": _own(exception_cases.c.assigned_to),
    "cause": _word_as_typed,
    "due": _due,
    "order": _own(orders.c.number),
    "sku": _own(skus.c.code),
    "channel": _own(orders.c.channel),
    "money": _money,
}

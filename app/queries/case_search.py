"""Which cases does a search mean?"""

from __future__ import annotations

from collections.abc import Mapping
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


def case_condition(db: Connection, query: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``exception_cases`` (beside their order and SKU) of a query.

    A query that says nothing of open or resolved means what is open.

    Raises:
        SearchError: the query cannot be read.
    """
    wanted = parse(query, CASE_FIELDS)
    found = search_sql.condition(wanted, search_sql.here(db, now), _CASES)
    return found if _names_a_state(wanted) else and_(found, _STATES["open"])


def _names_a_state(node: Node) -> bool:
    if isinstance(node, And | Or):
        return any(_names_a_state(each) for each in node.nodes)
    if isinstance(node, Not):
        return _names_a_state(node.node)
    return isinstance(node, Choice) and node.field == "is" and node.value in _STATES


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

_CASES: Final = Translation(
    _text,
    {
        "kind": _word(exception_cases.c.kind),
        "severity": _word(exception_cases.c.severity),
        "owner": _own(exception_cases.c.owner),
        "is": search_sql.one_of(_STATES, {"overdue": _overdue}),
        "due": _due,
        "order": _own(orders.c.number),
        "sku": _own(skus.c.code),
        "channel": _own(orders.c.channel),
        "money": _money,
    },
)

"""Which returns does a search mean?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from app.domain.returning.custody import AWAITED, HERE, Custody
from app.domain.returning.owed import Owed
from app.domain.search import parse
from app.domain.search_fields import RETURN_FIELDS
from app.domain.search_values import Between, Match
from app.models.catalogue import skus
from app.models.orders import orders
from app.models.returns import return_units, returns
from app.queries import search_sql
from app.queries.search_sql import Build, Condition, Here, Translation, contains, matches

_kept, _unit = returns.c, return_units.c


def return_condition(db: Connection, query: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition on returns, joined with their orders, that a query means.

    Raises:
        SearchError: the query cannot be read.
    """
    at = search_sql.here(db, now)
    return search_sql.condition(parse(query, RETURN_FIELDS), at, _RETURNS)


def _text(at: Here, text: str) -> Condition:
    columns = (
        _kept.number, _kept.tracking_number, _kept.sender, _kept.clue, orders.c.number,
        orders.c.buyer_name,
    )  # fmt: skip
    known = select(skus.c.id).where(contains(at, skus.c.code, text))
    return or_(*(contains(at, each, text) for each in columns), _with(_unit.sku_id.in_(known)))


def _own(*columns: Any) -> Build:
    return lambda at, wanted: or_(*(matches(at, each, wanted) for each in columns))


def _with(condition: Condition) -> Condition:
    """Return whether some unit of a return is like this."""
    return _kept.id.in_(select(_unit.return_id).where(condition))


def _sku(at: Here, wanted: Match) -> Condition:
    known = select(skus.c.id).where(matches(at, skus.c.code, wanted))
    return _with(_unit.sku_id.in_(known))


def _grade(at: Here, wanted: Match) -> Condition:
    return _with(matches(at, _unit.grade, wanted))


def _opened(at: Here, wanted: Between) -> Condition:
    return search_sql.moment_between(at, _kept.opened_at, wanted)


_ORPHAN: Final = _kept.order_id.is_(None)
_EXPECTED: Final = _with(_unit.custody.in_([each.value for each in AWAITED]))
_HERE: Final = _with(_unit.custody.in_([each.value for each in HERE]))
_PROMISED: Final = _with(_unit.money == Owed.PROMISED.value)
_UNDECIDED: Final = and_(
    not_(_ORPHAN),
    not_(_EXPECTED),
    not_(_HERE),
    _with(and_(_unit.custody == Custody.DISPOSED.value, _unit.money == Owed.NONE.value)),
)
_OPEN: Final = or_(_ORPHAN, _EXPECTED, _HERE, _PROMISED, _UNDECIDED)
_STATES: Final[Mapping[str, Condition]] = {
    "orphan": _ORPHAN,
    "expected": _EXPECTED,
    "inspect": _with(_unit.custody == Custody.RECEIVED.value),
    "putaway": _with(_unit.custody == Custody.GRADED.value),
    "torefund": _PROMISED,
    "undecided": _UNDECIDED,
    "open": _OPEN,
    "done": not_(_OPEN),
}
_RETURNS: Final = Translation(
    _text,
    {
        "return": _own(_kept.number),
        "order": _own(orders.c.number, orders.c.external_id),
        "buyer": _own(orders.c.buyer_name, orders.c.ship_name, _kept.sender),
        "sku": _sku,
        "channel": _own(orders.c.channel),
        "tracking": _own(_kept.tracking_number),
        "why": _own(_kept.reason_code, _kept.reason),
        "opened": _opened,
        "grade": _grade,
        "is": search_sql.one_of(_STATES),
    },
)

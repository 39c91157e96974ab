"""How does a search become a condition in SQL? Always bound values, never text pasted in.

``%`` and ``_`` are escaped, so that they are text; letters match in either case and without their
accents, which the engines do not fold alike, so both sides are folded by ``domain.folding``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    true,
)

from app.domain.folding import fold
from app.domain.money import exponent
from app.domain.search import And, Everything, Lines, Node, Not, Or, Text
from app.domain.search_values import Between, Bound, Choice, Leaf, Match, Today
from app.models import house
from app.models.folding import Folded
from app.queries.order_index import Index

Condition = ColumnElement[bool]
_ESCAPE: Final = "/"


@dataclass(frozen=True, slots=True)
class Here:
    """What a search is asked of: the engine, the moment, the desk's own time zone, and its index."""

    is_postgresql: bool
    now: datetime
    zone: ZoneInfo
    index: Index = field(default_factory=Index)

    @property
    def today(self) -> date:
        """The day at the desk."""
        return self.now.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """Return the moment at which a day begins at the desk."""
        return datetime.combine(day, time(), self.zone)


Build = Callable[[Here, Any], Condition]


@dataclass(frozen=True, slots=True)
class Translation:
    """How one kind of search is asked: free text, and each field by its name."""

    text: Callable[[Here, str], Condition]
    fields: Mapping[str, Build]


def here(db: Connection, now: datetime) -> Here:
    """Return what a search on this connection needs to know."""
    return Here(db.dialect.name == "postgresql", now, ZoneInfo(house.time_zone(db)))


def condition(node: Node, at: Here, by: Translation) -> Condition:
    """Return the condition that a search means."""
    if isinstance(node, And):
        return and_(*(condition(each, at, by) for each in node.nodes))
    if isinstance(node, Or):
        return or_(*(condition(each, at, by) for each in node.nodes))
    if isinstance(node, Not):
        # What is unknown (no total, no SKU) is not what was excluded.
        return not_(func.coalesce(condition(node.node, at, by), false()))
    if isinstance(node, Text):
        return by.text(at, node.value)
    if isinstance(node, Everything):
        return true()
    if isinstance(node, Lines):
        raise TypeError("a list is not searched by the number of its lines; rules are")
    return _field(node, at, by)


def _field(leaf: Leaf, at: Here, by: Translation) -> Condition:
    return by.fields[leaf.field](at, leaf)


def contains(at: Here, column: Any, text: str) -> Condition:
    """Return whether a column contains a text, in whatever case."""
    return _like(at, column, (text,), "%", "%")


def matches(at: Here, column: Any, wanted: Match) -> Condition:
    """Return whether a column is, or contains, what a text field asks for."""
    around = "" if wanted.is_whole else "%"
    return _like(at, column, wanted.parts, around, around)


def _like(at: Here, column: Any, parts: tuple[str, ...], before: str, after: str) -> Condition:
    pattern = before + "%".join(escaped(fold(part)) for part in parts) + after
    has_more = column.op("~" if at.is_postgresql else "GLOB", is_comparison=True)(
        _BEYOND_ASCII_SERVER if at.is_postgresql else _BEYOND_ASCII
    )
    # LIKE ignores the case of ASCII letters by itself; the few other texts are folded first.
    like = column.ilike if at.is_postgresql else column.like
    return or_(
        like(pattern, escape=_ESCAPE), and_(has_more, Folded(column).like(pattern, escape=_ESCAPE))
    )


_BEYOND_ASCII: Final = "*[^\x01-\x7f]*"
_BEYOND_ASCII_SERVER: Final = "[^\x01-\x7f]"


def escaped(text: str) -> str:
    """Return text that a pattern takes for itself."""
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text


def units_between(column: Any, wanted: Between) -> Condition:
    """Return whether a number lies in a range."""
    return _bounded(wanted, column, 1)


def money_between(column: Any, currency: Any, wanted: Between) -> Condition:
    """Return whether minor units lie in a range of whole units, whatever the currency."""
    return _bounded(wanted, column * case(_SCALES, value=currency, else_=10), 1000)


_CURRENCIES: Final = (
    "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND", "BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
    "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
)  # fmt: skip
# Amounts of every currency as thousandths, the finest minor unit that there is.
_SCALES: Final = {code: 10 ** (3 - exponent(code)) for code in _CURRENCIES}


def _bounded(wanted: Between, column: Any, scale: int) -> Condition:
    found: list[Condition] = []
    if wanted.low is not None:
        edge = _edge(wanted.low, scale)
        found.append(column > edge if wanted.low.is_open else column >= edge)
    if wanted.high is not None:
        edge = _edge(wanted.high, scale)
        found.append(column < edge if wanted.high.is_open else column <= edge)
    return and_(*found)


def _edge(bound: Bound, scale: int) -> float:
    if not isinstance(bound.value, Decimal):
        raise TypeError(f"a range of numbers has {bound.value!r} as an end")
    return float(bound.value * scale)


def moment_between(at: Here, column: Any, wanted: Between) -> Condition:
    """Return whether a time lies in a range; a day is taken whole."""
    found: list[Condition] = []
    if wanted.low is not None:
        found.append(_after(at, column, wanted.low))
    if wanted.high is not None:
        found.append(_before(at, column, wanted.high))
    return and_(*found)


def _after(at: Here, column: Any, low: Bound) -> Condition:
    if isinstance(low.value, timedelta):
        edge = at.now + low.value
        return column > edge if low.is_open else column >= edge  # type: ignore[no-any-return]
    day = _day(at, low.value) + timedelta(days=low.is_open)
    return column >= at.start_of(day)  # type: ignore[no-any-return]


def _before(at: Here, column: Any, high: Bound) -> Condition:
    if isinstance(high.value, timedelta):
        edge = at.now + high.value
        return column < edge if high.is_open else column <= edge  # type: ignore[no-any-return]
    day = _day(at, high.value) + timedelta(days=not high.is_open)
    return column < at.start_of(day)  # type: ignore[no-any-return]


def _day(at: Here, value: object) -> date:
    if isinstance(value, Today):
        return at.today + timedelta(days=value.days)
    if isinstance(value, date):
        return value
    raise TypeError(f"a range of days has {value!r} as an end")


def age_between(at: Here, column: Any, wanted: Between) -> Condition:
    """Return whether something happened so long ago: older is earlier, so the ends change sides."""
    return moment_between(at, column, Between(wanted.field, _ago(wanted.high), _ago(wanted.low)))


def _ago(bound: Bound | None) -> Bound | None:
    if bound is None:
        return None
    if not isinstance(bound.value, timedelta):
        raise TypeError(f"an age has {bound.value!r} as an end")
    return Bound(-bound.value, bound.is_open)


def one_of(states: Mapping[str, Condition], timed: Mapping[str, Build] | None = None) -> Build:
    """Return how a field is asked whose words are conditions, some of which depend on the time."""

    def build(at: Here, wanted: Choice) -> Condition:
        if timed and wanted.value in timed:
            return timed[wanted.value](at, wanted)
        return states[wanted.value]

    return build

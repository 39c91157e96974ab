"""Which values does the desk know that begin so? For the search's completion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, case, literal, or_, select

from app.domain.search_fields import Known
from app.domain.search_values import Match
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.fulfilment import shipments
from app.models.governance import operators
from app.models.inventory import locations
from app.models.orders import order_tags, orders, sales_channels
from app.queries import search_sql
from app.queries.search_sql import Condition, Here, contains, matches

OFFERED: Final = 8
# What was used lately, among a million orders that nobody will look for by typing.
_LATELY: Final = 20_000


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value, and what it is called."""

    value: str
    name: str = ""


def known_values(
    db: Connection, known: Known, prefix: str, *, limit: int = OFFERED
) -> list[KnownValue]:
    """Return values that begin with a text, or whose name does, in the order of the alphabet."""
    at = search_sql.here(db, datetime.min.replace(tzinfo=UTC))
    query = _SOURCES[known](at, prefix).limit(limit)
    return [KnownValue(value, name or "") for value, name in db.execute(query)]


def _begins(at: Here, column: Any, prefix: str) -> Condition:
    return matches(at, column, Match("", (prefix, ""), is_whole=True))


def _listed(value: Any, name: Any, *conditions: Condition) -> Callable[[Here, str], Select[Any]]:
    """Return how a short list is asked, whose entries have a code and a name."""

    def build(at: Here, prefix: str) -> Select[Any]:
        either = or_(_begins(at, value, prefix), _begins(at, name, prefix))
        return select(value, name).where(either, *conditions).order_by(value)

    return build


def _skus(at: Here, prefix: str) -> Select[Any]:
    """Select SKUs by their code, then those whose title has the text."""
    by_code = _begins(at, skus.c.code, prefix)
    return (
        select(skus.c.code, skus.c.title)
        .where(or_(by_code, contains(at, skus.c.title, prefix)))
        .order_by(case((by_code, 0), else_=1), skus.c.code)
    )


def _used(column: Any, newest: Any) -> Callable[[Here, str], Select[Any]]:
    """Return how values are asked that stand only where they were used."""

    def build(at: Here, prefix: str) -> Select[Any]:
        lately = select(column.label("value")).order_by(newest.desc()).limit(_LATELY).subquery()
        value = lately.c.value
        return (
            select(value, literal(""))
            .distinct()
            .where(value != "", _begins(at, value, prefix))
            .order_by(value)
        )

    return build


_SOURCES: Final[Mapping[Known, Callable[[Here, str], Select[Any]]]] = {
    Known.CHANNELS: _listed(sales_channels.c.code, sales_channels.c.name),
    Known.LOCATIONS: _listed(locations.c.code, locations.c.name),
    Known.PEOPLE: _listed(operators.c.name, operators.c.role, operators.c.is_active),
    Known.SKUS: _skus,
    Known.CATEGORIES: _used(skus.c.category, skus.c.id),
    Known.TAGS: _used(order_tags.c.tag, order_tags.c.order_id),
    Known.OWNERS: _used(exception_cases.c.owner, exception_cases.c.id),
    Known.CITIES: _used(orders.c.ship_city, orders.c.id),
    Known.STATES: _used(orders.c.ship_state, orders.c.id),
    Known.COUNTRIES: _used(orders.c.ship_country, orders.c.id),
    Known.SERVICES: _used(orders.c.service, orders.c.id),
    Known.CARRIERS: _used(shipments.c.carrier, shipments.c.id),
}

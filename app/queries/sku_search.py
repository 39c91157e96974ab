"""Which SKUs does a search mean?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from app.domain.search import parse
from app.domain.search_fields import SKU_FIELDS
from app.domain.search_values import Between, Match
from app.models.catalogue import skus
from app.models.inventory import bins, locations, network_stock, stock_levels
from app.queries import search_sql
from app.queries.search_sql import Build, Condition, Here, Translation, contains, matches


def sku_condition(db: Connection, query: str) -> ColumnElement[bool]:
    """Return the condition on ``skus`` (with ``network_stock`` beside it) that a query means.

    Raises:
        SearchError: the query cannot be read.
    """
    at = search_sql.here(db, datetime.min.replace(tzinfo=UTC))  # no field of a SKU is a time
    return search_sql.condition(parse(query, SKU_FIELDS), at, _SKUS)


def _text(at: Here, text: str) -> Condition:
    columns = (skus.c.code, skus.c.title, skus.c.barcode, skus.c.more_barcodes)
    return or_(*(contains(at, column, text) for column in columns))


def _own(column: Any) -> Build:
    def build(at: Here, wanted: Match) -> Condition:
        return matches(at, column, wanted)

    return build


def _units(column: Any) -> Build:
    def build(_at: Here, wanted: Between) -> Condition:
        # A kit has no units of its own, so it has neither few nor many.
        return ~skus.c.is_kit & search_sql.units_between(column, wanted)

    return build


def _location(at: Here, wanted: Match) -> Condition:
    named = or_(matches(at, locations.c.code, wanted), matches(at, locations.c.name, wanted))
    there = (
        select(stock_levels.c.sku_id)
        .join(locations, locations.c.id == stock_levels.c.location_id)
        .where(named, stock_levels.c.on_hand != 0)
    )
    return skus.c.id.in_(there)


def _bin(at: Here, wanted: Match) -> Condition:
    return skus.c.id.in_(select(bins.c.sku_id).where(matches(at, bins.c.bin, wanted)))


_FREE: Final = func.coalesce(network_stock.c.free, 0)
_RESERVED: Final = func.coalesce(network_stock.c.reserved, 0)
_level = stock_levels.c
_not_ours = select(locations.c.id).where(locations.c.account_id.is_not(None))
_below_zero = select(_level.sku_id).where(
    _level.on_hand - _level.unavailable - _level.allocated < 0
)
# The units that locations may promise: each one's own, after its safety stock, never below zero.
_promised = (
    select(
        func.coalesce(
            func.sum(
                func.abs(
                    _level.on_hand - _level.unavailable - _level.allocated - _level.safety_stock
                )
                + (_level.on_hand - _level.unavailable - _level.allocated - _level.safety_stock)
            )
            / 2,
            0,
        )
    )
    .where(_level.sku_id == skus.c.id, _level.location_id.not_in(_not_ours))
    .correlate(skus)
    .scalar_subquery()
)

_STATES: Final[Mapping[str, Condition]] = {
    "kit": skus.c.is_kit,
    "low": ~skus.c.is_kit & (_promised - _RESERVED <= 0),
    "out": ~skus.c.is_kit & (_FREE <= 0),
    "negative": ~skus.c.is_kit & ((_FREE < _RESERVED) | skus.c.id.in_(_below_zero)),
    "reserved": _RESERVED > 0,
    "incoming": skus.c.id.in_(select(_level.sku_id).where(_level.incoming > 0)),
    "aside": skus.c.id.in_(select(_level.sku_id).where(_level.unavailable > 0)),
    "hazmat": skus.c.is_hazmat,
    "fragile": skus.c.is_fragile,
}

# What needs somebody first: oversold or below zero, then sold out, then the rest.
NEED: Final = case((_STATES["negative"], 0), (_STATES["low"], 1), else_=2)

_SKUS: Final = Translation(
    _text,
    {
        "sku": _own(skus.c.code),
        "title": _own(skus.c.title),
        "category": _own(skus.c.category),
        "family": _own(skus.c.family),
        "supplier": _own(skus.c.supplier),
        "velocity": _own(skus.c.velocity),
        "is": search_sql.one_of(_STATES),
        "free": _units(_FREE),
        "reserved": _units(_RESERVED),
        "location": _location,
        "bin": _bin,
    },
)

"""What do people search orders by, and where is it kept so that a search among a million is quick?

``order_texts`` holds, for each order, the folded texts that it is found by; every value stands on a
line of its own, so that the whole value can be asked for as well as a part. All of it is derived: it is
filled behind the orders' backs by ``services.indexing``, left out of copies between engines, and may
be emptied at any time. Until it is filled, ``found_by`` says the same of the orders themselves.

Erasing an order's personal data includes its row here: an operation that changes what an order is found
by says so with ``indexing.changed``, in its own transaction.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    Text,
    column,
    func,
    literal,
    select,
    table,
)

from app.models.base import Id, metadata
from app.models.catalogue import skus
from app.models.fulfilment import shipments
from app.models.orders import order_lines, orders

LINE: Final = "\n"
DERIVED: Final = {"is_derived": True}
KINDS: Final = ("numbers", "people", "email", "city", "postcode", "skus", "tracking")
# How the words of ``order_texts`` are found: by SQLite's or PostgreSQL's index, or by reading on.
FTS5, TRIGRAM, PLAIN = "fts5", "trigram", "plain"

order_texts = Table(
    "order_texts",
    metadata,
    Column("order_id", Id, primary_key=True, autoincrement=False),
    *(Column(kind, Text, nullable=False) for kind in KINDS),
    info=DERIVED,
)

# Orders whose texts have changed since they were read; few, and soon read again.
order_text_changes = Table(
    "order_text_changes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("order_id", Id, nullable=False),
    info=DERIVED,
)

# One row: up to which order and shipment everything has been read, and by what it is found.
order_text_state = Table(
    "order_text_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("layout", Integer, nullable=False),
    Column("engine", String(10), nullable=False),
    Column("orders_to", Id, nullable=False),
    Column("shipments_to", Id, nullable=False),
    info=DERIVED,
)
LAYOUT: Final = 1  # of the folded texts: another number, and they are made anew

# SQLite's index over ``order_texts``, made when it is first filled; MATCH is asked of its own name.
order_words = table("order_words", column("rowid"), column("order_words"))


def _values(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """Return values each on a line of its own, with a line's end before the first."""
    joined: ColumnElement[Any] = literal(LINE)
    for value in columns:
        joined = joined + _one_line(value) + LINE
    return joined


def _one_line(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.replace(column, LINE, " ")


def _joined(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.aggregate_strings(_one_line(column) + LINE, "")


def _codes(column: ColumnElement[Any], *, of_skus: bool) -> ColumnElement[str]:
    lines = order_lines.join(skus, skus.c.id == order_lines.c.sku_id) if of_skus else order_lines
    found = select(_joined(column)).select_from(lines).where(order_lines.c.order_id == orders.c.id)
    return func.coalesce(found.correlate(orders).scalar_subquery(), "")


_tracking = (
    select(_joined(shipments.c.tracking_number))
    .where(shipments.c.order_id == orders.c.id, shipments.c.voided_at.is_(None))
    .correlate(orders)
    .scalar_subquery()
)

# What an order is found by, as its own rows say it now; not folded yet.
FOUND_BY: Final[dict[str, ColumnElement[str]]] = {
    "numbers": _values(orders.c.number, orders.c.external_id),
    "people": _values(orders.c.buyer_name, orders.c.ship_name, orders.c.ship_company),
    "email": _values(orders.c.buyer_email),
    "city": _values(orders.c.ship_city),
    "postcode": _values(orders.c.ship_postcode),
    "skus": literal(LINE)
    + _codes(order_lines.c.sku_text, of_skus=False)
    + _codes(skus.c.code, of_skus=True),
    "tracking": literal(LINE) + func.coalesce(_tracking, ""),
}


def best_engine(db: Connection) -> str:
    """Make the index that this database is able to have, and say which it is."""
    return _fts5(db) if db.dialect.name == "sqlite" else _trigram(db)


def _fts5(db: Connection) -> str:
    if not _has_trigrams(db):
        return PLAIN
    db.exec_driver_sql("DROP TABLE IF EXISTS order_words")
    db.exec_driver_sql(
        f"CREATE VIRTUAL TABLE order_words USING fts5({', '.join(KINDS)}, content='order_texts', "
        "content_rowid='order_id', tokenize='trigram case_sensitive 1')"
    )
    return FTS5


def _has_trigrams(db: Connection) -> bool:
    """Ask for what a SQLite from 2020 on has, unless somebody built it without."""
    has_fts5 = db.exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')").scalar()
    return bool(has_fts5) and sqlite3.sqlite_version_info >= (3, 34)


def _trigram(db: Connection) -> str:
    """Ask the server for its trigrams; who may not have them still finds everything, more slowly."""
    installed = "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"
    if not db.exec_driver_sql(installed).scalar() and not _extended(db):
        return PLAIN
    kinds = ", ".join(f"{kind} gin_trgm_ops" for kind in KINDS)
    db.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS ix_order_texts_words ON order_texts USING gin ({kinds})"
    )
    return TRIGRAM


def _extended(db: Connection) -> bool:
    """Install the extension where the server lets this user do so."""
    allowed = (
        "SELECT count(*) FROM pg_available_extension_versions WHERE name = 'pg_trgm' "
        "AND (trusted OR NOT superuser) AND has_database_privilege(current_database(), 'CREATE') "
        "OR name = 'pg_trgm' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
    )
    if not db.exec_driver_sql(allowed).scalar():
        return False
    db.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    return True

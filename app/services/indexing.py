"""Keep what orders are searched by up to date, behind their backs: no import waits for it.

New orders and shipments are known by their ids, which only grow; an operation that changes what a known
order is found by says so with ``changed``. What has not been read yet is still found, because a search
asks those few orders themselves (``queries.order_index``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, table

from app.domain.folding import fold
from app.models.bulk import insert_rows
from app.models.fulfilment import shipments
from app.models.identity import Identity
from app.models.orders import orders
from app.models.search import (
    FOUND_BY,
    FTS5,
    KINDS,
    LAYOUT,
    best_engine,
    order_text_changes,
    order_text_state,
    order_texts,
)
from app.models.sets import among

UNIT: Final = 400  # orders a write unit: a few hundredths of a second
_DRAWN: Final = 300


def changed(db: Connection, order_ids: Collection[int]) -> None:
    """Say, in the transaction that does it, that orders are found by something else from now on."""
    ids = Identity(db, order_text_changes)
    rows = [{"id": ids.take(order_text_changes), "order_id": each} for each in set(order_ids)]
    insert_rows(db, order_text_changes, rows)


def is_current(db: Connection) -> bool:
    """Return whether nothing is left to read."""
    state = db.execute(select(order_text_state)).first()
    if state is None or state.layout != LAYOUT:
        return not _highest(db, orders)
    return (
        state.orders_to >= _highest(db, orders)
        and state.shipments_to >= _highest(db, shipments)
        and db.execute(select(order_text_changes.c.id).limit(1)).first() is None
    )


def newest_order(db: Connection) -> int:
    """Return the id of the order that came last."""
    return _highest(db, orders)


def read_orders(db: Connection) -> int:
    """Return how many orders have been read."""
    return int(db.execute(select(func.count()).select_from(order_texts)).scalar_one())


def faults(db: Connection) -> list[str]:
    """Say what the index has got wrong: how many orders it holds, or what some of them are found by.

    Some are drawn, because reading all of a million takes longer than making it anew.
    """
    state = db.execute(select(order_text_state)).first()
    if state is None or state.layout != LAYOUT:
        return []
    found = _miscounted(db, state)
    step = max(1, state.orders_to // _DRAWN)
    drawn = list(range(1, state.orders_to + 1, step))
    after = db.execute(_WHOLE, {"ids": drawn}).all()
    before = {row["order_id"]: dict(row) for row in db.execute(_KEPT, {"ids": drawn}).mappings()}
    waiting = _waiting(db, state, drawn)
    wrong = [row["order_id"] for row in _folded(after) if before.get(row["order_id"]) != row]
    if left := len(set(wrong) - waiting):
        found.append(f"{left} of {len(after)} orders looked at would be found by something else")
    return found


def _miscounted(db: Connection, state: Any) -> list[str]:
    there = select(func.count()).where(orders.c.id <= state.orders_to)
    counts = [there, select(func.count()).select_from(order_texts)]
    if state.engine == FTS5:
        counts.append(select(func.count()).select_from(table("order_words_docsize")))
    numbers = {db.execute(each).scalar_one() for each in counts}
    return ["it does not hold each order once"] if len(numbers) > 1 else []


def _waiting(db: Connection, state: Any, order_ids: Sequence[int]) -> set[int]:
    """Return those of the orders that are known to have changed, and are read again soon."""
    told = select(order_text_changes.c.order_id)
    shipped = select(shipments.c.order_id).where(shipments.c.id > state.shipments_to)
    return set(order_ids) & set(db.execute(told.union(shipped)).scalars())


def forget(db: Connection) -> None:
    """Empty everything: it is made anew from the orders."""
    for each in (order_texts, order_text_changes, order_text_state):
        db.execute(delete(each))
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("DROP TABLE IF EXISTS order_words")


def leave_no_trace(db: Connection) -> None:
    """Have what searches read keep nothing of what was removed from it."""
    state = db.execute(select(order_text_state)).first()
    if state is not None and state.engine == FTS5:
        db.exec_driver_sql("INSERT INTO order_words (order_words) VALUES ('optimize')")


def read_on(db: Connection, limit: int = UNIT) -> int:
    """Read some of what is new or has changed, in one write unit; return how many orders.

    What has changed comes first, then new shipments, then new orders; 0 means that all is read.
    """
    state = db.execute(select(order_text_state)).first()
    if state is None or state.layout != LAYOUT:
        state = _begin(db)
    return (
        _read_changed(db, state, limit)
        or _read_shipments(db, state, limit)
        or _read_orders(db, state, limit)
    )


def _begin(db: Connection) -> Any:
    forget(db)
    row = {
        "id": 1, "layout": LAYOUT, "engine": best_engine(db), "orders_to": 0,
        # Orders are read later than this, and with the shipments that they have by then.
        "shipments_to": _highest(db, shipments),
    }  # fmt: skip
    db.execute(insert(order_text_state), [row])
    return db.execute(select(order_text_state)).one()


def _read_changed(db: Connection, state: Any, limit: int) -> int:
    told = order_text_changes
    rows = db.execute(select(told).order_by(told.c.id).limit(limit)).all()
    if rows:
        _read_again(db, state, {row.order_id for row in rows})
        db.execute(delete(told).where(told.c.id <= rows[-1].id))
    return len(rows)


def _read_shipments(db: Connection, state: Any, limit: int) -> int:
    new = select(shipments.c.id, shipments.c.order_id).where(shipments.c.id > state.shipments_to)
    rows = db.execute(new.order_by(shipments.c.id).limit(limit)).all()
    if rows:
        _read_again(db, state, {row.order_id for row in rows})
        db.execute(order_text_state.update().values(shipments_to=rows[-1].id))
    return len(rows)


def _read_orders(db: Connection, state: Any, limit: int) -> int:
    """Read the next new orders, and have the engine index them in one go."""
    page = select(orders.c.id, *_TEXTS).where(orders.c.id > state.orders_to)
    rows = db.execute(page.order_by(orders.c.id).limit(limit)).all()
    if not rows:
        return 0
    first, last = rows[0].id, rows[-1].id
    insert_rows(db, order_texts, _folded(rows))
    if state.engine == FTS5:
        db.exec_driver_sql(f"{_INDEXED} WHERE order_id BETWEEN ? AND ?", (first, last))
    db.execute(order_text_state.update().values(orders_to=last))
    return len(rows)


def _read_again(db: Connection, state: Any, order_ids: Collection[int]) -> None:
    """Read orders again that were read before; those that were not come with the new ones."""
    ids = {"ids": [each for each in order_ids if each <= state.orders_to]}
    after = {row["order_id"]: row for row in _folded(db.execute(_WHOLE, ids).all())}
    for old in db.execute(_KEPT, ids).mappings().all():
        if after.get(old["order_id"]) == dict(old):
            del after[old["order_id"]]
    _replace(db, state.engine, list(after.values()))


def _replace(db: Connection, engine: str, rows: Sequence[dict[str, Any]]) -> None:
    keys = {"ids": [row["order_id"] for row in rows]}
    if engine == FTS5:  # it is told what goes before it goes
        for key in keys["ids"]:
            db.exec_driver_sql(f"{_REMOVED} WHERE order_id = ?", (key,))
    db.execute(delete(order_texts).where(among(order_texts.c.order_id, "ids")), keys)
    insert_rows(db, order_texts, rows)
    if engine == FTS5:
        for key in keys["ids"]:
            db.exec_driver_sql(f"{_INDEXED} WHERE order_id = ?", (key,))


_TEXTS = tuple(text.label(kind) for kind, text in FOUND_BY.items())
_WHOLE = select(orders.c.id, *_TEXTS).where(among(orders.c.id, "ids"))
_KEPT = select(order_texts).where(among(order_texts.c.order_id, "ids"))
_NAMES = ", ".join(KINDS)
_INDEXED = f"INSERT INTO order_words (rowid, {_NAMES}) SELECT order_id, {_NAMES} FROM order_texts"
_REMOVED = (
    f"INSERT INTO order_words (order_words, rowid, {_NAMES}) "
    f"SELECT 'delete', order_id, {_NAMES} FROM order_texts"
)


def _folded(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"order_id": row[0], **dict(zip(KINDS, map(fold, row[1:]), strict=True))} for row in rows
    ]


def _highest(db: Connection, of: Any) -> int:
    return int(db.execute(select(func.coalesce(func.max(of.c.id), 0))).scalar_one())

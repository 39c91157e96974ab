"""Put a word on orders, and take it off again: "VIP", "gift wrap", "call first".

A tag says something about an order to the people at the desk; it decides nothing by itself, and no
channel hears of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Skipped, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.bulk import insert_rows
from app.models.orders import order_tags, orders
from app.models.sets import among
from app.services import audit

LONGEST = 40


def tag_orders(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], tag: str, now: datetime
) -> Changes:
    """Put a tag on orders; one that is here already in another spelling keeps its own.

    Raises:
        RefusedError: the tag is empty, too long, or has a comma in it.
    """
    actor.must(Permission.WORK)
    word = _known_spelling(db, _checked(tag))
    tagged, rows = _looked_up(db, order_ids, word)
    going = [row for row in rows if row.id not in tagged]
    skipped = [
        Skipped(row.number, f"it is tagged {word} already") for row in rows if row.id in tagged
    ]
    insert_rows(
        db, order_tags,
        [{"order_id": row.id, "tag": word, "added_by": actor.name, "added_at": now} for row in going],
    )  # fmt: skip
    return _receipt(db, actor, now, "Tag", going, skipped, word, "untag_orders")


def untag_orders(
    db: Connection, actor: Actor, *, order_ids: Sequence[int], tag: str, now: datetime
) -> Changes:
    """Take a tag off orders."""
    actor.must(Permission.WORK)
    word = _known_spelling(db, _checked(tag))
    tagged, rows = _looked_up(db, order_ids, word)
    going = [row for row in rows if row.id in tagged]
    skipped = [
        Skipped(row.number, f"it is not tagged {word}") for row in rows if row.id not in tagged
    ]
    db.execute(_UNTAG.where(order_tags.c.tag == word), {"orders": [row.id for row in going]})
    return _receipt(db, actor, now, "Untag", going, skipped, word, "tag_orders")


def _checked(tag: str) -> str:
    word = " ".join(tag.split())
    if not word or len(word) > LONGEST or "," in word:
        raise RefusedError(
            f"A tag has 1 to {LONGEST} letters and no comma; nothing was tagged.",
            "Choose a word or two, such as VIP or gift wrap.",
        )
    return word


def _known_spelling(db: Connection, word: str) -> str:
    query = (
        select(order_tags.c.tag)
        .where(func.lower(order_tags.c.tag) == func.lower(word))
        .order_by(order_tags.c.tag)
        .limit(1)
    )
    return db.execute(query).scalar() or word


_ORDERS = (
    select(orders.c.id, orders.c.number)
    .where(among(orders.c.id, "orders"))
    .order_by(orders.c.placed_at, orders.c.id)
)
_TAGGED = select(order_tags.c.order_id).where(among(order_tags.c.order_id, "orders"))
_UNTAG = order_tags.delete().where(among(order_tags.c.order_id, "orders"))


def _looked_up(
    db: Connection, order_ids: Sequence[int], word: str
) -> tuple[set[int], Sequence[Any]]:
    """Return which of the orders have the tag, and all of them."""
    wanted = {"orders": list(order_ids)}
    tagged = db.execute(_TAGGED.where(order_tags.c.tag == word), wanted).scalars()
    return set(tagged), db.execute(_ORDERS, wanted).all()


def _receipt(
    db: Connection,
    actor: Actor,
    now: datetime,
    verb: str,
    going: Sequence[Any],
    skipped: Sequence[Skipped],
    word: str,
    opposite: str,
) -> Changes:
    deeds = (audit.Deed(verb.lower(), f"order:{row.id}", after={"tag": word}) for row in going)
    audit.record(db, actor, now, *deeds)
    ids = [row.id for row in going]
    return Changes(f"{verb} {counted(len(ids), 'order')}", Touched.ORDERS, tuple(ids),
                   tuple(skipped), Undo(opposite, {"order_ids": ids, "tag": word}))  # fmt: skip

"""Which words do people here put on orders, and who can be asked to take care of one?"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.models.governance import operators
from app.models.orders import order_tags

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag, and how many orders have it."""

    tag: str
    orders: int


def known_tags(db: Connection) -> list[TagRow]:
    """Return the tags in use, the most used first."""
    count = func.count().label("orders")
    query = (
        select(order_tags.c.tag, count)
        .group_by(order_tags.c.tag)
        .order_by(count.desc(), order_tags.c.tag)
        .limit(_SHOWN)
    )
    return [TagRow(*row) for row in db.execute(query)]


def people(db: Connection) -> list[str]:
    """Return who works here now."""
    query = select(operators.c.name).where(operators.c.is_active).order_by(operators.c.name)
    return list(db.execute(query).scalars())

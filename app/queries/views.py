"""Which ways of looking at a list has an operator kept?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from app.models.governance import saved_views


@dataclass(frozen=True, slots=True)
class SavedView:
    """A search with a name. ``columns`` are names from left to right; none for the page's own.

    ``until`` is the last moment at which it is offered, if it has one.
    """

    id: int
    page: str
    name: str
    query: str
    sort: str
    descending: bool
    columns: tuple[str, ...]
    position: int
    is_pinned: bool
    until: datetime | None


def views_of(db: Connection, page: str, owner: str, *, now: datetime) -> list[SavedView]:
    """Return an operator's views of a page in their order, without those whose time is over."""
    table = saved_views.c
    query = (
        select(saved_views)
        .where(
            table.page == page,
            table.owner == owner,
            or_(table.until.is_(None), table.until >= now),
        )
        .order_by(table.position, table.id)
    )
    return [
        SavedView(
            row.id, row.page, row.name, row.query, row.sort, row.descending,
            tuple(row.columns or ()), row.position, row.is_pinned, row.until,
        )
        for row in db.execute(query)
    ]  # fmt: skip

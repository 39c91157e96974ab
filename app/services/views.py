"""How does an operator keep a way of looking at a list? By name; what they see is theirs alone.

The audit names a view by its number: what is searched in it may be a buyer's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.governance import saved_views
from app.models.identity import Identity
from app.services import audit

FIELDS: Final = (
    "name", "query", "sort", "descending", "columns", "position", "is_pinned", "until",
)  # fmt: skip
_table = saved_views.c


def save_view(
    db: Connection,
    actor: Actor,
    *,
    page: str,
    name: str,
    now: datetime,
    query: str = "",
    view_id: int | None = None,
    **more: Any,
) -> Changes:
    """Keep a view of a page, behind those that are there; ``view_id`` only brings one back.

    Raises:
        RefusedError: the name is empty, too long or taken.
    """
    actor.must(Permission.WORK)
    values = _checked({"name": name, "query": query, **more})
    _refuse_taken(db, actor, page, values["name"])
    is_free = view_id is not None and _row(db, view_id) is None
    row = {
        "id": view_id if is_free else Identity(db, saved_views).take(saved_views),
        "page": page, "owner": actor.name, "created_at": now, "sort": "", "descending": False,
        "columns": None, "is_pinned": False, "until": None, "position": _next_position(db, actor, page),
        **values,
    }  # fmt: skip
    db.execute(saved_views.insert(), [row])
    audit.record(db, actor, now, audit.Deed("save view", f"view:{row['id']}", "", {}, _told(row)))
    return _receipt(
        f"Save the view {row['name']}", row["id"], "delete_view", {"view_id": row["id"]}
    )


def change_view(
    db: Connection, actor: Actor, *, view_id: int, changes: Mapping[str, Any], now: datetime
) -> Changes:
    """Change a view: its name, search, sorting, columns, place, pin or end.

    Raises:
        NotFoundError: the operator has no such view.
        RefusedError: the new name is empty, too long or taken.
    """
    actor.must(Permission.WORK)
    row, values = _own(db, actor, view_id), _checked(changes)
    if not values:
        raise RefusedError(
            "Nothing to change was named; the view stays as it is.",
            "Name what is to be different: its search, columns or sorting.",
        )
    if values.get("name", row.name) != row.name:
        _refuse_taken(db, actor, row.page, values["name"])
    before = {name: getattr(row, name) for name in values}
    db.execute(saved_views.update().where(_table.id == view_id).values(**values))
    audit.record(
        db, actor, now,
        audit.Deed("change view", f"view:{view_id}", "", _told(before), _told(values)),
    )  # fmt: skip
    undo = {"view_id": view_id, "changes": before}
    return _receipt(f"Change the view {row.name}", view_id, "change_view", undo)


def swap_views(
    db: Connection, actor: Actor, *, view_id: int, with_id: int, now: datetime
) -> Changes:
    """Let two views of a page change places; done twice, nothing has moved.

    Raises:
        NotFoundError: the operator has no such views.
    """
    actor.must(Permission.WORK)
    one, other = _own(db, actor, view_id), _own(db, actor, with_id)
    _number_anew(db, actor, one.page)
    one, other = _own(db, actor, view_id), _own(db, actor, with_id)
    for row, position in ((one, other.position), (other, one.position)):
        db.execute(saved_views.update().where(_table.id == row.id).values(position=position))
    deed = audit.Deed("move view", f"view:{view_id}", "", {}, {"with": f"view:{with_id}"})
    audit.record(db, actor, now, deed)
    undo: dict[str, object] = {"view_id": view_id, "with_id": with_id}
    return _receipt(f"Move the view {one.name}", view_id, "swap_views", undo)


def _number_anew(db: Connection, actor: Actor, page: str) -> None:
    """Give each view of a page a place of its own, in the order in which they stand."""
    mine = select(_table.id).where(_table.owner == actor.name, _table.page == page)
    ids = db.execute(mine.order_by(_table.position, _table.id)).scalars().all()
    for position, view_id in enumerate(ids, 1):
        db.execute(saved_views.update().where(_table.id == view_id).values(position=position))


def delete_view(db: Connection, actor: Actor, *, view_id: int, now: datetime) -> Changes:
    """Forget a view.

    Raises:
        NotFoundError: the operator has no such view.
    """
    actor.must(Permission.WORK)
    row = _own(db, actor, view_id)
    db.execute(saved_views.delete().where(_table.id == view_id))
    audit.record(db, actor, now, audit.Deed("delete view", f"view:{view_id}"))
    kept = {name: getattr(row, name) for name in FIELDS}
    undo = {"page": row.page, "view_id": view_id, **kept}
    return _receipt(f"Delete the view {row.name}", view_id, "save_view", undo)


def _receipt(label: str, view_id: int, opposite: str, undo: dict[str, object]) -> Changes:
    return Changes(label, Touched.VIEWS, (view_id,), undo=Undo(opposite, undo))


def _row(db: Connection, view_id: int) -> Any:
    return db.execute(select(saved_views).where(_table.id == view_id)).first()


def _own(db: Connection, actor: Actor, view_id: int) -> Any:
    row = _row(db, view_id)
    if row is None or row.owner != actor.name:
        raise NotFoundError(
            "This view is not there any more; nothing was changed.",
            "It was deleted, maybe at another desk. Save it anew under a name.",
        )
    return row


def _next_position(db: Connection, actor: Actor, page: str) -> int:
    last = select(func.max(_table.position)).where(_table.owner == actor.name, _table.page == page)
    return int(db.execute(last).scalar() or 0) + 1


def _refuse_taken(db: Connection, actor: Actor, page: str, name: str) -> None:
    same = select(_table.id).where(
        _table.owner == actor.name, _table.page == page, _table.name == name
    )
    if db.execute(same).first():
        raise RefusedError(f"You have a view “{name}” here already; nothing was saved.",
                           "Choose another name, or save changes to that view.")  # fmt: skip


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they may be stored.

    Raises:
        RefusedError: one may not.
    """
    if unknown := set(values) - set(FIELDS):
        raise RefusedError(
            f"{', '.join(sorted(unknown))} is nothing that a view has.",
            "A view has a name, a search, columns, sorting and a density.",
        )
    return {name: _CHECKS.get(name, _as_it_is)(value) for name, value in values.items()}


def _as_it_is(value: Any) -> Any:
    return value


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not name or len(name) > 80:
        raise RefusedError("A view's name has 1 to 80 letters; nothing was saved.",
                           "Say in a few words what it shows.")  # fmt: skip
    return name


def _columns(value: Sequence[str] | None) -> list[str] | None:
    return list(value) if value else None


_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {"name": _name, "columns": _columns}


def _told(values: Mapping[str, Any]) -> dict[str, object]:
    """Return what the audit may keep: what is looked for in a view can be somebody's name."""
    told = {name: values[name] for name in ("position", "is_pinned", "until") if name in values}
    return {**told, "fields": sorted(set(values) & set(FIELDS))}

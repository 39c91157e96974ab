"""Add and change the people who work at the desk, and what they are trusted with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission, Role
from app.errors import NotFoundError, RefusedError
from app.models.governance import operators
from app.models.identity import Identity
from app.services import audit


def add_operator(db: Connection, actor: Actor, *, name: str, role: str, now: datetime) -> Changes:
    """Add someone to the desk.

    Raises:
        RefusedError: the name is empty or taken, or there is no such role.
    """
    actor.must(Permission.ADMINISTER)
    name, trusted = name.strip(), _role(role)
    if not name or len(name) > 60:
        raise RefusedError("A name has 1 to 60 letters; nobody was added.", "Write a shorter name.")
    if _find(db, name) is not None:
        raise RefusedError(f"“{name}” is at this desk already; nobody was added.",
                           "Choose another name, or change the role.")  # fmt: skip
    operator_id = Identity(db, operators).take(operators)
    db.execute(
        operators.insert(),
        [{"id": operator_id, "name": name, "role": trusted, "is_active": True, "created_at": now}],
    )
    deed = audit.Deed("add operator", f"operator:{operator_id}", after={"role": trusted})
    audit.record(db, actor, now, deed)
    return Changes(f"Add {name} as {trusted}", Touched.SETTINGS, (operator_id,))


def change_operator(
    db: Connection, actor: Actor, *, name: str, role: str, is_active: bool, now: datetime
) -> Changes:
    """Change what someone is trusted with, or let them go; the desk always keeps an owner.

    Raises:
        NotFoundError: there is nobody of this name.
        RefusedError: nobody would own the desk any more.
    """
    actor.must(Permission.ADMINISTER)
    row = _find(db, name)
    if row is None:
        raise NotFoundError(
            f"There is nobody called “{name}”; nothing was changed.",
            "Choose one of the people on the page Settings.",
        )
    trusted = _role(role)
    if not (is_active and trusted is Role.OWNER) and not _other_owners(db, row.id):
        raise RefusedError(
            f"{name} is the only owner of this desk; nothing was changed.",
            "Name another one first.",
        )
    before = {"role": row.role, "active": row.is_active}
    after = {"role": trusted, "active": is_active}
    db.execute(
        operators.update().where(operators.c.id == row.id).values(role=trusted, is_active=is_active)
    )
    audit.record(
        db, actor, now, audit.Deed("change operator", f"operator:{row.id}", "", before, after)
    )
    undo = {"name": name, "role": row.role, "is_active": row.is_active}
    return Changes(
        f"Change {name}", Touched.SETTINGS, (row.id,), undo=Undo("change_operator", undo)
    )


def someone_here(db: Connection, name: str) -> str:
    """Return who works here by that name, as it is written here; nobody for no name.

    Raises:
        RefusedError: nobody of this name works at the desk.
    """
    if not name.strip():
        return ""
    query = select(operators.c.name).where(operators.c.is_active).order_by(operators.c.name)
    people: list[str] = list(db.execute(query).scalars())
    found = [each for each in people if each.casefold() == name.strip().casefold()]
    if not found:
        raise RefusedError(
            f"Nobody called “{name.strip()}” works at this desk; nothing was assigned.",
            f"Working here: {', '.join(people)}." if people else "Add people in Settings first.",
        )
    return found[0]


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise RefusedError(f"There is no role “{text}”; nothing was changed.",
                           f"Roles: {known}.") from None  # fmt: skip


def _find(db: Connection, name: str) -> Any:
    return db.execute(select(operators).where(operators.c.name == name)).first()


def _other_owners(db: Connection, operator_id: int) -> int:
    query = select(func.count()).where(
        operators.c.role == Role.OWNER.value, operators.c.is_active, operators.c.id != operator_id
    )
    return db.execute(query).scalar_one()

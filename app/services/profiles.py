"""What was said of files with one header is remembered under a name, until somebody forgets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.importing import Profile, reading_as_data, reading_from_data
from app.domain.roles import Actor, Permission
from app.errors import NotFoundError, RefusedError
from app.models.exchange import import_profiles
from app.models.identity import Identity
from app.services import audit

LONGEST_NAME = 80
_TABLE = import_profiles.c


def all_profiles(db: Connection) -> tuple[Profile, ...]:
    """Return the profiles, by name."""
    return tuple(map(_profile, db.execute(select(import_profiles).order_by(_TABLE.name))))


def save_profile(
    db: Connection, actor: Actor, *, name: str, header_hash: str, reading: Mapping[str, Any],
    now: datetime,
) -> Changes:  # fmt: skip
    """Remember how files with a header are read; what was said of that header before is replaced.

    Raises:
        NotAllowedError: the role is too low.
        RefusedError: the name is empty, too long, or taken by files with another header.
    """
    actor.must(Permission.WORK)
    name = _checked(name)
    before = db.execute(select(import_profiles).where(_TABLE.header_hash == header_hash)).first()
    _refuse_taken(db, name, before.id if before else None)
    said = reading_as_data(reading_from_data(reading))
    columns = {"columns": said.pop("columns", {}), "fixed": said.pop("fixed", {})}
    values = {"name": name, "header_hash": header_hash, "columns": columns, "options": said,
              "actor": actor.name, "updated_at": now}  # fmt: skip
    undo = Undo("delete_profile", {"name": name})
    if before is None:
        profile_id = Identity(db, import_profiles).take(import_profiles)
        db.execute(import_profiles.insert(), [{"id": profile_id, **values}])
    else:
        profile_id = before.id
        db.execute(import_profiles.update().where(_TABLE.id == profile_id).values(**values))
        undo = _as_it_was(before)
    _record(db, actor, "save profile", profile_id, now)
    return Changes(f"Remember {name}", Touched.FILES, (profile_id,), undo=undo)


def rename_profile(db: Connection, actor: Actor, *, name: str, to: str, now: datetime) -> Changes:
    """Give a profile another name.

    Raises:
        NotFoundError: there is no such profile.
        RefusedError: the new name is empty, too long, or taken.
    """
    actor.must(Permission.WORK)
    row, to = _found(db, name), _checked(to)
    _refuse_taken(db, to, row.id)
    values = {"name": to, "actor": actor.name, "updated_at": now}
    db.execute(import_profiles.update().where(_TABLE.id == row.id).values(**values))
    _record(db, actor, "rename profile", row.id, now)
    undo = Undo("rename_profile", {"name": to, "to": row.name})
    return Changes(f"Rename {row.name} to {to}", Touched.FILES, (row.id,), undo=undo)


def delete_profile(db: Connection, actor: Actor, *, name: str, now: datetime) -> Changes:
    """Forget how files with a header are read; what they brought stays.

    Raises:
        NotFoundError: there is no such profile.
    """
    actor.must(Permission.WORK)
    row = _found(db, name)
    db.execute(import_profiles.delete().where(_TABLE.id == row.id))
    _record(db, actor, "delete profile", row.id, now)
    return Changes(f"Forget {row.name}", Touched.FILES, (row.id,), undo=_as_it_was(row))


def profile_named(db: Connection, name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        NotFoundError: there is none; the advice names those that there are.
    """
    return _profile(_found(db, name))


def _found(db: Connection, name: str) -> Any:
    row = db.execute(select(import_profiles).where(_TABLE.name == name)).first()
    if row is None:
        known = ", ".join(each.name for each in all_profiles(db)) or "none yet"
        raise NotFoundError(
            f"There is no profile “{name}”; nothing was changed.", f"Profiles: {known}."
        )
    return row


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RefusedError(
            "A profile needs a name of at most 80 letters; nothing was remembered.",
            "Name the source of the file, such as Web shop or 3PL stock.",
        )
    return name


def _refuse_taken(db: Connection, name: str, mine: int | None) -> None:
    taken = db.execute(select(_TABLE.id).where(_TABLE.name == name)).scalar()
    if taken is not None and taken != mine:
        raise RefusedError(
            f"Files with another header are called {name} already; nothing was changed.",
            "Choose another name.",
        )


def _profile(row: Any) -> Profile:
    return Profile(row.name, row.header_hash, reading_from_data({**row.options, **row.columns}))


def _as_it_was(row: Any) -> Undo:
    was = _profile(row)
    return Undo("save_profile", {"name": was.name, "header_hash": was.header_hash,
                                 "reading": reading_as_data(was.reading)})  # fmt: skip


def _record(db: Connection, actor: Actor, action: str, profile_id: int, now: datetime) -> None:
    audit.record(db, actor, now, audit.Deed(action, f"profile:{profile_id}"))

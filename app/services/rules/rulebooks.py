"""Write rules down in versions: a draft, the one in force, and those that were.

A draft may be half finished. It is put in force as a whole, if the linter has nothing that stands in
the way; the version before is kept and can be put in force again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.domain.rulebook.linting import lint
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.text import parsed, written
from app.errors import NotFoundError, RefusedError
from app.models.identity import Identity
from app.models.rules import rulebooks
from app.services import audit
from app.services.rules.known import references

_table = rulebooks.c


def save_rules(
    db: Connection, actor: Actor, *, text: str, now: datetime, reason: str = ""
) -> Changes:
    """Keep a text as the draft, instead of the draft that there is; it decides nothing yet.

    Raises:
        RefusedError: it is no rulebook.
    """
    actor.must(Permission.OVERRIDE)
    book = parsed(text)
    before = current(db, "draft")
    if before is None:
        version = _write(db, actor, written(book), reason, now)
        undo = Undo("discard_rules", {})
    else:
        version = before.version
        db.execute(
            rulebooks.update().where(_table.id == before.id).values(
                text=written(book), reason=reason or before.reason, written_by=actor.name,
                written_at=now,
            )
        )  # fmt: skip
        undo = Undo("save_rules", {"text": before.text, "reason": before.reason})
    audit.record(db, actor, now, _deed("save rules", version, reason, {}, _size(book)))
    return Changes("Save the draft of the rules", Touched.RULES, (version,), undo=undo)


def discard_rules(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Throw the draft away.

    Raises:
        NotFoundError: there is none.
    """
    actor.must(Permission.OVERRIDE)
    draft = _draft(db)
    db.execute(rulebooks.delete().where(_table.id == draft.id))
    audit.record(db, actor, now, _deed("discard rules", draft.version, "", {}, {}))
    undo = Undo("save_rules", {"text": draft.text, "reason": draft.reason})
    return Changes("Discard the draft of the rules", Touched.RULES, (draft.version,), undo=undo)


def activate_rules(
    db: Connection, actor: Actor, *, now: datetime, version: int | None = None, reason: str = ""
) -> Changes:
    """Put the draft in force, or a version that was in force before.

    Orders that are open keep their suggestions until the rules are asked about them again.

    Raises:
        RefusedError: a rule says nothing, cannot be read, or names what is not there.
        NotFoundError: there is no such version, and no draft.
    """
    actor.must(Permission.ADMINISTER)
    row = _draft(db) if version is None else _version(db, version)
    if row.state == "active":
        raise RefusedError(f"Version {row.version} of the rules is in force already.",
                           "Write a draft first, then put it in force.")  # fmt: skip
    book = parsed(row.text)
    _refuse_unfit(db, book)
    before = _archive(db, now)
    values = {"state": "active", "activated_by": actor.name, "activated_at": now,
              "archived_at": None, "reason": reason or row.reason}  # fmt: skip
    db.execute(rulebooks.update().where(_table.id == row.id).values(**values))
    known = {"version": before.version} if before else {}
    audit.record(db, actor, now, _deed("activate rules", row.version, reason, known, _size(book)))
    undo = Undo("activate_rules", {"version": before.version}) if before else Undo("retire_rules")
    return Changes(f"Put version {row.version} of the rules in force",
                   Touched.RULES | Touched.ORDERS, (row.version,), undo=undo)  # fmt: skip


def retire_rules(db: Connection, actor: Actor, *, now: datetime) -> Changes:
    """Take the rules out of force: suggestions go by stock, promise and money alone.

    Raises:
        NotFoundError: none are in force.
    """
    actor.must(Permission.ADMINISTER)
    before = _archive(db, now)
    if before is None:
        raise NotFoundError(
            "No rules are in force; nothing was changed.", "There is nothing to do."
        )
    audit.record(db, actor, now, _deed("retire rules", before.version, "", {}, {}))
    undo = Undo("activate_rules", {"version": before.version})
    return Changes("Take the rules out of force", Touched.RULES | Touched.ORDERS,
                   (before.version,), undo=undo)  # fmt: skip


def current(db: Connection, state: str) -> Any:
    """Return the draft, or the version in force; nothing where there is none."""
    return db.execute(select(rulebooks).where(_table.state == state)).first()


def _write(db: Connection, actor: Actor, text: str, reason: str, now: datetime) -> int:
    version = int(db.execute(select(func.max(_table.version))).scalar() or 0) + 1
    row = {
        "id": Identity(db, rulebooks).take(rulebooks), "version": version, "state": "draft",
        "text": text, "reason": reason, "written_by": actor.name, "written_at": now,
    }  # fmt: skip
    db.execute(rulebooks.insert(), [row])
    return version


def _draft(db: Connection) -> Any:
    found = current(db, "draft")
    if found is None:
        raise NotFoundError("There is no draft of the rules; nothing was changed.",
                            "Change a rule or import a rulebook: that begins one.")  # fmt: skip
    return found


def _version(db: Connection, version: int) -> Any:
    found = db.execute(select(rulebooks).where(_table.version == version)).first()
    if found is None:
        raise NotFoundError(f"There is no version {version} of the rules; nothing was changed.",
                            "Choose one of those that are listed.")  # fmt: skip
    return found


def _refuse_unfit(db: Connection, book: Rulebook) -> None:
    found = [each for each in lint(book, references(db)) if each.blocks]
    if found:
        others = f" {counted(len(found) - 1, 'rule')} more." if len(found) > 1 else ""
        raise RefusedError(
            "These rules cannot be put in force; those before stay as they are.",
            f"{found[0].rule}: {found[0].sentence}{others}",
        )


def _archive(db: Connection, now: datetime) -> Any:
    before = current(db, "active")
    if before is not None:
        db.execute(
            rulebooks.update()
            .where(_table.id == before.id)
            .values(state="archived", archived_at=now)
        )
    return before


def _size(book: Rulebook) -> Mapping[str, object]:
    return {"rules": len(book.rules), "on": sum(each.is_on for each in book.rules)}


def _deed(
    action: str,
    version: int,
    reason: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> audit.Deed:
    return audit.Deed(action, f"rules:{version}", reason, before, after)

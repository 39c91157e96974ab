"""Write rules down in versions: a draft, the one in force, and those that were.

A draft may be half finished. It is put in force as a whole, if the linter has nothing that stands in
the way; the version before is kept and can be put in force again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

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
from app.services.gate import refuse_untested
from app.services.rules.in_force import stored_book
from app.services.rules.known import references

_table = rulebooks.c


NO_DRAFT: Final = "none"
NOTHING_IN_FORCE: Final = 0


def save_rules(
    db: Connection, actor: Actor, *, text: str, now: datetime, reason: str = "", undoes: str = ""
) -> Changes:
    """Keep a text as the draft, instead of the draft that there is; it decides nothing yet.

    ``undoes`` is the seal of the draft that it was; an undo touches no other.

    Raises:
        RefusedError: it is no rulebook, or somebody has written another draft since.
    """
    actor.must(Permission.OVERRIDE)
    book = parsed(text)
    before = current(db, "draft")
    _refuse_other_draft(before, undoes)
    seal = seal_of(written(book))
    if before is None:
        version = _write(db, actor, written(book), reason, now)
        undo = Undo("discard_rules", {"undoes": seal})
    else:
        version = before.version
        db.execute(
            rulebooks.update().where(_table.id == before.id).values(
                text=written(book), reason=reason or before.reason, written_by=actor.name,
                written_at=now,
            )
        )  # fmt: skip
        undo = Undo("save_rules", {"text": before.text, "reason": before.reason, "undoes": seal})
    audit.record(db, actor, now, _deed("save rules", version, reason, {}, _size(book, seal)))
    return Changes("Save the draft of the rules", Touched.RULES, (version,), undo=undo)


def discard_rules(db: Connection, actor: Actor, *, now: datetime, undoes: str = "") -> Changes:
    """Throw the draft away.

    Raises:
        NotFoundError: there is none.
        RefusedError: somebody has written another since.
    """
    actor.must(Permission.OVERRIDE)
    draft = _draft(db)
    _refuse_other_draft(draft, undoes)
    db.execute(rulebooks.delete().where(_table.id == draft.id))
    audit.record(db, actor, now, _deed("discard rules", draft.version, "", {}, {}))
    undo = Undo("save_rules", {"text": draft.text, "reason": draft.reason, "undoes": NO_DRAFT})
    return Changes("Discard the draft of the rules", Touched.RULES, (draft.version,), undo=undo)


def activate_rules(
    db: Connection, actor: Actor, *, now: datetime, version: int | None = None, reason: str = "",
    undoes: int | None = None, anyway: bool = False,
) -> Changes:  # fmt: skip
    """Put the draft in force, or a version that was in force before.

    Orders that are open keep their suggestions until the rules are asked about them again. ``anyway``
    lets a draft count that no back-test speaks for, where the owner wants one.

    Raises:
        RefusedError: a rule says nothing, cannot be read, or names what is not there; or it would
            undo a version, and another is in force by now; or a back-test does not speak for it.
        NotFoundError: there is no such version, and no draft.
    """
    actor.must(Permission.ADMINISTER)
    _refuse_other_in_force(db, undoes)
    row = _draft(db) if version is None else _version(db, version)
    if row.state == "active":
        raise RefusedError(f"Version {row.version} of the rules is in force already.",
                           "Write a draft first, then put it in force.")  # fmt: skip
    book = stored_book(row.version, row.text)
    _refuse_unfit(db, book)
    if row.state == "draft":
        active = current(db, "active")
        against = active.version if active else NOTHING_IN_FORCE
        refuse_untested(db, seal_of(row.text), against, anyway, reason, now)
    before = _archive(db, now)
    values = {"state": "active", "activated_by": actor.name, "activated_at": now,
              "archived_at": None, "reason": reason or row.reason}  # fmt: skip
    db.execute(rulebooks.update().where(_table.id == row.id).values(**values))
    known = {"version": before.version} if before else {}
    audit.record(db, actor, now, _deed(
        "activate rules", row.version, reason, known, _size(book, seal_of(row.text))
    ))  # fmt: skip
    undo = _put_back(before.version, row.version) if before else _taken_out(row.version)
    return Changes(f"Put version {row.version} of the rules in force",
                   Touched.RULES | Touched.ORDERS, (row.version,), undo=undo)  # fmt: skip


def _put_back(version: int, undoes: int) -> Undo:
    return Undo("activate_rules", {"version": version, "undoes": undoes})


def _taken_out(undoes: int) -> Undo:
    return Undo("retire_rules", {"undoes": undoes})


def retire_rules(
    db: Connection, actor: Actor, *, now: datetime, undoes: int | None = None
) -> Changes:
    """Take the rules out of force: suggestions go by stock, promise and money alone.

    Raises:
        NotFoundError: none are in force.
        RefusedError: it would undo a version, and another is in force by now.
    """
    actor.must(Permission.ADMINISTER)
    _refuse_other_in_force(db, undoes)
    before = _archive(db, now)
    if before is None:
        raise NotFoundError(
            "No rules are in force; nothing was changed.", "There is nothing to do."
        )
    audit.record(db, actor, now, _deed("retire rules", before.version, "", {}, {}))
    undo = _put_back(before.version, NOTHING_IN_FORCE)
    return Changes("Take the rules out of force", Touched.RULES | Touched.ORDERS,
                   (before.version,), undo=undo)  # fmt: skip


def current(db: Connection, state: str) -> Any:
    """Return the draft, or the version in force; nothing where there is none."""
    return db.execute(select(rulebooks).where(_table.state == state)).first()


def seal_of(text: str) -> str:
    """Return what a text of rules is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_other_draft(draft: Any, undoes: str) -> None:
    there = seal_of(draft.text) if draft is not None else NO_DRAFT
    if undoes and undoes != there:
        raise RefusedError("The draft of the rules was changed since; nothing was undone.",
                           "Look at it as it is now, and change it there.")  # fmt: skip


def _refuse_other_in_force(db: Connection, undoes: int | None) -> None:
    if undoes is None:
        return
    row = current(db, "active")
    if undoes != (row.version if row else NOTHING_IN_FORCE):
        raise RefusedError("Other rules are in force by now; nothing was undone.",
                           "Look at the versions, and put in force the one that is to count.")  # fmt: skip


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


def _size(book: Rulebook, seal: str) -> Mapping[str, object]:
    on = sum(each.is_on for each in book.rules)
    return {"rules": len(book.rules), "on": on, "sha256": seal}


def _deed(
    action: str,
    version: int,
    reason: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> audit.Deed:
    return audit.Deed(action, f"rules:{version}", reason, before, after)

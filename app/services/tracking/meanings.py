"""Say what a carrier's code means: from then on, and in everything that was reported before.

A meaning that is changed ends and another begins; both stay readable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo, counted
from app.domain.roles import Actor, Permission
from app.domain.tracking.codebook import exact, folded
from app.errors import NotFoundError, RefusedError
from app.models.codebook import book
from app.models.fulfilment import tracking_events
from app.models.identity import Identity
from app.models.tracking import code_meanings
from app.services import audit
from app.services.tracking.by_hand import meaning_from
from app.services.tracking.standing import read_again


def say_meaning(
    db: Connection,
    actor: Actor,
    *,
    carrier: str,
    code: str,
    status: str,
    now: datetime,
    incident: str = "",
    words: str = "",
) -> Changes:
    """Give a carrier's code a meaning; with ``words``, only where they stand beside it.

    Raises:
        RefusedError: neither code nor words are named, or there is no such state or reason.
    """
    actor.must(Permission.WORK)
    means = meaning_from(status, incident)
    line = {"carrier": carrier.strip(), "code": exact(code), "words": folded(words)}
    if not line["code"] and not line["words"]:
        raise RefusedError(
            "It is not said which code is meant; nothing was changed.",
            "Name the code, or the words that the carrier uses without one.",
        )
    before = _end(db, line, now)
    ids = Identity(db, code_meanings)
    said = {"status": means.status.value, "incident": incident}
    row = {
        "id": ids.take(code_meanings), **line, **said,
        "actor": actor.name, "said_at": now, "ended_at": None,
    }  # fmt: skip
    db.execute(code_meanings.insert(), [row])
    return _settled(db, actor, now, line, before, said)


def forget_meaning(
    db: Connection, actor: Actor, *, carrier: str, code: str, now: datetime, words: str = ""
) -> Changes:
    """Let a code mean again what the program's own table says, or nothing.

    Raises:
        NotFoundError: it has no meaning of its own here.
    """
    actor.must(Permission.WORK)
    line = {"carrier": carrier.strip(), "code": exact(code), "words": folded(words)}
    before = _end(db, line, now)
    if before is None:
        raise NotFoundError(
            f"“{code or words}” has no meaning of your own; nothing was changed.",
            "See the list of codes.",
        )
    return _settled(db, actor, now, line, before, None)


def _end(db: Connection, line: dict[str, str], now: datetime) -> Any | None:
    """End the meaning that holds now, and return it."""
    table = code_meanings.c
    mine = [getattr(table, name) == value for name, value in line.items()]
    found = db.execute(select(code_meanings).where(*mine, table.ended_at.is_(None))).first()
    if found is not None:
        db.execute(code_meanings.update().where(table.id == found.id).values(ended_at=now))
    return found


def _settled(
    db: Connection, actor: Actor, now: datetime, line: dict[str, str], before: Any | None,
    after: dict[str, str] | None,
) -> Changes:  # fmt: skip
    """Read the history anew, record it, and return the receipt."""
    keys = _told(db, line)
    read_again(db, keys, book(db))
    was = {"status": before.status, "incident": before.incident} if before is not None else None
    audit.record(
        db, actor, now,
        audit.Deed("say what a code means", f"code:{line['carrier']}:{line['code'] or line['words']}",
                   before=was or {}, after=after or {}),
    )  # fmt: skip
    undo = (
        Undo("forget_meaning", dict(line)) if was is None else Undo("say_meaning", {**line, **was})
    )
    label = "Say what a code means" if after else "Forget what a code means"
    return Changes(
        f"{label} ({counted(len(keys), 'parcel')})", Touched.SHIPMENTS | Touched.CASES,
        tuple(keys), undo=undo,
    )  # fmt: skip


def _told(db: Connection, line: dict[str, str]) -> list[int]:
    """Return the parcels of which the code was ever reported."""
    table = tracking_events.c
    query = select(table.shipment_id, table.code, table.description).where(
        table.carrier == line["carrier"]
    )
    return sorted(
        {
            row.shipment_id
            for row in db.execute(query)
            if exact(row.code) == line["code"] and line["words"] in ("", folded(row.description))
        }
    )

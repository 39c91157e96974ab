"""Where does the audit chain end? Remembered outside the database, which cannot vouch for itself.

Entries seal each other, so an edited or missing one shows; but a tail that was cut off leaves a
sound, shorter chain. So the number and hash of the last entry are kept in a file beside the program's
own, by the store's identity and, within it, by the place that the store was opened at.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app import config
from app.models.database import Store
from app.models.governance import audit_entries, settings
from app.services import audit

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a chain: its number, which is also how many there are up to it, and its hash."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """What this computer remembers of a store: ``label`` is the place it is opened at now."""

    label: str
    entries: Mapping[str, Entry]


def remembered(store: Store) -> Anchors:
    """Read what is remembered of a store; nothing of one that was never here."""
    with store.read() as db:
        store_id = identity(db)
    return Anchors(store.label, _read(_file(store_id)) if store_id else {})


def arrive(store: Store) -> None:
    """Notice on opening that a whole copy of another store that is known here lies at this place.

    Its end must be exactly where that other one ended; a trail that was merely cut off is not.
    """
    with store.read() as db:
        store_id, here = identity(db), Entry(*audit.head(db))
        if not store_id:
            return
        entries = _read(_file(store_id))
        own = entries.get(store.label)
        if own is None or _holds(db, own):
            return
    others = [entry for label, entry in entries.items() if label != store.label]
    if here in others:
        _write(_file(store_id), {**entries, store.label: here})


def save(store: Store) -> bool:
    """Remember where the chain ends now; return whether that could be done.

    Only a chain that holds what was remembered before is remembered further, so that a chain which
    was cut off is never taken for the right one.
    """
    with store.read() as db:
        store_id, here = identity(db), Entry(*audit.head(db))
        if not store_id:
            return False
        entries = _read(_file(store_id))
        if entries.get(store.label) == here:
            return True
        if trouble(db, Anchors(store.label, entries)):
            return False
    return _write(_file(store_id), {**entries, store.label: here})


def move(store: Store) -> None:
    """Remember where the chain ends now, whatever was remembered: after a restore, on purpose."""
    with store.read() as db:
        store_id, here = identity(db), Entry(*audit.head(db))
    if store_id:
        _write(_file(store_id), {**_read(_file(store_id)), store.label: here})


def trouble(db: Connection, anchors: Anchors) -> str:
    """Return what is wrong with the chain when held against what is remembered, or nothing."""
    if not anchors.entries:
        return ""
    own = anchors.entries.get(anchors.label)
    if own is not None:
        return "" if _holds(db, own) else _missing(db, own)
    if any(_holds(db, entry) for entry in anchors.entries.values()):
        return ""
    return _missing(db, min(anchors.entries.values(), key=lambda entry: entry.count))


def identity(db: Connection) -> str:
    """Return the name that a store was given when it was made, or nothing when that is damaged."""
    query = select(settings.c.value).where(settings.c.name == "store_id")
    try:
        found = db.execute(query).scalar()
    except ValueError:  # no JSON: somebody wrote over it
        return ""
    return found if isinstance(found, str) and _NAME.fullmatch(found) else ""


def _holds(db: Connection, entry: Entry) -> bool:
    if entry.count == 0:
        return True
    query = select(audit_entries.c.hash).where(audit_entries.c.seq == entry.count)
    return db.execute(query).scalar() == entry.head


def _missing(db: Connection, entry: Entry) -> str:
    count, _head = audit.head(db)
    if count < entry.count:
        return (
            f"The audit trail ends at entry {count:,}, but this computer has seen it go on to "
            f"entry {entry.count:,}: its end was cut off, or an older copy was put in its place."
        )
    return (
        f"Entry {entry.count:,} of the audit trail is not the one that this computer has seen: "
        "the trail was written anew."
    )


def _file(store_id: str) -> Path:
    return config.anchor_folder() / f"{store_id}.json"


def _read(path: Path) -> dict[str, Entry]:
    """Read a file of anchors; one that is gone or garbled remembers nothing."""
    try:
        values: Any = json.loads(path.read_text(encoding="utf-8"))
        return {label: Entry(int(e["count"]), str(e["head"])) for label, e in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(path: Path, entries: Mapping[str, Entry]) -> bool:
    """Replace the file at one stroke; another process may be doing the same."""
    text = json.dumps({k: {"count": e.count, "head": e.head} for k, e in entries.items()}, indent=1)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as file:
            file.write(text)
        _replace(temporary, path)
    except OSError:  # a full disk must not undo what is committed; verify says that it is behind
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return False
    return True


def _replace(temporary: Path, path: Path) -> None:
    for _ in range(20):
        with suppress(PermissionError):  # on Windows, while another process reads it
            temporary.replace(path)
            return
        time.sleep(0.01)
    temporary.replace(path)

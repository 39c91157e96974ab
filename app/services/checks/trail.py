"""Is the audit trail whole, is it the one that this computer knows, and is the file itself sound?"""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from sqlalchemy import Connection, select, text

from app.domain.roles import Role
from app.models.exchange import import_files
from app.models.governance import audit_entries, operators
from app.services import audit
from app.services.anchor import Anchors, identity, trouble
from app.services.checks.check import MOST, Check, answer, faults_of
from app.services.checks.deeds import deeds

_PIECE = 1 << 20

_STATES = """
SELECT name, state FROM import_files
WHERE state NOT IN ('confirmed', 'done', 'cancelled', 'refused', 'taken_back')
   OR (state <> 'confirmed' AND report IS NULL)
"""
_LOST = """
SELECT DISTINCT m.import_file_id AS id FROM inbox_messages m
LEFT JOIN import_files f ON f.id = m.import_file_id
WHERE m.import_file_id IS NOT NULL AND f.id IS NULL
"""
_OPEN = "SELECT COUNT(*) FROM import_files WHERE state = 'confirmed'"


def chain(db: Connection) -> Check:
    """Walk the audit entries: each in its place, sealed by itself and by the next."""
    faults: list[str] = []
    expected, previous = 1, audit.GENESIS
    query = select(audit_entries).order_by(audit_entries.c.seq)
    for row in db.execute(query, execution_options={"yield_per": 2_000}).mappings():
        if row["seq"] != expected:
            faults.append(f"entry {expected:,} is missing")
        elif row["previous_hash"] != previous:
            faults.append(f"entry {expected:,} does not follow from the one before it")
        elif audit.entry_hash(dict(row)) != row["hash"]:
            faults.append(f"entry {expected:,} was changed after it was written")
        if len(faults) >= MOST:
            break
        expected, previous = row["seq"] + 1, row["hash"]
    return answer("audit trail", f"All {expected - 1:,} entries seal each other.", faults)


def anchored(db: Connection, anchors: Anchors) -> Check:
    """Compare the end of the trail with what is remembered outside the database."""
    wrong = trouble(db, anchors)
    good = "The trail ends where this computer remembers it, or later."
    if not anchors.entries:
        good = "This computer has not seen this trail before; from now on it remembers its end."
    return Check("end of the audit trail", not wrong, wrong or good)


def files(db: Connection) -> Check:
    """Look for imports in an impossible state; an unfinished one is said, and goes on by itself."""
    faults = faults_of(db, _STATES, lambda r: f"the import of {r.name} has no result")
    faults += faults_of(db, _LOST, lambda r: f"orders name file {r.id}, which is not kept")
    faults += _unlike_what_came(db)
    waiting = db.execute(text(_OPEN)).scalar_one()
    good = "Every confirmed import is finished."
    if waiting:
        good = f"{waiting} confirmed import(s) go on at the next start of the desk."
    return answer("imports", good, faults)


def people(db: Connection) -> Check:
    """Look whether the desk knows its own name, and somebody who may look after it."""
    faults = [] if identity(db) else ["the name by which this computer knows the store is damaged"]
    rows = db.execute(select(operators.c.name, operators.c.role, operators.c.is_active)).all()
    if not any(row.role == Role.OWNER and row.is_active for row in rows):
        faults.append("nobody owns this desk any more")
    known = {role.value for role in Role}
    faults += [f"{row.name} is “{row.role}”, which is no role" for row in rows
               if row.role not in known]  # fmt: skip
    return answer("desk", "The desk knows its name and its owner.", faults)


def _unlike_what_came(db: Connection) -> list[str]:
    """Return the imported files whose kept bytes are not those that came."""
    came = {deed.subject: deed.after.get("sha256") for deed in deeds(db, "import file")}
    table = import_files.c
    query = select(table.id, table.name, table.sha256, table.content).order_by(table.id)
    return [
        f"the file {row.name} is not kept as it came"
        for row in db.execute(query, execution_options={"yield_per": 20})
        if row.content != b""  # let go, with the buyers whom it named
        and {row.sha256, came.get(f"file:{row.id}", row.sha256)} != {_digest(row.content)}
    ]


def _digest(packed: Any) -> str:
    """Return what the bytes were known by; unpacked in pieces, since they may be anything."""
    seal, unpacker = hashlib.sha256(), zlib.decompressobj()
    try:
        piece = unpacker.decompress(packed, _PIECE)
        while piece:
            seal.update(piece)
            piece = unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
    except (zlib.error, TypeError):  # or what is kept is no bytes at all
        return ""
    return seal.hexdigest() if unpacker.eof else ""


def database(db: Connection) -> Check:
    """Ask SQLite whether its file is sound and every reference leads somewhere."""
    good = "The database is sound."
    if db.dialect.name != "sqlite":
        return Check("database", True, good)
    said = [str(row[0]) for row in db.execute(text("PRAGMA quick_check(20)"))]
    faults = [] if said == ["ok"] else [f"the file is damaged ({line})" for line in said]
    loose = db.execute(text("PRAGMA foreign_key_check")).fetchmany(MOST)
    faults += [f"a row of {r[0]} points at a row of {r[2]} that does not exist" for r in loose]
    return answer("database", good, faults)

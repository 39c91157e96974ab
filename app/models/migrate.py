"""Is this file or server a store of ours, and are its tables those of this program?

A new store gets its tables at once, an older one is saved beside itself and then brought up to date
by Alembic, a newer or a foreign one is refused and stays as it is, byte for byte. Alembic is slow to
import, so one SELECT first asks whether there is anything for it to do.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    select,
)
from sqlalchemy.exc import DatabaseError

from app.errors import StoreError
from app.models import copying
from app.models.database import Store
from app.models.schema import metadata

_version = Table(  # as Alembic makes it itself
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_SIGNATURE = {"stock_movements", "audit_entries", "orders"}  # together, nobody else has these


@dataclass(frozen=True, slots=True)
class History:
    """The revisions that a program knows: their folder, and the newest, which its tables match."""

    folder: Path
    head: str


HISTORY = History(Path(__file__).resolve().parent / "migrations", "0024")


def open_store(url: str, *, synchronous: str = "FULL", history: History = HISTORY) -> Store:
    """Open a store, making or updating its tables first.

    Raises:
        StoreError: it was made by a newer Orderdeck, is no store of ours, or cannot be opened.
        RefusedError: the address is none.
    """
    store = Store(url, synchronous=synchronous)
    try:
        # A file is read before the store connects, because connecting already writes into it.
        found = revision_of_file(store.path) if store.path else _revision_of_server(store)
        _refuse_newer(store, found, history)
        found = found or _create(store, history)
        if found != history.head:
            _upgrade(store, found, history)
    except BaseException:
        store.close()
        raise
    return store


def revision(db: Connection) -> str:
    """Return the revision of a store's tables; an empty text for an empty database.

    Raises:
        StoreError: the database holds something else.
    """
    tables = set(inspect(db).get_table_names())
    if not tables:
        return ""
    if not tables >= _SIGNATURE | {_version.name}:
        raise _foreign(str(db.engine.url.database))
    found = str(db.execute(select(_version.c.version_num)).scalar() or "")
    if not found.isdigit():
        raise _foreign(str(db.engine.url.database))
    return found


def revision_of_file(path: Path) -> str:
    """Return the revision of a SQLite file's tables without changing a byte of it.

    Raises:
        StoreError: the file is no database, or no store of ours.
    """
    if not path.exists() or path.stat().st_size == 0:
        return ""
    try:
        tables, found = _peek(path)
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from error
    if not tables:
        return ""
    if not tables >= _SIGNATURE or not found.isdigit():
        raise _foreign(str(path))
    return found


def _peek(path: Path) -> tuple[set[str], str]:
    """Return the names of a file's tables and its revision, without leaving anything beside it.

    A file without a journal is complete; SQLite then needs no files of its own to read it.
    """
    how = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"
    with closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)) as db:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = {str(name) for (name,) in db.execute(query)}
        if _version.name not in tables:
            return tables, ""
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
        return tables, str(row[0]) if row else ""


def _revision_of_server(store: Store) -> str:
    """Ask for the revision itself first: that is one SELECT, and nearly always all there is."""
    try:
        with store.read() as db:
            return str(db.execute(select(_version.c.version_num)).scalar_one())
    except DatabaseError:
        with store.read() as db:
            return revision(db)


def _refuse_newer(store: Store, found: str, history: History) -> None:
    if found and found > history.head:
        raise StoreError(
            f"{store.label} was last opened by a newer Orderdeck. It was not opened, and nothing "
            "in it was changed.",
            "Install the newer Orderdeck again, or restore a backup that was made with this one.",
        )


def _create(store: Store, history: History) -> str:
    """Make the tables in one transaction; another process may have been quicker."""
    with store.write() as db:
        found = revision(db)
        if not found:
            metadata.create_all(db)
            _version.create(db)
            db.execute(_version.insert(), [{"version_num": HISTORY.head}])
            found = HISTORY.head
    _refuse_newer(store, found, history)
    return found


def _upgrade(store: Store, found: str, history: History) -> None:
    """Save an older file beside itself, then bring its tables up to date in one transaction."""
    if store.path:
        _save_copy(store.path, found)
    with store.restructure() as db:
        if revision(db) != history.head:
            upgrade(db, history)


def upgrade(db: Connection, history: History = HISTORY) -> None:
    """Run the revisions that a database does not have yet, on its open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, history.head)


def _save_copy(path: Path, found: str) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = path.with_name(f"{path.stem}.before-update-{found}-{stamp}{path.suffix}")
    copying.copy_file(path, copy)


def _foreign(name: str) -> StoreError:
    return StoreError(
        f"{name} is a database of another program. It was not opened, and nothing in it was "
        "changed.",
        "Name an Orderdeck database, or a file that does not exist yet, with --db.",
    )


def _unreadable(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    if "not a database" in str(error):
        return StoreError(
            f"{path} is not a database. It was not opened, and nothing in it was changed.",
            "Name an Orderdeck database, or a file that does not exist yet, with --db.",
        )
    if "malformed" in str(error):
        return StoreError(
            f"{path} is damaged and cannot be read. Nothing in it was changed.",
            "Restore your last backup: orderdeck restore FILE.",
        )
    return StoreError(
        f"{path} cannot be read ({error}). Nothing in it was changed.",
        "Check that the file belongs to you and that no other program holds it.",
    )

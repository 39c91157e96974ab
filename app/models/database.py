"""How is a store opened, read and written?

SQLite: WAL, one writer at a time by ``BEGIN IMMEDIATE``, readers beside it. PostgreSQL: each write
unit first takes one transaction-level advisory lock, which is the same rule: one writer at a time.
Guards against overselling are in the UPDATE statements themselves, on both engines.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from app.errors import RefusedError, StoreError
from app.models.base import compact_json
from app.models.folding import teach_to_fold

WRITE_LOCK = 0x0DE5C  # one number for every desk on the same PostgreSQL database
_TAKE_LOCK = f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"
_BUSY_MS = 30_000
# Each kind of address with the driver that ships with the program; asynchronous ones do not fit it.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


class Store:
    """One opened database: write units one at a time, reads beside them."""

    def __init__(self, url: str, *, synchronous: str = "FULL") -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._was_used = False
        self._next, self._writing = threading.Lock(), threading.Lock()
        self._engine = self._sqlite(synchronous) if self.is_sqlite else self._server()

    @property
    def path(self) -> Path | None:
        """The file, for a SQLite store on disk."""
        name = self.url.database
        return Path(name).resolve() if self.is_sqlite and name and name != ":memory:" else None

    @property
    def label(self) -> str:
        """The store's name without a password, for messages and the audit anchor."""
        return str(self.path or self.url.render_as_string(hide_password=True))

    @property
    def engine(self) -> Engine:
        """The pool behind the store, for the migrations."""
        return self._engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one write unit: committed when the block ends, rolled back when it raises."""
        start = "BEGIN IMMEDIATE" if self.is_sqlite else _TAKE_LOCK
        with self._turn(), self._connection() as db, _unit(db, start):
            yield db

    @contextmanager
    def restructure(self) -> Iterator[Connection]:
        """Run one write unit that rebuilds tables: references are checked once, at its end."""
        if not self.is_sqlite:
            with self.write() as db:
                yield db
            return
        with self._connection() as db:
            db.exec_driver_sql("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
            db.commit()
            try:
                with _unit(db, "BEGIN IMMEDIATE"):
                    yield db
                    if db.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise StoreError(
                            f"{self.label} could not be brought up to date: rows in it point at "
                            "rows that do not exist. Nothing was changed.",
                            "Restore a backup that “verify” calls sound.",
                        )
            finally:
                db.exec_driver_sql("PRAGMA foreign_keys=ON")
                db.commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent picture; never waits for a writer."""
        with self._connection() as db:
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN")
            else:  # otherwise each statement would see what others have committed since
                db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            try:
                yield db
            finally:
                db.rollback()

    def settle_journal(self) -> bool:
        """Move everything out of SQLite's journal and empty it; return whether nobody was in the way."""
        if not self.is_sqlite:
            return True
        with self._turn(), self._connection() as db:
            busy = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            db.rollback()
        return not busy

    def close(self) -> None:
        """Let go of the file or server."""
        if self.is_sqlite and self._was_used:
            # Housekeeping: another desk that writes right now will do it when it closes.
            with suppress(OperationalError), self._engine.connect() as db:
                db.exec_driver_sql("PRAGMA optimize")
        self._engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let a waiting thread write before the one that has just written may do so again.

        SQLite itself lets nobody queue: an import that writes batch after batch would keep the
        operator waiting for seconds.
        """
        with self._next:
            self._writing.acquire()
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as db:
                self._was_used = True
                yield db
        except OperationalError as error:
            raise _translated(error, self.label) from error

    def _sqlite(self, synchronous: str) -> Engine:
        path = self.path
        if path is not None and not path.parent.is_dir():
            raise StoreError(
                f"The folder {path.parent} does not exist, so no database was opened.",
                "Create the folder, or name another place with --db.",
            )
        engine = create_engine(
            self.url,
            connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
            json_serializer=compact_json,
            hide_parameters=True,
            pool_size=8,
            max_overflow=32,
        )

        @event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: Any) -> None:
            _protect(path)
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}").close()
            _keep_a_journal(connection)
            teach_to_fold(connection)
            for pragma in (
                f"synchronous={synchronous}",
                "foreign_keys=ON",
                "trusted_schema=OFF",
                "cache_size=-65536",
                "temp_store=MEMORY",
                "wal_autocheckpoint=16000",
            ):
                connection.execute(f"PRAGMA {pragma}").close()

        return engine

    def _server(self) -> Engine:
        return create_engine(
            self.url, json_serializer=compact_json, hide_parameters=True, pool_pre_ping=True
        )


@contextmanager
def _unit(db: Connection, start: str) -> Iterator[None]:
    """Commit when the block ends, roll back when it raises."""
    db.exec_driver_sql(start)
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _protect(path: Path | None) -> None:
    """Let only the owner of the account read the file, its journal included."""
    if path is not None and os.name == "posix" and path.exists():
        path.chmod(0o600)


def _keep_a_journal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait when another process is switching a new file, so we do."""
    patience = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise RefusedError(
            f"“{url}” is not a database address; nothing was opened.",
            "Use sqlite:///path/to/file.db or postgresql+psycopg://user@host/name.",
        ) from error
    if parsed.drivername not in _DRIVERS:
        raise RefusedError(
            f"Databases of the kind “{parsed.drivername}” are not supported; nothing was opened.",
            "Use sqlite:///path/to/file.db or postgresql+psycopg://user@host/name.",
        )
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise RefusedError(
            "A store needs a file, because several threads work on it; nothing was opened.",
            "Use sqlite:///path/to/file.db.",
        )
    return parsed.set(drivername=_DRIVERS[parsed.drivername])


def _translated(error: DBAPIError, label: str) -> Exception:
    """Turn the environment's faults into sentences; leave our own mistakes as bugs."""
    words = str(error.orig).lower()
    if "locked" in words:
        return StoreError(
            f"{label} is busy: another program has been writing for {_BUSY_MS // 1000} seconds. "
            "Nothing was changed.",
            "Close the other copy of Orderdeck, or wait for its import to end, and try again.",
        )
    if "disk is full" in words or "disk i/o" in words:
        return StoreError(
            f"The disk that holds {label} is full or failing. Nothing was changed.",
            "Free some space, then try again.",
        )
    if "unable to open" in words or "readonly" in words or "could not connect" in words:
        return StoreError(
            f"{label} cannot be opened for writing. Nothing was changed.",
            "Check that the folder exists and belongs to you, and that the server is running.",
        )
    if "connection" in words and ("refused" in words or "failed" in words):
        return StoreError(
            f"The database server of {label} does not answer. Nothing was changed.",
            "Start the server, or check the address after --db.",
        )
    return error

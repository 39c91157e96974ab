"""What many tests begin with is made once in a process, and given to each of them anew."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, NullPool, Table, create_engine, make_url, select

from app.models.schema import metadata
from tests.postgres import temporary_database

Make = Callable[[str], None]
"""Makes, in an empty database at an address, what tests begin with, and closes it."""

Begun = Callable[[str, Make], str]
"""Returns the address of a database that holds what is made there; the name says what that is."""

_files: dict[str, bytes] = {}


def begin(url: str, name: str, make: Make) -> None:
    """Let an empty database hold what ``make`` makes in one; ``name`` says what that is."""
    where = make_url(url)
    path = Path(where.database or "")
    if where.get_backend_name() != "sqlite" or path.exists():
        make(url)
        return
    if name not in _files:
        with TemporaryDirectory() as folder:
            first = Path(folder, "desk.sqlite")
            make(f"sqlite:///{first}")
            _files[name] = first.read_bytes()
    path.write_bytes(_files[name])
    with closing(sqlite3.connect(path)) as db, db:  # this computer knows each store by its name
        db.execute(
            "UPDATE settings SET value = ? WHERE name = 'store_id'", [f'"{uuid.uuid4().hex}"']
        )


class Server:
    """A PostgreSQL server whose databases go from test to test, each with the rows that it began with.

    To make one takes longer than most tests; to put its rows back does not.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._kept = ExitStack()
        self._made: dict[str, _Database] = {}

    def begun(self, name: str, make: Make) -> str:
        """Return the address of a database that holds what ``make`` makes, and nothing else."""
        if name in self._made:
            self._made[name].put_back()
        else:
            url = self._kept.enter_context(temporary_database(self._server))
            make(url)
            self._made[name] = _Database(url)
        return self._made[name].url

    def close(self) -> None:
        """Drop the databases."""
        self._kept.close()


class _Database:
    """One database, and the rows that it began with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        with self._engine().connect() as db:
            for table in metadata.sorted_tables:
                if rows := db.execute(select(table)).mappings().all():
                    self._rows[table] = [dict(row) for row in rows]

    def put_back(self) -> None:
        """Take out what a test has written, and put in what was there before."""
        with self._engine().begin() as db:
            db.exec_driver_sql("SET LOCAL lock_timeout = '20s'")
            names = (table.name for table in reversed(metadata.sorted_tables))
            db.exec_driver_sql(";".join(f"DELETE FROM {name}" for name in names))
            for table, rows in self._rows.items():
                db.execute(table.insert(), rows)

    def _engine(self) -> Engine:
        return create_engine(self.url, poolclass=NullPool)

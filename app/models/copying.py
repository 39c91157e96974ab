"""How is a whole database copied, to a file or from one, without stopping those who work on it?

Copying the file itself is no copy: what was committed last lies in the journal beside it. SQLite's own
backup reads one consistent picture while others write. Between engines the rows are copied.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, select

from app.models.bulk import insert_rows
from app.models.schema import metadata

_ROWS = 2_000
BESIDE = ("-wal", "-shm", "-journal")


def copy_file(source: Path, target: Path, *, is_still: bool = False) -> None:
    """Copy a SQLite database, as it is at this moment, to a single file that stands alone.

    A source that nobody works on (``is_still``: a backup) is read without a file beside it.

    Raises:
        sqlite3.DatabaseError: the source is damaged, or the disk is full.
    """
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(_read_only(source, is_still)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE").close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def overwrite(source: Path, target: Path) -> None:
    """Give a database the content of another in one transaction; others may have it open.

    Raises:
        sqlite3.DatabaseError: the target is damaged or busy; it is as it was.
    """
    with closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(target)) as old:
        old.execute("PRAGMA busy_timeout=10000").close()
        old.execute("PRAGMA journal_mode=WAL").close()
        new.backup(old)


def move_aside(path: Path, aside: Path) -> None:
    """Rename a database and every journal beside it, which would spoil whatever comes next."""
    for ending in ("", *BESIDE):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))


def stand_alone(path: Path) -> None:
    """Merge a database's journal into it, so that reading it needs no other file beside it."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE").close()


def damage_of(path: Path, *, is_still: bool = False) -> str:
    """Return what SQLite finds wrong with a file, or nothing."""
    try:
        with closing(_read_only(path, is_still)) as db:
            said = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == ["ok"] else "; ".join(said)


def _read_only(path: Path, is_still: bool) -> sqlite3.Connection:
    """Open a file for reading; one with a journal beside it is never taken for complete."""
    has_journal = any(path.with_name(path.name + ending).exists() for ending in BESIDE)
    how = "immutable=1" if is_still and not has_journal else "mode=ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)


def copy_rows(source: Connection, target: Connection) -> None:
    """Replace every row of the target by those of the source, whatever the two engines are.

    What is derived from other rows is emptied, and made anew where it is needed.
    """
    for table in reversed(metadata.sorted_tables):
        target.execute(table.delete())
    for table in metadata.sorted_tables:
        if table.info.get("is_derived"):
            continue
        names = [column.name for column in table.columns]
        rows = source.execute(select(table), execution_options={"yield_per": _ROWS})
        for part in rows.partitions():
            insert_rows(target, table, [dict(zip(names, row, strict=True)) for row in part])

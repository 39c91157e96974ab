"""What happens to a file that is opened: made, updated, refused, and never harmed."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app.errors import RefusedError, StoreError
from app.models.database import Store
from app.models.migrate import HISTORY, History, open_store, revision_of_file, upgrade
from app.models.schema import metadata

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{head}"


def upgrade():
    op.add_column("skus", sa.Column("colour", sa.Text()))
    with op.batch_alter_table("skus") as skus:
        skus.alter_column("title", existing_type=sa.String(500), type_=sa.Text())
"""


@pytest.fixture
def next_year(tmp_path: Path) -> History:
    """A later Orderdeck, which has one more revision."""
    folder = tmp_path / "next_year"
    shutil.copytree(HISTORY.folder, folder)
    later = f"{int(HISTORY.head) + 1:04}"
    words = NEXT.replace("{next}", later).replace("{head}", HISTORY.head)
    (folder / "versions" / f"{later}_colours.py").write_text(words)
    return History(folder, later)


def described(store: Store) -> dict[str, Any]:
    """Everything that the engine itself says about the tables, in a comparable order."""
    look = inspect(store.engine)
    return {
        table: {
            "columns": {c["name"]: (str(c["type"]), c["nullable"], c["default"])
                        for c in look.get_columns(table)},
            "key": look.get_pk_constraint(table),
            "references": sorted(look.get_foreign_keys(table), key=str),
            "unique": sorted(look.get_unique_constraints(table), key=str),
            "checks": sorted(look.get_check_constraints(table), key=str),
            "indexes": sorted(_words(index) for index in look.get_indexes(table)),
        }
        for table in sorted(look.get_table_names())
    }  # fmt: skip


def _words(index: Mapping[str, Any]) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_the_migrations_make_exactly_the_declared_tables(database_url: str) -> None:
    store = Store(database_url)
    with store.write() as db:
        upgrade(db)
    with store.read() as db:
        context = MigrationContext.configure(
            db, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
    store.close()


def test_a_new_store_made_at_once_is_the_one_that_the_migrations_make(
    database_url: str,
) -> None:
    at_once = open_store(database_url)
    made = described(at_once)
    with at_once.write() as db:
        metadata.drop_all(db)
        db.execute(text("DROP TABLE alembic_version"))
    with at_once.write() as db:
        upgrade(db)
    assert described(at_once) == made
    at_once.close()


def test_the_newest_revision_is_the_one_that_the_program_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(HISTORY.folder))
    assert ScriptDirectory.from_config(config).get_current_head() == HISTORY.head


def test_opening_a_store_that_is_up_to_date_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    program = (
        "import sys; from app.models.migrate import open_store\n"
        f"open_store({url!r}).close(); open_store({url!r}).close()\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_processes_that_open_the_same_new_store_at_once_all_succeed(database_url: str) -> None:
    program = (
        "from datetime import UTC, datetime\n"
        "from app.services.opening import open_ready_store\n"
        f"open_ready_store({database_url!r}, now=datetime.now(UTC)).close()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    store = open_store(database_url)
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM operators")).scalar_one() == 1
        assert db.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    store.close()


def test_an_older_store_is_brought_up_to_date_with_its_rows(
    database_url: str, next_year: History
) -> None:
    store = open_store(database_url)
    with store.write() as db:
        db.execute(text("INSERT INTO settings (name, value) VALUES ('kept', '1')"))
        db.execute(text(
            "INSERT INTO skus (id, code, title, barcode, category, currency, created_at)"
            " VALUES (1, 'MUG', 'Mug', '', '', 'USD', '2025-11-22 10:00:00'),"
            " (2, 'SET', 'Set', '', '', 'USD', '2025-11-22 10:00:00')"
        ))  # fmt: skip
        db.execute(text("INSERT INTO kit_components VALUES (1, 2, 1, 2)"))
    store.close()
    store = open_store(database_url, history=next_year)
    with store.read() as db:
        assert (
            db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            == next_year.head
        )
        assert db.execute(text("SELECT name FROM settings")).scalar_one() == "kept"
        assert db.execute(text("SELECT count(*) FROM kit_components")).scalar_one() == 1
        assert db.execute(text("SELECT title, colour FROM skus WHERE id = 1")).one() == (
            "Mug",
            None,
        )
    store.close()


def test_an_older_file_is_saved_beside_itself_before_it_is_updated(
    tmp_path: Path, next_year: History
) -> None:
    path = tmp_path / "desk.db"
    open_store(f"sqlite:///{path}").close()
    open_store(f"sqlite:///{path}", history=next_year).close()
    (copy,) = tmp_path.glob(f"desk.before-update-{HISTORY.head}-*.db")
    assert revision_of_file(copy) == HISTORY.head
    assert os.name != "posix" or copy.stat().st_mode & 0o777 == 0o600


def test_an_update_that_fails_leaves_the_store_as_it_was(
    database_url: str, next_year: History
) -> None:
    open_store(database_url).close()
    with (next_year.folder / "versions" / f"{next_year.head}_colours.py").open("a") as file:
        file.write("    op.execute('SELECT nonsense FROM nowhere')\n")
    with pytest.raises(Exception, match="nowhere"):
        open_store(database_url, history=next_year)
    store = open_store(database_url)
    assert "colour" not in {c["name"] for c in inspect(store.engine).get_columns("skus")}
    store.close()


def test_a_store_of_a_newer_orderdeck_is_refused_in_a_sentence(
    database_url: str, next_year: History
) -> None:
    open_store(database_url, history=next_year).close()
    with pytest.raises(StoreError, match=r"newer Orderdeck.*nothing in it was changed"):
        open_store(database_url)


def test_a_newer_file_is_left_untouched_byte_for_byte(tmp_path: Path, next_year: History) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    path = folder / "desk.db"
    open_store(f"sqlite:///{path}", history=next_year).close()
    for copy in folder.glob("*before*"):
        copy.unlink()
    before = fingerprint(path), path.stat().st_mtime_ns
    with pytest.raises(StoreError, match="newer"):
        open_store(f"sqlite:///{path}")
    assert (fingerprint(path), path.stat().st_mtime_ns) == before
    assert [each.name for each in folder.iterdir()] == ["desk.db"]


@pytest.mark.parametrize("content", [b"Order ID,SKU\n1,MUG\n" * 200, b"\x89PNG", b"SQLite"])
def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "tables",
    [
        "CREATE TABLE bookmarks (id INTEGER)",
        """CREATE TABLE orders (id INTEGER); CREATE TABLE alembic_version (version_num TEXT);
        INSERT INTO alembic_version VALUES ('0009')""",
    ],
)
def test_a_database_of_another_program_is_refused_and_stays(tmp_path: Path, tables: str) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(tables)
    before = fingerprint(path)
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{path}")
    assert fingerprint(path) == before


@pytest.mark.postgresql
def test_a_server_database_of_another_program_is_refused(database_url: str) -> None:
    store = Store(database_url)
    if store.is_sqlite:
        pytest.skip("files are tried above")
    with store.write() as db:
        db.execute(text("CREATE TABLE bookmarks (id INTEGER)"))
    with pytest.raises(StoreError, match="another program"):
        open_store(database_url)
    store.close()


def test_a_store_in_memory_is_refused_in_a_sentence() -> None:
    with pytest.raises(RefusedError, match="needs a file"):
        open_store("sqlite://")

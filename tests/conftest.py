"""What every test stands on: no screen, no one else's files, and a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import temporary_database

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def desk_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move every file of the desk into the test's own folder, so that no test meets a real desk."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("ORDERDECK_HOME", str(home))
    monkeypatch.delenv("ORDERDECK_DB", raising=False)
    return home


@pytest.fixture(scope="session")
def shared() -> Path:
    """Find the folder of real export files and contracts, which lies beside the repository."""
    folder = Path(os.environ.get("ORDERDECK_SHARED") or ROOT.parent / "shared" / "reference")
    if not folder.is_dir():
        pytest.skip(
            "the reference files are not on this machine (ORDERDECK_SHARED names their folder)"
        )
    return folder


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name an empty database; a test that takes this runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.sqlite'}"
        return
    server = os.environ.get("ORDERDECK_TEST_POSTGRES")
    if not server:
        pytest.skip(
            "no PostgreSQL here: set ORDERDECK_TEST_POSTGRES (see scripts/postgres_for_tests)"
        )
    with temporary_database(server) as url:
        yield url

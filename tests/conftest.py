"""What every test stands on: no screen, no one else's files, and a database of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.beginnings import Begun, Make, Server, begin
from tests.postgres import temporary_database

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How long an example takes says how busy the machine is, not whether the program is right.
settings.register_profile(
    "unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

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
def engine(request: pytest.FixtureRequest) -> str:
    """Name the engine; a test that has to do with it runs once on each."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """Name an empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.sqlite'}"
        return
    with temporary_database(_server()) as url:
        yield url


@pytest.fixture
def begun(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Begun:
    """Name a database that holds what is told to be made there, and what that is called."""
    if engine == "postgresql":
        server: Server = request.getfixturevalue("server")
        return server.begun

    def file(name: str, make: Make) -> str:
        url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
        begin(url, name, make)
        return url

    return file


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Keep databases on the server while tests of this process need them."""
    kept = Server(_server())
    yield kept
    kept.close()


def _server() -> str:
    server = os.environ.get("ORDERDECK_TEST_POSTGRES")
    if not server:
        pytest.skip(
            "no PostgreSQL here: set ORDERDECK_TEST_POSTGRES (see scripts/postgres_for_tests)"
        )
    return server

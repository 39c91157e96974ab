"""The window opens another desk where the one that was meant cannot be opened, or leaves it."""

from __future__ import annotations

from pathlib import Path

from app import config, main
from app.cli import start
from app.cli.command import REFUSED
from app.cli.doors import Doors, WindowWish
from app.errors import StoreError
from app.services.desk import Desk


def open_window(wanted: Path, *chosen: str) -> tuple[int, list[str], list[str]]:
    """Open the window on a file, choosing these addresses in turn; return what was said and opened."""
    opened: list[str] = []
    said: list[str] = []
    choices = iter(chosen)

    def window(desk: Desk, _wish: WindowWish) -> int:
        opened.append(desk.store.label)
        return 0

    def recover(error: StoreError, _address: str, _operator: str) -> str:
        said.append(error.title)
        return next(choices)

    doors = Doors(main._desk, main._actor, window, config.database_url, recover)  # noqa: SLF001
    status = start.run(["--db", f"sqlite:///{wanted}", "gui"], doors)
    return status, said, opened


def damaged(folder: Path) -> Path:
    path = folder / "damaged.db"
    path.write_bytes(b"no database" * 900)
    return path


def test_a_desk_that_opens_needs_no_recovery(tmp_path: Path) -> None:
    status, said, opened = open_window(tmp_path / "new.db")
    assert (status, said, opened) == (0, [], [str(tmp_path / "new.db")])


def test_another_desk_is_opened_in_its_place(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    status, said, opened = open_window(damaged(tmp_path), f"sqlite:///{other}")
    assert status == 0
    assert "is not a database" in said[0]
    assert opened == [str(other)]


def test_trying_again_asks_again_while_nothing_is_better(tmp_path: Path) -> None:
    wanted = damaged(tmp_path)
    status, said, opened = open_window(wanted, f"sqlite:///{wanted}", f"sqlite:///{wanted}", "")
    assert status == REFUSED
    assert len(said) == 3
    assert opened == []

"""Which files does a person choose, save and back up to, and what is said of each?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import RefusedError
from app.services.backup import Backup, back_up
from app.services.saving import save_over
from app.ui.operations import Operations, Problem
from app.ui.words import count_of

KINDS = (
    "Files of channels and carriers (*.csv *.txt *.tsv *.xlsx *.zip *.json *.xml);;All files (*)"
)


class Host(Protocol):
    """The window, as its files see it."""

    operations: Operations

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def complain(self, title: str, advice: str) -> None:
        """Say what could not be done."""


class WindowFiles:
    """Files in and out, by the system's own dialogs."""

    def __init__(
        self, window: QWidget, host: Host, import_files: Callable[[Sequence[Path]], object]
    ) -> None:
        self._window, self._host, self._import = window, host, import_files

    def choose_files(self) -> None:
        """Let the person choose files to import."""
        chosen, _kind = QFileDialog.getOpenFileNames(self._window, "Import files", "", KINDS)
        if chosen:
            self._import([Path(name) for name in chosen])

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes, and write it there."""
        start = str(Path.home() / name)
        chosen, _kind = QFileDialog.getSaveFileName(self._window, "Save file", start)
        if chosen:
            self.write_file(Path(chosen), content)

    def write_file(self, path: Path, content: bytes) -> None:
        """Write a file, away from the window's thread: a shared folder may take its time."""

        def saved(_done: None) -> None:
            self._host.say(f"Saved {path.name}", f"In {path.parent}")

        self._host.operations.ask(lambda: _write(path, content), then=saved)

    def choose_backup(self) -> None:
        """Let the person choose where a backup goes."""
        name = f"orderdeck-{self._host.operations.now().astimezone():%Y-%m-%d}.db"
        start = str(Path.home() / name)
        chosen, _kind = QFileDialog.getSaveFileName(self._window, "Back up", start)
        if chosen:
            self.back_up(Path(chosen))

    def back_up(self, path: Path) -> None:
        """Copy everything to a file while work goes on, and verify the copy."""
        operations = self._host.operations

        def work() -> Backup:
            desk = operations.desk
            return back_up(desk.store, path, actor=desk.actor, now=desk.now(), replace=True)

        def done(made: Backup) -> None:
            shown.end(f"{count_of(made.orders, 'order')}, verified")
            self._host.say(
                f"Backed up {count_of(made.orders, 'order')}", f"Verified, in {made.path}"
            )

        def refused(problem: Problem) -> None:
            if not problem.details:
                self._host.complain(problem.title, problem.advice)

        shown = operations.activity.begin(f"Back up to {path.name}")
        operations.job(work, then=done, otherwise=refused, shown=shown)


def _write(path: Path, content: bytes) -> None:
    """Write a file; a full disk or a locked folder is said, not hidden."""
    try:
        save_over(path, content)
    except OSError as error:
        raise RefusedError(
            f"{path.name} was not written ({error.strerror}).",
            "Choose another folder; the file can be saved again at any time.",
        ) from error


def dropped(data: Any) -> list[Path]:
    """Return the files that are dragged over the window."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]

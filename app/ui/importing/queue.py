"""Which files wait to be imported, and how far is each?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from PySide6.QtWidgets import QFrame, QWidget

from app.domain.importing import AS_IT_IS, Glimpse, ImportReport, Reading, Verdict
from app.services.desk import Preview
from app.ui.importing import views
from app.ui.lists.columns import Pill
from app.ui.operations import Problem
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, boxed, button, down, empty_out, frame, scrolling
from app.ui.widgets.pill import PillLabel
from app.ui.widgets.text import Elided, Text

WIDTH = 236


class State(Enum):
    """How far a file of the queue is."""

    READING = Pill("Reading …", Tone.NEUTRAL, "clock")
    READY = Pill("Ready", Tone.ACCENT, "import")
    NOTHING = Pill("Nothing new", Tone.NEUTRAL, "accept")
    COLUMNS = Pill("Columns unknown", Tone.WARN, "hold")
    REFUSED = Pill("Not read", Tone.BAD, "exceptions")
    IMPORTING = Pill("Importing …", Tone.INFO, "clock")
    DONE = Pill("Imported", Tone.GOOD, "accept")
    STOPPED = Pill("Stopped", Tone.WARN, "cancel")


SKIPPED = Pill("Skipped", Tone.NEUTRAL, "minus")


@dataclass(eq=False, slots=True)
class QueuedFile:
    """One file on its way in; ``content`` is set where it comes from the desk's own store."""

    path: Path
    content: bytes | None = None
    reading: Reading = AS_IT_IS
    state: State = State.READING
    preview: Preview | None = None
    glimpse: Glimpse | None = None
    problem: Problem | None = None
    report: ImportReport | None = None
    known_as: str = ""
    brought: str = ""
    source: str = ""  # under which name it is, or would be, remembered
    left_out: set[str] = field(default_factory=set)
    turn: int = 0
    is_skipped: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done with it."""
        return self.is_skipped or self.state in (State.DONE, State.STOPPED, State.IMPORTING)

    @property
    def pill(self) -> Pill:
        """How far it is."""
        return SKIPPED if self.is_skipped else self.state.value

    def arrived(self, preview: Preview, glimpse: Glimpse | None, known_as: str) -> None:
        """Take note of what was read."""
        self.preview, self.glimpse, self.problem = preview, glimpse, None
        self.known_as = known_as
        self.source = preview.parsed.profile or self.source or self.path.stem[:80]
        if preview.report.verdict is Verdict.REFUSE:
            self.state = State.COLUMNS if glimpse is not None else State.REFUSED
        else:
            is_new = views.changes_anything(preview.report)
            self.state = State.READY if is_new else State.NOTHING


class QueueList(QFrame):
    """The files, each with its state; a click shows one."""

    def __init__(self, chosen: Callable[[QueuedFile], object]) -> None:
        super().__init__()
        self._chosen = chosen
        self._rows = down(spacing=0)
        inside = boxed(down(self._rows, None))
        inside.setObjectName("body")
        self.setLayout(down(scrolling(inside, "Files to import"), spacing=0))
        self.setFixedWidth(WIDTH)

    def show_files(
        self, files: Sequence[QueuedFile], current: QueuedFile | None, *, is_busy: bool
    ) -> None:
        """Show the files anew; while one is imported, no other is shown."""
        empty_out(self._rows)
        for each in files:
            entry = _Entry(each, each is current, self._chosen)
            entry.setEnabled(each is current or not is_busy)
            self._rows.addWidget(entry)
        self.setVisible(len(files) > 1)


class _Entry(QFrame):
    """One file of the queue."""

    def __init__(
        self, file: QueuedFile, is_current: bool, chosen: Callable[[QueuedFile], object]
    ) -> None:
        super().__init__()
        name = Elided(file.path.name, step="strong" if is_current else "body")
        known = Text(file.known_as, quiet=True, step="small", wraps=True)
        known.setVisible(bool(file.known_as))
        state = across(PillLabel(file.pill), None, _open(file, is_current, chosen))
        self.setLayout(down(name, known, state, frame("rule"), spacing=3, margins=(12, 8, 10, 0)))


def _open(file: QueuedFile, is_current: bool, chosen: Callable[[QueuedFile], object]) -> QWidget:
    if is_current:
        return Text("Shown", quiet=True, step="small")
    return button("Show", lambda: chosen(file), kind="link", name=f"Show {file.path.name}")

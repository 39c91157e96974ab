"""Files in: what is in the file, what would become of it, and only then the import. Beside the work, never over it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QLayout, QProgressBar, QPushButton, QWidget

from app.domain.changes import Changes, Touched
from app.domain.importing import ImportReport, Verdict
from app.errors import RefusedError
from app.services.desk import Importer, Preview
from app.services.taking_imports_back import brought
from app.ui import import_views
from app.ui.operations import Operations, Problem
from app.ui.overlay import Overlay
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Elided, Text
from app.ui.words import number

WIDTH = 720


class Host(Protocol):
    """The window, as the panel sees it."""

    operations: Operations

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes."""

    def open(self) -> None:
        """Look into the store again: it may have been empty."""


class ImportPanel(Overlay):
    """A queue of files, one after the other."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, "Import")
        self._host: Host = host  # type: ignore[assignment]
        self._waiting: deque[Path] = deque()
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._is_cancelled = self._is_importing = False
        self._seen = self._total = 0
        self._bar = QProgressBar()
        self._which = Text(quiet=True)
        self._name = Elided(step="title")
        self._content = down(spacing=14)
        self._verbs = across(spacing=8)
        head = across(Text("Import", step="heading"), self._which, None,
                      button("", self.leave, kind="quiet", icon_name="close", name="Close import",
                             hint="Nothing more is stored (Esc)"))  # fmt: skip
        inside = boxed(down(self._content, None))
        inside.setObjectName("body")
        layout = down(head, self._name, scrolling(inside, "What is in the file"),
                      boxed(self._verbs), spacing=8, margins=(22, 16, 18, 16))  # fmt: skip
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def place(self) -> None:
        """Stand at the right edge, as tall as the window."""
        room = self.room()
        wide = min(WIDTH, room.width() - 40)
        self.setGeometry(room.width() - wide - 14, 40, wide, room.height() - 80)

    # ---- the queue ------------------------------------------------------------------------------

    @property
    def _importer(self) -> Importer:
        importer = self._host.operations.desk.importer
        if importer is None:
            raise RefusedError(
                "This desk was opened without its file reader; nothing was imported.",
                "Close the window and start Orderdeck again.",
            )
        return importer

    def add(self, paths: Sequence[Path]) -> None:
        """Put files into the queue."""
        self._waiting.extend(paths)
        self._total += len(paths)
        if self._path is None:
            self._next()
        else:
            self._say_which()

    def _next(self) -> None:
        if not self._waiting:
            self._path, self._seen, self._total = None, 0, 0
            self.close_overlay()
            return
        self._path = path = self._waiting.popleft()
        self._seen += 1
        self._say_which()
        self._name.say(path.name)
        self._show([Text("Reading the file …", quiet=True)], [])
        if not self.isVisible():
            self.open()
        self._host.operations.ask(
            lambda: self._importer.preview(path), then=self._previewed, otherwise=self._unreadable,
            slot=(self, "preview"),
        )  # fmt: skip

    def _say_which(self) -> None:
        several = self._total > 1
        self._which.say(f"File {number(self._seen)} of {number(self._total)}" if several else "")

    def leave(self) -> None:
        """Leave the queue; an import that is under way goes on, and the line at the foot shows it."""
        if self._is_importing:
            self.close_overlay()
            return
        self._waiting.clear()
        self._path, self._seen, self._total = None, 0, 0
        self.close_overlay()

    def cancel(self) -> None:
        """Cancel an import that is under way; importing the file again takes in the rest."""
        self._is_cancelled = True

    # ---- preview --------------------------------------------------------------------------------

    def _previewed(self, preview: Preview) -> None:
        self._preview = preview
        report = preview.report
        title = self._importer.title_of(preview.parsed)
        parts = import_views.preview(report, title)
        verbs: list[QWidget] = []
        if report.verdict is not Verdict.REFUSE and import_views.changes_anything(report):
            verbs.append(button(import_views.verb(report), self.confirm, kind="primary",
                                icon_name="import"))  # fmt: skip
        if preview.parsed.rejected:
            verbs.append(button("Save rejects…", self.save_rejects, icon_name="export",
                                hint="The rows that are kept back, as a file to repair and import again"))  # fmt: skip
        last = "Skip this file" if self._waiting else "Close"
        verbs.append(button(last, self._next, kind="quiet"))
        self._show(parts, verbs)
        verbs[0].setFocus()

    def _unreadable(self, problem: Problem) -> None:
        self._is_importing = False
        if not problem.details:
            self._show([Banner(problem.title, problem.advice)], [button("Go on", self._next)])
        else:
            self._next()

    def save_rejects(self) -> None:
        """Save the rows that are kept back, with the reasons."""
        preview = self._preview
        if preview is not None:
            name = f"{Path(preview.parsed.name).stem}-rejects.csv"
            self._host.operations.ask(
                lambda: self._importer.rejects(preview.parsed),
                then=lambda content: self._host.save_file(name, content),
            )

    # ---- import ---------------------------------------------------------------------------------

    def confirm(self) -> None:
        """Import what the preview showed."""
        preview, operations = self._preview, self._host.operations
        if preview is None:
            return
        self._is_cancelled, self._is_importing = False, True
        total = len(preview.parsed.orders)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the import")
        self._bar.setRange(0, total)
        self._progress_words = Text("Taking the file in …")
        cancel = button("Cancel", self.cancel, hint="What is stored by then stays")
        self._show([self._progress_words, self._bar], [cancel])

        shown = operations.activity.begin(f"Import {preview.parsed.name}", stop=self.cancel,
                                          goes_on=True)  # fmt: skip

        def progress(done: int, total: int) -> None:
            operations.report(lambda: self._show_progress(done, total))
            operations.report(lambda: shown.progress(done, total))
            operations.give_way()

        def work() -> tuple[ImportReport, Changes | None]:
            report = self._importer.confirm(
                preview, progress=progress, cancelled=lambda: self._is_cancelled
            )
            done = report.import_id
            return report, operations.desk.read(brought, done) if done is not None else None

        operations.job(work, then=self._imported, otherwise=self._unreadable,
                       shown=shown)  # fmt: skip

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._progress_words.say(f"Taking in order {number(done)} of {number(total)} …")
        self._host.operations.changed.emit(Changes("Import", Touched.ALL))

    def _imported(self, ended: tuple[ImportReport, Changes | None]) -> None:
        report, receipt = ended
        if receipt is not None and import_views.changes_anything(report):
            self._host.operations.remember(receipt)
        self._is_importing = False
        self._host.operations.changed.emit(Changes("Import", Touched.ALL))
        tone = Tone.GOOD if report.verdict is Verdict.ACCEPT else Tone.WARN
        title, more = import_views.result(report)
        parts: list[QWidget | QLayout] = [Banner(title, more, tone=tone)]
        parts += import_views.rejects(report)
        verbs: list[QWidget] = [
            button("Next file" if self._waiting else "Done", self._finish, kind="primary")
        ]
        if report.rejected:
            verbs.append(button("Save rejects…", self.save_rejects, icon_name="export"))
        self._show(parts, verbs)
        if self.isVisible():
            verbs[0].setFocus()
        else:
            self._host.say(title, more)

    def _finish(self) -> None:
        is_last = not self._waiting
        self._next()
        if is_last:
            self._host.open()

    def _show(self, parts: Sequence[QWidget | QLayout], verbs: Sequence[QWidget]) -> None:
        empty_out(self._content)
        empty_out(self._verbs)
        for part in parts:
            if isinstance(part, QWidget):
                self._content.addWidget(part)
            else:
                self._content.addLayout(part)
        for verb in verbs:
            self._verbs.addWidget(verb)
        self._verbs.addStretch(1)

    @property
    def verbs(self) -> dict[str, QPushButton]:
        """What can be done now: the buttons at the foot."""
        parts = [self._verbs.itemAt(at) for at in range(self._verbs.count())]
        widgets = [part.widget() for part in parts if part is not None]
        return {each.text(): each for each in widgets if isinstance(each, QPushButton)}

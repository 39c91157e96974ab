"""Files in: what is in each, what would become of it, and only then the import. A page of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QProgressBar, QPushButton, QWidget

from app.domain.changes import Changes, Touched
from app.domain.importing import AS_IT_IS, ImportReport, Reading, Verdict, reading_as_data
from app.errors import RefusedError
from app.services.desk import Importer, Preview
from app.services.taking_imports_back import brought
from app.ui.importing import views
from app.ui.importing.mapping import MappingForm
from app.ui.importing.preview import PreviewPane
from app.ui.importing.queue import QueuedFile, QueueList, State
from app.ui.operations import Operations, Problem
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down, empty_out
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, number


class Host(Protocol):
    """The window, as the assistant sees it."""

    operations: Operations

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes."""

    def choose_files(self) -> None:
        """Let the person choose files to import."""

    def show_imports(self) -> None:
        """Show the assistant instead of the page."""

    def leave_imports(self, query: str = "") -> None:
        """Go back to the page, or to the orders that a search finds."""


class ImportPage(QWidget):
    """A queue of files: all are read at once, each is imported when a person says so."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("page")
        self.setAccessibleName("Import")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._host: Host = host  # type: ignore[assignment]
        self._files: list[QueuedFile] = []
        self._current: QueuedFile | None = None
        self._form: MappingForm | None = None
        self._batch: deque[QueuedFile] = deque()
        self._is_cancelled = self._is_importing = False
        self._queue = QueueList(self.show_file)
        self._which = Text(quiet=True)
        self._all = button("", self.import_all, kind="primary", icon_name="import",
                           name="Import all that are ready")  # fmt: skip
        self._name = Elided(step="title")
        self._content = down(spacing=10)
        self._verbs = across(spacing=8)
        self._lay_out()

    def _lay_out(self) -> None:
        head = boxed(
            across(Text("Import", step="heading"), self._which, None, self._all,
                   button("Add files…", self._host.choose_files, icon_name="plus"),
                   button("", self.leave, kind="quiet", icon_name="close", name="Close import",
                          hint="Nothing more is stored (Esc)"),
                   spacing=8, margins=(14, 7, 12, 7))
        )  # fmt: skip
        head.setObjectName("header")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = down(self._name, self._content, boxed(self._verbs), spacing=8,
                      margins=(22, 14, 20, 14))  # fmt: skip
        inside.setStretch(1, 1)
        body = boxed(inside)
        body.setObjectName("body")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle = across(self._queue, body, spacing=1)
        middle.setStretch(1, 1)
        whole = down(head, middle, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

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
        """Put files into the queue, and read each."""
        self._take([QueuedFile(path) for path in paths])

    def add_again(self, name: str, content: bytes) -> None:
        """Put a file into the queue that came in before and is kept in the desk's store."""
        self._take([QueuedFile(Path(name), content)])

    def _take(self, files: Sequence[QueuedFile]) -> None:
        if not files:
            return
        if not self._is_importing and all(each.is_over for each in self._files):
            self._files = []
        self._files += files
        for each in files:
            self._read(each)
        self._host.show_imports()
        if self._current is None or self._current not in self._files or self._current.is_over:
            self.show_file(files[0])
        self._show_queue()

    def _read(self, file: QueuedFile) -> None:
        """Read a file in the background, as it is wanted now."""
        file.state, file.turn = State.READING, file.turn + 1
        importer, turn, reading = self._importer, file.turn, file.reading

        def look() -> tuple[Preview, object, str]:
            if file.content is None:
                preview = importer.preview(file.path, reading=reading)
            else:
                name = file.path.name
                preview = importer.preview_content(name, file.content, reading=reading)
            is_table = bool(preview.content) and (
                preview.parsed.refusal_code in _UNKNOWN or bool(preview.parsed.reading.columns)
            )
            seen = importer.glimpse(preview) if is_table else None
            return preview, seen, importer.title_of(preview.parsed)

        self._host.operations.ask(
            look, then=partial(self._arrived, file, turn),
            otherwise=partial(self._unreadable, file, turn),
        )  # fmt: skip

    def _arrived(self, file: QueuedFile, turn: int, found: tuple[Preview, object, str]) -> None:
        if turn != file.turn or file.is_over:
            return
        preview, seen, title = found
        file.arrived(preview, seen, "" if preview.parsed.refusal else title)  # type: ignore[arg-type]
        self._refresh(file)

    def _unreadable(self, file: QueuedFile, turn: int, problem: Problem) -> None:
        if turn == file.turn and not problem.details:
            file.state, file.problem = State.REFUSED, problem
            self._refresh(file)

    def _refresh(self, file: QueuedFile) -> None:
        self._show_queue()
        if file is self._current and not self._is_importing:
            self.show_file(file)

    def _show_queue(self) -> None:
        files = self._files
        self._queue.show_files(files, self._current)
        several = len(files) > 1 and self._current in files
        at = files.index(self._current) + 1 if several and self._current else 0
        self._which.say(f"File {number(at)} of {number(len(files))}" if several else "")
        ready = len(self._ready())
        self._all.setText(f"Import all {number(ready)} that are ready")
        self._all.setVisible(ready > 1 and not self._is_importing)

    def _ready(self) -> list[QueuedFile]:
        return [x for x in self._files if x.state is State.READY and not x.is_skipped]

    def _others(self) -> list[QueuedFile]:
        return [x for x in self._files if not x.is_over and x is not self._current]

    def next_file(self) -> None:
        """Leave this file as it is, and show the next one; after the last, leave."""
        current, others = self._current, self._others()
        if current is not None and not current.is_over:
            current.is_skipped = True
        if others:
            self.show_file(others[0])
        else:
            self.leave()

    def leave(self, query: str = "") -> None:
        """Leave the queue; an import that is under way goes on, and the line at the foot shows it."""
        if not self._is_importing:
            self._files, self._current = [], None
        self._host.leave_imports(query)

    def cancel(self) -> None:
        """Cancel an import that is under way; importing the file again takes in the rest."""
        self._is_cancelled = True
        self._batch.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # ---- one file -------------------------------------------------------------------------------

    def show_file(self, file: QueuedFile) -> None:
        """Show a file of the queue, as far as it is."""
        if self._is_importing:
            return
        self._current, self._form = file, None
        file.is_skipped = False
        self._name.say(file.path.name)
        {
            State.READING: self._show_reading, State.REFUSED: self._show_refused,
            State.COLUMNS: self._show_columns, State.DONE: self._show_done,
            State.STOPPED: self._show_done,
        }.get(file.state, self._show_preview)(file)  # fmt: skip
        self._show_queue()

    def _show_reading(self, _file: QueuedFile) -> None:
        self._show([Text("Reading the file …", quiet=True)], [self._skip()])

    def _show_refused(self, file: QueuedFile) -> None:
        parts: list[QWidget | QLayout] = []
        if file.problem is not None:
            parts.append(Banner(file.problem.title, file.problem.advice))
        elif file.preview is not None:
            parts.append(views.refused(file.preview.report))
        verbs = [button("Go on", self.next_file)] if file.problem else [self._skip()]
        said_otherwise = file.reading != AS_IT_IS
        if said_otherwise:
            verbs.insert(0, button("Read it as it is", partial(self._reread, file, AS_IT_IS)))
        self._show([*parts, _filler()], verbs)

    def _show_preview(self, file: QueuedFile) -> None:
        preview = file.preview
        if preview is None:
            return
        title = file.known_as
        pane = PreviewPane(self._host.operations, preview, file.left_out)
        pane.reading_changed.connect(partial(self._reread, file))
        pane.left_out_changed.connect(partial(self._say_verb, file))
        words = Text(views.how_it_was_read(preview.report, title), quiet=True, wraps=True)
        self._show([words, *views.notes(preview.report), pane], self._verbs_of(file))

    def _verbs_of(self, file: QueuedFile) -> list[QPushButton]:
        preview = file.preview
        verbs: list[QPushButton] = []
        if preview is None:
            return verbs
        if file.state is State.READY:
            words = views.verb(preview.report, len(file.left_out))
            verbs.append(button(words, self.confirm, kind="primary", icon_name="import"))
        if preview.parsed.rejected:
            verbs.append(button("Save rejects…", self.save_rejects, icon_name="export",
                                hint="The rows that are kept back, as a file to repair and import again"))  # fmt: skip
        verbs.append(self._skip())
        if preview.parsed.reading != AS_IT_IS and not preview.parsed.profile:
            verbs.append(button("Remember this", partial(self.remember_reading, file),
                                hint="Read every file with these column names like this"))  # fmt: skip
        if preview.parsed.reading.columns:
            verbs.append(button("Columns…", partial(self._show_columns, file), icon_name="change",
                                hint="Which column is which"))  # fmt: skip
        return verbs

    def _say_verb(self, file: QueuedFile) -> None:
        if file.preview is not None and file is self._current:
            self._show_verbs(self._verbs_of(file), focus=False)

    def _skip(self) -> QPushButton:
        words = "Skip this file" if self._others() else "Close"
        return button(words, self.next_file, kind="quiet")

    def _reread(self, file: QueuedFile, reading: Reading) -> None:
        """Read the file in another way; what is shown stays until that is done."""
        file.reading = reading
        self._read(file)
        self._show_queue()

    # ---- unknown columns ------------------------------------------------------------------------

    def _show_columns(self, file: QueuedFile) -> None:
        if file.glimpse is None or file.preview is None:
            return
        parsed = file.preview.parsed
        form = MappingForm(self._importer.target_fields, parsed.profile or file.path.stem[:80])
        form.show_file(file.glimpse, parsed.reading)
        self._form = form
        why = Banner(
            "These columns are new here. Say once which is which.",
            "What you say is remembered for every file with these column names, also in watched folders.",
            tone=Tone.INFO,
        )  # fmt: skip
        self._missing = Text(tone=Tone.WARN)
        verb = button("Read it like this", partial(self.remember_columns, file), kind="primary",
                      icon_name="accept")  # fmt: skip
        form.changed.connect(partial(self._say_missing, form, verb))
        self._show([why, form, self._missing], [verb, self._skip()])
        self._say_missing(form, verb)

    def _say_missing(self, form: MappingForm, verb: QPushButton) -> None:
        missing = form.missing
        self._missing.say(missing)
        self._missing.setVisible(bool(missing))
        verb.setEnabled(not missing)

    def remember_columns(self, file: QueuedFile) -> None:
        """Remember which column is which, and read the file by it."""
        form, seen = self._form, file.glimpse
        if form is None or seen is None:
            return
        reading = form.reading(file.preview.parsed.reading if file.preview else Reading())

        def read(_changes: Changes) -> None:
            self._reread(file, Reading(encoding=file.reading.encoding))

        save = partial(
            self._host.operations.desk.run, "save_profile", name=form.name,
            header_hash=seen.header_hash, reading=reading_as_data(reading),
        )  # fmt: skip
        self._host.operations.write(save, then=read, otherwise=self._not_remembered)

    def remember_reading(self, file: QueuedFile) -> None:
        """Remember how a file is read, for every file with its column names."""
        if file.preview is None:
            return
        parsed = file.preview.parsed
        save = partial(
            self._host.operations.desk.run, "save_profile", name=file.path.stem[:80],
            header_hash=parsed.header_hash, reading=reading_as_data(parsed.reading),
        )  # fmt: skip
        self._host.operations.write(
            save, then=lambda _done: self._reread(file, AS_IT_IS), otherwise=self._not_remembered
        )

    def _not_remembered(self, problem: Problem) -> None:
        if not problem.details:
            self._content.insertWidget(0, Banner(problem.title, problem.advice, closes=True))

    @property
    def form(self) -> MappingForm | None:
        """The form about unknown columns, while it is shown."""
        return self._form

    def save_rejects(self) -> None:
        """Save the rows that are kept back, with the reasons."""
        preview = self._current.preview if self._current else None
        if preview is not None:
            name = f"{Path(preview.parsed.name).stem}-rejects.csv"
            self._host.operations.ask(
                lambda: self._importer.rejects(preview.parsed),
                then=lambda content: self._host.save_file(name, content),
            )

    # ---- import ---------------------------------------------------------------------------------

    def import_all(self) -> None:
        """Import every file that is ready, one after the other, in one step."""
        self._batch = deque(self._ready())
        self._next_of_batch()

    def _next_of_batch(self) -> None:
        if self._batch:
            self._current = self._batch.popleft()
            self._name.say(self._current.path.name)
            self.confirm()

    def confirm(self) -> None:
        """Import what the preview showed."""
        file, operations = self._current, self._host.operations
        if file is None or file.preview is None or self._is_importing:
            return
        preview = replace(file.preview, left_out=frozenset(file.left_out))
        self._is_cancelled, self._is_importing = False, True
        file.state = State.IMPORTING
        self._show_progress_of(len(preview.parsed.orders))
        self._show_queue()
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

        operations.job(work, then=partial(self._imported, file),
                       otherwise=partial(self._not_imported, file), shown=shown)  # fmt: skip

    def _show_progress_of(self, total: int) -> None:
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the import")
        self._bar.setRange(0, total)
        self._progress_words = Text("Taking the file in …")
        cancel = button("Cancel", self.cancel, hint="What is stored by then stays")
        self._show([self._progress_words, self._bar, _filler()], [cancel])

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._progress_words.say(f"Taking in order {number(done)} of {number(total)} …")
        self._host.operations.changed.emit(Changes("Import", Touched.ALL))

    def _imported(self, file: QueuedFile, ended: tuple[ImportReport, Changes | None]) -> None:
        report, receipt = ended
        if receipt is not None and views.changes_anything(report):
            self._host.operations.remember(receipt)
        self._is_importing = False
        file.report = report
        file.state = State.STOPPED if self._is_cancelled else State.DONE
        self._host.operations.changed.emit(Changes("Import", Touched.ALL))
        if self._batch:
            self._next_of_batch()
            return
        self.show_file(file)
        if not self.isVisible():
            self._host.say(*views.result(report), can_undo=receipt is not None)

    def _not_imported(self, file: QueuedFile, problem: Problem) -> None:
        self._is_importing = False
        self._batch.clear()
        file.state = State.REFUSED
        file.problem = problem
        if problem.details:
            self.next_file()
        else:
            self.show_file(file)

    def _show_done(self, file: QueuedFile) -> None:
        """Say what each import did that is over, this one first."""
        over = [file, *(x for x in self._files if x.report is not None and x is not file)]
        parts: list[QWidget | QLayout] = []
        for each in over:
            if each.report is not None:
                tone = Tone.GOOD if each.report.verdict is Verdict.ACCEPT else Tone.WARN
                title, more = views.result(each.report)
                name = f"{each.path.name}: " if len(over) > 1 else ""
                parts.append(Banner(f"{name}{title}", more, tone=tone, actions=self._links(each)))
        if file.report is not None:
            parts += views.rejects(file.report)
        verb = button("Next file" if self._others() else "Done", self.next_file, kind="primary")
        verbs = [verb]
        if file.report is not None and file.report.rejected:
            verbs.append(button("Save rejects…", self.save_rejects, icon_name="export"))
        self._show([*parts, _filler()], verbs)

    def _links(self, file: QueuedFile) -> list[tuple[str, Callable[[], object]]]:
        report = file.report
        if report is None or report.import_id is None or not _has_orders(report):
            return []
        count = report.orders_new + report.updated + report.changed
        words = "Show this order" if count == 1 else f"Show these {count_of(count, 'order')}"
        return [(words, partial(self.leave, f"import:{report.import_id}"))]

    # ---- what is shown --------------------------------------------------------------------------

    def _show(self, parts: Sequence[QWidget | QLayout], verbs: Sequence[QWidget]) -> None:
        empty_out(self._content)
        for part in parts:
            if isinstance(part, QWidget):
                self._content.addWidget(part, 1 if _stretches(part) else 0)
            else:
                self._content.addLayout(part)
        self._show_verbs(verbs)

    def _show_verbs(self, verbs: Sequence[QWidget], *, focus: bool = True) -> None:
        empty_out(self._verbs)
        for verb in verbs:
            self._verbs.addWidget(verb)
        self._verbs.addStretch(1)
        if verbs and focus and self.isVisible():
            verbs[0].setFocus()

    @property
    def verbs(self) -> dict[str, QPushButton]:
        """What can be done now: the buttons at the foot."""
        parts = [self._verbs.itemAt(at) for at in range(self._verbs.count())]
        widgets = [part.widget() for part in parts if part is not None]
        return {each.text(): each for each in widgets if isinstance(each, QPushButton)}


_UNKNOWN = ("UNKNOWN_FORMAT", "MISSING_COLUMN")


def _has_orders(report: ImportReport) -> bool:
    return bool(report.orders_new or report.updated or report.changed)


def _filler() -> QWidget:
    made = QWidget()
    made.setObjectName("filler")
    return made


def _stretches(part: QWidget) -> bool:
    return part.objectName() in ("filler", "stretches")

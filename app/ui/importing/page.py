"""Files in: what is in each, what would become of it, and only then the import. A page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QProgressBar, QPushButton, QWidget

from app.domain.changes import Changes
from app.domain.importing import AS_IT_IS, ImportReport, Reading, Verdict, reading_as_data
from app.services.desk import Importer, Preview
from app.ui.asking import Decision
from app.ui.importing import views
from app.ui.importing.host import Host, importer_of
from app.ui.importing.mapping import MappingForm
from app.ui.importing.preview import PreviewPane
from app.ui.importing.queue import QueuedFile, QueueList, State
from app.ui.importing.reading_bar import ReadingBar
from app.ui.importing.run import ImportRun
from app.ui.importing.stage import Stage, filler
from app.ui.operations import Problem
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text
from app.ui.words import count_of, number


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
        self._run = ImportRun(self._host.operations, self)
        self._run.started.connect(self._started)
        self._run.progressed.connect(self._progressed)
        self._run.ended.connect(self._ended)
        self._queue = QueueList(self.show_file)
        self._which = Text(quiet=True)
        self._all = button("", self.import_all, kind="primary", icon_name="import",
                           name="Import all that are ready")  # fmt: skip
        self._stage = Stage()
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
        middle = across(self._queue, self._stage, spacing=1)
        middle.setStretch(1, 1)
        whole = down(head, middle, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    # ---- the queue ------------------------------------------------------------------------------

    @property
    def _importer(self) -> Importer:
        return importer_of(self._host.operations.desk)

    def add(self, paths: Sequence[Path]) -> None:
        """Put files into the queue, and read each."""
        self._take([QueuedFile(path) for path in paths])

    def add_again(self, name: str, content: bytes) -> None:
        """Put a file into the queue that came in before and is kept in the desk's store."""
        self._take([QueuedFile(Path(name), content)])

    def _take(self, files: Sequence[QueuedFile]) -> None:
        if not files:
            return
        if not self._run.is_busy and all(each.is_over for each in self._files):
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
        if file is self._current and not self._run.is_busy:
            self.show_file(file)

    def _show_queue(self) -> None:
        files = self._files
        self._queue.show_files(files, self._current, is_busy=self._run.is_busy)
        several = len(files) > 1 and self._current in files
        at = files.index(self._current) + 1 if several and self._current else 0
        self._which.say(f"File {number(at)} of {number(len(files))}" if several else "")
        ready = len(self._ready())
        self._all.setText(f"Import all {number(ready)} that are ready")
        self._all.setVisible(ready > 1 and not self._run.is_busy)

    def _ready(self) -> list[QueuedFile]:
        return [x for x in self._files if x.state is State.READY and not x.is_skipped]

    def _others(self) -> list[QueuedFile]:
        return [x for x in self._files if not x.is_over and x is not self._current]

    def why_empty(self) -> str:
        """Say why there is no queue to show; nothing while there is one."""
        return "" if self._files else "no file waits to be imported"

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
        if not self._run.is_busy:
            self._files, self._current = [], None
        self._host.leave_imports(query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # ---- one file -------------------------------------------------------------------------------

    def show_file(self, file: QueuedFile) -> None:
        """Show a file of the queue, as far as it is."""
        if self._run.is_busy:
            return
        self._current, self._form = file, None
        file.is_skipped = False
        self._stage.say(file.path.name)
        {
            State.READING: self._show_reading, State.REFUSED: self._show_refused,
            State.COLUMNS: self._show_columns, State.DONE: self._show_done,
            State.STOPPED: self._show_done,
        }.get(file.state, self._show_preview)(file)  # fmt: skip
        self._show_queue()

    def _show_reading(self, _file: QueuedFile) -> None:
        self._stage.show_parts([Text("Reading the file …", quiet=True)], [self._skip()])

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
        self._stage.show_parts([*parts, filler()], verbs)

    def _show_preview(self, file: QueuedFile) -> None:
        preview = file.preview
        if preview is None:
            return
        title = file.known_as
        pane = PreviewPane(self._host.operations, preview, file.left_out)
        pane.reading_changed.connect(partial(self._reread, file))
        pane.left_out_changed.connect(partial(self._say_verb, file))
        words = Text(views.how_it_was_read(preview.report, title), quiet=True, wraps=True)
        self._stage.show_parts([words, *views.notes(preview.report), pane], self._verbs_of(file))

    def _verbs_of(self, file: QueuedFile) -> list[QPushButton]:
        preview = file.preview
        verbs: list[QPushButton] = []
        if preview is None:
            return verbs
        left = views.what_changes(preview.report) - len(file.left_out)
        if file.state is State.READY and left > 0:
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
            self._stage.show_verbs(self._verbs_of(file), focus=False)

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
        form = MappingForm(self._importer.target_fields, file.source)
        form.show_file(file.glimpse, parsed.reading)
        self._form = form
        why = Banner(
            "These columns are new here. Say once which is which.",
            "What you say is remembered for every file with these column names, also in watched folders.",
            tone=Tone.INFO,
        )  # fmt: skip
        bar = ReadingBar()
        seen = file.glimpse
        guess = next(iter(seen.guesses), AS_IT_IS)
        guessed = replace(parsed, reading=parsed.reading.over(Reading(dates=guess.dates)))
        bar.show_reading(guessed, seen.encoding, seen.delimiter, seen.line)
        bar.changed.connect(partial(self._reread, file))
        self._missing = Text(tone=Tone.WARN)
        verb = button("Read it like this", partial(self.remember_columns, file), kind="primary",
                      icon_name="accept")  # fmt: skip
        form.changed.connect(partial(self._say_missing, form, verb))
        self._stage.show_parts([why, bar, form, self._missing], [verb, self._skip()])
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
            self._host.operations.desk.run, "save_profile", name=file.source,
            header_hash=parsed.header_hash, reading=reading_as_data(parsed.reading),
        )  # fmt: skip
        self._host.operations.write(
            save, then=lambda _done: self._reread(file, AS_IT_IS), otherwise=self._not_remembered
        )

    def _not_remembered(self, problem: Problem) -> None:
        if not problem.details:
            self._stage.add_on_top(Banner(problem.title, problem.advice, closes=True))

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
        self._run.start(self._ready())

    def confirm(self) -> None:
        """Import what the preview showed; where very much would change at once, ask first."""
        file = self._current
        if file is None or file.state is not State.READY:
            return
        if file.preview is not None and file.preview.report.asks:
            words = f"{file.preview.report.asks} Look at the file again if you did not expect that."
            self._host.confirm(
                Decision("Very many counts would change", words, "Import it", self._anyway)
            )
        else:
            self._run.start([file])

    def _anyway(self) -> None:
        """Import the file although so much changes: a person has said so."""
        file = self._current
        if file is not None and file.preview is not None:
            file.preview = replace(file.preview, anyway=True)
            self._run.start([file])

    def cancel(self) -> None:
        """Cancel an import that is under way; importing the file again takes in the rest."""
        self._run.cancel()

    def _started(self, file: QueuedFile, total: int) -> None:
        self._current = file
        self._stage.say(file.path.name)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the import")
        self._bar.setRange(0, total)
        self._progress_words = Text("Taking the file in …")
        cancel = button("Cancel", self.cancel, hint="What is stored by then stays")
        self._stage.show_parts([self._progress_words, self._bar, filler()], [cancel])
        self._show_queue()

    def _progressed(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._progress_words.say(f"Taking in order {number(done)} of {number(total)} …")

    def _ended(self, file: QueuedFile) -> None:
        self.show_file(file)
        if file.report is not None and not self.isVisible():
            self._host.say(*views.result(file.report), can_undo=views.changes_anything(file.report))

    def _show_done(self, file: QueuedFile) -> None:
        """Say what each import did that is over, this one first."""
        over = [file, *(x for x in self._files if x.report is not None and x is not file)]
        parts: list[QWidget | QLayout] = []
        for each in over:
            if each.report is not None:
                tone = Tone.GOOD if each.report.verdict is Verdict.ACCEPT else Tone.WARN
                title, more = views.result(each.report)
                more = f"{each.brought} {more}".strip()
                name = f"{each.path.name}: " if len(over) > 1 else ""
                parts.append(Banner(f"{name}{title}", more, tone=tone, actions=self._links(each)))
        if file.report is not None:
            parts += views.rejects(file.report)
        verb = button("Next file" if self._others() else "Done", self.next_file, kind="primary")
        verbs = [verb]
        if file.report is not None and file.report.rejected:
            verbs.append(button("Save rejects…", self.save_rejects, icon_name="export"))
        self._stage.show_parts([*parts, filler()], verbs)

    def _links(self, file: QueuedFile) -> list[tuple[str, Callable[[], object]]]:
        report = file.report
        if report is None or report.import_id is None or not _has_orders(report):
            return []
        count = report.orders_new + report.updated + report.changed
        words = "Show this order" if count == 1 else f"Show these {count_of(count, 'order')}"
        return [(words, partial(self.leave, f"import:{report.import_id}"))]

    @property
    def verbs(self) -> dict[str, QPushButton]:
        """What can be done now: the buttons at the foot."""
        return self._stage.verbs


_UNKNOWN = ("UNKNOWN_FORMAT", "MISSING_COLUMN")


def _has_orders(report: ImportReport) -> bool:
    return bool(report.orders_new or report.updated or report.changed)

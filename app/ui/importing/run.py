"""Files are taken in one after the other, away from the window's thread, until a person stops it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes, Touched
from app.domain.importing import ImportReport
from app.queries.files import import_worth
from app.services.desk import Desk, Preview
from app.services.taking_imports_back import brought
from app.ui import statuses
from app.ui.importing import views
from app.ui.importing.queue import QueuedFile, State
from app.ui.operations import Operations, Problem
from app.ui.words import money


class ImportRun(QObject):
    """The import of some files of the queue."""

    started = Signal(object, int)  # QueuedFile, and how many orders it has
    progressed = Signal(int, int)
    ended = Signal(object)  # the last QueuedFile, in whatever state it ended

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._waiting: deque[QueuedFile] = deque()
        self._is_cancelled = False
        self.is_busy = False

    def start(self, files: Sequence[QueuedFile]) -> None:
        """Take files in, the first one at once."""
        if not self.is_busy:
            self._waiting = deque(files)
            self._next()

    def cancel(self) -> None:
        """Stop after the orders that are under way; what is stored by then stays."""
        self._is_cancelled = True
        self._waiting.clear()

    def _next(self) -> None:
        file = self._waiting.popleft() if self._waiting else None
        if file is None or file.preview is None:
            return
        preview = replace(file.preview, left_out=frozenset(file.left_out))
        self._is_cancelled, self.is_busy = False, True
        file.state = State.IMPORTING
        self.started.emit(file, len(preview.parsed.orders))
        self._carry_out(file, preview)

    def _carry_out(self, file: QueuedFile, preview: Preview) -> None:
        operations, name = self._operations, preview.parsed.name
        shown = operations.activity.begin(f"Import {name}", stop=self.cancel, goes_on=True)

        def tell(done: int, total: int) -> None:
            shown.progress(done, total)
            self.progressed.emit(done, total)
            operations.changed.emit(Changes("Import", Touched.ALL))

        def progress(done: int, total: int) -> None:
            operations.report(partial(tell, done, total))
            operations.give_way()

        def work() -> tuple[ImportReport, Changes | None, str]:
            desk = operations.desk
            importer = desk.importer
            if importer is None:
                raise RuntimeError("a preview was made without a file reader")
            report = importer.confirm(
                preview, progress=progress, cancelled=lambda: self._is_cancelled
            )
            return report, *_receipt(desk, preview, report)

        operations.job(work, then=partial(self._imported, file),
                       otherwise=partial(self._not_imported, file), shown=shown)  # fmt: skip

    def _imported(self, file: QueuedFile, ended: tuple[ImportReport, Changes | None, str]) -> None:
        report, receipt, file.brought = ended
        if receipt is not None and views.changes_anything(report):
            self._operations.remember(receipt)
        self.is_busy = False
        file.report = report
        file.state = State.STOPPED if self._is_cancelled else State.DONE
        self._operations.changed.emit(Changes("Import", Touched.ALL))
        if self._waiting:
            self._next()
        else:
            self.ended.emit(file)

    def _not_imported(self, file: QueuedFile, problem: Problem) -> None:
        self.is_busy = False
        self._waiting.clear()
        file.state = State.REFUSED
        file.problem = problem
        self.ended.emit(file)


def _receipt(desk: Desk, preview: Preview, report: ImportReport) -> tuple[Changes | None, str]:
    """Return how an import is taken back, and what came from where: "Own store, $96.00 new."."""
    if report.import_id is None:
        return None, ""
    receipt = desk.read(brought, report.import_id)
    if not report.orders_new:
        return receipt, ""
    worth = [
        money(minor, currency) for currency, minor in desk.read(import_worth, report.import_id)
    ]
    channel = statuses.channel(preview.parsed.channel)
    return receipt, f"{channel}: {' and '.join(worth)} in new orders." if worth else f"{channel}."

"""Print: the pages as they will come out, how to print them, and a trace that they were printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from app.domain.changes import Changes
from app.domain.papers import PaperKind
from app.errors import RefusedError
from app.services.saving import save_over
from app.ui.icons import icon
from app.ui.operations import Operations, Problem
from app.ui.overlay import Overlay
from app.ui.printing.page_view import PageView
from app.ui.printing.pdf import pdf_of, send_to
from app.ui.printing.side import Side
from app.ui.printing.work import LayingOut, Papers, read_papers
from app.ui.widgets.controls import across, boxed, button, down, scrolling
from app.ui.widgets.text import Text
from app.ui.words import count_of

CarryOut = Callable[[LayingOut, str, Callable[[int, int], object]], None]
SIDE = 340
TITLES = {PaperKind.SLIP: "Packing slips", PaperKind.PICK: "Pick list"}


class Host(Protocol):
    """The window, as the preview sees it."""

    operations: Operations

    def settings(self) -> QSettings:
        """Return where the window keeps its shape."""

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def complain(self, title: str, advice: str) -> None:
        """Say what could not be done."""

    def go(self, page: str, query: str | None = None) -> None:
        """Show a page."""


class PrintPreview(Overlay):
    """Shows the papers of some orders, and prints them."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, "Print")
        self._host: Host = host  # type: ignore[assignment]
        self._operations = self._host.operations
        self._kind = PaperKind.SLIP
        self._papers: Papers | None = None
        self._work: LayingOut | None = None
        self.side = Side(self._host.settings, self._open_settings)
        self.side.changed.connect(self.lay_out)
        self.view = PageView(self._operations, lambda: TITLES[self._kind])
        self._title = Text(step="heading")
        self._what = Text(quiet=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Laying out pages")
        self.print_button = button("Print", self.print_now, kind="primary", icon_name="print")
        self.pdf_button = button("Save as PDF…", self.choose_pdf, icon_name="export")
        self._lay_out()

    def _lay_out(self) -> None:
        close = button("", self.close_overlay, kind="quiet", icon_name="close", name="Close print",
                       hint="Nothing is printed (Esc)")  # fmt: skip
        inside = boxed(down(self.side, None, margins=(0, 0, 10, 0)))
        inside.setObjectName("body")
        area = scrolling(inside, "How it is printed")
        right = boxed(down(area, self._bar, across(self.print_button, self.pdf_button, None)))
        right.setFixedWidth(SIDE)
        middle = across(self.view, right, spacing=18)
        middle.setStretch(0, 1)
        layout = down(across(self._title, self._what, None, close), middle, spacing=8,
                      margins=(22, 14, 18, 16))  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def place(self) -> None:
        """Stand in the middle, nearly as large as the window."""
        room = self.room()
        wide, tall = min(1180, room.width() - 60), room.height() - 60
        self.setGeometry((room.width() - wide) // 2, 30, wide, tall)

    # ---- reading and laying out -----------------------------------------------------------------

    def show_papers(self, kind: PaperKind, order_ids: Sequence[int]) -> None:
        """Show the papers of these orders."""
        self._kind, self._papers = kind, None
        self._title.say(TITLES[kind])
        self._what.say("Reading …")
        self.view.clear("Reading …")
        self._enable(can_print=False)
        self.side.setEnabled(False)
        self.open()
        self._operations.ask(
            partial(read_papers, self._operations.desk, kind, list(order_ids)), then=self._read,
            otherwise=lambda _problem: self.close_overlay(), slot=(self, "papers"),
        )  # fmt: skip

    def _read(self, papers: Papers) -> None:
        self._papers = papers
        self.side.setEnabled(True)
        self.side.show_papers(papers, self._operations.now())
        orders = count_of(len(papers.order_ids), "order")
        parcels = f"{count_of(len(papers.slips), 'parcel')} of " if papers.slips else "for "
        self._what.say(f"{parcels}{orders}" if papers.order_ids else "")
        self.print_button.setVisible(bool(papers.printers))
        _set_kind(self.pdf_button, "" if papers.printers else "primary")
        self.pdf_button.setIcon(icon("export", "" if papers.printers else "on_accent"))
        self.lay_out()
        self.view.setFocus()

    def lay_out(self) -> None:
        """Lay out the pages as they are wanted now."""
        papers = self._papers
        if papers is None:
            return
        self.cancel()
        if not papers.order_ids:
            self.view.clear("Nothing to print for these orders")
            self._enable(can_print=False)
            return
        work = self._work = LayingOut(papers, self.side.options, self._operations.now())

        def report(done: int, total: int) -> None:
            self._operations.report(partial(self._progressed, work, done, total))

        self._enable(can_print=False)
        self._operations.ask(partial(work.run, report), then=self._laid, slot=(self, "pages"))

    def cancel(self) -> None:
        """Lay out no further; nobody looks at it any more."""
        if self._work is not None:
            self._work.is_cancelled = True
            self._work = None

    def _progressed(self, work: LayingOut, done: int, total: int) -> None:
        if work is self._work:
            self._show_progress(done, total)
            self.view.show_pages(work.pages, work.options.paper)

    def _laid(self, work: LayingOut) -> None:
        if work is self._work:
            self.view.show_pages(work.pages, work.options.paper)
            self._enable(can_print=True)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setVisible(done < total)
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _enable(self, *, can_print: bool) -> None:
        self._bar.hide()
        for each in (self.print_button, self.pdf_button):
            each.setEnabled(can_print)

    # ---- printing -------------------------------------------------------------------------------

    def print_now(self) -> None:
        """Print on the chosen printer."""
        name = self.side.printer
        self._log(lambda work, title, report: send_to(
            name, work.pages, work.options.paper, title, report), f"Sent to {name}")  # fmt: skip

    def choose_pdf(self) -> None:
        """Let the person choose where the PDF goes."""
        if self._refused_for_reason():
            return
        name = f"{self._file_name()}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save as PDF", str(Path.home() / name),
                                                    "PDF (*.pdf)")  # fmt: skip
        if chosen:
            self.save_pdf(Path(chosen))

    def save_pdf(self, path: Path) -> None:
        """Write the pages into a PDF."""

        def write(work: LayingOut, title: str, report: Callable[[int, int], object]) -> None:
            save_over(path, pdf_of(work.pages, work.options.paper, title, report))

        self._log(write, f"In {path}")

    def _refused_for_reason(self) -> bool:
        if self.side.needs_reason:
            self.side.complain("Say why it is printed again; one click fills it in.")
            return True
        return False

    def _log(self, carry_out: CarryOut, where: str) -> None:
        """Keep that it is printed, then print: of two desks, only the first does so without a word."""
        work, papers = self._work, self._papers
        if work is None or papers is None or self._refused_for_reason():
            return
        self.side.remember()
        self._enable(can_print=False)
        self._operations.run(
            "log_prints", kind=papers.kind.value, order_ids=list(papers.order_ids),
            reason=self.side.reason.text(), then=partial(self._go, work, carry_out, where),
            otherwise=self._not_logged,
        )  # fmt: skip

    def _go(self, work: LayingOut, carry_out: CarryOut, where: str, changes: Changes) -> None:
        title = self._file_name()

        def report(done: int, total: int) -> None:
            if done % 20 == 0:
                self._operations.report(partial(self._show_progress, done, total))

        def done(_nothing: object) -> None:
            self.close_overlay()
            self._host.say(_past(changes.label), where)

        self._operations.ask(partial(_guarded, carry_out, work, title, report), then=done,
                             otherwise=self._not_printed)  # fmt: skip

    def _not_logged(self, problem: Problem) -> None:
        """Read again: another desk has printed it meanwhile, or this person may not."""
        self._host.complain(problem.title, problem.advice)
        self._again()

    def _not_printed(self, problem: Problem) -> None:
        self._host.complain(problem.title, problem.advice)
        self._again("It did not come out the last time")

    def _again(self, reason: str = "") -> None:
        papers = self._papers
        if papers is None:
            return

        def read(found: Papers) -> None:
            self._read(found)
            if reason:
                self.side.reason.setText(reason)

        again = partial(read_papers, self._operations.desk, papers.kind, list(papers.order_ids))
        self._operations.ask(again, then=read, slot=(self, "papers"))

    def _file_name(self) -> str:
        words = TITLES[self._kind].lower().replace(" ", "-")
        return f"{words}-{self._operations.now().astimezone():%Y-%m-%d-%H%M}"

    # ---- the box itself -------------------------------------------------------------------------

    def _open_settings(self) -> None:
        self.close_overlay()
        self._host.go("settings")

    def close_overlay(self) -> None:
        """Leave it; nothing more is laid out."""
        self.cancel()
        super().close_overlay()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Print with Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            first = self.pdf_button if self.print_button.isHidden() else self.print_button
            first.click()
        else:
            super().keyPressEvent(event)


def _guarded(
    carry_out: CarryOut, work: LayingOut, title: str, report: Callable[[int, int], object]
) -> None:
    """Carry it out; a full disk or a folder that may not be written is said as what it is.

    Raises:
        RefusedError: nothing was written.
    """
    try:
        carry_out(work, title, report)
    except OSError as error:
        raise RefusedError(
            f"The PDF was not written ({error.strerror}).",
            "Choose another folder; it counts as printed, so the reason is filled in already.",
        ) from error


def _past(label: str) -> str:
    return label.replace("Print ", "Printed ", 1)


def _set_kind(made: QWidget, kind: str) -> None:
    made.setProperty("kind", kind)
    made.style().unpolish(made)
    made.style().polish(made)

"""How is it printed? The choices beside the pages, remembered for each kind of paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QLocale, QSettings, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from app.domain.papers import PaperKind, PickMode
from app.queries.papers import PrintRow
from app.ui.printing.sheet import PAPERS, paper_of
from app.ui.printing.work import Options, Papers
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.controls import across, boxed, button, choice, down, empty_out, frame, line
from app.ui.widgets.text import Text
from app.ui.words import count_of, moment, number, visible

MODES = (
    (PickMode.SINGLE, "Single: one list for each order"),
    (PickMode.BATCH, "Batch: everything on one list"),
    (PickMode.WAVE, "Wave: one tote for each order"),
)
REASONS = ("Printer jam", "Lost", "Address changed")
NAMED = 4


class Side(QWidget):
    """The choices; ``changed`` says that the pages have to be laid out anew."""

    changed = Signal()

    def __init__(
        self, settings: Callable[[], QSettings], open_settings: Callable[[], object]
    ) -> None:
        super().__init__()
        self._settings, self._open_settings = settings, open_settings
        self._kind = PaperKind.SLIP
        self._paper = choice("Paper", [(key, paper.name) for key, paper in PAPERS.items()])
        self._mode = choice("Kind of pick list", MODES)
        self._printer = choice("Printer", [])
        self._prices = QCheckBox("Show prices")
        self._prices.setAccessibleName("Show prices")
        self._bars = QCheckBox("Barcodes to scan")
        self._bars.setAccessibleName("Barcodes to scan")
        self.reason = line("Why it is printed again", placeholder="Kept with each order")
        self._problem = Text(tone=Tone.BAD, wraps=True)
        self._messages = down(spacing=8)
        self._again = frame("form")
        self._again_words = down(spacing=2)
        self._lay_out()
        for box in (self._paper, self._mode):
            box.currentIndexChanged.connect(lambda _at: self._chosen())
        for check in (self._prices, self._bars):
            check.toggled.connect(lambda _on: self._chosen())

    def _lay_out(self) -> None:
        self._labels = [Text(words, quiet=True) for words in ("Kind", "Paper", "Printer")]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        boxes = (self._mode, self._paper, self._printer)
        for row, (label, box) in enumerate(zip(self._labels, boxes, strict=True)):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.view().setAccessibleName(box.accessibleName())
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        self._no_printer = Text(
            "No printer is set up on this computer. Save a PDF; it prints the same anywhere.",
            quiet=True, wraps=True,
        )  # fmt: skip
        offers = [button(words, partial(self.say_why, words), kind="link",
                         name=f"Fill in: {words}") for words in REASONS]  # fmt: skip
        self._again.setLayout(down(
            boxed(self._again_words), self.reason, across(*offers, None, spacing=3),
            self._problem, spacing=7, margins=(12, 10, 12, 10),
        ))  # fmt: skip
        self.setLayout(down(
            grid, self._no_printer, self._prices, self._bars, boxed(self._messages), self._again,
            None, spacing=10,
        ))  # fmt: skip

    # ---- what is chosen -------------------------------------------------------------------------

    @property
    def options(self) -> Options:
        """What is chosen."""
        return Options(
            PAPERS[self._paper.currentData()], self._mode.currentData(),
            self._prices.isChecked() and self._prices.isEnabled(), self._bars.isChecked(),
        )  # fmt: skip

    @property
    def printer(self) -> str:
        """The printer's name; empty where there is none."""
        return self._printer.currentData() or ""

    @property
    def needs_reason(self) -> bool:
        """Whether something was printed before, and nobody has said why again."""
        return not self._again.isHidden() and not self.reason.text().strip()

    def choose(self, *, paper: str = "", mode: PickMode | None = None) -> None:
        """Choose a paper or a kind of pick list."""
        if paper:
            self._paper.setCurrentIndex(self._paper.findData(paper))
        if mode is not None:
            self._mode.setCurrentIndex(self._mode.findData(mode))

    def show_prices(self, *, wanted: bool) -> None:
        """Choose whether prices are shown."""
        self._prices.setChecked(wanted)

    def say_why(self, reason: str) -> None:
        """Fill in why it is printed again."""
        self.reason.setText(reason)
        self.reason.setFocus()

    def complain(self, words: str) -> None:
        """Say what stands in the way of printing."""
        self._problem.say(words)
        self._problem.show()
        self.reason.setFocus()

    # ---- showing --------------------------------------------------------------------------------

    def show_papers(self, papers: Papers, now: datetime) -> None:
        """Offer what fits these papers, as it was chosen the last time."""
        self._kind = papers.kind
        is_slip = papers.kind is PaperKind.SLIP
        self.blockSignals(True)
        self._recall(papers, is_slip=is_slip)
        self.blockSignals(False)
        for widget in (self._labels[0], self._mode, self._bars):
            widget.setVisible(not is_slip)
        for widget in (self._labels[2], self._printer):
            widget.setVisible(bool(papers.printers))
        self._no_printer.setVisible(not papers.printers)
        self._prices.setVisible(is_slip)
        may = any(slip.may_show_prices for slip in papers.slips)
        self._prices.setEnabled(may)
        self._prices.setToolTip("Never on gifts and marketplace orders" if may else
                                "These are gifts or marketplace orders: no prices on paper")  # fmt: skip
        self._show_messages(papers)
        self._show_before(papers.before, now)

    def _recall(self, papers: Papers, *, is_slip: bool) -> None:
        kept = self._settings()
        here = f"printing/{papers.kind}"
        paper = kept.value(f"{here}/paper", paper_of(papers.country, QLocale.system()).key)
        self._paper.setCurrentIndex(max(0, self._paper.findData(paper)))
        self._printer.clear()
        for name in papers.printers:
            self._printer.addItem(name, name)
        wanted = kept.value(f"{here}/printer", papers.default_printer)
        self._printer.setCurrentIndex(max(0, self._printer.findData(wanted)))
        mode = kept.value(f"{here}/mode", str(PickMode.BATCH))
        modes = [str(each) for each, _words in MODES]
        self._mode.setCurrentIndex(modes.index(mode) if mode in modes else 1)
        self._prices.setChecked(is_slip and kept.value(f"{here}/prices", "no") == "yes")
        self._bars.setChecked(kept.value(f"{here}/barcodes", "yes") == "yes")

    def remember(self) -> None:
        """Keep what was chosen for the next time."""
        kept, here, options = self._settings(), f"printing/{self._kind}", self.options
        kept.setValue(f"{here}/paper", options.paper.key)
        if self.printer:
            kept.setValue(f"{here}/printer", self.printer)
        if self._kind is PaperKind.PICK:
            kept.setValue(f"{here}/mode", str(options.mode))
            kept.setValue(f"{here}/barcodes", "yes" if options.with_barcodes else "no")
        elif self._prices.isEnabled():
            kept.setValue(f"{here}/prices", "yes" if options.with_prices else "no")

    def _show_messages(self, papers: Papers) -> None:
        empty_out(self._messages)
        if papers.left_out:
            told = [f"{visible(s.subject)}: {s.reason}" for s in papers.left_out[:NAMED]]
            if len(papers.left_out) > NAMED:
                told.append(f"and {number(len(papers.left_out) - NAMED)} more")
            title = f"{count_of(len(papers.left_out), 'order')} left out"
            self._messages.addWidget(Banner(title, "\n".join(told), tone=Tone.WARN))
        if papers.slips and not papers.slips[0].sender.name:
            self._messages.addWidget(Banner(
                "Your brand's name is not on them yet", "It stands at the top, with the address.",
                tone=Tone.INFO, actions=[("Open Settings", self._open_settings)],
            ))  # fmt: skip
        undecided = sum(not slip.is_decided for slip in papers.slips)
        if undecided:
            self._messages.addWidget(Banner(
                f"{count_of(undecided, 'order')} not accepted yet",
                "Bins are those of the suggested location.", tone=Tone.INFO,
            ))  # fmt: skip

    def _show_before(self, before: tuple[PrintRow, ...], now: datetime) -> None:
        empty_out(self._again_words)
        self._problem.hide()
        self.reason.clear()
        self._again.setVisible(bool(before))
        if not before:
            return
        title = f"{count_of(len(before), 'order')} printed before"
        self._again_words.addWidget(Text(title, step="strong", wraps=True))
        for row in before[:NAMED]:
            often = "" if row.times == 1 else f", {number(row.times)} times since"
            words = f"{row.number}: first by {row.first_by}, {moment(row.first_at, now)}{often}"
            self._again_words.addWidget(Text(words, quiet=True, wraps=True))
        if len(before) > NAMED:
            more = f"and {number(len(before) - NAMED)} more"
            self._again_words.addWidget(Text(more, quiet=True))

    def _chosen(self) -> None:
        if not self.signalsBlocked():
            self.changed.emit()

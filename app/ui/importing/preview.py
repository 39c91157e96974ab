"""What would become of the file: how it is read, its first rows, and what is left out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.importing import RowVerdict
from app.services.desk import Preview
from app.ui.importing.reading_bar import ReadingBar
from app.ui.importing.rows import VERDICTS, RowSource, ShownRow, columns
from app.ui.lists.list_view import ListView
from app.ui.lists.table import TableModel
from app.ui.operations import Operations
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text
from app.ui.words import number

ALL = "All"


class PreviewPane(QWidget):
    """The file as it would end; nothing is stored by looking at it."""

    reading_changed = Signal(object)
    left_out_changed = Signal()

    def __init__(self, operations: Operations, preview: Preview, left_out: set[str]) -> None:
        super().__init__()
        self.setObjectName("stretches")
        self._preview, self._left_out = preview, left_out
        self._verdict: RowVerdict | None = None
        parsed = preview.parsed
        self.bar = ReadingBar()
        self.bar.show_reading(parsed, parsed.encoding, parsed.delimiter, parsed.header_line)
        self.bar.changed.connect(self.reading_changed)
        self._tabs: dict[RowVerdict | None, QPushButton] = {}
        self._tabs[None] = self._tab(None, ALL, sum(preview.counts.values()))
        for verdict, pill in VERDICTS.items():
            if preview.counts.get(verdict):
                self._tabs[verdict] = self._tab(verdict, pill.text, preview.counts[verdict])
        self.model = TableModel(operations, columns(parsed.kind, operations.now()), parent=self)
        self.list = ListView(self.model, "Rows of the file")
        self.list.current_changed.connect(self._say_row)
        self.list.opened.connect(lambda _row: self.toggle())
        self._said = Text(wraps=True, copies=True)
        self._leave = button("Leave out", self.toggle, icon_name="minus",
                             hint="The row is not imported; the file can bring it another time (Enter)")  # fmt: skip
        self._leave.setEnabled(False)
        foot = across(self._leave, spacing=10)
        foot.addWidget(self._said, 1)
        layout = down(self.bar, across(*self._tabs.values(), None, spacing=2), self.list,
                      boxed(foot), spacing=8)  # fmt: skip
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._show()

    def _tab(self, verdict: RowVerdict | None, words: str, count: int) -> QPushButton:
        made = button(f"{words}  {number(count)}", partial(self.show_verdict, verdict), kind="tab")
        made.setCheckable(True)
        made.setChecked(verdict is self._verdict)
        return made

    def show_verdict(self, verdict: RowVerdict | None) -> None:
        """Show the rows of one verdict, or all."""
        self._verdict = verdict
        for each, tab in self._tabs.items():
            tab.setChecked(each is verdict)
        self._show()

    def _show(self) -> None:
        self.list.show_source(
            RowSource(self._preview.rows, frozenset(self._left_out), self._verdict)
        )

    def _say_row(self, shown: ShownRow | None) -> None:
        can_change = shown is not None and shown.can_change
        self._leave.setEnabled(can_change)
        is_out = shown is not None and shown.row.key in self._left_out
        self._leave.setText("Take in after all" if is_out else "Leave out")
        self._said.say("" if shown is None else shown.row.problem)

    def toggle(self) -> None:
        """Leave the rows under the cursor out, or take them in after all."""
        chosen = [each.row.key for each in self.list.here() if each.can_change]
        if not chosen:
            return
        if self._left_out.issuperset(chosen):
            self._left_out.difference_update(chosen)
        else:
            self._left_out.update(chosen)
        source = RowSource(self._preview.rows, frozenset(self._left_out), self._verdict)
        self.model.adopt(source)
        self.list.refresh()
        self._say_row(self.list.current_row)
        self.left_out_changed.emit()

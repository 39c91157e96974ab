"""Which columns does a list show, in which order and how wide? The page's own, or the person's."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QTableView

from app.ui.lists.columns import Layout
from app.ui.lists.table import TableModel

PADDING = 14


class Shape(QObject):
    """Keeps a list's header as its layout says, and the layout as a person drags the header."""

    changed = Signal()  # by a person

    def __init__(self, view: QTableView, rows: TableModel) -> None:
        super().__init__(view)
        self._view, self._rows = view, rows
        self.layout = Layout()
        self._is_fitting = False
        head = view.horizontalHeader()
        head.sectionMoved.connect(lambda *_places: self._moved())
        head.sectionResized.connect(self._resized)

    def apply(self, layout: Layout) -> None:
        """Show the columns in another way."""
        self.layout = layout
        self.fit()

    def choose(self, layout: Layout) -> None:
        """Show the columns as a person wants them."""
        self.apply(layout)
        self.changed.emit()

    def wished(self, number: int) -> int:
        """Return the width that a column asks for, in pixels."""
        column = self._rows.columns[number]
        digit = self._view.fontMetrics().horizontalAdvance("0")
        return self.layout.widths.get(column.name) or column.width * digit + PADDING

    def on_screen(self) -> list[str]:
        """Return the names of the columns that can be seen, from left to right."""
        head, columns = self._view.horizontalHeader(), self._rows.columns
        order = sorted(range(len(columns)), key=head.visualIndex)
        return [columns[n].name for n in order if not head.isSectionHidden(n)]

    def fit(self) -> None:
        """Bring order, visibility and widths up to date with layout and room."""
        if self._is_fitting or not self._rows.columns:
            return
        self._is_fitting = True
        numbers = {column.name: n for n, column in enumerate(self._rows.columns)}
        order = [numbers[name] for name in self.layout.shown(self._rows.columns)]
        self._arrange([*order, *(n for n in numbers.values() if n not in order)])
        self._widen(self._with_room(order))
        self._is_fitting = False

    def _arrange(self, order: list[int]) -> None:
        head = self._view.horizontalHeader()
        for place, number in enumerate(order):
            if head.visualIndex(number) != place:
                head.moveSection(head.visualIndex(number), place)

    def _widen(self, shown: list[int]) -> None:
        """Give what is left of the width to the column that stretches."""
        room, columns = self._view.viewport().width(), self._rows.columns
        others = sum(self.wished(n) for n in shown if not columns[n].stretches)
        for number, column in enumerate(columns):
            self._view.setColumnHidden(number, number not in shown)
            least = self.wished(number)
            width = max(least, room - others) if column.stretches else least
            if number in shown and self._view.columnWidth(number) != width:
                self._view.setColumnWidth(number, width)

    def _with_room(self, order: list[int]) -> list[int]:
        """Return the columns for which there is room: the least important ones step aside first.

        What a person chose stays; then one can scroll sideways.
        """
        shown, columns = list(order), self._rows.columns
        if self._is_chosen(order):
            return shown
        going = sorted((n for n in shown if columns[n].leaves), key=lambda n: columns[n].leaves)
        room = self._view.viewport().width()
        while going and sum(map(self.wished, shown)) > room:
            shown.remove(going.pop(0))
        return shown

    def _is_chosen(self, order: list[int]) -> bool:
        own = {n for n, column in enumerate(self._rows.columns) if not column.is_hidden}
        return set(order) != own

    def _resized(self, number: int, _before: int, width: int) -> None:
        if self._is_fitting or not width:
            return
        self.layout = self.layout.widened(self._rows.columns[number].name, width)
        self.fit()
        self.changed.emit()

    def _moved(self) -> None:
        """Take over the order that was dragged; the first column stays where it is."""
        if self._is_fitting:
            return
        head, columns = self._view.horizontalHeader(), self._rows.columns
        shown = self.layout.shown(columns)
        order = sorted(range(len(columns)), key=head.visualIndex)
        names = [columns[n].name for n in order if columns[n].name in shown]
        self.choose(self.layout.showing(names))

"""Which rows are selected? Known by id, whatever arrives, goes, or was never read.

Rows whose place is known are ranges of Qt's own; rows whose place is not known any more (they are on
a page that has not been read since) are ids that find their place when their page comes. *All* is a
flag beside the query, never a million ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject

from app.ui.lists.pages import PAGE
from app.ui.lists.table import TableModel

Flag = QItemSelectionModel.SelectionFlag
SOLE = Flag.ClearAndSelect | Flag.Rows
Range = tuple[int, int]


class RowSelection(QItemSelectionModel):
    """The selection of one list."""

    def __init__(self, rows: TableModel, parent: QObject) -> None:
        super().__init__(rows, parent)
        self._rows = rows
        self._is_placing = False
        self.afar: frozenset[int] = frozenset()
        self.is_all = False
        self.turn = 0  # counts what a person did to the selection

    def select(self, what: Any, command: QItemSelectionModel.SelectionFlag) -> None:
        """Take note of what a person does: a fresh selection forgets the rows out of sight too."""
        if not self._is_placing:
            self.turn += 1
            self.is_all = False
            if command & Flag.Clear:
                self.afar = frozenset()
        super().select(what, command)

    @property
    def ranges(self) -> list[Range]:
        """The rows whose place is known; reading them costs nothing however many they are."""
        parts = self.selection()
        found = sorted((parts.at(n).top(), parts.at(n).bottom()) for n in range(parts.count()))
        merged: list[Range] = []
        for top, bottom in found:
            if merged and top <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(bottom, merged[-1][1]))
            else:
                merged.append((top, bottom))
        return merged

    @property
    def count(self) -> int:
        """How many rows are selected."""
        if self.is_all:
            return self._rows.rowCount()
        return sum(last - first + 1 for first, last in self.ranges) + len(self.afar)

    def only(self, ids: Iterable[int]) -> None:
        """Select these rows and no others, wherever they are."""
        self.select(QItemSelection(), Flag.Clear)
        self.afar = frozenset(ids)
        for page in self._rows.pages_here():
            self.place(page)

    def place(self, page: int) -> None:
        """Give those rows out of sight their place that are on a page that has come."""
        if not self.afar:
            return
        found = [
            (page * PAGE + at, row.id)
            for at, row in enumerate(self._rows.page(page))
            if row.id in self.afar
        ]
        if not found:
            return
        self.afar -= {row_id for _number, row_id in found}
        parts = QItemSelection()
        for first, last in runs([number for number, _row_id in found]):
            parts.select(self._rows.index(first, 0), self._end(last))
        self._is_placing = True
        self.select(parts, Flag.Select)
        self._is_placing = False

    def _end(self, number: int) -> QModelIndex:
        return self._rows.index(number, self._rows.columnCount() - 1)


def runs(numbers: Iterable[int]) -> list[Range]:
    """Return rising numbers as ranges without gaps."""
    found: list[Range] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found

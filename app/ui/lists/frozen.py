"""The first column stays where it is while one scrolls sideways: without it a row has no name.

It is painted over what has moved below it, and a click there means the column that is seen there.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelectionModel, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.theme import tokens

_UNSORTED = QStyleOptionHeader.SortIndicator.None_
_RIGHT = Qt.AlignmentFlag.AlignRight
_ROOM = "\u2003\u00a0"  # as wide as the arrow


class FrozenHeader(QHeaderView):
    """A list's titles, the first of which stays."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def frozen(self) -> QRect:
        """Return where the first title stands although it has moved away; empty if it has not."""
        first = self.logicalIndex(0)
        if first < 0 or not self.offset():
            return QRect()
        return QRect(0, 0, self.sectionSize(first), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the first title again, over what has moved below it."""
        super().paintEvent(event)
        area = self.frozen()
        if area.isEmpty():
            return
        painter = QPainter(self.viewport())
        painter.fillRect(area, QColor(tokens().window))
        self.paintSection(painter, area, self.logicalIndex(0))
        edge(painter, area)
        painter.end()

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, index: int) -> None:
        """Leave room for the arrow of sorting, which would stand on the end of a title on the right."""
        super().initStyleOptionForIndex(option, index)
        header: Any = option
        if header.sortIndicator != _UNSORTED and header.textAlignment & _RIGHT:
            header.text = f"{header.text}{_ROOM}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the title that is seen."""
        super().mousePressEvent(self._meant(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the title that is seen."""
        super().mouseReleaseEvent(self._meant(event))

    def _meant(self, event: QMouseEvent) -> QMouseEvent:
        if not self.frozen().contains(event.position().toPoint()):
            return event
        at = event.position() - QPointF(self.offset(), 0)
        return QMouseEvent(event.type(), at, event.globalPosition(), event.button(),
                           event.buttons(), event.modifiers())  # fmt: skip


def edge(painter: QPainter, area: QRect) -> None:
    """Draw where what stays ends, and what moves begins."""
    painter.setPen(QColor(tokens().border_strong))
    painter.drawLine(area.topRight(), area.bottomRight())


def paint_first_cells(view: QTableView, chosen: QItemSelectionModel) -> None:
    """Paint a list's first cells again, over what has moved below them."""
    head, model = view.horizontalHeader(), view.model()
    if not isinstance(head, FrozenHeader) or head.frozen().isEmpty() or not model.rowCount():
        return
    area = QRect(0, 0, head.frozen().width(), view.viewport().height())
    painter = QPainter(view.viewport())
    painter.setClipRect(area)
    painter.fillRect(area, view.palette().base())
    for number in range(max(0, view.rowAt(0)), _last_row(view) + 1):
        index = model.index(number, head.logicalIndex(0))
        option: Any = QStyleOptionViewItem()
        view.initViewItemOption(option)
        option.rect = view.visualRect(index)
        option.rect.moveLeft(0)
        if chosen.isSelected(index):
            option.state |= QStyle.StateFlag.State_Selected
        view.itemDelegate().paint(painter, option, index)
    edge(painter, area)
    painter.end()


def _last_row(view: QTableView) -> int:
    last = view.rowAt(view.viewport().height() - 1)
    return last if last >= 0 else view.model().rowCount() - 1

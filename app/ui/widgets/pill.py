"""A status as a small label: icon, word and colour say the same."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.lists.columns import Pill
from app.ui.lists.delegates import ICON, paint_pill
from app.ui.words import literal_tooltip, visible


class PillLabel(QWidget):
    """Shows one status outside a list."""

    def __init__(self, pill: Pill, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pill = Pill(visible(pill.text), pill.tone, pill.icon)
        self.setAccessibleName(self._pill.text)
        self.setToolTip(literal_tooltip(hint))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for icon and word."""
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self._pill.text) + ICON + 26
        return QSize(wide, round(QFontInfo(self.font()).pixelSize() * 1.75))

    def minimumSizeHint(self) -> QSize:
        """Return the same: a pill is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as the lists do."""
        painter = QPainter(self)
        area = QRect(-4, 0, self.width() + 8, self.height())
        paint_pill(painter, area, self._pill, self.font())
        painter.end()

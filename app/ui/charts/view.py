"""How is a chart looked at? Its values under the pointer or by the arrow keys; a click opens the rows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui.charts.drawing import Drawing, Spot
from app.ui.theme import tokens
from app.ui.timers import once
from app.ui.words import literal_tooltip

RESIZED_MS: Final = 120
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ChartPicture(QWidget):
    """Shows one drawing, and says what lies under the pointer."""

    opened = Signal(object)  # what the spot that was clicked opens
    resized = Signal()
    pointed = Signal(str)  # the words of the spot that is pointed at

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 150)
        self._drawing: Drawing | None = None
        self._picture = QPixmap()
        self.spot: Spot | None = None
        self._soon = once(self, RESIZED_MS, self.resized.emit)

    def sizeHint(self) -> QSize:
        """Ask for room to read several panels."""
        return QSize(620, 330)

    def show_drawing(self, drawing: Drawing | None) -> None:
        """Show a chart that was drawn; the place that was pointed at is kept."""
        at = self._place()
        self._drawing = drawing
        self._picture = QPixmap()
        if drawing is not None:
            self._picture.loadFromData(drawing.picture)
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        spots = self.spots
        self.spot = spots[at] if at is not None and at < len(spots) else None
        self.update()

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The places that have a value."""
        return self._drawing.spots if self._drawing is not None else ()

    def _place(self) -> int | None:
        return self.spots.index(self.spot) if self.spot in self.spots else None

    def point_at(self, spot: Spot | None) -> None:
        """Mark a place and say its value."""
        if spot is self.spot:
            return
        self.spot = spot
        self.setAccessibleDescription(spot.words if spot else "")
        self.pointed.emit(spot.words if spot else "")
        opens = spot is not None and spot.opens is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
        self.update()

    def rect_of(self, spot: Spot) -> QRectF:
        """Return where a place lies in the widget."""
        wide, tall = self.width(), self.height()
        return QRectF(spot.left * wide, spot.top * tall, spot.width * wide, spot.height * tall)

    def _under(self, at: QPointF) -> Spot | None:
        x, y = at.x() / max(1, self.width()), at.y() / max(1, self.height())
        return next((spot for spot in self.spots if spot.has(x, y)), None)

    # ---- what Qt calls ---------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, and what is pointed at."""
        painter, look = QPainter(self), tokens()
        if not self._picture.isNull():
            painter.drawPixmap(self.rect(), self._picture)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        if self.spot is not None:
            shade = QColor(look.accent)
            shade.setAlphaF(0.14)
            painter.fillRect(self.rect_of(self.spot), shade)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the value under the pointer."""
        spot = self._under(event.position())
        self.point_at(spot)
        if spot is not None:
            QToolTip.showText(event.globalPosition().toPoint(), literal_tooltip(spot.words), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the rows of the value that is clicked."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.point_at(self._under(event.position()))
        self.open_spot()

    def open_spot(self) -> None:
        """Open the rows of the value that is pointed at."""
        if self.spot is not None and self.spot.opens is not None:
            self.opened.emit(self.spot.opens)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from value to value, and open one."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self.spots:
            at = self._place()
            first = 0 if step > 0 else len(self.spots) - 1
            self.point_at(self.spots[first if at is None else (at + step) % len(self.spots)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_spot()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys are for the chart."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing any more."""
        super().focusOutEvent(event)
        self.point_at(None)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask to be drawn at the new size, soon."""
        super().resizeEvent(event)
        self._soon.start()

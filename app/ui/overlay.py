"""What lies over the page for a moment: the palette, the key sheet, the import panel. Never modal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QWidget


class Overlay(QFrame):
    """A box over the window that keeps its place when the window changes; Esc closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAccessibleName(name)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(38)
        shadow.setOffset(0, 9)
        shadow.setColor(QColor(0, 0, 0, 95))
        self.setGraphicsEffect(shadow)
        parent.installEventFilter(self)
        self._parent = parent
        self._before: QWidget | None = None
        self.hide()

    def open(self) -> None:
        """Show it and take the keyboard."""
        self._before = self.window().focusWidget()
        self.place()
        self.show()
        self.raise_()

    @classmethod
    def on_top(cls, window: QWidget) -> Overlay | None:
        """Return the box that was opened last over a window, if one is open."""
        boxes = [each for each in window.findChildren(cls) if each.isVisible()]
        return boxes[-1] if boxes else None

    def leave(self) -> None:
        """Close as Esc does."""
        self.close_overlay()

    def close_overlay(self) -> None:
        """Hide it and give the keyboard back."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def room(self) -> QSize:
        """Return how large the window is."""
        return self._parent.size()

    def place(self) -> None:
        """Choose size and position in the window."""

    def hang_below(self, anchor: QWidget, wide: int, tall: int) -> None:
        """Stand below a widget, its right edge under that one's; where there is no room, further up."""
        room = self.room()
        at = anchor.mapTo(self._parent, QPoint(anchor.width(), anchor.height()))
        tall = min(tall, room.height() - 28)
        top = max(8, min(at.y() + 4, room.height() - tall - 20))
        self.setGeometry(max(8, at.x() - wide), top, wide, tall)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

"""What was just done, for a few seconds, with the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.timers import once
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Text

SHOWN_FOR_MS = 8000


class Toast(QFrame):
    """One line at the lower edge of the window; a new one takes the place of the last."""

    def __init__(self, parent: QWidget, undo: Callable[[], object]) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("toast")
        self._title = Text(step="strong")
        self._more = Text(wraps=True)
        self._undo = button("Undo", undo, hint="Undo (Ctrl+Z)")
        self._undo.clicked.connect(self.hide)
        self._close = button("", self.hide, name="Close this message")
        self._close.setText("×")
        self._row = across(
            down(self._title, self._more, spacing=2), self._undo, self._close,
            spacing=14, margins=(16, 9, 9, 9),
        )  # fmt: skip
        self.setLayout(self._row)
        self._timer = once(self, SHOWN_FOR_MS, self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self._title.text()} {self._more.text()}".strip()

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Show a message for a while."""
        self._title.say(title)
        self._more.say(more)
        self._more.setVisible(bool(more))
        self._undo.setVisible(can_undo)
        self.setAccessibleName(self.text)
        self.show()
        self.raise_()
        self._place()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _place(self) -> None:
        room = self._parent.size()
        wished = max(
            (self._more.fontMetrics().horizontalAdvance(x) for x in self._more.text().split("\n")),
            default=0,
        )
        self._more.setFixedWidth(min(wished + 6, 620, room.width() - 260))
        self._row.invalidate()
        self._row.activate()
        wide = self._row.sizeHint().width()
        is_long = self._row.hasHeightForWidth()
        tall = self._row.totalHeightForWidth(wide) if is_long else self._row.sizeHint().height()
        self.resize(wide, tall)
        left = (room.width() - self.width()) // 2
        self.move(left, room.height() - self.height() - 44)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait while someone reads."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self._timer.start(SHOWN_FOR_MS // 2)

"""What was just done, for a few seconds, with the way back and with who is told of it when."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.queries.taking_back import Outgoing
from app.services.desk import utc_now
from app.ui.commands import Register, with_key
from app.ui.timers import every, once
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Text
from app.ui.words import joined, literal_tooltip

SHOWN_FOR_MS = 8000


class Toast(QFrame):
    """One line at the lower edge of the window; a new one takes the place of the last."""

    def __init__(self, parent: QWidget, undo: Callable[[], object], register: Register) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("toast")
        self._title = Text(step="strong")
        self._more = Text(wraps=True)
        self._tells = Text()
        self._tells.hide()
        self._outgoing, self._now = Outgoing(), utc_now
        self._undo = button("Undo", undo)
        self._register = register
        register.keys_changed.connect(self._say_key)
        self._undo.clicked.connect(self.hide)
        self._close = button("", self.hide, name="Close this message")
        self._close.setText("×")
        self._row = across(
            down(self._title, self._more, self._tells, spacing=2), self._undo, self._close,
            spacing=14, margins=(16, 9, 9, 9),
        )  # fmt: skip
        self.setLayout(self._row)
        self._timer = once(self, SHOWN_FOR_MS, self.hide)
        self._tick = every(self, 1000, self._count_down)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        parts = (self._title, self._more, self._tells)
        return " ".join(each.text() for each in parts if each.text())

    def _say_key(self) -> None:
        self._undo.setToolTip(
            literal_tooltip(with_key("Undo", self._register.key_of("app.undo_last")))
        )

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Show a message for a while."""
        self._title.say(title)
        self._more.say(more)
        self._more.setVisible(bool(more))
        self._undo.setVisible(can_undo)
        self._outgoing = Outgoing()
        self._count_down()
        self.setAccessibleName(self.text)
        self.show()
        self.raise_()
        self._place()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def expect(self, outgoing: Outgoing, now: Callable[[], datetime]) -> None:
        """Say of what can be undone which channels will be told, and when at the earliest."""
        if self.isVisible() and self._undo.isVisible():
            self._outgoing, self._now = outgoing, now
            self._count_down()
            self._place()

    def _count_down(self) -> None:
        leaves_at = self._outgoing.leaves_at
        self._tells.setVisible(leaves_at is not None)
        if leaves_at is None:
            self._tells.say("")
            self._tick.stop()
            return
        who = joined(list(self._outgoing.channels))
        seconds = math.ceil((leaves_at - self._now()).total_seconds())
        if seconds > 0:
            self._tells.say(f"Tells {who} in {seconds} s at the earliest")
            self._tick.start()
        else:
            self._tells.say(f"{who} can be told now, on the page Channels")
            self._tick.stop()

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

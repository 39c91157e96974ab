"""Which key shall it be? Shows a key; pressed, it waits for another one and names it by its sign."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton

from app.ui import keys
from app.ui.timers import once
from app.ui.words import literal_tooltip

SECOND_KEY_MS = 900
_CLEARS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class KeyField(QPushButton):
    """One key to change: a click, then the new key; Esc leaves it, Backspace takes the key away.

    A letter may be the first of two ("G then O"), so it waits a moment for the second.
    """

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._shown, self._first = name, "", ""
        self.is_recording = False
        self.setProperty("kind", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.setToolTip(literal_tooltip("Click, then press the new key. Backspace takes it away."))
        self.clicked.connect(self.record)
        self._second = once(self, SECOND_KEY_MS, self._done)

    def show_keys(self, shortcut: str) -> None:
        """Show the keys that it has."""
        self._shown = "  or  ".join(keys.said(shortcut)) or "no key"
        self._rest()

    def record(self) -> None:
        """Wait for the new key."""
        self.is_recording, self._first = True, ""
        self._say("Press the new key …")
        self.setFocus()

    def _rest(self) -> None:
        self.is_recording = False
        self._second.stop()
        self._say(self._shown)

    def _say(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(f"Key of {self._name}: {words}")

    def _done(self) -> None:
        first = self._first
        self._rest()
        self.chosen.emit(first)

    def event(self, event: QEvent) -> bool:
        """Keep the keys from the commands that they still mean."""
        if self.is_recording and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.is_recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                self._pressed(event)
            return True
        return super().event(event)

    def _pressed(self, event: QKeyEvent) -> None:
        key = keys.pressed(event)
        if event.key() == Qt.Key.Key_Escape:
            self._rest()
        elif event.key() in _CLEARS and not self._first:
            self._done()
        elif key and self._first:
            self._first = f"{self._first}, {key}"
            self._done()
        elif key:
            self._first = key
            if keys.writes(key) and len(key) == 1:
                self._say(f"{key} then …")
                self._second.start()
            else:
                self._done()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Wait no longer."""
        if self.is_recording:
            self._rest()
        super().focusOutEvent(event)

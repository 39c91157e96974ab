"""The line at the foot of the window: what is under way, and whose desk this is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from app.ui.activity import Activity, Item
from app.ui.widgets.controls import across, button
from app.ui.widgets.text import Text
from app.ui.words import count_of, number


class StatusLine(QFrame):
    """Progress in place, never over the work; a click opens the list of everything."""

    opened = Signal()

    def __init__(
        self, store: str, operator: str, activity: Activity, channels: QWidget | None = None
    ) -> None:
        super().__init__()
        self.setObjectName("statusline")
        self._activity = activity
        self._says = button("", self.opened.emit, kind="link", icon_name="activity",
                            name="Activity", hint="Show what is under way and what was said")  # fmt: skip
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName("Progress")
        self._stop = button("Stop", self._stopped, kind="link", hint="What is done stays done")
        who = Text(f"{operator}  ·  {store}", quiet=True, step="small")
        self.setLayout(
            across(
                self._says,
                self._bar,
                self._stop,
                None,
                *([channels] if channels else []),
                who,
                spacing=9,
                margins=(12, 1, 12, 1),
            )
        )
        activity.changed.connect(self._show)
        self._show()

    def _stopped(self) -> None:
        for item in self._activity.running[:1]:
            item.stop()

    def _show(self) -> None:
        running = self._activity.running
        words = _words(running)
        self._says.setText(words)
        self._says.setAccessibleName(f"Activity: {words}")
        self._bar.setVisible(bool(running))
        self._stop.setVisible(bool(running) and running[0].can_stop)
        if running:
            self._bar.setRange(0, running[0].total)
            self._bar.setValue(running[0].done)

    @property
    def text(self) -> str:
        """What it says."""
        return self._says.text()


def _words(running: list[Item]) -> str:
    if not running:
        return "Ready"
    first = running[0]
    far = f"  {number(first.done)} of {number(first.total)}" if first.total else " …"
    rest = f", and {count_of(len(running) - 1, 'more job')}" if len(running) > 1 else ""
    return f"{first.title}{far}{rest}"

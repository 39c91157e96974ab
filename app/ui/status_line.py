"""The line at the foot of the window: what is under way, and whose desk this is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar

from app.ui.widgets.controls import across, button
from app.ui.widgets.text import Text
from app.ui.words import number


class StatusLine(QFrame):
    """Progress in place, never over the work."""

    def __init__(self, store: str, operator: str) -> None:
        super().__init__()
        self.setObjectName("statusline")
        self._says = Text(quiet=True, step="small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName("Progress")
        self._stop = button("Stop", kind="link", hint="What is done stays done")
        self._on_stop: Callable[[], object] | None = None
        self._stop.clicked.connect(self._stopped)
        who = Text(f"{operator}  ·  {store}", quiet=True, step="small")
        self.setLayout(
            across(self._bar, self._says, self._stop, None, who, spacing=9, margins=(12, 3, 12, 3))
        )
        self.idle()

    def _stopped(self) -> None:
        if self._on_stop is not None:
            self._on_stop()

    def idle(self) -> None:
        """Say that nothing is under way."""
        self._says.say("Ready")
        self._bar.hide()
        self._stop.hide()

    def progress(
        self, what: str, done: int, total: int, stop: Callable[[], object] | None = None
    ) -> None:
        """Show how far something is."""
        self._says.say(f"{what}  {number(done)} of {number(total)}" if total else what)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.show()
        self._on_stop = stop
        self._stop.setVisible(stop is not None)

    @property
    def text(self) -> str:
        """What it says."""
        return self._says.text()

"""A message at its place: what happened, what to do, and at most a few buttons. Never a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from app.ui.icons import colour_of, pixmap
from app.ui.tokens import Tone
from app.ui.widgets.controls import across, button, down
from app.ui.widgets.text import Text

ICONS = {
    Tone.BAD: "exceptions", Tone.WARN: "hold", Tone.INFO: "info", Tone.GOOD: "done",
    Tone.NEUTRAL: "info", Tone.ACCENT: "demo",
}  # fmt: skip
Action = tuple[str, Callable[[], object]]


class IconLabel(QWidget):
    """An icon in the colour of a tone; it changes with the theme."""

    def __init__(self, name: str, tone: Tone | str = "", size: int = 16) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the icon."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = QPainter(self)
        image = pixmap(self._name, colour_of(self._tone), self._size, self.devicePixelRatioF())
        painter.drawPixmap(0, 0, image)
        painter.end()


class Banner(QFrame):
    """One message with its buttons."""

    closed = Signal()

    def __init__(
        self,
        title: str,
        advice: str = "",
        *,
        tone: Tone = Tone.BAD,
        actions: Sequence[Action] = (),
        closes: bool = False,
        icon_name: str = "",
        keys: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", str(tone))
        self.setAccessibleName(f"{title} {advice}".strip())
        words = down(Text(title, step="strong", wraps=True, copies=True), spacing=2)
        if advice:
            words.addWidget(Text(advice, wraps=True, copies=True))
        if actions:
            words.addLayout(across(*_buttons(actions, keys), None, margins=(0, 5, 0, 1)))
        row = across(spacing=9, margins=(11, 8, 8, 8))
        row.addWidget(IconLabel(icon_name or ICONS[tone], tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if closes:
            close = button(
                "", self.close_banner, kind="quiet", icon_name="close", name="Close message"
            )
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)

    def close_banner(self) -> None:
        """Go away."""
        self.hide()
        self.closed.emit()
        self.deleteLater()


def _buttons(actions: Sequence[Action], keys: Sequence[str]) -> list[QPushButton]:
    """Return the buttons, each with the key that does the same, where it has one."""
    signs = [*keys, *[""] * len(actions)]
    return [
        button(f"{key}  {words}" if key else words, run, name=words,
               hint=f"{words} ({key})" if key else "")
        for (words, run), key in zip(actions, signs, strict=False)
    ]  # fmt: skip

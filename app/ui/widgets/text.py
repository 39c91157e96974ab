"""How does text get on the screen? Always as plain text: a buyer's name is never markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.tokens import Tone
from app.ui.words import literal_tooltip, paragraphs


class Text(QLabel):
    """The only label of the window. ``step`` is one of the type scale; ``quiet`` is secondary."""

    def __init__(
        self,
        text: str = "",
        *,
        step: str = "body",
        quiet: bool = False,
        tone: Tone | None = None,
        wraps: bool = False,
        copies: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("step", step)
        self.setProperty("quiet", quiet)
        self.setProperty("tone", str(tone or ""))
        self.setWordWrap(wraps)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            self.setMinimumWidth(40)
        if copies:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.say(text)

    def say(self, text: str) -> None:
        """Show text, letter by letter."""
        self.setText(paragraphs(text))
        self.setAccessibleName(self.text())

    def hint(self, text: str) -> Text:
        """Explain the text in a tooltip, and return the label."""
        self.setToolTip(literal_tooltip(text))
        return self


class Elided(Text):
    """One line of text that ends in "…" where there is no room, and is whole in its tooltip."""

    def __init__(self, text: str = "", **named: object) -> None:
        self._whole = ""
        super().__init__(text, **named)  # type: ignore[arg-type]
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(30)

    def say(self, text: str) -> None:
        """Show text as far as there is room."""
        self._whole = paragraphs(text).replace("\n", " ")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(20, self.width())
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setAccessibleName(self._whole)
        self.setToolTip(literal_tooltip(self._whole) if shown != self._whole else "")

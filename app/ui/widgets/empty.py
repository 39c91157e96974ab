"""What does an empty list say? Nothing yet, nothing found, or all done: each with its next step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, button, down, empty_out
from app.ui.widgets.text import Text


class EmptyState(QWidget):
    """One icon, one sentence, one thing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("body")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._inside = down(spacing=8)
        self.setLayout(down(None, self._inside, None, None, margins=(32, 32, 32, 32)))

    def say(
        self,
        icon_name: str,
        title: str,
        sentence: str = "",
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show why there is nothing, and what to do."""
        empty_out(self._inside)
        heading = Text(title, step="heading")
        words = Text(sentence, quiet=True, wraps=True)
        for each in (heading, words):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setFixedWidth(440)
        self._inside.addLayout(across(None, IconLabel(icon_name, size=34), None))
        self._inside.addWidget(heading)
        self._inside.addLayout(across(None, words, None))
        if action is not None:
            self._inside.addSpacing(6)
            self._inside.addLayout(across(None, button(*action), None))

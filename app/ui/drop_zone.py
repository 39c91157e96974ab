"""What one sees while a file is held over the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, down
from app.ui.widgets.text import Text


class DropZone(QFrame):
    """Covers the page and says that it takes the file."""

    def __init__(self, parent: QWidget, page: QWidget) -> None:
        super().__init__(parent)
        self._parent, self._page = parent, page
        self.setObjectName("drop")
        title = Text("Drop it here", step="title", tone=Tone.ACCENT)
        words = Text("Orders, stock, catalogue or listings, just as you downloaded them. "
                     "You see what is in it before anything is stored.", tone=Tone.ACCENT)  # fmt: skip
        icon = IconLabel("import", Tone.ACCENT, 44)
        rows = [across(None, part, None) for part in (icon, title, words)]
        self.setLayout(down(None, *rows, None, spacing=12))
        self.hide()

    def open(self) -> None:
        """Cover the page, and nothing but the page."""
        corner = self._page.mapTo(self._parent, QPoint(0, 0))
        self.setGeometry(QRect(corner, self._page.size()))
        self.show()
        self.raise_()

"""What one sees while a file is held over the window."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QMainWindow

from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, down
from app.ui.widgets.text import Text


class DropZone(QFrame):
    """Covers the window and says that it takes the file."""

    def __init__(self, parent: QMainWindow) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("drop")
        title = Text("Drop it here", step="title", tone=Tone.ACCENT)
        words = Text("Orders, stock, catalogue or listings, just as you downloaded them. "
                     "You see what is in it before anything is stored.", tone=Tone.ACCENT)  # fmt: skip
        icon = IconLabel("import", Tone.ACCENT, 44)
        rows = [across(None, part, None) for part in (icon, title, words)]
        self.setLayout(down(None, *rows, None, spacing=12))
        self.hide()

    def open(self) -> None:
        """Cover the pages."""
        top = self._parent.menuBar().geometry().bottom()  # the menus stay free
        self.setGeometry(self._parent.rect().adjusted(16, top + 16, -16, -16))
        self.show()
        self.raise_()

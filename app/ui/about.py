"""Which Orderdeck is this, under which licence, and where does it keep its files?"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from app.config import home
from app.ui.overlay import Overlay
from app.ui.sidebar import Mark
from app.ui.widgets.controls import across, boxed, button, down
from app.ui.widgets.text import Text

LICENCE = "MIT licence: use, change and share it freely"


def own_version() -> str:
    """Return the version that is installed."""
    try:
        return version("orderdeck")
    except PackageNotFoundError:
        return "from a checkout"


def _parts() -> list[str]:
    return [f"Python {platform.python_version()}", f"Qt {qVersion()}",
            f"PySide {PySide6.__version__}", platform.platform(terse=True)]  # fmt: skip


class About(Overlay):
    """Says what this is; the details can be copied for whoever helps."""

    def __init__(self, parent: QWidget, store: str, operator: str) -> None:
        super().__init__(parent, "About Orderdeck")
        self._facts = [
            ("Version", own_version()), ("Licence", LICENCE), ("Data folder", str(home())),
            ("This desk", store), ("You are", operator),
            ("Runs on", " · ".join(_parts())),
        ]  # fmt: skip
        self._copied = Text(quiet=True, step="small")
        self._close = button("Close", self.close_overlay, hint="Esc")
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._facts):
            grid.addWidget(Text(name, quiet=True), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Text(value, wraps=True, copies=True), row, 1)
        title = down(Text("Orderdeck", step="figure"),
                     Text("The order desk for small brands: one queue, one stock, every channel.",
                          quiet=True, wraps=True), spacing=2)  # fmt: skip
        head = across(Mark(52), 8, spacing=8)
        head.addLayout(title, 1)
        self.setLayout(
            down(head, 8, boxed(grid), None,
                 across(button("Copy details", self.copy, icon_name="copy"), self._copied, None,
                        self._close),
                 spacing=10, margins=(26, 22, 22, 18))
        )  # fmt: skip

    def open(self) -> None:
        """Show it."""
        self._copied.say("")
        super().open()
        self._close.setFocus()

    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details)
        self._copied.say("Copied")

    @property
    def details(self) -> str:
        """Everything that it says, line by line."""
        return "\n".join(f"{name}: {value}" for name, value in self._facts)

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide = min(620, room.width() - 60)
        tall = min(self.layout().totalHeightForWidth(wide), room.height() - 40)  # type: ignore[union-attr]
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

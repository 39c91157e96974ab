"""?: every key on one sheet, drawn from the command register."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.commands import Command, Register
from app.ui.overlay import Overlay
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Text

COLUMNS = 3
LIST_KEYS = (
    ("Move the cursor", "J  K  or  ↓  ↑"), ("Open", "Enter"), ("Extend the selection", "Shift+↑↓"),
    ("Back one level", "Esc"),
)  # fmt: skip
SEARCHES = (
    ("Channels", "channel:etsy,amazon"), ("Worth more than 50", "total:>50"),
    ("To leave within 4 hours", "shipby:<+4h"), ("SKUs that begin so", "sku:MUG-*"),
    ("On hold", "is:held"), ("All but those", "-is:held"), ("Either", "is:late OR is:short"),
)  # fmt: skip


class KeySheet(Overlay):
    """Shows which key does what."""

    def __init__(self, parent: QWidget, register: Register) -> None:
        super().__init__(parent, "Keys")
        self._register = register
        self._close = button("Close", self.close_overlay, hint="Esc")
        self._columns = across(spacing=34)
        inside = boxed(down(self._columns, None))
        inside.setObjectName("body")
        head = across(Text("Keys", step="title"), None, self._close)
        about = Text("Plain letters work while the list has the focus, never while you type.",
                     quiet=True)  # fmt: skip
        area = scrolling(inside, "All keys")
        self.setLayout(down(head, about, 6, area, spacing=6, margins=(24, 18, 20, 18)))

    def open(self) -> None:
        """Draw the sheet from what is declared now, and show it."""
        self._draw()
        super().open()
        self._close.setFocus()

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide, tall = min(1040, room.width() - 60), min(720, room.height() - 50)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    def _draw(self) -> None:
        empty_out(self._columns)
        groups = self._groups()
        share = sum(len(rows) + 2 for _title, rows in groups) / COLUMNS
        columns: list[list[QWidget]] = [[] for _ in range(COLUMNS)]
        filled = 0.0
        for title, rows in groups:
            at = int((filled + len(rows) / 2) / share)
            columns[min(COLUMNS - 1, at)].append(_group(title, rows))
            filled += len(rows) + 2
        for column in columns:
            self._columns.addLayout(down(*column, None, spacing=18), 1)

    def _groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        found: dict[str, list[tuple[str, str]]] = {"In a list": list(LIST_KEYS)}
        for command in self._register.all():
            if command.shortcut and not command.id.startswith("list."):
                found.setdefault(command.menu, []).append(
                    (command.title.rstrip("…"), keys(command))
                )
        found["In the search of orders"] = list(SEARCHES)
        return list(found.items())


def keys(command: Command) -> str:
    """Return a command's keys as a person reads them."""
    return "  or  ".join(command.key_texts)


def _group(title: str, rows: list[tuple[str, str]]) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    grid.addWidget(Text(title, step="strong"), 0, 0, 1, 2)
    for number, (what, key) in enumerate(rows, 1):
        grid.addWidget(Text(what), number, 0)
        grid.addWidget(Text(key, quiet=True), number, 1, Qt.AlignmentFlag.AlignRight)
    return boxed(grid)

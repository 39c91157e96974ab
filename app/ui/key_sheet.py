"""?: every key on one sheet, drawn from the command register."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.commands import Command, Register
from app.ui.overlay import Overlay
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Text

COLUMNS = 4
HEAD = 2  # the lines that a group's title and the gap before it take
Group = tuple[str, list[tuple[str, str]]]
IN_A_LIST = "In a list"
_A_WAY = re.compile(r"Take way out (\d)")
LIST_KEYS = (("Open", "Enter"), ("Extend the selection", "Shift+↑↓"), ("Back one level", "Esc"))
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
        self._columns = across(spacing=30)
        self._inside = inside = boxed(down(self._columns, None))
        inside.setObjectName("body")
        change = button("Change keys…", self._change, hint="Give any command another key")
        about = Text("Plain letters work while the list has the focus, never while you type.",
                     quiet=True)  # fmt: skip
        head = across(Text("Keys", step="title"), about, None, change, self._close, spacing=12)
        area = scrolling(inside, "All keys")
        self.setLayout(down(head, 6, area, spacing=3, margins=(24, 10, 20, 8)))

    def open(self) -> None:
        """Draw the sheet from what is declared now, and show it."""
        self._draw()
        super().open()
        self._close.setFocus()

    def _change(self) -> None:
        self.close_overlay()
        self._register.run("app.change_keys")

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide = min(1300, room.width() - 40)
        tall = min(self._inside.sizeHint().height() + 108, room.height() - 24)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    def _draw(self) -> None:
        empty_out(self._columns)
        for column in in_columns(self._groups(), COLUMNS):
            parts = [_group(title, rows) for title, rows in column]
            self._columns.addLayout(down(*parts, None, spacing=4), 1)

    def _groups(self) -> list[Group]:
        found: dict[str, list[tuple[str, str]]] = {IN_A_LIST: []}
        for command in self._register.all():
            if command.shortcut:
                title = IN_A_LIST if command.id.startswith("list.") else command.menu
                found.setdefault(title, []).append((command.name, keys(command)))
        ways = way_keys([row for rows in found.values() for row in rows])
        for title, rows in found.items():
            once = dict.fromkeys(rows)  # two pages may have the same words on the same key
            found[title] = [row for row in once if not _A_WAY.fullmatch(row[0])]
        found[IN_A_LIST] += [*ways, *LIST_KEYS]
        found["In the search of orders"] = list(SEARCHES)
        return [group for group in found.items() if group[1]]


def way_keys(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the numbered ways out as one row: every page has them, on the same keys."""
    ways = sorted({(int(found[1]), key) for name, key in rows if (found := _A_WAY.fullmatch(name))})
    if not ways:
        return []
    return [("Take a way out, by its number", "  ".join(dict.fromkeys(key for _at, key in ways)))]


def in_columns(groups: Sequence[Group], count: int) -> list[list[Group]]:
    """Return groups in columns of about one height; one that is taller than a column goes on in another."""
    groups = [part for group in groups for part in _cut(group, _height(groups, count))]
    size = [len(rows) + HEAD for _title, rows in groups]
    columns: list[list[int]] = [[] for _column in range(count)]

    def tall(column: Sequence[int]) -> int:
        return sum(size[at] for at in column)

    for at in sorted(range(len(groups)), key=lambda at: -size[at]):
        min(columns, key=tall).append(at)
    while _exchange(columns, size, max(columns, key=tall)):
        pass
    return [[groups[at] for at in column] for column in sorted(map(sorted, columns)) if column]


def _exchange(columns: list[list[int]], size: Sequence[int], tallest: list[int]) -> bool:
    """Give the tallest column a lower group of another one, if both are lower then; say whether."""
    most = sum(size[at] for at in tallest)
    for other in columns:
        room = most - sum(size[at] for at in other)
        for mine, theirs in product(tallest, other):
            if 0 < size[mine] - size[theirs] < room:
                tallest[tallest.index(mine)], other[other.index(theirs)] = theirs, mine
                return True
    return False


def _height(groups: Sequence[Group], count: int) -> int:
    """Return how many rows a column has if all have the same."""
    return -(-sum(len(rows) + HEAD for _title, rows in groups) // count)


def _cut(group: Group, most: int) -> list[Group]:
    title, rows = group
    if len(rows) + HEAD <= most:
        return [group]
    half = (len(rows) + 1) // 2
    return [(title, rows[:half]), (f"{title}, more", rows[half:])]


def keys(command: Command) -> str:
    """Return a command's keys as a person reads them."""
    return "  or  ".join(command.key_texts)


def _group(title: str, rows: list[tuple[str, str]]) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 1)
    grid.addWidget(Text(title, step="strong"), 0, 0, 1, 2)
    for number, (what, key) in enumerate(rows, 1):
        grid.addWidget(Text(what), number, 0)
        grid.addWidget(Text(key, quiet=True), number, 1, Qt.AlignmentFlag.AlignRight)
    return boxed(grid)

"""The tiles of Today: each number is a count of rows, and opens exactly those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, down, empty_out
from app.ui.widgets.text import Text
from app.ui.words import number


@dataclass(frozen=True, slots=True)
class Tile:
    """What a tile counts: the rows of a search on a page."""

    title: str
    icon: str
    tone: Tone
    page: str
    query: str


TILES = (
    Tile("Late", "late", Tone.BAD, "orders", "is:late"),
    Tile("To decide", "override", Tone.ACCENT, "orders", "is:ready"),
    Tile("On hold", "hold", Tone.WARN, "orders", "is:held"),
    Tile("Short", "short", Tone.WARN, "orders", "is:short,nolocation"),
    Tile("To ship", "ship", Tone.INFO, "orders", "is:toship"),
    Tile("Not told yet", "export", Tone.INFO, "shipments", "is:untold"),
    Tile("Late parcels", "shipments", Tone.BAD, "shipments", "is:late"),
    Tile("Exceptions", "exceptions", Tone.BAD, "exceptions", ""),
)


class Tiles(QWidget):
    """All tiles in a row. They stay where they are; only their numbers change."""

    def __init__(self, go: Callable[[str, str], object]) -> None:
        super().__init__()
        self.tiles = [TileButton(tile, partial(go, tile.page, tile.query)) for tile in TILES]
        row = across(*self.tiles, spacing=9)
        for at in range(len(self.tiles)):
            row.setStretch(at, 1)
        self.setLayout(row)

    def say(self, counts: Sequence[int]) -> None:
        """Show what was counted."""
        for tile, count in zip(self.tiles, counts, strict=True):
            tile.say(count)

    def cannot_say(self) -> None:
        """Show that nothing is known, which is not none."""
        for tile in self.tiles:
            tile.say(None)


class TileButton(QPushButton):
    """One number with its name."""

    def __init__(self, tile: Tile, run: Callable[[], object]) -> None:
        super().__init__()
        self.tile, self.count = tile, -1
        self.setObjectName("tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.clicked.connect(lambda _checked=False: run())
        self._inside = down(spacing=1, margins=(12, 6, 10, 7))
        self.setLayout(self._inside)
        self.say(None)

    def sizeHint(self) -> QSize:
        """Return what the number and the name need; a button asks only for its own text."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the same: neither is ever cut."""
        return self._inside.minimumSize()

    def say(self, count: int | None) -> None:
        """Show a count; ``None`` where it could not be read."""
        if count == self.count:
            return
        self.count = -1 if count is None else count
        tone = self.tile.tone if count else None
        figure = Text("–" if count is None else number(count), step="title", tone=tone,
                      quiet=not count)  # fmt: skip
        empty_out(self._inside)
        self._inside.addWidget(figure)
        name = across(IconLabel(self.tile.icon, tone or "", size=14),
                      Text(self.tile.title, quiet=True), None, spacing=6)  # fmt: skip
        self._inside.addWidget(boxed(name))
        said = "not known" if count is None else str(count)
        self.setAccessibleName(f"{self.tile.title}: {said}")

"""The board: how many parcels are in each state, and since when the quietest of them was not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.queries.parcel_board import COLUMNS, BoardColumn
from app.ui.tokens import Tone
from app.ui.widgets.banner import IconLabel
from app.ui.widgets.controls import across, boxed, down, empty_out
from app.ui.widgets.text import Elided, Text
from app.ui.words import ago, count_of, left, number

_LOOKS: Mapping[str, tuple[str, Tone]] = {
    "unscanned": ("clock", Tone.WARN),
    "moving": ("ship", Tone.INFO),
    "out": ("location", Tone.INFO),
    "pickup": ("location", Tone.WARN),
    "trouble": ("late", Tone.BAD),
    "back": ("undo", Tone.BAD),
    "delivered": ("accept", Tone.GOOD),
}


class Board(QWidget):
    """All states in a row, in the order of a parcel's way; each opens its parcels."""

    def __init__(self, show: Callable[[str], object], now: Callable[[], datetime]) -> None:
        super().__init__()
        self.setObjectName("board")
        self.columns = [StateButton(each, partial(show, each.query), now) for each in COLUMNS]
        row = across(*self.columns, spacing=8, margins=(14, 8, 12, 8))
        for at in range(len(self.columns)):
            row.setStretch(at, 1)
        self.setLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, columns: Sequence[BoardColumn]) -> None:
        """Show what was counted."""
        for made, column in zip(self.columns, columns, strict=True):
            made.say(column)

    def cannot_say(self) -> None:
        """Show that nothing is known, which is not none."""
        for made in self.columns:
            made.say(None)


class StateButton(QPushButton):
    """One state: how many, since when, and how many are past their promise."""

    def __init__(
        self, column: BoardColumn, run: Callable[[], object], now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._column, self._now = column, now
        self.setObjectName("tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.clicked.connect(lambda _checked=False: run())
        self._inside = down(spacing=1, margins=(11, 6, 9, 7))
        self.setLayout(self._inside)
        self.say(None)

    def sizeHint(self) -> QSize:
        """Return what its words need; a button asks only for its own text."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the same height; what is too wide ends in "…"."""
        return QSize(84, self._inside.sizeHint().height())

    def say(self, column: BoardColumn | None) -> None:
        """Show a state; nothing where it could not be read."""
        icon, tone = _LOOKS[self._column.key]
        count = column.count if column else 0
        figure = Text(
            number(count) if column else "–", step="title", tone=tone if count else None,
            quiet=not count,
        )  # fmt: skip
        below = self._below(column) if column else ""
        empty_out(self._inside)
        self._inside.addWidget(figure)
        name = across(
            IconLabel(icon, tone if count else "", size=14), Elided(self._column.title, quiet=True),
            spacing=6,
        )  # fmt: skip
        self._inside.addWidget(boxed(name))
        late = bool(column and column.late)
        self._inside.addWidget(
            Elided(below or " ", quiet=not late, step="small", tone=Tone.BAD if late else None)
        )
        said = "not known" if column is None else f"{number(count)}. {below}".strip()
        self.setAccessibleName(f"{self._column.title}: {said}")
        self.setToolTip(f"{self._column.title}: {said}")

    def _below(self, column: BoardColumn) -> str:
        """Say what matters most of these parcels: late ones, the oldest, or the next promise."""
        now = self._now()
        if column.late:
            return f"{count_of(column.late, 'is', 'are')} past the promise"
        if column.key in ("unscanned", "trouble", "pickup") and column.oldest_at:
            return f"oldest {ago(column.oldest_at, now)}"
        if column.next_promise_at:
            return f"next promise: {left(column.next_promise_at, now)}"
        if column.key == "delivered":
            return "in the last 7 days"
        if not column.oldest_at:
            return ""
        return f"oldest {ago(column.oldest_at, now)}"

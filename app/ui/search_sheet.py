"""The search language on one sheet, drawn from the fields of the page; an example runs when clicked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.search_examples import EXAMPLES, RULES
from app.domain.search_fields import Vocabulary
from app.ui.overlay import Overlay
from app.ui.widgets.controls import across, boxed, button, down, empty_out, scrolling
from app.ui.widgets.text import Text


class SearchSheet(Overlay):
    """Shows what the search of a page understands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Search help")
        self._run: Callable[[str], object] | None = None
        self._close = button("Close", self.close_overlay, hint="Esc")
        self._title = Text("Search", step="title")
        self._columns = across(spacing=34)
        inside = boxed(down(self._columns, None))
        inside.setObjectName("body")
        about = Text("Words alone find what has them. Fields say it more exactly. Click an example to run it.",
                     quiet=True)  # fmt: skip
        self.setLayout(
            down(across(self._title, None, self._close), about, 6,
                 scrolling(inside, "The search language"), spacing=6, margins=(24, 18, 20, 18))
        )  # fmt: skip

    def open_for(self, fields: Vocabulary, run: Callable[[str], object]) -> None:
        """Draw the sheet for one kind of search, and show it."""
        self._run = run
        self._title.say(f"Searching {fields.of}")
        empty_out(self._columns)
        examples = self._group("Examples", [(text, means) for means, text in EXAMPLES[fields.of]])
        named = [(each.examples[0], each.says) for each in fields.fields]
        half = (len(named) + 1) // 2
        both = across(
            self._group("Fields", named[:half]), self._group(" ", named[half:]), spacing=34
        )
        rules = self._group("How to say it", list(RULES), can_run=fields.of == "orders")
        self._columns.addLayout(down(examples, self._states(fields), None, spacing=18), 1)
        self._columns.addLayout(down(both, rules, None, spacing=18), 2)
        super().open()
        self._close.setFocus()

    def place(self) -> None:
        """Stand in the middle."""
        room = self.room()
        wide, tall = min(1180, room.width() - 60), min(720, room.height() - 50)
        self.setGeometry((room.width() - wide) // 2, (room.height() - tall) // 2, wide, tall)

    def _states(self, fields: Vocabulary) -> QWidget:
        state = fields.find("is")
        said = state.meanings.items() if state is not None else ()
        return self._group("States", [(f"is:{word}", means) for word, means in said])

    def _group(self, title: str, rows: list[tuple[str, str]], *, can_run: bool = True) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Text(title, step="strong"), 0, 0, 1, 2)
        for number, (text, means) in enumerate(rows, 1):
            grid.addWidget(self._example(text, can_run=can_run), number, 0, _LEFT)
            grid.addWidget(Text(means, quiet=True, wraps=True), number, 1)
        return boxed(grid)

    def _example(self, text: str, *, can_run: bool) -> QWidget:
        if not can_run:
            return Text(text)
        made = button(text, partial(self._clicked, text), kind="link", name=f"Search {text}")
        made.setToolTip("")
        return made

    def _clicked(self, text: str) -> None:
        self.close_overlay()
        if self._run is not None:
            self._run(text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

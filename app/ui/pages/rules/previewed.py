"""What would the rules change of the open orders? Shown before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QGridLayout

from app.services.rules.previewing import Moved, Preview
from app.ui.operations import Problem
from app.ui.widgets.controls import across, boxed, button, down, empty_out
from app.ui.widgets.text import Elided, Text
from app.ui.words import count_of, money

SHOWN = 25


class PreviewView(QFrame):
    """A card above the rule, until it is answered."""

    def __init__(
        self, apply: Callable[[Sequence[int]], object], open_order: Callable[[int], object]
    ) -> None:
        super().__init__()
        self.setObjectName("form")
        self._apply, self._open_order = apply, open_order
        self._box = down(spacing=8, margins=(16, 12, 14, 12))
        self.setLayout(self._box)
        self.hide()

    def wait(self) -> None:
        """Say that it is being worked out."""
        self._say("Working out what would change…")

    def complain(self, problem: Problem) -> None:
        """Say why nothing can be said."""
        self._say(problem.said)

    def close_preview(self) -> None:
        """Show nothing any more."""
        self.hide()

    def _say(self, words: str) -> None:
        empty_out(self._box)
        self._box.addWidget(Text(words, wraps=True))
        self.show()

    def show_preview(self, found: Preview, *, can_activate: bool) -> None:
        """Show which orders would change, and offer to let it happen."""
        empty_out(self._box)
        self._box.addWidget(Text(_title(found), step="strong", wraps=True))
        self._box.addWidget(Text(_left(found), quiet=True, wraps=True))
        if found.moved:
            self._box.addWidget(boxed(self._table(found.moved[:SHOWN])))
        if len(found.moved) > SHOWN:
            self._box.addWidget(Text(f"… and {len(found.moved) - SHOWN:,} more", quiet=True))
        close = button("Close", self.close_preview, kind="quiet", name="Close the preview")
        buttons = across(None, close)
        if found.moved or can_activate:
            verb = _verb(len(found.moved), can_activate=can_activate)
            buttons.addWidget(
                button(verb, partial(self._apply, found.order_ids), kind="primary",
                       icon_name="accept")
            )  # fmt: skip
        self._box.addLayout(buttons)
        self.show()

    def _table(self, moved: Sequence[Moved]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(4, 1)
        for at, each in enumerate(moved):
            number = button(f"#{each.number.removeprefix('#')}",
                            partial(self._open_order, each.order_id), kind="link",
                            name=f"Open order {each.number}")  # fmt: skip
            grid.addWidget(number, at, 0)
            grid.addWidget(Text(each.before or "nowhere", quiet=True), at, 1)
            grid.addWidget(Text(f"→ {each.after or 'nowhere'}"), at, 2)
            grid.addWidget(Text(_extra(each)), at, 3)
            grid.addWidget(Elided(", ".join((*each.rules, *each.did))), at, 4)
        return grid


def _extra(each: Moved) -> str:
    if not each.extra:
        return "same money"
    sign = "+" if each.extra > 0 else "−"
    return f"{sign}{money(abs(each.extra), each.currency)}"


def _title(found: Preview) -> str:
    if not found.moved:
        return f"None of the {count_of(found.asked, 'open order')} would change."
    total = money(abs(found.extra), found.moved[0].currency)
    more = (
        "the same money" if not found.extra else f"{total} {'more' if found.extra > 0 else 'less'}"
    )
    return (
        f"{count_of(len(found.moved), 'order')} of {found.asked:,} would change, for {more} in all."
    )


def _left(found: Preview) -> str:
    if not found.left:
        return "Nothing is changed until you say so."
    return (
        f"{count_of(found.left, 'order')} that you have decided on already stay as they are. "
        "Nothing is changed until you say so."
    )


def _verb(count: int, *, can_activate: bool) -> str:
    if not count:
        return "Put in force"
    change = f"change {count_of(count, 'order')}"
    return f"Put in force and {change}" if can_activate else change.capitalize()

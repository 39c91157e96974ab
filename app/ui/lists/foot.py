"""What stands below a list: how many rows, how many of them are selected, and what is under way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.widgets.controls import across, button
from app.ui.widgets.text import Text
from app.ui.words import count_of, number


class Foot(QWidget):
    """One line, with a way out of what it says."""

    def __init__(
        self, noun: tuple[str, str], everything: Callable[[], object], clear: Callable[[], object]
    ) -> None:
        super().__init__()
        self._noun = noun
        self._stop: Callable[[], object] | None = None
        self.said = Text(quiet=True)
        self.clear = button("Clear", clear, kind="link", name="Clear the selection",
                            hint="Select only the row under the cursor")  # fmt: skip
        self.everything = button("Select all", everything, kind="link",
                                 hint="Also those that are not on the screen (Ctrl+A)")  # fmt: skip
        self.under_way = Text(quiet=True)
        self.cancel = button("Cancel", self._cancel, kind="link", name="Cancel the export")
        for each in (self.clear, self.everything, self.under_way, self.cancel):
            each.hide()
        self.setLayout(across(self.said, self.everything, self.clear, None, self.under_way, self.cancel,
                              spacing=8, margins=(12, 2, 12, 2)))  # fmt: skip

    def say(self, total: int, selected: int, *, is_all: bool, is_ready: bool) -> None:
        """Say how many rows there are, and how many are selected."""
        words = count_of(total, *self._noun)
        if is_all:
            words = f"All {words} selected"
        elif selected > 1:
            words = f"{number(selected)} of {words} selected"
        self.said.say(words if is_ready else "Reading …")
        self.clear.setVisible(is_all or selected > 1)
        self.everything.setVisible(is_ready and total > 1 and not is_all)

    def say_progress(self, words: str, cancel: Callable[[], object]) -> None:
        """Say how far something is, with a way to stop it."""
        self._stop = cancel
        self.under_way.say(words)
        self.under_way.show()
        self.cancel.show()

    def _cancel(self) -> None:
        if self._stop is not None:
            self._stop()

    def say_over(self) -> None:
        """Say no more of it."""
        self.under_way.hide()
        self.cancel.hide()

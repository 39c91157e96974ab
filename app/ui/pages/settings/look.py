"""How this window looks, listens and calls: kept on this computer, for whoever sits at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.lists.delegates import COMFORTABLE, COMPACT
from app.ui.pages.settings.section import House, Section
from app.ui.theme import MODES
from app.ui.widgets.controls import across, boxed, button, frame
from app.ui.widgets.text import Text

_THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
_DENSITIES = {COMPACT: "Compact", COMFORTABLE: "Comfortable"}


class LookSection(Section):
    """The window: theme, rows, keys, calls."""

    title = "This window"

    def content(self, house: House) -> QWidget:
        """Offer what is chosen once."""
        shell = self.page.shell
        grid = QGridLayout()
        grid.setContentsMargins(16, 12, 14, 12)
        grid.setHorizontalSpacing(22)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        rows = (
            ("Light or dark", _tabs(_THEMES, MODES, shell.theme_mode(), self._choose_theme)),
            ("Rows of lists", _tabs(_DENSITIES, list(_DENSITIES), shell.density(), self._choose_rows)),
            ("Keys", self._opens("app.change_keys", "Change keys…", "Any command can have another key.")),
            ("Calls", self._opens("app.set_notifications", "Notifications…",
                                  "What you are called for, and when not.")),
        )  # fmt: skip
        for at, (label, content) in enumerate(rows):
            grid.addWidget(Text(label, quiet=True), at, 0)
            grid.addWidget(content, at, 1)
        card = frame("card")
        card.setLayout(grid)
        return card

    def _opens(self, command: str, verb: str, words: str) -> QWidget:
        """Return the button that opens what has a place of its own."""
        act = button(verb, lambda: self.page.shell.action(command).trigger())
        return boxed(across(act, Text(words, quiet=True), None, spacing=12))

    def _choose_theme(self, mode: str) -> None:
        self.page.shell.set_theme(mode)
        self.page.make_stale()

    def _choose_rows(self, density: str) -> None:
        self.page.shell.set_density(density)
        self.page.make_stale()


def _tabs(
    words: dict[str, str], values: list[str] | tuple[str, ...], chosen: str,
    choose: Callable[[str], object],
) -> QWidget:  # fmt: skip
    made = []
    for value in values:
        each = button(words[value], partial(choose, value), kind="tab")
        each.setCheckable(True)
        each.setChecked(value == chosen)
        made.append(each)
    return boxed(across(*made, None, spacing=4))

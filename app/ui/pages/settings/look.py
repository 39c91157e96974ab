"""Light or dark."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.ui.pages.settings.section import House, Section
from app.ui.theme import MODES
from app.ui.widgets.controls import across, boxed, button

_THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


class LookSection(Section):
    """The look."""

    title = "Look"

    def content(self, house: House) -> QWidget:
        """Offer the themes, and what else is chosen once."""
        made = []
        for mode in MODES:
            each = button(_THEMES[mode], partial(self._choose_theme, mode), kind="tab")
            each.setCheckable(True)
            each.setChecked(mode == self.page.shell.theme_mode())
            made.append(each)
        return boxed(across(*made, None, spacing=4))

    def _choose_theme(self, mode: str) -> None:
        self.page.shell.set_theme(mode)
        self.page.make_stale()

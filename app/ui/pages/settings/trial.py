"""The demo data, as long as there are any: what they are, and the click that takes them out."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.pages.settings.section import House, Section
from app.ui.tokens import Tone
from app.ui.widgets.banner import Banner


class TrialSection(Section):
    """The demo data."""

    title = "Demo data"

    def is_shown(self, house: House) -> bool:
        """Only while there is a demo."""
        return house.has_demo

    def content(self, house: House) -> QWidget:
        """Say what would go and what would stay."""
        return Banner(
            "The brand in this desk is made up",
            "Removing it takes out its orders, products, stock, places and history, and whatever you "
            "tried on them. Your own settings, people and views stay. If files of your own came in "
            "meanwhile, nothing is removed before you have taken those back.",
            tone=Tone.ACCENT,
            actions=[("Remove the demo data", self.page.shell.action("app.remove_demo").trigger)],
        )

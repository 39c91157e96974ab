"""What is one view of the page Insights? Something that reads by itself, and says what can be done in it.

A new view is a class like this and one line in ``VIEWS`` of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.charts.card import ChartCard
from app.ui.commands import Command
from app.ui.pages.page import Shell


class InsightsPart(QWidget):
    """One view: ``key`` is what saved states and links call it, ``title`` what its tab says."""

    key: ClassVar[str]
    title: ClassVar[str]
    aged = Signal()  # what it shows is to be read again

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell, self.operations = shell, shell.operations
        self.setAccessibleName(self.title)

    def tools(self) -> Sequence[QWidget]:
        """Return what stands beside the tabs while it is shown."""
        return ()

    def refresh(self) -> None:
        """Read again what is shown; away from the window's thread."""
        raise NotImplementedError

    def lists(self) -> Sequence[QWidget]:
        """Return where plain letters are commands."""
        return ()

    def start(self) -> None:
        """Put the cursor where work begins."""

    def search(self, query: str) -> None:
        """Show what a link leads to within it."""

    def card(self) -> ChartCard | None:
        """Return the chart that is shown, if one is."""
        return None

    def commands(self) -> Sequence[Command]:
        """Declare what can be done in it."""
        return ()

    def state(self) -> dict[str, Any]:
        """Return how it is looked at."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it as it was left; what makes no sense any more is left out."""

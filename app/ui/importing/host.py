"""What does the assistant need of the window around it?"""

from __future__ import annotations

from typing import Protocol

from app.errors import RefusedError
from app.services.desk import Desk, Importer
from app.ui.asking import Decision
from app.ui.operations import Operations


def importer_of(desk: Desk) -> Importer:
    """Return the desk's file reader.

    Raises:
        RefusedError: it was opened without one.
    """
    if desk.importer is None:
        raise RefusedError(
            "This desk was opened without its file reader; nothing was imported.",
            "Close the window and start Orderdeck again.",
        )
    return desk.importer


class Host(Protocol):
    """The window, as the assistant sees it."""

    operations: Operations

    def say(self, title: str, more: str = "", *, can_undo: bool = False) -> None:
        """Say what was done."""

    def confirm(self, decision: Decision) -> None:
        """Ask before something that a person may not have meant."""

    def save_file(self, name: str, content: bytes) -> None:
        """Let the person choose where a file goes."""

    def choose_files(self) -> None:
        """Let the person choose files to import."""

    def show_imports(self) -> None:
        """Show the assistant instead of the page."""

    def leave_imports(self, query: str = "") -> None:
        """Go back to the page, or to the orders that a search finds."""

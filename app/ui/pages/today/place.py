"""What do the choices of a line need of the page Today?"""

from __future__ import annotations

from typing import Protocol

from app.queries.cases import CaseRow
from app.ui.pages.orders import doing


class Place(doing.Place, Protocol):
    """The page, as the choices see it: the place of a case and of an order."""

    row: CaseRow | None

    def refresh(self) -> None:
        """Read the list again."""

    def show_again(self) -> None:
        """Draw what is selected again: more is known of it."""


class OneAtATime:
    """What a place of orders is asked for, where each line is one thing that is always whole."""

    def select_all(self) -> None:
        """Nothing to select."""

    def select_none(self) -> None:
        """Nothing to select."""

    def show_alone(self, is_alone: bool) -> None:
        """The pane stays beside the list."""

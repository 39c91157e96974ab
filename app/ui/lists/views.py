"""How can a list be looked at? As the page offers it, or as its operator keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.queries.views import SavedView, views_of
from app.ui.lists.columns import Layout
from app.ui.operations import Operations


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a list: its name, and the search behind it.

    ``own`` is the number of a view that the operator keeps; 0 for what the page itself offers,
    which can be copied and not be changed.
    """

    key: str
    title: str
    query: str
    hint: str = ""
    sort: str = ""
    descending: bool = False
    own: int = 0
    layout: Layout = field(default_factory=Layout)
    is_pinned: bool = True
    until: datetime | None = None
    position: int = 0


def view_of(saved: SavedView) -> View:
    """Return a kept view as the list shows it."""
    return View(
        own_key(saved.id), saved.name, saved.query, saved.query, saved.sort, saved.descending,
        saved.id, Layout(saved.columns), saved.is_pinned, saved.until, saved.position,
    )  # fmt: skip


def own_key(view_id: int) -> str:
    """Return the key of a kept view."""
    return f"own-{view_id}"


class Views(QObject):
    """All views of one page: the page's own in front, then what the operator keeps."""

    changed = Signal()

    def __init__(
        self, page: str, presets: Sequence[View], operations: Operations, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page, self._operations = page, operations
        self.presets = tuple(presets)
        self.own: tuple[View, ...] = ()
        self.counts: dict[str, int | None] = {}

    @property
    def all(self) -> tuple[View, ...]:
        """Every view that is offered now."""
        return (*self.presets, *self.own)

    def find(self, key: str) -> View | None:
        """Return a view, if it is offered."""
        return next((view for view in self.all if view.key == key), None)

    def read(self) -> None:
        """Read what the operator keeps."""
        desk = self._operations.desk
        self._operations.ask(
            lambda: desk.read(views_of, self._page, desk.actor.name, now=desk.now()),
            then=self._arrived, slot=(self._page, "views"),
        )  # fmt: skip

    def _arrived(self, saved: list[SavedView]) -> None:
        own = tuple(view_of(each) for each in saved)
        if own != self.own:
            self.own = own
            self.changed.emit()

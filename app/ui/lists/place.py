"""Where was one in the list? Cursor, scroll and selection, kept by id while other rows arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel

from app.ui.lists.selection import SOLE

if TYPE_CHECKING:  # the list keeps its place, and the place is one in the list
    from app.ui.lists.list_view import ListView

Flag = QItemSelectionModel.SelectionFlag


class Place:
    """Remembers a list before its rows change, and finds it again afterwards."""

    def __init__(self, view: ListView) -> None:
        self._view = view
        self.is_restoring = False
        self.sought: int | None = None
        self._starts = True
        self._all = self._is_none = False
        self._selected: frozenset[int] = frozenset()
        self._current: tuple[int, int | None] = (-1, None)
        self._anchor: tuple[int | None, int] = (None, 0)

    def start_on_top(self) -> None:
        """Show the first row when the next answer comes: it is one to another question."""
        self._starts = True

    def anchors(self) -> frozenset[int]:
        """Return the rows that must not move: the one under the cursor, and the one looked at."""
        row, (anchor, _offset) = self._view.current_row, self._looked_at()
        return frozenset(each for each in (row.id if row else None, anchor) if each is not None)

    def remember(self) -> None:
        """Take note of where one is."""
        view = self._view
        self.is_restoring = True
        self._all = view.is_all_selected
        # Somebody who had no row at all did not choose to have none selected.
        self._is_none = not view.selected_count and view.currentIndex().isValid()
        self._selected = view.known_ids() if view.selected_count > 1 else frozenset()
        row = view.current_row
        self._current = (view.currentIndex().row(), row.id if row else None)
        self._anchor = self._looked_at()

    def _looked_at(self) -> tuple[int | None, int]:
        """Return the row to keep in place, and its distance from the top.

        The cursor's, if it can be seen; if not, the first one on the screen.
        """
        view = self._view
        top, last = view.visible_rows()
        number = view.currentIndex().row()
        number = number if top <= number <= last else top
        row = view.rows.peek(number)
        return (row.id if row else None), number - top

    def restore(self) -> None:
        """Go back to where one was."""
        if self._starts:
            self._begin()
        else:
            self._return()
        self.is_restoring = False

    def _begin(self) -> None:
        self._starts = False
        sought, self.sought = self.sought, None
        number = (self._view.rows.number_of(sought) if sought is not None else None) or 0
        if self._put_cursor(number, SOLE):
            self._view.verticalScrollBar().setValue(number)
            self._view.scrollTo(self._view.currentIndex())
            if sought is not None and self._view.rows.number_of(sought) is None:
                self._view.look_for(sought)

    def _return(self) -> None:
        view = self._view
        number = self._number_of_current()
        is_many = len(self._selected) > 1 and not self._all
        if not self._put_cursor(number, Flag.NoUpdate if is_many or self._is_none else SOLE):
            return
        if self._all:
            view.selectAll()
        elif is_many:
            view.select_ids(self._selected)
        self._scroll_back(number)

    def _number_of_current(self) -> int:
        """Return where the cursor's row is now; if it has gone, the row that took its place."""
        number, row_id = self._current
        found = self._view.rows.number_of(row_id) if row_id is not None else None
        return min(max(0, number), self._view.rows.rowCount() - 1) if found is None else found

    def _put_cursor(self, number: int, flags: Flag) -> bool:
        view = self._view
        if not 0 <= number < view.rows.rowCount():
            view.chosen.clear()
            return False
        bar = view.verticalScrollBar().value()
        view.chosen.setCurrentIndex(view.rows.index(number, 0), flags)
        view.verticalScrollBar().setValue(bar)
        return True

    def _scroll_back(self, current: int) -> None:
        anchor, offset = self._anchor
        number = self._view.rows.number_of(anchor) if anchor is not None else current
        if number is not None:
            self._view.verticalScrollBar().setValue(max(0, number - offset))

"""How does each connected account do? At the foot of every page, so that silence is not taken for health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from app.domain.changes import Changes, Touched
from app.domain.syncing import SyncState
from app.queries.accounts import HealthRow, health
from app.ui.operations import Operations
from app.ui.pages.channels.health import PILLS, as_it_is_now
from app.ui.timers import every, once
from app.ui.widgets.controls import across, button, empty_out
from app.ui.words import ago, count_of

LOOK_MS: Final = 20_000
SOON_MS: Final = 400
MOST: Final = 4  # named one by one; of more, those are named that are not in step
_FINE: Final = (SyncState.UP_TO_DATE, SyncState.SYNCING, SyncState.WAITING)


class ChannelsAtFoot(QWidget):
    """One word for each account; a click leads to all of it."""

    def __init__(self, operations: Operations, show: Callable[[], object]) -> None:
        super().__init__()
        self._operations, self._show_page = operations, show
        self._row = across(spacing=4)
        self.setLayout(self._row)
        self._soon = once(self, SOON_MS, self.look)
        every(self, LOOK_MS, self.look).start()
        operations.changed.connect(self._heard)

    def _heard(self, changes: Changes) -> None:
        if changes.touched & (Touched.SETTINGS | Touched.FILES | Touched.SHIPMENTS):
            self._soon.start()

    def look(self) -> None:
        """Ask how they do."""
        self._operations.query(
            health, now=self._operations.now(), then=self.present, slot=(self, "health")
        )

    def present(self, rows: Sequence[HealthRow]) -> None:
        """Show it; where no account is connected there is nothing to say."""
        engine = self._operations.desk.sync if rows else None
        live = engine.statuses() if engine is not None else ()
        shown = as_it_is_now(rows, live)
        if len(shown) > MOST:
            out = [row for row in shown if row.state not in _FINE or row.is_late]
            fine = len(shown) - len(out)
        else:
            out, fine = list(shown), 0
        empty_out(self._row)
        for row in out[:MOST]:
            self._add(self._said(row), PILLS[row.state].icon, row.title or "In step")
        if fine:
            self._add(f"{count_of(fine, 'channel')} in step", "accept", "In step")

    def _add(self, words: str, icon_name: str, about: str) -> None:
        made = button(words, self._show_page, kind="quietlink", icon_name=icon_name,
                      hint=f"{about}. Show the channels")  # fmt: skip
        self._row.addWidget(made)

    def _said(self, row: HealthRow) -> str:
        """Say "Etsy, 2 min ago" while all is well, and what is the matter when it is not."""
        if row.state in _FINE and not row.is_late and row.last_good_at is not None:
            return f"{row.name}, {ago(row.last_good_at, self._operations.now())}"
        behind = " and late" if row.is_late and row.state in _FINE else ""
        return f"{row.name}: {PILLS[row.state].text.lower()}{behind}"

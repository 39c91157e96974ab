"""How does the window hear of what its accounts' threads bring in?"""

from __future__ import annotations

from functools import partial

from app.domain.changes import Changes, Touched
from app.domain.syncing import SyncStatus
from app.services.desk import SyncListener
from app.services.syncing.parties import parties
from app.ui.operations import Operations


class SyncWatch:
    """Starts the threads when an account or carrier is connected, and ends them with the window."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._is_started = False
        operations.changed.connect(self._changed)

    def start(self) -> None:
        """Begin, if an account or carrier is connected; asking that waits for nobody."""
        if self._operations.desk.sync is not None and not self._is_started:
            self._operations.query(parties, then=self._begin, slot="sync")

    def stop(self) -> None:
        """End the threads, within a second."""
        engine = self._operations.desk.sync
        if engine is not None and self._is_started:
            engine.stop()

    def _begin(self, found: object) -> None:
        engine = self._operations.desk.sync
        if found and engine is not None and not self._is_started:
            self._is_started = True
            engine.start(SyncListener(self._status, self._came))

    def _changed(self, changes: Changes) -> None:
        """Somebody may have connected the first account; or told an account something."""
        engine = self._operations.desk.sync
        if changes.touched & Touched.SETTINGS:
            self.start()
        if self._is_started and engine is not None and changes.touched & Touched.SETTINGS:
            engine.sync_now()

    def _status(self, status: SyncStatus) -> None:
        """Every page that shows it asks by itself; here is nothing to do."""

    def _came(self, changes: Changes) -> None:
        """Show what came in on the window's own thread."""
        self._operations.report(partial(self._operations.changed.emit, changes))

"""What works behind the window, once it can be seen? Its libraries load after it, too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from app.analytics.kpis.keeper import FigureKeeper
from app.services.index_keeper import IndexKeeper
from app.services.promising.keeper import Listener, QuantityKeeper
from app.ui.backup_clock import BackupClock
from app.ui.clockwork import start_clocks
from app.ui.operations import Operations
from app.ui.syncing import SyncWatch
from app.ui.window import Window


class Keeper(Protocol):
    """Something with a thread of its own."""

    def stop(self) -> None:
        """End it, and wait until it has."""


def keep_behind(operations: Operations, window: Window) -> Sequence[Keeper]:
    """Start what keeps backups, reports, the search, quantities, figures and accounts up to date."""
    clock = BackupClock(operations, window)
    clock.refused.connect(window.complain)
    clock.start()
    start_clocks(operations, window)
    operations.job(operations.desk.catch_up, then=operations.changed.emit,
                   shown=operations.activity.begin("Catch up with what was left", goes_on=True))  # fmt: skip
    return (_keep_index(operations), _keep_quantities(operations), _keep_figures(operations),
            _keep_in_step(operations))  # fmt: skip


def _keep_index(operations: Operations) -> IndexKeeper:
    """Keep searches quick, behind everything else."""
    keeper = IndexKeeper(operations.desk.store, operations.give_way)
    operations.changed.connect(lambda _changes: keeper.wake())
    keeper.start(lambda details: operations.report(partial(operations.crashed.emit, details)))
    return keeper


def _keep_figures(operations: Operations) -> FigureKeeper:
    """Keep the figures by week at hand, behind everything else."""
    keeper = FigureKeeper(operations.desk.store, operations.now, operations.give_way)
    operations.changed.connect(lambda _changes: keeper.wake())
    keeper.start(lambda details: operations.report(partial(operations.crashed.emit, details)))
    return keeper


def _keep_in_step(operations: Operations) -> SyncWatch:
    """Keep connected accounts in step, each on a thread of its own."""
    accounts = SyncWatch(operations)
    accounts.start()
    return accounts


def _keep_quantities(operations: Operations) -> QuantityKeeper:
    """Keep what channels are told up to date, behind everything else."""
    listener = Listener(
        published=lambda changes: operations.report(partial(operations.changed.emit, changes)),
        bug=lambda details: operations.report(partial(operations.crashed.emit, details)),
    )
    keeper = QuantityKeeper(operations.desk, operations.give_way, listener)
    operations.changed.connect(lambda _changes: keeper.wake())
    keeper.start()
    return keeper

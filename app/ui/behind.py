"""What works behind the window, once it can be seen? Its libraries load after it, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from app.analytics.kpis.keeper import FigureKeeper
from app.services.index_keeper import IndexKeeper
from app.services.promising.keeper import QuantityKeeper
from app.ui.backup_clock import BackupClock
from app.ui.clockwork import start_clocks
from app.ui.operations import Operations
from app.ui.syncing import SyncWatch
from app.ui.window import Window


class Keeper(Protocol):
    """Something with a thread of its own."""

    def stop(self) -> None:
        """End it, and wait until it has."""


class Woken(Keeper, Protocol):
    """A keeper that looks whenever something has changed."""

    def start(self, bug: Callable[[str], object]) -> None:
        """Begin; ``bug`` gets the details of a failure, on that thread."""

    def wake(self) -> None:
        """Look soon."""


def keep_behind(operations: Operations, window: Window) -> Sequence[Keeper]:
    """Start what keeps backups, reports, the search, quantities, figures and accounts up to date."""
    clock = BackupClock(operations, window)
    clock.refused.connect(window.complain)
    clock.start()
    start_clocks(operations, window)
    operations.job(operations.desk.catch_up, then=operations.changed.emit,
                   shown=operations.activity.begin("Catch up with what was left", goes_on=True))  # fmt: skip
    desk, give_way = operations.desk, operations.give_way
    keepers: Sequence[Woken] = (
        IndexKeeper(desk.store, give_way),
        QuantityKeeper(
            desk,
            give_way,
            lambda changes: operations.report(partial(operations.changed.emit, changes)),
        ),
        FigureKeeper(desk.store, operations.now, give_way),
    )
    return (*(_kept(operations, each) for each in keepers), _keep_in_step(operations))


def _kept(operations: Operations, keeper: Woken) -> Woken:
    """Let a keeper work behind everything else: woken by what changes, its bugs are seen."""
    operations.changed.connect(lambda _changes: keeper.wake())
    keeper.start(lambda details: operations.report(partial(operations.crashed.emit, details)))
    return keeper


def _keep_in_step(operations: Operations) -> SyncWatch:
    """Keep connected accounts in step, each on a thread of its own."""
    accounts = SyncWatch(operations)
    accounts.start()
    return accounts

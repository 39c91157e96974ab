"""What does the desk look after by itself? Buyers' messages, the report of mismatches, the standards."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from app.analytics.kpis.watching import keep_watch
from app.domain.changes import Changes, Touched
from app.domain.roles import Permission
from app.services.desk import Desk
from app.services.mismatching.running import report_if_due
from app.ui.clock import Clock
from app.ui.operations import Operations

MINUTE_MS: Final = 60_000
_WRITTEN: Final = Changes("Write to buyers", Touched.SHIPMENTS | Touched.FILES)


def start_clocks(operations: Operations, parent: QObject) -> None:
    """Begin to look after all of it; a desk that was closed when something was due catches up."""
    written = partial(operations.changed.emit, _WRITTEN)  # what could not be sent, its row says
    Clock(operations, parent, write_to_buyers, shown="Write to buyers",
          first_ms=20_000, again_ms=MINUTE_MS, refused=written).start()  # fmt: skip
    Clock(operations, parent, report_if_due, shown="Look for mismatches",
          first_ms=90_000, again_ms=10 * MINUTE_MS).start()  # fmt: skip
    Clock(operations, parent, look_at_standards, shown="Look at the standards",
          first_ms=2 * MINUTE_MS, again_ms=15 * MINUTE_MS).start()  # fmt: skip


def write_to_buyers(desk: Desk) -> Changes | None:
    """Draft what is news and send what is due."""
    return _WRITTEN if desk.mailer is not None and desk.mailer.round() else None


def look_at_standards(desk: Desk) -> Changes | None:
    """Open tasks for what is broken and check what is due; figures do not move faster than this."""
    return keep_watch(desk) if desk.actor.may(Permission.WORK) else None

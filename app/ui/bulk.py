"""How is one operation done to any number of orders? In short batches, with progress and a way out.

Each batch is one write unit, so that nobody waits long; together they are one step to undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes, Skipped, Touched, Undo
from app.ui.operations import Operations, Problem

BATCH = 100


class BulkRun(QObject):
    """One operation on many orders."""

    progressed = Signal(int, int)
    finished = Signal(object)  # the receipt of all batches together
    stopped = Signal(object)  # Problem

    def __init__(
        self,
        operations: Operations,
        operation: str,
        ids: Sequence[int],
        arguments: dict[str, Any],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._operations, self._operation, self._arguments = operations, operation, arguments
        self._left, self._total = list(ids), len(ids)
        self._done: list[int] = []
        self._skipped: list[Skipped] = []
        self._touched = Touched.NOTHING
        self._label = ""
        self._undo: Undo | None = None
        self._is_cancelled = False

    def start(self) -> None:
        """Begin with the first batch."""
        self._next()

    def cancel(self) -> None:
        """Stop after the batch that is under way; what is done stays done."""
        self._is_cancelled = True

    def _next(self) -> None:
        batch, self._left = self._left[:BATCH], self._left[BATCH:]
        if not batch or self._is_cancelled:
            self._finish()
            return
        self._operations.run(
            self._operation, then=self._add, otherwise=self._stop, remembers=False,
            order_ids=batch, **self._arguments,
        )  # fmt: skip

    def _add(self, changes: Changes) -> None:
        self._done += changes.done
        self._skipped += changes.skipped
        self._touched |= changes.touched
        self._label, self._undo = changes.label, changes.undo or self._undo
        self.progressed.emit(self._total - len(self._left), self._total)
        self._next()

    def _finish(self) -> None:
        receipt = self.receipt()
        self._operations.remember(receipt)
        self.finished.emit(receipt)
        self.deleteLater()

    def _stop(self, problem: Problem) -> None:
        if self._done:
            self._operations.remember(self.receipt())
        self.stopped.emit(problem)
        self.deleteLater()

    def receipt(self) -> Changes:
        """Return what all batches together did."""
        verb = self._label.partition(" ")[0]
        count = len(self._done)
        undo = self._undo and Undo(
            self._undo.operation, {**self._undo.arguments, "order_ids": list(self._done)}
        )
        label = f"{verb} {count:,} {'order' if count == 1 else 'orders'}"
        return Changes(label, self._touched, tuple(self._done), tuple(self._skipped), undo)

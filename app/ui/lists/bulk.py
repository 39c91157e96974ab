"""How is one operation done to any number of orders? In short batches, with progress and a way out.

Each batch is one write unit, so that nobody waits long; together they are one step to undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes, Gathered, Undo, counted
from app.ui import receipts
from app.ui.operations import Operations, Problem
from app.ui.tokens import Tone

BATCH = 100


class BulkRun(QObject):
    """One operation on many orders."""

    progressed = Signal(int, int)
    finished = Signal(object)  # the receipt of all batches together
    stopped = Signal(object)  # Problem

    def __init__(
        self,
        operations: Operations,
        verb: str,
        operation: str,
        ids: Sequence[Any],
        arguments: dict[str, Any],
        parent: QObject,
        *,
        subjects: str = "order_ids",
    ) -> None:
        super().__init__(parent)
        self._operations, self._verb = operations, verb
        self._operation, self._arguments = operation, arguments
        self._ids, self._total, self._begun = list(ids), len(ids), 0
        self._subjects = subjects
        self._again = Undo(operation, {subjects: self._ids, **arguments}, subjects)
        self._shown = operations.activity.begin(
            f"{verb} {counted(len(ids), 'order')}", stop=self.cancel
        )
        self._gathered = Gathered()
        self._is_cancelled = False

    def start(self) -> None:
        """Begin with the first batch."""
        self._next()

    def cancel(self) -> None:
        """Stop after the batch that is under way; what is done stays done."""
        self._is_cancelled = True

    def _next(self) -> None:
        batch = self._ids[self._begun : self._begun + BATCH]
        if not batch or self._is_cancelled:
            self._finish()
            return
        self._begun += len(batch)
        self._operations.run(
            self._operation, then=self._add, otherwise=self._stop, remembers=False,
            **{self._subjects: batch}, **self._arguments,
        )  # fmt: skip

    def _add(self, changes: Changes) -> None:
        self._gathered.add(changes)
        self.progressed.emit(self._begun, self._total)
        self._shown.progress(self._begun, self._total)
        self._next()

    def _finish(self) -> None:
        receipt = self.receipt()
        self._remember(receipt)
        tone = Tone.WARN if receipt.skipped or self._begun < self._total else Tone.GOOD
        self._shown.end(receipts.done(receipt), tone)
        self.finished.emit(receipt)
        self.deleteLater()

    def _stop(self, problem: Problem) -> None:
        self._remember(self.receipt())
        self._shown.end(problem.title, Tone.BAD)
        self.stopped.emit(problem)
        self.deleteLater()

    def _remember(self, receipt: Changes) -> None:
        """Make it one step to undo, and what was done of it what is done again."""
        is_of_orders = self._subjects == "order_ids"
        self._operations.remember(
            receipt, self._again.about(receipt.done) if is_of_orders else None
        )

    def receipt(self) -> Changes:
        """Return what all batches together did."""
        done = len(self._gathered.done)
        return self._gathered.together(f"{self._verb} {counted(done, 'order')}")

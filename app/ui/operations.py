"""The one door between widgets and the rest: start work, get its answer on the window's thread.

Nothing here waits. Operations run one after the other on a writer thread, readings on a small pool,
imports and other long work on a thread of their own that gives way to operations between its batches.
This object carries Qt signals, so it is made on the window's thread, and so they are delivered there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.domain.changes import Changes, Touched, Undo
from app.errors import DeskError, UnprovenError, details_of
from app.services.desk import Desk
from app.ui.activity import Activity, Item
from app.ui.taking_back import History, Turning
from app.ui.tokens import Tone

Then = Callable[[Any], object]
_READERS = 3
_LONGEST_COURTESY = 2.0


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as a person reads it; ``details`` is filled in only for bugs.

    What ``takes_reason`` was refused, but is done anyway once somebody says why.
    """

    title: str
    advice: str
    details: str = ""
    takes_reason: bool = False

    @property
    def said(self) -> str:
        """What happened and what to do, in one line."""
        return f"{self.title} {self.advice}".strip()


class Operations(QObject):
    """Starts operations and readings, and reports what came of them on the window's thread."""

    changed = Signal(object)  # Changes, after its commit
    failed = Signal(str, str)  # title, advice
    crashed = Signal(str)  # details of a bug
    busy_changed = Signal(bool)
    _answered = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")
        self._jobs = ThreadPoolExecutor(1, thread_name_prefix="job")
        self._newest: dict[object, int] = {}
        self._tickets = 0
        self._open = 0
        self._waiting = 0
        self._is_closed = False
        self._lock = threading.Lock()
        self.activity = Activity(desk.now, self)
        self.history = History(desk, self)
        self.history.ask = self.ask
        self.history.write = partial(self._write, remembers=False)
        self.history.kept.connect(self._partly_turned)
        self._answered.connect(self._deliver)

    # ---- what widgets call ----------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the desk's time."""
        return self.desk.now()

    def run(
        self,
        operation: str,
        /,
        *,
        then: Then | None = None,
        otherwise: Then | None = None,
        remembers: bool = True,
        **named: Any,
    ) -> None:
        """Carry out an operation; ``then`` gets its receipt, ``otherwise`` a ``Problem``.

        One that is a part of something larger is not remembered for undo: the whole is.
        """
        self._write(partial(self.desk.run, operation, **named), then, otherwise, remembers=remembers,
                    again=Undo(operation, named))  # fmt: skip

    def write(
        self,
        work: Callable[[], Changes],
        *,
        then: Then | None = None,
        otherwise: Then | None = None,
    ) -> None:
        """Carry out other short work that writes and returns a receipt."""
        self._write(work, then, otherwise)

    def query(
        self,
        reading: Callable[..., Any],
        *,
        then: Then,
        slot: object = None,
        otherwise: Then | None = None,
        **named: Any,
    ) -> None:
        """Read; of several readings for one ``slot`` only the newest one's answer arrives."""
        self.ask(partial(self.desk.read, reading, **named), then=then, slot=slot,
                 otherwise=otherwise)  # fmt: skip

    def ask(
        self,
        question: Callable[[], Any],
        *,
        then: Then,
        slot: object = None,
        otherwise: Then | None = None,
    ) -> None:
        """Answer any question that only reads, away from the window's thread."""
        self._tickets += 1
        if slot is not None:
            self._newest[slot] = self._tickets
        self._start(self._readers, question, then, otherwise, (slot, self._tickets))

    def job(
        self,
        work: Callable[[], Any],
        *,
        then: Then,
        otherwise: Then | None = None,
        shown: Item | str = "Working",
    ) -> None:
        """Do long work (an import, demo data) beside everything else, one job after the other.

        ``shown`` is what the activity list calls it, or the item that was begun there to show how
        far it is; it ends with the job, unless it is ended with better words before.
        """
        item = self.activity.begin(shown) if isinstance(shown, str) else shown
        self._start(self._jobs, work, partial(_and_end, item, then),
                    partial(self._job_refused, item, otherwise), (None, 0))  # fmt: skip

    def _job_refused(self, item: Item, otherwise: Then | None, problem: Problem) -> None:
        item.end(problem.title, Tone.BAD)
        if otherwise is not None and _is_there(otherwise):
            otherwise(problem)
        elif not problem.details:
            self.failed.emit(problem.title, problem.advice)

    def report(self, deliver: Callable[[], object]) -> None:
        """Let a background thread say something: it is called on the window's thread."""
        self._answered.emit(deliver)

    def give_way(self) -> None:
        """Called by long work between two batches: waits while operations of a person are queued."""
        until = time.monotonic() + _LONGEST_COURTESY
        while self._waiting and time.monotonic() < until:
            time.sleep(0.002)

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return self._open > 0

    # ---- undo -----------------------------------------------------------------------------------

    @property
    def next_undo(self) -> str:
        """Say what undo would take back; empty when there is nothing."""
        return self.history.next_undo

    def undo(self) -> None:
        """Take back the last thing that was done here."""
        self.history.undo()

    def forget(self) -> None:
        """Know of nothing that could be taken back any more."""
        self.history.forget_all()

    def remember(self, changes: Changes, again: Undo | None = None) -> None:
        """Let the next undo take this back, and redo or repeat do it ``again``."""
        self.history.remember(changes, again)

    def _partly_turned(self, turning: Turning, _problem: Problem | None) -> None:
        """Announce what was taken back before the failure."""
        if turning.changes.done:
            self.changed.emit(turning.changes)

    # ---- inside ---------------------------------------------------------------------------------

    def _write(
        self,
        work: Callable[[], Changes],
        then: Then | None,
        otherwise: Then | None,
        *,
        remembers: bool = True,
        again: Undo | None = None,
    ) -> None:
        if self._is_closed:  # nothing would count it down again
            return
        with self._lock:
            self._waiting += 1
        receipt = partial(self._receipt, then, again if remembers else None, remembers)
        self._start(self._writer, work, receipt, otherwise, (None, 0))

    def _receipt(
        self, then: Then | None, again: Undo | None, remembers: bool, changes: Changes
    ) -> None:
        if remembers:
            self.remember(changes, again)
        if changes.touched is not Touched.NOTHING:
            self.changed.emit(changes)
        if then is not None:
            then(changes)

    def _start(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[[], Any],
        then: Then,
        otherwise: Then | None,
        ticket: tuple[object, int],
    ) -> None:
        if self._is_closed:  # a timer of a window that is going
            return
        self._open += 1
        self.busy_changed.emit(True)
        pool.submit(self._carry_out, pool, work, then, otherwise, ticket)

    def _carry_out(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[[], Any],
        then: Then,
        otherwise: Then | None,
        ticket: tuple[object, int],
    ) -> None:
        try:
            answer = None if self._is_superseded(ticket) else work()
            deliver = partial(self._answer, then, answer, ticket)
        except DeskError as error:
            told = Problem(error.title, error.advice, takes_reason=isinstance(error, UnprovenError))
            deliver = partial(self._failure, otherwise, told, ticket)
        except Exception:  # noqa: BLE001 (a bug of ours must be seen, not lost in a thread)
            bug = Problem("Something went wrong inside Orderdeck.", "", details_of())
            deliver = partial(self._failure, otherwise, bug, ticket)
        if pool is self._writer:
            with self._lock:
                self._waiting -= 1
        if isValid(self):
            self._answered.emit(deliver)

    def _is_superseded(self, ticket: tuple[object, int]) -> bool:
        """Whether a newer reading for the same slot has been asked for before this one began."""
        slot, turn = ticket
        return slot is not None and self._newest.get(slot) != turn

    def _deliver(self, deliver: Callable[[], object]) -> None:
        try:
            deliver()
        except Exception:  # noqa: BLE001 (the same, for a widget that cannot show its answer)
            self.crashed.emit(details_of())

    def _answer(self, then: Then, answer: Any, ticket: tuple[object, int]) -> None:
        if self._is_awaited(ticket) and _is_there(then):
            then(answer)

    def _failure(
        self, otherwise: Then | None, problem: Problem, ticket: tuple[object, int]
    ) -> None:
        if not self._is_awaited(ticket):
            return
        handler = otherwise if _is_there(otherwise) else None
        if problem.details:
            self.crashed.emit(problem.details)
        elif handler is None:  # also when the one who asked is gone: it was still not carried out
            self.failed.emit(problem.title, problem.advice)
        if handler is not None:
            handler(problem)

    def _is_awaited(self, ticket: tuple[object, int]) -> bool:
        """Take note that it is over, and say whether nothing newer was asked for in its place."""
        self._open -= 1
        if not self._open:
            self.busy_changed.emit(False)
        slot, turn = ticket
        if slot is None:
            return True
        if self._newest.get(slot) != turn:
            return False
        del self._newest[slot]
        return not isinstance(slot, QObject) or isValid(slot)

    def close(self) -> None:
        """Finish what was asked for, and start nothing more; a long import goes on next time."""
        self._is_closed = True
        if self.desk.importer is not None:
            self.desk.importer.stop()
        # What only reads is dropped. What writes is not: an import that still waits for its turn
        # must at least be stored, so that the next start knows of it.
        for pool in (self._readers, self._jobs, self._writer):
            pool.shutdown(wait=True, cancel_futures=pool is self._readers)


def _and_end(item: Item, then: Then, answer: Any) -> None:
    """Hand an answer over, and end what the activity list shows of the job."""
    try:
        if _is_there(then):
            then(answer)
    finally:
        item.end()


def _is_there(callback: Then | None) -> bool:
    """Whether the widget that is to be called back still exists."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)

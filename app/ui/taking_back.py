"""What was done here: it can be taken back, done once more, or repeated on something else.

Undo carries out the opposite that a receipt names; redo carries out the operation itself again, on
exactly what was taken back. Both go a part at a time, so that one order that is stuck does not keep
the other eleven from moving.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.changes import Changes, Gathered, Undo, counted
from app.queries.taking_back import Outgoing, outgoing
from app.services.desk import Desk
from app.services.taking_imports_back import brought
from app.services.undoing import take_back
from app.ui.words import joined

Then = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done here: what it is called, its opposite, and how it is done again."""

    label: str
    undo: Undo
    again: Undo | None = None

    @property
    def verb(self) -> str:
        """The word that it begins with: "hold"."""
        return self.label.partition(" ")[0].lower()

    @property
    def orders(self) -> tuple[int, ...]:
        """The orders that it is about, where it is about orders."""
        about = self.again or self.undo
        return about.ids if about.subjects == "order_ids" else ()

    @property
    def arguments(self) -> dict[str, object]:
        """What it was done with, whatever it was done to."""
        named = dict(self.again.arguments) if self.again else {}
        if self.again:
            named.pop(self.again.subjects, None)
        return named

    @property
    def small(self) -> str:
        """What it is called within a sentence."""
        return f"{self.label[:1].lower()}{self.label[1:]}"


def take_back_import(desk: Desk, import_id: int) -> Changes:
    """Take an import back long after it was done, a part at a time, on the writer's thread."""
    receipt = desk.read(brought, import_id)
    if receipt.undo is None:
        return desk.run("take_back_import", import_id=import_id)  # which says why not
    return Turning(Step(receipt.label, receipt.undo), 0, is_undo=True).run(desk)


class Turning:
    """One step that is being taken back or done again, and what of it is over so far."""

    def __init__(self, step: Step, place: int, *, is_undo: bool) -> None:
        self.step, self.place, self.is_undo = step, place, is_undo
        self._gathered = Gathered()

    def run(self, desk: Desk) -> Changes:
        """Turn it, on the writer's thread."""
        does = self.step.undo if self.is_undo else self.step.again
        for receipt in take_back(desk, does) if does is not None else ():
            self._gathered.add(receipt)
        return self.changes

    @property
    def changes(self) -> Changes:
        """The receipt of what was turned."""
        whole = self._gathered.together("")
        word = "Undone" if self.is_undo else "Done again"
        if not whole.done:
            word = f"Not {word[:1].lower()}{word[1:]}"
        return replace(whole, label=f"{word}: {self.step.small}")

    def other_way(self) -> Step | None:
        """Return the step that turns back exactly what was turned, if that can be done."""
        done = self.changes.done
        if self.is_undo:
            again = self.step.again
            return replace(self.step, again=_for(again, done)) if again and done else None
        opposite = self._gathered.together("").undo
        return Step(self._label(len(done)), opposite, self.step.again) if opposite else None

    def _label(self, count: int) -> str:
        again = self.step.again
        if again is None or not again.ids or count == len(again.ids):
            return self.step.label
        return f"{self.step.label.partition(' ')[0]} {counted(count, 'order')}"


def _for(again: Undo, done: tuple[int, ...]) -> Undo:
    """Return an operation for what of its subjects was really taken back."""
    turned = set(done)
    return again.about([each for each in again.ids if each in turned]) if again.ids else again


class History(QObject):
    """What was done in this window, newest last; what was undone of it; and what comes next."""

    changed = Signal()
    turned = Signal(object)  # Changes: the receipt of an undo or a redo
    kept = Signal(object, object)  # Turning, and the Problem if it was refused and not just skipped

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self.last: Step | None = None  # what "." does once more
        self.outgoing = Outgoing()  # what leaves the desk because of the newest
        self.write: Callable[..., object] = _nowhere
        self.ask: Callable[..., object] = _nowhere

    # ---- what comes next ------------------------------------------------------------------------

    @property
    def next_undo(self) -> str:
        """Say what undo would take back; empty when there is nothing."""
        return self._done[-1].label if self._done else ""

    @property
    def next_redo(self) -> str:
        """Say what redo would do again; empty when there is nothing."""
        return self._undone[-1].label if self._undone else ""

    def forget_all(self) -> None:
        """Know of nothing that could be taken back: the desk that it was done to is replaced."""
        self._done, self._undone, self.last = [], [], None
        self._moved()

    def remember(self, changes: Changes, again: Undo | None = None) -> None:
        """Take note of something that was done; what had been undone before can not be redone now."""
        if not changes.done or changes.undo is None:
            return
        step = Step(changes.label, changes.undo, again)
        self._done.append(step)
        self._undone.clear()
        if again is not None and again.ids:
            self.last = step
        self._moved()

    def forget(self) -> None:
        """Leave the newest as it is, so that what came before it can be taken back."""
        if self._done:
            self._done.pop()
            self._moved()

    @property
    def obstacle(self) -> str:
        """Say why the newest cannot be taken back any more; empty while it can."""
        told = self.outgoing
        return f"{joined(list(told.channels))} was told already" if told.is_told else ""

    def _moved(self) -> None:
        self.outgoing = Outgoing()
        self.changed.emit()
        self.look()

    def look(self) -> None:
        """Find out whether the newest can still be taken back: a channel may have been told."""
        if self._done:
            step = self._done[-1]
            self.ask(partial(self._desk.read, outgoing, undo=step.undo),
                     then=partial(self._looked, step), slot=(self, "outgoing"))  # fmt: skip

    def _looked(self, step: Step, found: Outgoing) -> None:
        if self._done and self._done[-1] is step and found != self.outgoing:
            self.outgoing = found
            self.changed.emit()

    # ---- turning --------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last thing that was done here."""
        self._turn(self._done, is_undo=True)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn(self._undone, is_undo=False)

    def _turn(self, steps: list[Step], *, is_undo: bool) -> None:
        if not steps:
            return
        step = steps.pop()  # at once: pressing twice turns two things, not one twice
        self._moved()
        turning = Turning(step, len(steps), is_undo=is_undo)
        self.write(partial(turning.run, self._desk), partial(self._is_turned, turning),
                   partial(self._is_kept, turning))  # fmt: skip

    def _is_turned(self, turning: Turning, changes: Changes) -> None:
        other = turning.other_way()
        if not changes.done:
            self._put_back(turning)
            self.kept.emit(turning, None)
            return
        if other is not None:
            (self._undone if turning.is_undo else self._done).append(other)
            self._moved()
        self.turned.emit(changes)

    def _is_kept(self, turning: Turning, problem: object) -> None:
        """Say what was turned before the failure; if that is nothing, it can be tried again."""
        if not turning.changes.done:
            self._put_back(turning)
        else:
            self.turned.emit(turning.changes)
        self.kept.emit(turning, problem)

    def _put_back(self, turning: Turning) -> None:
        (self._done if turning.is_undo else self._undone).insert(turning.place, turning.step)
        self._moved()


def _nowhere(*_given: object, **_named: object) -> None:
    """Stands for the doors until they are there."""

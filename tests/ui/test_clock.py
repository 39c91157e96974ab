"""What the desk does by itself: said where it changed something, tried again, and a bug told once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event

from app.domain.changes import Changes, Touched
from app.errors import RefusedError
from app.services.desk import Desk
from app.ui.clock import Clock
from tests.ui.conftest import DeskWindow


def a_clock(
    shown: DeskWindow,
    work: Callable[[Desk], Changes | None],
    refused: Callable[[], object] | None = None,
) -> Clock:
    return Clock(shown.operations, shown.window, work, shown="Look", first_ms=1, again_ms=60_000,
                 refused=refused)  # fmt: skip


def _changed(changes: Changes | None, _desk: Desk) -> Changes | None:
    return changes


def test_what_it_changed_is_shown_and_nothing_else(shown: DeskWindow) -> None:
    said: list[str] = []
    shown.operations.changed.connect(lambda changes: said.append(changes.label))
    for changes in (
        None, Changes("Looked", Touched.NOTHING), Changes("Wrote to buyers", Touched.SHIPMENTS),
    ):  # fmt: skip
        a_clock(shown, partial(_changed, changes)).look()
        shown.settle()
    assert said == ["Wrote to buyers"]


def test_it_does_not_look_again_while_it_still_looks(shown: DeskWindow) -> None:
    looks: list[int] = []
    go_on = Event()

    def slow(_desk: Desk) -> None:
        looks.append(1)
        go_on.wait(10)

    clock = a_clock(shown, slow)
    clock.look()
    clock.look()
    go_on.set()
    shown.settle()
    assert len(looks) == 1
    clock.look()
    shown.settle()
    assert len(looks) == 2


def test_what_is_refused_is_tried_again_at_the_next_look(shown: DeskWindow) -> None:
    refusals: list[int] = []

    def cannot(_desk: Desk) -> None:
        raise RefusedError("The mail server does not answer; nothing was sent.", "")

    clock = a_clock(shown, cannot, lambda: refusals.append(1))
    for _ in range(2):
        clock.look()
        shown.settle()
    assert len(refusals) == 2


def test_a_bug_is_told_once(shown: DeskWindow) -> None:
    def breaks(_desk: Desk) -> None:
        raise ZeroDivisionError

    shown.settle()
    a_clock(shown, breaks).look()
    shown.qtbot.waitUntil(lambda: not shown.operations.is_busy)
    assert len(shown.bugs) == 1
    shown.bugs.clear()

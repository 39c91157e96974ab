"""Is something that keeps changing counted once at a time, and the last state always?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import RefusedError
from app.services.desk import Desk
from app.ui.operations import Operations
from app.ui.pacing import Paced


@pytest.fixture
def operations(desk: Desk, qapp: QApplication) -> Operations:
    """Open the door between widgets and the rest."""
    assert qapp is QApplication.instance()
    return Operations(desk)


def counting(here: list[int], most: list[int]) -> Callable[[int], Callable[[], int]]:
    """Return questions that note how many of them are under way at once."""
    lock = threading.Lock()

    def question(answer: int) -> Callable[[], int]:
        def count() -> int:
            with lock:
                here.append(answer)
                most.append(len(here))
            time.sleep(0.005)
            with lock:
                here.remove(answer)
            return answer

        return count

    return question


def test_what_is_asked_many_times_is_answered_a_few_times_and_with_the_newest(
    operations: Operations, qtbot: QtBot
) -> None:
    most: list[int] = []
    question, answers = counting([], most), list[int]()
    paced = Paced(operations, operations)
    for turn in range(50):
        paced.ask(question(turn), then=answers.append)
    qtbot.waitUntil(lambda: bool(answers) and answers[-1] == 49)
    assert answers == [0, 49]
    assert max(most) == 1
    operations.close()


def test_a_count_that_was_refused_is_said_and_the_next_one_comes(
    operations: Operations, qtbot: QtBot
) -> None:
    def refuse() -> int:
        raise RefusedError("It cannot be counted.")

    said: list[str] = []
    operations.failed.connect(lambda title, _advice: said.append(title))
    answers: list[int] = []
    paced = Paced(operations, operations)
    paced.ask(refuse, then=answers.append)
    paced.ask(lambda: 7, then=answers.append)
    qtbot.waitUntil(lambda: answers == [7])
    assert said == ["It cannot be counted."]
    operations.close()


def test_a_reading_that_nobody_waits_for_any_more_is_not_begun(
    operations: Operations, qtbot: QtBot
) -> None:
    asked: list[int] = []
    answers: list[int] = []
    gate = threading.Event()
    for _reader in range(3):
        operations.ask(gate.wait, then=lambda _done: None)

    def reading(turn: int) -> int:
        asked.append(turn)
        return turn

    for turn in range(20):
        operations.ask(partial(reading, turn), then=answers.append, slot="list")
    gate.set()
    qtbot.waitUntil(lambda: bool(answers) and not operations.is_busy)
    assert (asked, answers) == ([19], [19])
    operations.close()

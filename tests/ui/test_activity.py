"""Is everything that is under way, and everything that was said, found in one list?"""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QProgressBar, QPushButton

from app.errors import RefusedError
from app.ui.lists.bulk import BulkRun
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_undo import ids_of


def test_a_job_is_shown_while_it_runs_and_its_outcome_afterwards(shown: DeskWindow) -> None:
    goes = threading.Event()
    activity = shown.operations.activity
    item = activity.begin("Count everything")
    shown.operations.job(goes.wait, then=lambda _done: item.end("All there"), shown=item)
    item.progress(3, 10)
    assert shown.window.status.text == "Count everything  3 of 10"
    shown.window.register.run("app.open_activity")
    (bar,) = shown.window.activity_list.findChildren(QProgressBar)
    assert (bar.value(), bar.maximum()) == (3, 10)
    goes.set()
    shown.settle()
    assert (item.is_running, item.outcome) == (False, "All there")
    assert shown.window.status.text == "Ready"


def test_a_job_that_was_refused_says_so_in_the_list(shown: DeskWindow) -> None:
    def refuse() -> None:
        raise RefusedError("The shelf was not counted.", "Open it first.")

    shown.operations.job(refuse, then=print, shown="Count the shelf")
    shown.settle()
    (item,) = [each for each in shown.operations.activity.items if each.title == "Count the shelf"]
    assert item.outcome == "The shelf was not counted."


def test_a_bulk_action_is_in_the_list_and_can_be_stopped_there(shown: DeskWindow) -> None:
    ids = list(ids_of(shown.desk, "is:ready").values())
    run = BulkRun(shown.operations, "Hold", "hold", ids * 90, {"reason": "Wait"}, shown.operations)
    run.start()
    (item,) = shown.operations.activity.running
    shown.window.activity_list.open()
    stop = next(
        each for each in shown.window.activity_list.findChildren(QPushButton)
        if each.accessibleName() == f"Stop {item.title}"
    )  # fmt: skip
    stop.click()
    shown.settle()
    assert not item.is_running
    assert 0 < item.done < item.total


def test_what_was_said_can_still_be_read_after_it_is_gone(shown: DeskWindow) -> None:
    shown.window.say("Saved orders.csv", "In Documents")
    shown.window.complain("The file was not read.", "Choose another.")
    shown.window.messages.clear()
    shown.window.toast.hide()
    shown.window.register.run("app.open_activity")
    assert shown.window.activity_list.texts[:2] == ["The file was not read.", "Saved orders.csv"]
    assert shown.operations.activity.items[1].outcome == "In Documents"
    assert shown.operations.activity.items[1].ended_at == brand.NOW


def begin_bulk(shown: DeskWindow) -> BulkRun:
    ids = list(ids_of(shown.desk, "is:ready").values())
    run = BulkRun(shown.operations, "Hold", "hold", ids * 90, {"reason": "Wait"}, shown.operations)
    run.start()
    return run


def click_answer(shown: DeskWindow, words: str) -> None:
    (button,) = [
        each for each in shown.window.asking.findChildren(QPushButton) if each.text() == words
    ]  # fmt: skip
    button.click()


def test_closing_while_a_bulk_action_runs_asks_one_question_with_a_safe_default(
    shown: DeskWindow,
) -> None:
    begin_bulk(shown)
    shown.window.close()
    assert shown.window.isVisible()
    assert shown.window.asking.isVisible()
    focus = shown.window.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "Keep working"
    click_answer(shown, "Keep working")
    shown.settle()
    assert shown.window.isVisible()


def test_stop_and_close_finishes_the_batch_and_closes(shown: DeskWindow) -> None:
    run = begin_bulk(shown)
    shown.window.close()
    click_answer(shown, "Stop and close")
    shown.qtbot.waitUntil(lambda: not shown.window.isVisible(), timeout=20_000)
    assert run.receipt().done or run.receipt().skipped


def test_an_import_that_goes_on_by_itself_needs_no_question(shown: DeskWindow) -> None:
    shown.operations.activity.begin("Import orders.csv", goes_on=True)
    shown.window.close()
    assert not shown.window.isVisible()

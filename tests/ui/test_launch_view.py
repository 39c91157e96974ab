"""A launch from its list to its close, by mouse and key; every number lists exactly its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from app.domain.launching.checklist import SIGNED, Point
from app.models.launches import launches
from app.services.desk import Desk
from app.ui.pages.insights.launch.part import LaunchView
from app.ui.pages.insights.launch.reading import Board
from app.ui.pages.insights.page import InsightsPage
from tests.analytics.thirty_orders import thirty_orders
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


@pytest.fixture
def shown(tmp_path: Path, open_window: Open) -> DeskWindow:
    window = open_window(thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}"))
    window.window.go("insights", "launch")
    window.settle()
    return window


def view(shown: DeskWindow) -> LaunchView:
    page = shown.window.pages["insights"]
    assert isinstance(page, InsightsPage)
    assert isinstance(page.part, LaunchView)
    return page.part


def board(shown: DeskWindow) -> Board:
    found = view(shown).found
    assert found is not None
    assert found.board is not None
    return found.board


def click(shown: DeskWindow, name: str) -> None:
    """Click a button by the name that is read aloud."""
    found = [each for each in shown.window.pages["insights"].findChildren(QPushButton)
             if each.accessibleName() == name and each.isVisible()]  # fmt: skip
    assert found, name
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
    shown.settle()


def planned(shown: DeskWindow, channel: str) -> None:
    click(shown, "Plan a launch…")
    form, found = view(shown).asking.form, view(shown).found
    assert form is not None
    assert found is not None
    form.set_value("account", next(each.id for each in found.accounts if each.channel == channel))
    form.submit()
    shown.settle()


def test_a_launch_is_prepared_opened_throttled_and_closed(shown: DeskWindow) -> None:
    planned(shown, "etsy")
    left = {each.point for each in board(shown).checks if not each.is_fine}
    assert {Point.PICTURES, Point.OPERATIONS_AGREE, Point.SERVICE_AGREES} == set(SIGNED) <= left
    click(shown, "Sign: Operations has agreed")
    assert board(shown).left == len(left) - 1
    click(shown, "Take the signature back: Operations has agreed")
    assert board(shown).left == len(left)
    view(shown).open_channel()
    form = view(shown).asking.form
    assert form is not None
    form.submit()  # without a reason it stays closed
    shown.settle()
    assert board(shown).launch.state == "planned"
    form.set_value("reason", "Agreed with the team.")
    form.submit()
    shown.settle()
    assert board(shown).launch.state == "open"
    shown.press(Qt.Key.Key_T, view(shown))
    until = board(shown).throttled_until
    assert until == shown.desk.now() + timedelta(days=3)
    shown.operations.undo()
    shown.settle()
    assert board(shown).throttled_until is None
    every_number_lists_its_rows(shown)
    click(shown, "Close the launch")
    assert board(shown).launch.state == "closed"


def test_an_answer_is_for_the_launch_that_was_asked_about(shown: DeskWindow) -> None:
    planned(shown, "etsy")
    planned(shown, "amazon")
    amazon = board(shown).launch
    part = view(shown)
    part.open_channel()
    form = part.asking.form
    assert form is not None
    etsy = next(each for each in part.found.launches if each.id != amazon.id)  # type: ignore[union-attr]
    part.restore(
        {"launch": etsy.id}
    )  # as when another launch comes to the fore behind the question
    part.refresh()
    shown.settle()
    assert board(shown).launch.id == etsy.id
    form.set_value("reason", "Agreed with the team.")
    form.submit()
    shown.settle()
    assert (board(shown).launch.id, board(shown).launch.state) == (amazon.id, "open")
    part.search(str(etsy.id))
    shown.settle()
    assert board(shown).launch.state == "planned"
    part.open_channel()
    which = part.tools()[0]
    assert isinstance(which, QComboBox)
    which.setCurrentIndex(which.findData(amazon.id))
    assert part.asking.form is None, "it was about the other one"


def every_number_lists_its_rows(shown: DeskWindow) -> None:
    """Of a channel that opened long enough ago to have sold."""
    before = shown.desk.now() - timedelta(days=12)
    shown.desk.write(
        lambda db: db.execute(launches.update().values(opened_at=before, planned_at=before))
    )
    view(shown).refresh()
    shown.settle()
    part, tried = view(shown), 0
    for each in board(shown).watched:
        for figure, counted in each.by_place.values():
            assert rows_after(shown, partial(part.show_rows, counted)) == figure.rows, each.measure
            tried += 1
    for ware in board(shown).course:
        for what in ("sold", "shipped", "cancelled"):
            rows_after(shown, partial(part.show_lines, ware.sku, what))
            units = [part.rows.model.peek(at).units for at in range(part.rows.model.rowCount())]  # type: ignore[union-attr]
            assert sum(units) == getattr(ware, what), (ware.sku, what)
            tried += 1
    assert tried > 12


def rows_after(shown: DeskWindow, act: Callable[[], object]) -> int:
    model = view(shown).rows.model
    with shown.qtbot.waitSignal(model.loaded, timeout=20_000):
        act()
    return model.rowCount()

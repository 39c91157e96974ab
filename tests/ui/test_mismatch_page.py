"""The page Mismatches: what does not fit, why, and one key that ends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.services.desk import Desk
from app.services.mismatching.running import report_now
from app.ui.pages.mismatches.page import MismatchPage
from tests.services.mismatching.planting import everything_planted
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import texts


@pytest.fixture
def planted(tmp_path: Path, open_window: Callable[[Desk], DeskWindow]) -> DeskWindow:
    """Open the window on the desk at which everything went wrong once."""
    driver = everything_planted(f"sqlite:///{tmp_path / 'wrong.sqlite'}")
    report_now(driver.desk)
    return open_window(driver.desk)


def search(window: DeskWindow, query: str) -> MismatchPage:
    """Open the page on what a search finds, with the cursor on its first row."""
    page = window.window.pages["mismatches"]
    assert isinstance(page, MismatchPage)
    window.window.go("mismatches", query)
    window.settle()
    return page


def test_a_row_says_what_is_wrong_why_and_since_when(planted: DeskWindow) -> None:
    page = search(planted, "sku:HAND")
    assert page.model.rowCount() == 1
    words = texts(page.pane)
    assert "HAND · Etsy" in words
    assert "1 × changed on the channel" in words
    assert "nobody here told it that" in words
    assert "Etsy was last told 20" in words
    assert "The last reports" in words


def test_one_key_ends_a_mismatch_and_undo_brings_it_back(planted: DeskWindow) -> None:
    page = search(planted, "sku:TWICE is:stock")
    planted.press(Qt.Key.Key_F, page.list)
    assert page.model.rowCount() == 0
    planted.window.undo()
    planted.settle()
    page.make_report()
    planted.settle()
    assert page.model.rowCount() == 1


def test_somebody_may_live_with_it_for_a_reason(planted: DeskWindow) -> None:
    page = search(planted, "sku:HAND")
    planted.press(Qt.Key.Key_A, page.list)
    form = page.pane.form
    assert form is not None
    form.submit()
    assert "is needed" in texts(form)
    form.set_value("reason", "A pre-order")
    form.submit()
    planted.settle()
    assert page.model.rowCount() == 0
    assert search(planted, "is:accepted").model.rowCount() == 1
    assert "A pre-order" in texts(page.pane)


def test_a_code_is_linked_from_the_report(planted: DeskWindow) -> None:
    page = search(planted, "cause:unmapped_alias")
    planted.press(Qt.Key.Key_F, page.list)
    form = page.pane.form
    assert form is not None
    form.set_value("sku", "HAND")
    form.submit()
    planted.settle()
    assert page.model.rowCount() == 0


def test_a_desk_that_nobody_looked_at_offers_to_look(shown: DeskWindow) -> None:
    page = search(shown, "")
    page.show_view(page.view_of("wrong"))
    shown.settle()
    assert "Nobody has looked yet" in texts(page)
    page.make_report()
    shown.settle()
    assert page.model.rowCount() == 1

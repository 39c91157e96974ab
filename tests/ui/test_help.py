"""Are the manual and the facts about this copy at hand, in the window itself?"""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget

from app.config import home
from app.ui.asking import Decision
from app.ui.manual import read_manual
from tests.ui.conftest import DeskWindow

PAGE = """# Working

## Holding an order

Press H. ![A picture](https://example.com/spy.png)

## Printing slips

Slips carry no prices on gifts. See [holding](#holding-an-order).
"""


def test_the_manual_has_headings_and_a_search(shown: DeskWindow) -> None:
    manual = shown.window.manual
    manual.show_text(PAGE)
    shown.window.register.run("app.open_manual")
    assert manual.headings == ["Working", "Holding an order", "Printing slips"]
    manual.find_text("NO PRICES")
    assert manual.found.casefold() == "no prices"
    manual.find_text("zebra")
    assert manual.found == ""


def test_the_manual_that_is_shipped_is_shown(shown: DeskWindow) -> None:
    if not read_manual():
        pytest.skip("no chapter is written yet")
    shown.window.register.run("app.open_manual")
    shown.settle()
    assert shown.window.manual.headings


def test_a_link_leads_to_its_heading_and_never_out(shown: DeskWindow) -> None:
    manual = shown.window.manual
    manual.show_text(PAGE)
    manual.open()
    text = manual._text  # noqa: SLF001
    text.anchorClicked.emit("#holding-an-order")
    (headings,) = manual.findChildren(QListWidget)
    assert headings.currentItem().text().strip() == "Holding an order"
    text.anchorClicked.emit("https://example.com")
    assert text.source().isEmpty()


def test_the_facts_can_be_copied(shown: DeskWindow) -> None:
    shown.window.register.run("app.show_about")
    shown.window.about.copy()
    copied = QGuiApplication.clipboard().text()
    assert str(home()) in copied
    assert "MIT" in copied
    assert "Version" in copied


def test_what_cannot_be_taken_back_is_asked_with_the_safe_answer_first(shown: DeskWindow) -> None:
    done: list[str] = []
    shown.window.confirm(
        Decision("Cancel 3 orders worth $120.00 on Shopify?", "Their buyers are told at once.",
                 "Cancel 3 orders", lambda: done.append("cancelled"), "Keep them")
    )  # fmt: skip
    focus = shown.window.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Keep them"
    focus.click()  # type: ignore[attr-defined]
    assert done == []
    assert not shown.window.asking.isVisible()

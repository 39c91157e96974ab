"""The whole inbox is worked with keys: choices, people, notes, putting aside and together, until it is empty."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.cases import CaseKind
from app.queries.inbox.cards import Card, card_rows
from app.queries.inbox.matrix import matrix_now
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.settings.page import SettingsPage
from app.ui.widgets.text import Text
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.keyboard import Keyboard


@pytest.fixture
def inbox(shown: DeskWindow) -> ExceptionsPage:
    """The page, opened."""
    shown.go("exceptions")
    page = shown.window.pages["exceptions"]
    assert isinstance(page, ExceptionsPage)
    page.list.setFocus()
    return page


def press(shown: DeskWindow, page: ExceptionsPage, key: Qt.Key) -> None:
    """Press a key in the list."""
    page.list.setFocus()
    QTest.keyClick(page.list, key)
    shown.settle()


def answer(shown: DeskWindow, *words: str) -> None:
    """Type into the question that is open, field by field, and send it with Enter."""
    for at, text in enumerate(words):
        if at:
            QTest.keyClick(focused(), Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), text)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    shown.settle()


def focused() -> QWidget:
    """Return where the person types."""
    field = QApplication.focusWidget()
    assert field is not None
    return field


def said(page: ExceptionsPage) -> str:
    """Return everything that stands in the pane."""
    return "\n".join(text.text() for text in page.pane.findChildren(Text))


def cards(shown: DeskWindow, query: str = "") -> list[Card]:
    return shown.desk.read(card_rows, query=query, now=brand.NOW)


def choose(shown: DeskWindow, page: ExceptionsPage, kind: str) -> Card:
    """Walk down to the card of a kind."""
    for row in range(page.model.rowCount()):
        page.list.show_cursor(row)
        shown.settle()
        if page.card is not None and page.card.case.kind == kind:
            return page.card
    raise AssertionError(f"no card of {kind}")


def test_each_card_says_what_why_and_what_can_be_done(
    shown: DeskWindow, inbox: ExceptionsPage
) -> None:
    card = choose(shown, inbox, "shortfall")
    words = said(inbox)
    assert card.case.title in words
    assert "$750.00 at risk" in words
    assert "How it is done here" in words
    press(shown, inbox, Qt.Key.Key_E)
    words = said(inbox)
    for part in card.score.parts:
        assert f"{part.points} of {part.most}" in words
        assert part.sentence in words


def test_the_whole_inbox_is_emptied_without_the_mouse(shown: DeskWindow) -> None:
    keys = Keyboard(shown)
    keys.press("G", "E")
    inbox = shown.window.pages["exceptions"]
    assert isinstance(inbox, ExceptionsPage)
    ways: dict[str, tuple[str, ...]] = {  # a key, and what is answered then
        "address_invalid": ("2",),  # it is right, release it
        "shortfall": ("Z", "", "Stock is on its way"),
        "unknown_sku": ("D", "We do not sell it"),
    }
    for left in range(len(ways), 0, -1):
        assert len(cards(shown)) == left
        assert inbox.row is not None
        key, *answer = ways.pop(inbox.row.kind)
        keys.press(key)
        if answer:
            keys.write(*answer)
    assert cards(shown) == []
    assert shown.window.isActiveWindow()
    assert "Nothing needs you here" in "\n".join(text.text() for text in inbox.findChildren(Text))
    assert len(cards(shown, "is:snoozed")) == 2


def test_a_card_is_given_written_on_and_taken_back(
    shown: DeskWindow, inbox: ExceptionsPage
) -> None:
    choose(shown, inbox, "shortfall")
    press(shown, inbox, Qt.Key.Key_A)
    answer(shown, shown.desk.actor.name)
    assert inbox.row is not None
    assert inbox.row.assigned_to == shown.desk.actor.name
    press(shown, inbox, Qt.Key.Key_N)
    answer(shown, "The supplier sends ten on Friday")
    assert "The supplier sends ten on Friday" in said(inbox)
    shown.window.action("app.undo_last").trigger()
    shown.settle()
    assert "The supplier sends ten on Friday" not in said(inbox)


def test_cards_are_put_together_and_one_deed_is_for_all(
    shown: DeskWindow, inbox: ExceptionsPage
) -> None:
    inbox.list.selectAll()
    press(shown, inbox, Qt.Key.Key_M)
    (card,) = cards(shown)
    assert card.count == 3
    assert "All 3 cases of one cause" in said(inbox)


def test_the_matrix_is_changed_on_its_page_and_taken_back(shown: DeskWindow) -> None:
    shown.go("settings")
    page = shown.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    page.exceptions.ask(CaseKind.SHORTFALL)
    form = page.pane.form
    assert form is not None
    form.set_value("owner", "Buying")
    form.submit()
    shown.settle()
    page.exceptions.ask_ladder(CaseKind.SHORTFALL)
    form = page.pane.form
    assert form is not None
    for name, value in (("owner_0", "Mia"), ("owner_1", "Owner"), ("hours_1", 0)):
        form.set_value(name, value)
    form.submit()
    shown.settle()
    assert "does not climb" in "\n".join(text.text() for text in form.findChildren(Text))
    form.set_value("hours_1", 6)
    form.submit()
    shown.settle()
    row = shown.desk.read(matrix_now).rows[CaseKind.SHORTFALL]
    assert (row.owner, [step.owner for step in row.ladder]) == ("Buying", ["Mia", "Owner"])
    assert {card.case.owner for card in cards(shown, "kind:shortfall")} == {"Buying"}
    shown.window.action("app.undo_last").trigger()
    shown.settle()
    row = shown.desk.read(matrix_now).rows[CaseKind.SHORTFALL]
    assert (row.owner, [step.owner for step in row.ladder]) == ("Buying", ["Owner"])

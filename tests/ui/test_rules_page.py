"""Rules are written, tried and put in force in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.rulebook.learning import Lesson, Override
from app.domain.rulebook.saying import Called
from app.models.rules import rulebooks
from app.services.rules.looking import rulebook_rows
from app.ui.pages.rules.lessons import LessonsView
from app.ui.pages.rules.page import RulesPage
from app.ui.widgets.text import Text
from tests.domain.rulebook.builders import book, order
from tests.ui.conftest import DeskWindow

BOOK = """rule Teas first
  if sku:TEA*
  tag tea

rule Everything
  if always
  priority 1
"""


def words(page: RulesPage) -> str:
    return "\n".join(each.text() for each in page.findChildren(Text) if each.isVisible())


def page_of(shown: DeskWindow) -> RulesPage:
    shown.go("rules")
    page = shown.window.pages["rules"]
    assert isinstance(page, RulesPage)
    return page


@pytest.fixture
def rules(shown: DeskWindow, qtbot: QtBot) -> RulesPage:
    """Open the page with two rules in force."""
    shown.desk.run("save_rules", text=BOOK)
    shown.desk.run("activate_rules")
    page = page_of(shown)
    qtbot.waitUntil(lambda: page.list.count() == 2 and page.judged is not None)
    return page


def state(shown: DeskWindow) -> list[tuple[str, int]]:
    rows = shown.desk.read(rulebook_rows)
    return [(row.state, row.version) for row in rows]


def test_without_rules_the_page_offers_to_write_the_first(shown: DeskWindow, qtbot: QtBot) -> None:
    page = page_of(shown)
    qtbot.waitUntil(lambda: "No rules yet" in words(page))
    page.add()
    qtbot.waitUntil(lambda: state(shown) == [("draft", 1)])
    assert page.editor.name.hasFocus()


def test_damaged_rules_are_named_as_such(shown: DeskWindow, qtbot: QtBot) -> None:
    shown.desk.run("save_rules", text=BOOK)
    with shown.desk.store.write() as db:
        db.execute(rulebooks.update().values(text="garbage"))
    page = page_of(shown)
    qtbot.waitUntil(lambda: "These rules are damaged" in words(page))


def test_a_rule_says_how_many_open_orders_it_matches_while_it_is_typed(
    rules: RulesPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: rules.editor.said.text().startswith("Matches "))
    rules.editor.condition.setFocus()
    rules.editor.condition.selectAll()
    QTest.keyClicks(rules.editor.condition, "sku:NOTHING")
    qtbot.waitUntil(lambda: rules.editor.said.text().startswith("Matches 0 open orders"))


def test_what_cannot_be_read_is_said_beside_the_field(rules: RulesPage, qtbot: QtBot) -> None:
    rules.editor.deeds.setPlainText("fly home")
    qtbot.waitUntil(lambda: "A rule cannot “fly”" in rules.editor.wrong.text())
    rules.editor.deeds.setPlainText("tag tea")
    qtbot.waitUntil(lambda: not rules.editor.wrong.isVisible())
    rules.editor.condition.setText("flavour:mint")
    rules.editor.condition.textEdited.emit("flavour:mint")
    qtbot.waitUntil(lambda: "There is no field “flavour”" in words(rules))


def test_a_changed_rule_is_a_draft_until_it_is_put_in_force(
    shown: DeskWindow, rules: RulesPage, qtbot: QtBot
) -> None:
    rules.editor.deeds.setPlainText("tag tea\nparcels 1")
    rules.editor.about.editingFinished.emit()
    qtbot.waitUntil(lambda: state(shown) == [("draft", 2), ("active", 1)])
    qtbot.waitUntil(lambda: rules.state_words.text() == "Draft 2; version 1 decides")
    shown.window.register.run("rules.activate_rules")
    qtbot.waitUntil(lambda: state(shown) == [("active", 2), ("archived", 1)])


def test_alt_and_the_arrows_move_a_rule(shown: DeskWindow, rules: RulesPage, qtbot: QtBot) -> None:
    rules.list.setFocus()
    QTest.keyClick(rules.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [each.name for each in rules.book.rules] == ["Everything", "Teas first"]
    assert rules.at == 1
    qtbot.waitUntil(lambda: state(shown)[0] == ("draft", 2))
    rules.discard()
    qtbot.waitUntil(lambda: [r.name for r in rules.book.rules] == ["Teas first", "Everything"])


def test_the_trace_says_what_each_rule_made_of_an_order(rules: RulesPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Serve it with priority 1 when stock is scarce." in words(rules))
    rules.trace.number.setText("NOBODY")
    rules.trace.asked.emit("NOBODY")
    qtbot.waitUntil(lambda: "No order has this number." in words(rules))


def test_a_preview_shows_the_orders_and_changes_them_only_when_told(
    shown: DeskWindow, rules: RulesPage, qtbot: QtBot
) -> None:
    rules.editor.deeds.setPlainText("tag leaf")
    rules.preview()
    qtbot.waitUntil(lambda: "Nothing is changed until you say so." in words(rules))
    verbs = [each.text() for each in rules.previewed.findChildren(QPushButton)]
    assert any(each.startswith("Put in force") for each in verbs), "it is what was just written"
    qtbot.waitUntil(lambda: state(shown)[0] == ("draft", 2))
    rules.previewed.close_preview()
    assert not rules.previewed.isVisible()


def test_a_rule_is_switched_off_and_deleted(
    shown: DeskWindow, rules: RulesPage, qtbot: QtBot
) -> None:
    rules.turn()
    qtbot.waitUntil(lambda: "It is off" in rules.editor.said.text())
    rules.delete()
    qtbot.waitUntil(lambda: rules.list.count() == 1)
    qtbot.waitUntil(lambda: state(shown)[0] == ("draft", 2))


def test_a_rule_is_made_from_lists_and_read_as_sentences(
    shown: DeskWindow, rules: RulesPage, qtbot: QtBot
) -> None:
    rules.add()
    rules.editor.add_condition.click()
    assert rules.filter.isVisible()
    rules.filter.choose("total")
    rules.filter.value.setText("100")
    rules.filter.add()
    rules.filter.close_overlay()
    rules.editor.add_deed.click()
    assert rules.doing.isVisible()
    rules.doing.add()
    assert "Choose or type" in words(rules)
    first = rules.doing.values.item(0)
    rules.doing.values.itemClicked.emit(first)
    rules.doing.add()
    assert rules.editor.condition.text() == "total:>100"
    assert rules.editor.deeds.toPlainText().startswith("ship ")
    qtbot.waitUntil(lambda: "If its total is more than 100:" in words(rules))
    assert "Ship it from " in rules.editor.done.text()
    qtbot.waitUntil(lambda: state(shown) == [("draft", 2), ("active", 1)])


def test_the_first_lesson_is_shown_and_the_others_once_they_are_wanted(qtbot: QtBot) -> None:
    view = LessonsView(lambda _pattern, _now: None, lambda _pattern: None)
    qtbot.addWidget(view)
    override = Override(1, order(), "RENO", "GARAGE", "Snowed in")
    rules = book("rule One\n  if always\n  tag a\nrule Two\n  if always\n  tag b\n").rules
    view.fill([Lesson(each.name, each, (override,)) for each in rules], Called())

    def cards() -> int:
        names = [each.accessibleName() for each in view.findChildren(QPushButton)]
        return sum(name.startswith("Put ") for name in names)

    assert cards() == 1
    view.turn.click()
    qtbot.waitUntil(lambda: cards() == 2)
    assert view.turn.text() == "Show only the first"

"""Whoever does not see the window, or has no mouse, gets everywhere and hears what is there."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QPushButton, QScrollArea, QWidget

from app.ui.focus_order import stops
from app.ui.pages.all_pages import ALL_PAGES
from app.ui.window_overlays import OverlaidWindow
from tests.ui.conftest import DeskWindow
from tests.ui.looking import nameless

PAGES = [page.id for page in ALL_PAGES]


def in_window(shown: DeskWindow) -> list[QWidget]:
    """Return what takes the focus, in the order of Tab."""
    inside = shown.window.centralWidget()
    assert inside is not None
    return list(stops(inside))


def tab_through(shown: DeskWindow) -> list[QWidget]:
    """Press Tab until the focus is where it began, and return where it went."""
    seen: list[QWidget] = []
    while len(seen) < 200:
        QTest.keyClick(QApplication.focusWidget() or shown.window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is None or focus in seen:
            break
        seen.append(focus)
    return seen


def test_tab_reaches_everything_on_every_page(shown: DeskWindow) -> None:
    missed = {}
    for page in PAGES:
        shown.go(page)
        reached = {id(widget) for widget in tab_through(shown)}
        missed[page] = [w.accessibleName() for w in in_window(shown) if id(w) not in reached]
        assert all(w.autoDefault() for w in shown.window.findChildren(QPushButton))  # takes Enter
    assert missed == {page: [] for page in PAGES}


def test_tab_goes_from_left_to_right_and_from_top_to_bottom(shown: DeskWindow) -> None:
    backwards = {}
    for page in PAGES:
        shown.go(page)
        backwards[page] = [
            (before.accessibleName(), after.accessibleName())
            for before, after in pairwise(in_window(shown))
            if _is_above_and_left(after, before)
        ]
    assert backwards == {page: [] for page in PAGES}


def _is_above_and_left(after: QWidget, before: QWidget) -> bool:
    """Whether the focus jumps back: what comes later ends above and to the left of where it was."""
    if before.visibleRegion().isEmpty() and not _scrolls_together(before, after):
        return False  # it is scrolled into sight before the focus leaves it
    one, other = after.mapToGlobal(QPoint(0, 0)), before.mapToGlobal(QPoint(0, 0))
    return one.y() + after.height() <= other.y() and one.x() + after.width() <= other.x()


def _scrolls_together(one: QWidget, other: QWidget) -> bool:
    at = one.parentWidget()
    while at is not None and not isinstance(at, QScrollArea):
        at = at.parentWidget()
    return at is None or at.isAncestorOf(other)


def test_whatever_takes_the_focus_on_a_page_or_over_it_has_a_name(shown: DeskWindow) -> None:
    boxes = [
        name for name, each in vars(OverlaidWindow).items() if isinstance(each, cached_property)
    ]
    assert len([getattr(shown.window, name) for name in boxes]) > 8
    unnamed = {}
    for page in PAGES:
        shown.go(page)
        unnamed[page] = nameless(shown.window)
    assert unnamed == {page: [] for page in PAGES}


def test_one_sees_where_the_focus_is(shown: DeskWindow) -> None:
    unseen = {}
    for page in PAGES:
        shown.go(page)
        unseen[page] = [w.accessibleName() for w in in_window(shown) if not _is_seen(shown, w)]
    assert unseen == {page: [] for page in PAGES}


def _is_seen(shown: DeskWindow, widget: QWidget) -> bool:
    """Whether the focus shows. A list marks the row at which the keys are: while it is being read
    again there is none, so whatever does not show it is looked at once more when all is answered."""
    if _shows_focus(shown, widget):
        return True
    shown.settle()
    if isinstance(widget, QAbstractItemView) and widget.model().rowCount():
        shown.qtbot.waitUntil(widget.selectionModel().hasSelection)
    return _shows_focus(shown, widget)


def _shows_focus(shown: DeskWindow, widget: QWidget) -> bool:
    shown.window.setFocus()
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return not widget.hasFocus() or widget.grab().toImage() != before


def test_a_screen_reader_is_told_what_stands_in_a_row(shown: DeskWindow) -> None:
    shown.select("READY")
    table = QAccessible.queryAccessibleInterface(shown.orders.list)
    assert table is not None
    assert table.text(QAccessible.Text.Name) == "Orders"
    spoken = [
        index.data(Qt.ItemDataRole.AccessibleTextRole)
        for column in range(shown.orders.model.columnCount())
        if (index := shown.orders.list.currentIndex().siblingAtColumn(column)).isValid()
    ]
    assert spoken[0] == "Order: READY"
    assert "Status: To decide" in spoken
    assert all(": " in words for words in spoken)


def test_enter_presses_the_button_that_has_the_focus_and_nothing_behind_it(
    shown: DeskWindow,
) -> None:
    shown.select("READY")
    shown.orders.verbs.hold()
    form = shown.orders.pane.form
    assert form is not None
    form.set_value("reason", "Not this one after all")
    leave = next(each for each in form.findChildren(QPushButton) if each.text() == "Leave it")
    leave.setFocus()
    shown.press(Qt.Key.Key_Return, leave)
    assert shown.orders.pane.form is None
    assert shown.operations.next_undo == ""

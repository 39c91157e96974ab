"""Many orders at once, in a real window: said before, counted while, explained after, one undo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from app.queries.orders import order_rows
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_orders_page import answer, click, status, texts


def every_order(shown: DeskWindow) -> str:
    shown.orders.select_all()
    shown.settle()
    return texts(shown.orders.pane)


def test_each_verb_says_before_what_it_would_do(shown: DeskWindow) -> None:
    words = every_order(shown)
    assert "10 orders selected" in words
    assert "3 would ship, $" in words
    assert "1 late" in words
    assert "2 on hold" in words
    assert "left alone" in words
    assert "1 could be marked as shipped" in words
    assert "$1,305.00" in words


def test_a_verb_that_would_do_nothing_cannot_be_pressed(shown: DeskWindow) -> None:
    shown.go("orders", "ready")
    every_order(shown)
    off = {
        b.accessibleName() for b in shown.orders.pane.findChildren(QPushButton) if not b.isEnabled()
    }
    assert {"Release", "Ship…", "Take back"} <= off


def test_what_was_left_alone_stays_selected_with_its_reason_to_copy(shown: DeskWindow) -> None:
    every_order(shown)
    shown.press(Qt.Key.Key_A)
    words = texts(shown.orders.pane)
    assert "Accepted 3 orders, 7 skipped" in words
    assert "2 orders: it is on hold." in words
    assert shown.orders.list.selected_count == 7
    click(shown.orders.pane, "Copy")
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Order\tWhy it was left alone"
    assert "HELD\tit is on hold" in copied
    assert len(copied) == 8


def test_the_whole_bulk_is_one_step_to_undo(shown: DeskWindow) -> None:
    every_order(shown)
    shown.press(Qt.Key.Key_T)
    answer(shown, tag="Monday")
    assert shown.operations.next_undo == "Tag 10 orders"
    shown.window.register.run("app.undo_last")
    shown.settle()
    assert {row.tags for row in shown.desk.read(order_rows, now=brand.NOW)} == {()}


def test_a_pasted_list_ships_the_parcels_that_it_names(shown: DeskWindow) -> None:
    shown.go("orders", "ready")
    every_order(shown)
    shown.press(Qt.Key.Key_S)
    assert not shown.orders.pane.is_asking  # nothing is accepted: there is no parcel to ask about
    assert "no parcel of these orders waits" in texts(shown.window.messages)
    shown.window.messages.clear()
    ready = [row.id for row in shown.desk.read(order_rows, query="is:ready", now=brand.NOW)]
    shown.desk.run("accept", order_ids=ready)
    shown.go("orders", "toship")
    every_order(shown)
    shown.press(Qt.Key.Key_S)
    form = shown.orders.pane.form
    assert form is not None
    form.set_value("list", "Order\tTracking\nREADY\t9400111\nNOPE\t9400222")
    words = texts(form)
    assert "1 of " in words
    assert "NOPE: no parcel of it waits among these orders." in words
    assert "LATE: the list has no number for it." in words
    click(form, "Mark 1 parcel as shipped")
    shown.settle()
    assert status(shown.desk, "READY") == "shipped"
    assert status(shown.desk, "LATE") == "accepted"


def test_what_comes_in_after_a_bulk_action_was_not_meant_by_it(shown: DeskWindow) -> None:
    shown.go("orders", "ready")
    shown.orders.select_all()
    shown.press(Qt.Key.Key_A)
    brand.take_in(
        shown.desk, brand.order("NEXT-1", ("TEA-001", 1)), brand.order("NEXT-2", ("TEA-001", 1))
    )
    shown.orders.refresh()
    shown.settle()
    assert {"NEXT-1", "NEXT-2"} <= set(shown.numbers())
    assert not shown.orders.list.is_all_selected
    assert shown.orders.selected_count() < 2

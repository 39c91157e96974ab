"""Working through the queue with real keys in a real window."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget

from app.queries.order_detail import find_order, order_detail
from app.queries.orders import order_rows
from app.services.desk import Desk
from app.ui.pages.orders.columns import held
from app.ui.pages.orders.until import morning
from app.ui.words import until
from tests.queries import brand
from tests.ui.conftest import DeskWindow


def status(desk: Desk, number: str) -> str:
    order_id = desk.read(find_order, number)
    assert order_id is not None
    return desk.read(order_detail, order_id, now=brand.NOW).status


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def click(widget: QWidget, name: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.accessibleName() == name]
    assert found, f"no button {name!r}"
    found[0].click()


def test_a_key_accepts_the_suggestion_and_the_next_order_is_at_hand(shown: DeskWindow) -> None:
    shown.go("orders", "ready")
    shown.select("READY")
    shown.press(Qt.Key.Key_A)
    assert status(shown.desk, "READY") == "accepted"
    assert "READY" not in shown.numbers()
    assert shown.orders.list.current_row is not None


def test_ctrl_z_takes_the_acceptance_back(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_A)
    assert shown.window.toast.isVisible()
    assert shown.window.toast.height() > 20
    shown.window.register.run("app.undo_last")
    shown.settle()
    assert status(shown.desk, "READY") == "open"
    assert "Undone: accept 1 order" in shown.window.toast.text


def test_letters_in_the_search_are_letters(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.orders.focus_search()
    field = shown.window.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "ahc")
    shown.settle()
    assert status(shown.desk, "READY") == "open"
    assert shown.orders.pane.form is None


def test_all_matching_orders_are_accepted_and_the_receipt_says_why_not_all(
    shown: DeskWindow,
) -> None:
    shown.orders.select_all()
    shown.settle()
    assert f"{len(shown.numbers())} orders selected" in texts(shown.orders.pane)
    shown.press(Qt.Key.Key_A)
    words = texts(shown.orders.pane)
    assert "Accepted 3 orders, 7 skipped" in words
    assert "HELD: it is on hold." in words or "it is on hold." in words
    assert status(shown.desk, "READY") == "accepted"
    assert shown.operations.next_undo == "Accept 3 orders"


def test_shipping_from_elsewhere_asks_why_in_place_and_keeps_the_reason(shown: DeskWindow) -> None:
    shown.select("READY")
    click(shown.orders.pane, "Ship from Reno 3PL")
    form = shown.orders.pane.form
    assert form is not None
    form.submit()
    assert "“Why” is needed. Write it, or press a number from 1 to 4." in texts(form)
    form.set_value("reason", "The garage is snowed in")
    form.submit()
    shown.settle()
    assert status(shown.desk, "READY") == "accepted"
    shown.select("READY")
    assert "The garage is snowed in" in texts(shown.orders.pane)


def test_choosing_elsewhere_starts_at_the_best_alternative_and_says_what_it_means(
    shown: DeskWindow,
) -> None:
    shown.select("READY")
    shown.orders.verbs.override()
    shown.settle()
    form, detail = shown.orders.pane.form, shown.orders.detail
    assert form is not None
    assert detail is not None
    assert detail.suggestion is not None
    best = detail.suggestion.alternatives[0]
    assert form.values["place"] == best.location_id
    box = form.findChildren(QComboBox)[0]
    assert "arrives" in box.currentText()
    assert f"Use {best.location} instead" in {b.text() for b in form.findChildren(QPushButton)}
    assert box.itemText(box.count() - 1) == "Garage (suggested)"


def test_the_window_leaves_room_for_a_title_bar_on_a_small_screen(shown: DeskWindow) -> None:
    for wide, tall in ((1366, 700), (1440, 830)):
        shown.window.resize(wide, tall)
        shown.settle()
        assert (shown.window.width(), shown.window.height()) == (wide, tall)
        assert shown.window.minimumSizeHint().height() <= tall
        low = shown.window.status.mapTo(shown.window, shown.window.status.rect().bottomLeft())
        assert low.y() < tall


def test_a_parcel_is_shipped_with_its_tracking_number(shown: DeskWindow) -> None:
    shown.select("ACCEPTED")
    shown.press(Qt.Key.Key_S)
    form = shown.orders.pane.form
    assert form is not None
    form.set_value("tracking", "1Z999AA10123456784")
    form.set_value("carrier", "UPS")
    form.submit()
    shown.settle()
    assert status(shown.desk, "ACCEPTED") == "shipped"


def test_a_refusal_stays_in_the_question_with_what_was_typed(shown: DeskWindow) -> None:
    shown.select("ACCEPTED")
    shown.press(Qt.Key.Key_S)
    form = shown.orders.pane.form
    assert form is not None
    form.set_value("tracking", "9400100000000000000001")  # belongs to SHIPPED
    form.submit()
    shown.settle()
    assert status(shown.desk, "ACCEPTED") == "accepted"
    assert "belongs to order SHIPPED" in shown.window.toast.text


def test_hold_asks_for_a_reason_and_escape_leaves_it(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_H)
    form = shown.orders.pane.form
    assert form is not None
    shown.press(Qt.Key.Key_Escape, form)
    assert not shown.orders.pane.is_asking
    shown.press(Qt.Key.Key_H)
    again = shown.orders.pane.form
    assert again is not None
    again.set_value("reason", "Waiting for the customer")
    again.submit()
    shown.settle()
    shown.select("READY")
    assert "Waiting for the customer" in texts(shown.orders.pane)


def test_selection_and_cursor_survive_a_refresh(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.orders.list.select_ids([row.id for row in shown.orders.list.here()])
    wanted = {"READY", "SHORT", "LATE"}
    rows = shown.orders.list.rows
    ids = [rows.peek(n).id for n in range(rows.rowCount()) if rows.peek(n).number in wanted]  # type: ignore[union-attr]
    shown.orders.list.select_ids(ids)
    brand.take_in(shown.desk, brand.order("JUST-IN", ("TEA-001", 1)))
    shown.orders.make_stale()
    shown.settle()
    shown.settle()
    assert {row.number for row in shown.orders.list.here()} == wanted
    assert "JUST-IN" in shown.numbers()


def test_a_search_that_cannot_be_read_says_so_beside_it(shown: DeskWindow) -> None:
    shown.orders.search("total:>lots")
    shown.settle()
    assert any("lots" in text for text in texts(shown.orders).splitlines())
    assert "Write a number, such as total:>50." in texts(shown.orders)
    shown.orders.search("order:READY")
    shown.settle()
    assert shown.numbers() == ["READY"]


def test_a_view_shows_its_count(shown: DeskWindow) -> None:
    tabs = {b.accessibleName() for b in shown.orders.findChildren(QPushButton)}
    assert "On hold, 2" in tabs


def test_forty_orders_fit_on_a_full_screen(shown: DeskWindow) -> None:
    view = shown.orders.list
    assert view.viewport().height() // view.rowHeight(0) >= 40


def test_copied_rows_open_in_a_spreadsheet(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.orders.list.copy()
    shown.settle()
    from PySide6.QtGui import QGuiApplication

    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[0] == "Order"
    assert copied[1].split("\t")[0] == "READY"


def test_an_order_shows_its_case_and_leads_to_it(shown: DeskWindow) -> None:
    shown.select("NEW-CODE")
    row = shown.orders.list.current_row
    assert row is not None
    assert "a product code is not known here" in row.alarm
    assert row.alarm in texts(shown.orders.pane)
    click(shown.orders.pane, "Open the case")
    shown.settle()
    assert shown.window.page is shown.window.pages["exceptions"]
    assert "Link the code to a SKU…" in {
        b.accessibleName() for b in shown.window.page.findChildren(QPushButton)
    }


def test_a_held_order_says_in_the_queue_why(shown: DeskWindow) -> None:
    shown.go("orders", "held")
    shown.select("HELD")
    row = shown.orders.list.current_row
    assert row is not None
    assert row.held_for
    assert row.held_for in texts(shown.orders.pane)


def test_a_short_order_says_its_numbers_and_where_to_receive(shown: DeskWindow) -> None:
    shown.select("SHORT")
    words = texts(shown.orders.pane)
    assert "MUG-RED: 50 ordered, 5 free, 45 missing; nothing is kept" in words
    assert "Ship the rest of the order now" not in words
    click(shown.orders.pane, "Receive stock…")
    shown.settle()
    assert shown.window.page is shown.inventory


def answer(shown: DeskWindow, **values: str) -> None:
    form = shown.orders.pane.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    shown.press(Qt.Key.Key_Return, form)


def test_a_tag_is_put_on_with_a_key_and_taken_off_with_a_click(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_T)
    answer(shown, tag="VIP")
    shown.select("LATE")
    shown.press(Qt.Key.Key_T)
    assert "1  VIP" in {b.text() for b in shown.orders.pane.findChildren(QPushButton)}
    answer(shown, tag="1")  # the number of what is offered
    shown.select("LATE")
    click(shown.orders.pane, "Take the tag VIP off")
    shown.settle()
    assert [
        row.tags for row in shown.desk.read(order_rows, query="order:READY", now=brand.NOW)
    ] == [("VIP",)]
    assert [row.tags for row in shown.desk.read(order_rows, query="order:LATE", now=brand.NOW)] == [
        ()
    ]


def test_an_order_is_assigned_to_who_works_here(shown: DeskWindow) -> None:
    shown.desk.run("add_operator", name="Ann", role="operator")
    shown.select("READY")
    shown.press(Qt.Key.Key_Y)
    answer(shown, person="Zoe")
    assert "Nobody called “Zoe” works at this desk" in texts(shown.orders.pane)
    answer(shown, person="ann")
    shown.select("READY")
    assert "Assigned to Ann" in {
        b.accessibleName() for b in shown.orders.pane.findChildren(QPushButton)
    }


def test_a_hold_says_until_when_in_the_list_and_beside_it(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_H)
    form = shown.orders.pane.form
    assert form is not None
    form.findChildren(QComboBox)[0].setCurrentText("next Monday")
    answer(shown, reason="1")
    shown.select("READY")
    row = shown.orders.list.current_row
    assert row is not None
    assert row.held_for == "Waiting for the customer"
    assert row.held_until == morning(date(2026, 10, 19))
    monday = until(row.held_until, brand.NOW)
    assert f"On hold {monday}, by Owner" in texts(shown.orders.pane)
    assert held(row, brand.NOW) == f"U{monday[1:]} · Waiting for the customer"


def test_a_date_that_is_none_is_said_in_the_question(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_H)
    form = shown.orders.pane.form
    assert form is not None
    form.findChildren(QComboBox)[0].setCurrentText("when pigs fly")
    answer(shown, reason="1")
    assert "“when pigs fly” is no day; write it such as 12/25/2026." in texts(shown.orders.pane)
    assert status(shown.desk, "READY") == "open"


def test_the_window_lifts_a_hold_when_its_minute_has_come(shown: DeskWindow) -> None:
    ready = shown.desk.read(find_order, "READY")
    until = brand.NOW + timedelta(minutes=5)
    shown.desk.run("hold", order_ids=[ready], reason="A moment", until=until)
    shown.desk.now = lambda: brand.NOW + timedelta(minutes=6)
    shown.orders.tick()
    shown.settle()
    shown.select("READY")
    assert "On hold" not in texts(shown.orders.pane)


def current(shown: DeskWindow) -> str:
    row = shown.orders.list.current_row
    assert row is not None
    return str(row.number)


def test_a_decision_leads_to_the_next_order_also_where_the_row_stays(shown: DeskWindow) -> None:
    shown.select("LATE")
    numbers = shown.numbers()
    after = numbers[numbers.index("LATE") + 1]
    shown.press(Qt.Key.Key_A)
    assert current(shown) == after
    assert "LATE" in shown.numbers()
    shown.press(Qt.Key.Key_N)  # a note is no decision
    answer(shown, text="Call first")
    assert current(shown) == after


def test_numbers_take_the_ways_out_that_stand_beside_the_order(shown: DeskWindow) -> None:
    shown.select("HELD")
    buttons = {b.text() for b in shown.orders.pane.findChildren(QPushButton)}
    assert {"1  Correct the address…", "2  Release"} <= buttons
    shown.press(Qt.Key.Key_2)
    shown.go("orders", "ready")
    assert "HELD" in shown.numbers()
    shown.select("HELD")
    shown.press(Qt.Key.Key_2)  # 1 is to accept, 2 the first alternative
    answer(shown, reason="1")
    assert status(shown.desk, "HELD") == "accepted"
    shown.select("READY")
    shown.press(Qt.Key.Key_1)
    assert status(shown.desk, "READY") == "accepted"


def test_a_number_that_nothing_stands_for_does_nothing(shown: DeskWindow) -> None:
    shown.select("SHIPPED")
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        shown.press(key)
    assert status(shown.desk, "SHIPPED") == "shipped"


def test_enter_gives_an_order_the_whole_width_and_escape_returns_to_its_row(
    shown: DeskWindow,
) -> None:
    shown.select("LATE")
    shown.press(Qt.Key.Key_Return)
    assert not shown.orders.list.isVisible()
    shown.press(Qt.Key.Key_Down, shown.orders)
    below = current(shown)
    assert below != "LATE"
    assert below in texts(shown.orders.pane)
    shown.press(Qt.Key.Key_H, shown.orders)  # keys work here too
    assert shown.orders.pane.is_asking
    shown.press(Qt.Key.Key_Escape, shown.orders.pane.form)
    shown.press(Qt.Key.Key_Escape, shown.orders)
    assert shown.orders.list.isVisible()
    assert shown.orders.list.hasFocus()
    assert current(shown) == below


def test_the_order_below_is_there_before_it_is_asked_for(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.orders.list.go(1)
    QApplication.processEvents()  # no reading, only what is here already
    assert shown.orders.detail is not None
    assert shown.orders.detail.number == current(shown)


def test_the_detail_never_takes_the_focus_from_the_list(shown: DeskWindow) -> None:
    for number in ("READY", "SHORT", "NEW-CODE"):
        shown.orders.list.setFocus()
        shown.select(number)
        assert shown.orders.list.hasFocus()


def test_a_choice_by_hand_says_from_where_to_where_by_whom_and_why(shown: DeskWindow) -> None:
    shown.select("READY")
    shown.press(Qt.Key.Key_2)
    answer(shown, reason="The garage is snowed in")
    shown.select("READY")
    words = texts(shown.orders.pane)
    assert "Garage → " in words
    assert "The garage is snowed in" in words
    assert "Owner, today " in words


def test_more_columns_are_offered_and_not_shown(shown: DeskWindow) -> None:
    columns = {column.name: column for column in shown.orders.model.columns}
    wanted = {"tags", "assigned", "skus", "country", "zip", "service", "deliver_by", "tracking",
              "carrier", "placed", "taken_in", "weight", "hold_until", "case", "e_mail", "notes"}  # fmt: skip
    assert {name for name in wanted if columns[name].is_hidden} == wanted
    row = shown.desk.read(order_rows, query="order:READY", now=brand.NOW)[0]
    said = {name: columns[name].text(row) for name in wanted}
    assert (said["weight"], said["zip"], said["skus"]) == ("400 g", "10001", "2 × TEA-001")


def test_orders_to_one_address_are_offered_together_and_ship_with_one_number(
    shown: DeskWindow,
) -> None:
    shown.select("LATE")
    words = texts(shown.orders.pane)
    assert "same address" in words
    assert "READY" in words
    shown.orders.list.select_ids(
        [row.id for row in shown.desk.read(order_rows, query="order:LATE,READY", now=brand.NOW)]
    )
    shown.settle()
    shown.press(Qt.Key.Key_M)
    offered = re.search(r"of postage instead of .*: (.*) less", texts(shown.orders.pane))
    assert offered is not None
    answer(shown, tracking="9400100000000000000088")
    assert (status(shown.desk, "LATE"), status(shown.desk, "READY")) == ("shipped", "shipped")
    assert f"for {offered[1]} less postage" in texts(shown.window.toast)


def test_what_looks_like_an_order_again_opens(shown: DeskWindow) -> None:
    shown.select("LATE")
    assert "Perhaps ordered twice" in texts(shown.orders.pane)
    click(shown.orders.pane, "Open HELD")
    shown.settle()
    assert current(shown) == "HELD"

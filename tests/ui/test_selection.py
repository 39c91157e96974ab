"""What is selected stays selected, whatever comes, goes, or was never read."""

from __future__ import annotations

import csv
from pathlib import Path
from threading import Event

import openpyxl
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.ui.lists.copying import MOST_COPIED, as_text
from app.ui.lists.list_view import ListView
from app.ui.lists.pages import PAGE
from app.ui.lists.selection import runs
from tests.ui.conftest import DeskWindow
from tests.ui.test_table import ManyRows, a_list

Flag = QItemSelectionModel.SelectionFlag


def select(view: ListView, first: int, last: int, flags: Flag = Flag.ClearAndSelect) -> None:
    rows = view.rows
    part = QItemSelection(rows.index(first, 0), rows.index(last, rows.columnCount() - 1))
    view.selectionModel().select(part, flags | Flag.Rows)


def ids(shown: DeskWindow, view: ListView) -> list[int]:
    found: list[list[int]] = []
    view.selected_ids(found.append)
    shown.settle()
    return sorted(found[0])


def come_in_above(shown: DeskWindow, view: ListView, source: ManyRows, count: int) -> None:
    source.before -= count
    source.total += count
    view.refresh()
    shown.settle()


def test_rows_that_come_in_above_move_neither_selection_nor_what_one_looks_at(
    shown: DeskWindow,
) -> None:
    source = ManyRows(total=1000)
    view = a_list(shown, source)
    view.verticalScrollBar().setValue(60)
    view.selectRow(70)
    select(view, 71, 74, Flag.Select)
    shown.settle()
    top = view.rows.peek(view.visible_rows()[0])
    come_in_above(shown, view, source, 7)
    assert ids(shown, view) == [70, 71, 72, 73, 74]
    assert view.selected_count == 5
    assert view.rows.peek(view.visible_rows()[0]) == top
    assert view.current_row.id == 70  # type: ignore[union-attr]


def test_rows_that_are_pushed_out_of_sight_stay_selected(shown: DeskWindow) -> None:
    source = ManyRows(total=5000)
    view = a_list(shown, source)
    view.selectRow(0)
    select(view, 150, 152, Flag.Select)
    shown.settle()
    come_in_above(shown, view, source, 3 * PAGE)
    assert ids(shown, view) == [0, 150, 151, 152]
    assert view.selected_count == 4
    view.scrollTo(view.rows.index(150 + 3 * PAGE, 0))
    shown.settle()
    assert (150 + 3 * PAGE, 152 + 3 * PAGE) in view.ranges
    assert view.selected_count == 4


def test_a_fresh_click_forgets_what_was_selected_out_of_sight(shown: DeskWindow) -> None:
    source = ManyRows(total=5000)
    view = a_list(shown, source)
    select(view, 0, 3)
    view.select_ids([0, 1, 4900])
    assert view.selected_count == 3
    view.selectRow(9)
    assert ids(shown, view) == [9]


def test_many_rows_that_were_never_read_are_the_same_after_a_refresh(shown: DeskWindow) -> None:
    source = ManyRows(total=20_000)
    view = a_list(shown, source)
    select(view, 5, 12_000)
    shown.settle()
    assert view.selected_count == 11_996
    come_in_above(shown, view, source, 10)
    assert view.selected_count == 11_996
    assert ids(shown, view) == list(range(5, 12_001))


def test_scroll_stays_when_the_cursor_is_elsewhere(shown: DeskWindow) -> None:
    source = ManyRows(total=3000)
    view = a_list(shown, source)
    view.selectRow(2)
    view.verticalScrollBar().setValue(900)
    shown.settle()
    top = view.rows.peek(view.visible_rows()[0])
    come_in_above(shown, view, source, 4)
    assert view.rows.peek(view.visible_rows()[0]) == top


def test_a_row_far_down_is_found_again(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows(total=9000))
    view.seek(7777)
    view.show_source(ManyRows(total=9000))
    shown.settle()
    assert view.current_row.id == 7777  # type: ignore[union-attr]
    first, last = view.visible_rows()
    assert first <= 7777 <= last


def test_all_is_whatever_matches_and_the_foot_says_so(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    page = shown.orders
    QTest.keyClick(page.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    shown.settle()
    assert page.list.is_all_selected
    assert page.foot.said.text() == "All 10 orders selected"
    assert page.foot.clear.isVisible()
    page.foot.clear.click()
    shown.settle()
    assert page.list.selected_count == 1
    assert page.foot.said.text() == "10 orders"
    assert not page.foot.clear.isVisible()


def test_all_but_one_is_not_all(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows(total=3000))
    view.selectAll()
    select(view, 10, 10, Flag.Deselect)
    assert not view.is_all_selected
    assert ids(shown, view) == [n for n in range(3000) if n != 10]


def test_numbers_become_ranges() -> None:
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert runs([]) == []


# ---- out of the list ----------------------------------------------------------------------------


def clipboard(shown: DeskWindow) -> list[list[str]]:
    QTest.keyClick(shown.orders.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    shown.settle()
    return [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]


def test_rows_are_copied_with_the_columns_that_are_shown_in_their_order(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    shape = shown.orders.list.shape
    shape.choose(shape.layout.showing(["total", "channel"]))
    shown.orders.select_all()
    shown.settle()
    title, *rows = clipboard(shown)
    assert title == ["Order", "Total", "Channel"]
    assert [row[0] for row in rows] == shown.numbers()


def test_rows_out_of_sight_are_copied_in_the_order_of_the_list(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows(total=5000))
    view.select_ids([4000, 3, 4500])
    view.copy()
    shown.settle()
    assert QGuiApplication.clipboard().text().split("\n") == [
        "Name", "Order 3", "Order 4000", "Order 4500",
    ]  # fmt: skip


def test_too_many_rows_for_the_clipboard_are_refused_with_the_way_out(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows(total=MOST_COPIED + 1))
    refused: list[int] = []
    view.too_many.connect(refused.append)
    view.selectAll()
    view.copy()
    shown.settle()
    assert refused == [MOST_COPIED + 1]


def test_no_cell_runs_as_a_formula() -> None:
    for text in ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1", "\uff1d1"):
        assert as_text(text).startswith("'"), text
    for text in ("-5", "+12", "-$5.00", "1=1", "Mug", "−, a dash"):
        assert as_text(text) == text
    assert [as_text(text) for text in ("−3", "−$5.00")] == ["-3", "-$5.00"]


def test_the_list_is_exported_as_csv_and_excel_with_what_is_shown(
    shown: DeskWindow, tmp_path: Path
) -> None:
    shown.go("orders", "all")
    shape = shown.orders.list.shape
    shape.choose(shape.layout.showing(["total", "buyer"]))
    shown.orders.exports.write(tmp_path / "list.csv")
    shown.settle()
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        title, *rows = csv.reader(file)
    assert title == ["Order", "Total", "Buyer"]
    assert [row[0] for row in rows] == shown.numbers()
    shown.orders.list.select_ids([row.id for row in shown.orders.model.page(0)[2:5]])
    shown.orders.exports.write(tmp_path / "list.xlsx")
    shown.settle()
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in cells[1:]] == shown.numbers()[2:5]
    assert all(cell.data_type == "s" for row in sheet.iter_rows() for cell in row if cell.value)


def test_an_export_that_is_cancelled_writes_nothing(shown: DeskWindow, tmp_path: Path) -> None:
    shown.go("orders", "all")
    others = Event()  # what stands before it in the queue of long work
    shown.operations.job(others.wait, then=bool)
    shown.orders.exports.write(tmp_path / "list.csv")
    shown.orders.exports.cancel()
    others.set()
    shown.settle()
    assert not (tmp_path / "list.csv").exists()
    assert not shown.orders.foot.cancel.isVisible()

"""A person arranges the columns, the sorting and the height of a list, and finds them so again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionHeaderV2

from app.services.desk import Desk
from app.ui.lists.columns import Column, Layout, layout_of
from app.ui.lists.list_view import ListView
from tests.queries import brand
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


def header(shown: DeskWindow, name: str) -> QPoint:
    """Return where the title of a column is."""
    view = shown.orders.list
    number = [column.name for column in view.rows.columns].index(name)
    head = view.horizontalHeader()
    at = head.sectionViewportPosition(number) + head.sectionSize(number) // 2
    return QPoint(at, head.height() // 2)


def click_header(shown: DeskWindow, name: str) -> None:
    viewport = shown.orders.list.horizontalHeader().viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=header(shown, name))
    shown.settle()


def again(shown: DeskWindow, tmp_path: Path, open_window: Open) -> DeskWindow:
    shown.window.close()
    later = open_window(brand.same_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}"))
    later.window.open()
    later.settle()
    return later


# ---- sorting ------------------------------------------------------------------------------------


def test_a_title_sorts_then_reverses_then_gives_the_view_s_own_order_back(
    shown: DeskWindow,
) -> None:
    shown.go("orders", "all")
    own = shown.numbers()
    click_header(shown, "buyer")
    up = [shown.orders.model.peek(n).buyer_name for n in range(len(own))]  # type: ignore[union-attr]
    assert up == sorted(up)
    assert shown.orders.list.horizontalHeader().sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
    click_header(shown, "buyer")
    down = [shown.orders.model.peek(n).buyer_name for n in range(len(own))]  # type: ignore[union-attr]
    assert down == sorted(up, reverse=True)
    click_header(shown, "buyer")
    assert shown.numbers() == own
    assert (shown.orders.model.sorting, shown.orders.model.descending) == ("placed_at", True)


def test_the_arrow_of_sorting_stands_beside_a_title_on_the_right(shown: DeskWindow) -> None:
    head = shown.orders.list.horizontalHeader()
    total = [column.name for column in shown.orders.list.rows.columns].index("total")
    for is_sorted in (False, True):
        option = QStyleOptionHeaderV2()
        head.initStyleOptionForIndex(option, total)
        title: Any = option
        assert (title.text != "Total") is is_sorted
        click_header(shown, "total")


def test_a_title_that_cannot_sort_changes_nothing(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    own = shown.numbers()
    click_header(shown, "items")
    assert shown.numbers() == own
    assert shown.orders.model.sorting == "placed_at"


# ---- columns ------------------------------------------------------------------------------------


def test_columns_are_chosen_moved_and_reset_in_the_chooser(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    view, chooser = shown.orders.list, shown.orders.chooser
    own = view.shape.on_screen()
    view.horizontalHeader().customContextMenuRequested.emit(QPoint(40, 5))
    assert chooser.isVisible()
    names = [chooser.list.item(n).text() for n in range(chooser.list.count())]
    assert names[0] == "Order"
    buyer = names.index("Buyer")
    chooser.list.item(buyer).setCheckState(Qt.CheckState.Unchecked)
    assert "buyer" not in view.shape.on_screen()
    chooser.list.setCurrentRow(names.index("Total"))
    for _step in range(20):
        QTest.keyClick(chooser.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert view.shape.on_screen()[:2] == ["order", "total"]
    chooser.reset.click()
    assert view.shape.on_screen() == own
    QTest.keyClick(chooser.list, Qt.Key.Key_Escape)
    assert not chooser.isVisible()


def test_a_column_that_is_only_offered_can_be_chosen(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    view = shown.orders.list
    offered = next(column for column in view.rows.columns if column.is_hidden)
    assert offered.name not in view.shape.on_screen()
    shown.orders.chooser.open()
    items = [shown.orders.chooser.list.item(n) for n in range(shown.orders.chooser.list.count())]
    next(i for i in items if i.text() == offered.words).setCheckState(Qt.CheckState.Checked)
    assert view.shape.on_screen()[-1] == offered.name


def test_the_first_column_stays_in_front_and_on_the_screen(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    view = shown.orders.list
    view.horizontalHeader().moveSection(3, 0)
    assert view.shape.on_screen()[0] == "order"
    view.shape.choose(Layout(("total", "channel")))
    assert view.shape.on_screen() == ["order", "total", "channel"]


def test_columns_step_aside_on_a_narrow_screen_unless_a_person_chose_them(
    shown: DeskWindow,
) -> None:
    shown.go("orders", "all")
    view = shown.orders.list
    wide = view.shape.on_screen()
    shown.window.resize(1100, 768)
    QApplication.processEvents()
    assert len(view.shape.on_screen()) < len(wide)
    view.shape.choose(Layout(("ordered", "to", "buyer", "items", "ships_from")))
    assert view.shape.on_screen() == ["order", "ordered", "to", "buyer", "items", "ships_from"]


def test_order_and_width_of_columns_come_back(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    shown.go("orders", "all")
    view = shown.orders.list
    head = view.horizontalHeader()
    names = [column.name for column in view.rows.columns]
    head.moveSection(head.visualIndex(names.index("total")), 1)
    view.setColumnWidth(names.index("channel"), 222)
    arranged = view.shape.on_screen()
    assert arranged[1] == "total"
    later = again(shown, tmp_path, open_window).orders.list
    assert later.shape.on_screen() == arranged
    assert later.columnWidth(names.index("channel")) == 222


def test_a_double_click_between_titles_fits_the_column(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    view = shown.orders.list
    number = [column.name for column in view.rows.columns].index("buyer")
    view.setColumnWidth(number, 300)
    view.horizontalHeader().sectionHandleDoubleClicked.emit(number)
    assert view.columnWidth(number) < 300


def test_each_view_of_one_s_own_has_its_columns(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    page = shown.orders.list.shape.on_screen()
    shown.desk.run("save_view", page="orders", name="Short", columns=["order", "buyer", "total"])
    shown.orders.views.read()
    shown.settle()
    shown.orders.show_view_by_key("own-1")
    shown.settle()
    assert shown.orders.list.shape.on_screen() == ["order", "buyer", "total"]
    shown.orders.show_view_by_key("all")
    assert shown.orders.list.shape.on_screen() == page


@pytest.mark.parametrize(
    "spoilt", [None, [], "x", {"names": 3, "widths": []}, {"widths": {"a": "b"}}]
)
def test_a_spoilt_layout_counts_as_the_page_s_own(spoilt: object) -> None:
    assert layout_of(spoilt) == Layout()


def test_columns_that_are_gone_are_left_out_and_named_by_their_titles() -> None:
    columns = [Column("Order", str), Column("Ship by", str), Column("!", str, name="alarm")]
    assert Layout(("gone", "ship_by", "ship_by")).shown(columns) == ["order", "ship_by"]
    assert Layout().shown(columns) == ["order", "ship_by", "alarm"]


# ---- pane and rows ------------------------------------------------------------------------------


def test_the_width_of_the_pane_comes_back(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    shown.go("orders", "all")
    splitter = shown.orders.splitter
    splitter.moveSplitter(splitter.width() - 640, 1)
    wide = splitter.sizes()[1]
    later = again(shown, tmp_path, open_window).orders.splitter
    assert abs(later.sizes()[1] - wide) <= 2


def rows_on_screen(view: ListView) -> int:
    return view.viewport().height() // view.verticalHeader().defaultSectionSize()


def test_compact_rows_fit_forty_on_a_full_screen_and_comfortable_ones_come_back(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    shown.go("orders", "all")
    assert shown.window.density() == "compact"
    assert rows_on_screen(shown.orders.list) >= 40
    assert shown.window.register.run("app.set_density_comfortable")
    assert rows_on_screen(shown.orders.list) < 36
    later = again(shown, tmp_path, open_window)
    assert later.window.density() == "comfortable"
    assert rows_on_screen(later.orders.list) < 36


def test_the_first_column_stays_when_one_scrolls_sideways(shown: DeskWindow) -> None:
    view = shown.orders.list
    view.shape.choose(view.shape.layout.showing([column.name for column in view.rows.columns]))
    shown.settle()
    wide = view.columnWidth(0) - 2
    stays = QRect(0, 0, wide, view.visualRect(view.model().index(4, 0)).bottom())
    before = view.viewport().grab(stays).toImage()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum() // 2)
    shown.settle()
    assert view.horizontalScrollBar().value() > wide
    assert view.viewport().grab(stays).toImage() == before
    view.rows.sort_by("", False)
    head = view.horizontalHeader().viewport()
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=QPoint(20, head.height() // 2))
    shown.settle()
    assert view.rows.sorting == view.rows.columns[0].sort

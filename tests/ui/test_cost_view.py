"""What it costs to serve: every number lists exactly its orders, and what they add up to is that number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.analytics.costs.report import GROUPS, By, CostRow, OrderShare
from app.services.desk import Desk
from app.ui.charts.costs import CostOf
from app.ui.pages.insights.cost.part import MOST, CostToServe
from app.ui.pages.insights.page import InsightsPage
from app.ui.widgets.text import Text
from app.ui.words import money
from tests.analytics.thirty_orders import thirty_orders
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


@pytest.fixture
def shown(tmp_path: Path, open_window: Open) -> DeskWindow:
    window = open_window(thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}"))
    window.window.go("insights", "cost")
    window.settle()
    look(window, By.CHANNEL)
    return window


def view(shown: DeskWindow) -> CostToServe:
    page = shown.window.pages["insights"]
    assert isinstance(page, InsightsPage)
    assert isinstance(page.part, CostToServe)
    return page.part


def look(shown: DeskWindow, by: By, way: str = "steps") -> None:
    view(shown).look(by, 365, way)
    shown.settle()


def rows(shown: DeskWindow) -> Sequence[CostRow]:
    found = view(shown).found
    assert found is not None
    return found.report.rows


def orders_after(shown: DeskWindow, act: Callable[[], object]) -> list[OrderShare]:
    model = view(shown).rows.model
    with shown.qtbot.waitSignal(model.loaded, timeout=20_000):
        act()
    return [row for at in range(model.rowCount()) if (row := model.peek(at)) is not None]


def test_every_number_lists_its_orders_and_they_add_up_to_it(shown: DeskWindow) -> None:
    slices_list_their_orders(shown, By.CHANNEL)
    bars_list_their_orders(shown)
    cells_list_their_orders(shown)
    slices_list_their_orders(shown, By.CHANNEL_SKU_LOCATION)
    the_dearest_slices_list_their_orders(shown)
    an_order_opens(shown)


def slices_list_their_orders(shown: DeskWindow, by: By) -> None:
    look(shown, by)
    assert len(rows(shown)) > 3
    for row in rows(shown)[:8]:
        found = orders_after(shown, partial(view(shown).show_orders, row.key))
        assert len(found) == row.orders, row.slice
        assert sum(each.contribution for each in found) == row.contribution
        assert sum(each.units for each in found) == row.units


def bars_list_their_orders(shown: DeskWindow) -> None:
    part = view(shown)
    for at, row in enumerate(rows(shown)[:2]):
        part.list.go(at)
        shown.settle()
        chart = part.card().chart
        for spot in chart.spots:
            opens = spot.opens
            assert isinstance(opens, CostOf)
            assert opens.key == row.key
            where = chart.rect_of(spot).center().toPoint()
            found = orders_after(shown, partial(click, chart, where))
            if not opens.steps:  # what is left over is of all of its orders
                assert len(found) == row.orders
                continue
            (step,) = opens.steps
            assert len(found) == row.touched[step], (row.slice, step)
            assert sum(each.amount for each in found) == row.steps[step]


def click(chart: QWidget, where: QPoint) -> None:
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=where)


def cells_list_their_orders(shown: DeskWindow) -> None:
    part, row = view(shown), rows(shown)[-1]
    at = len(rows(shown)) - 1
    for number, column in enumerate(part.model.columns):
        if column.name not in GROUPS or part.list.isColumnHidden(number):
            continue
        part.list.setCurrentIndex(part.model.index(at, number))
        found = orders_after(shown, lambda: part.list.doubleClicked.emit(part.list.currentIndex()))
        assert sum(each.amount for each in found) == getattr(row, column.name), column.name


def the_dearest_slices_list_their_orders(shown: DeskWindow) -> None:
    look(shown, By.SKU, MOST)
    chart = view(shown).card().chart
    assert chart.drawing is not None
    amounts = [float(row[1]) for row in chart.drawing.table.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert chart.drawing.table.rows[-1][2] == "100.0"
    by_key = {row.key: row for row in rows(shown)}
    for spot in chart.spots[:3]:
        assert isinstance(spot.opens, CostOf)
        assert spot.opens.key is not None
        found = orders_after(shown, partial(chart.opened.emit, spot.opens))
        assert len(found) == by_key[spot.opens.key].orders


def an_order_opens(shown: DeskWindow) -> None:
    part = view(shown)
    (first, *_others) = orders_after(shown, lambda: part.show_orders(None))
    shown.settle()
    part.rows.open_row()
    shown.settle()
    assert shown.orders.detail is not None
    assert shown.orders.detail.number == first.number
    shown.go("insights")


def test_files_say_what_is_shown(shown: DeskWindow) -> None:
    part, saved = view(shown), dict[str, bytes]()
    part.shell.save_file = lambda name, content: saved.update({name: content})  # type: ignore[method-assign]
    part.save_table()
    part.card().save_numbers()
    table = list(csv.reader(io.StringIO(saved["costs-by-channel.csv"].decode("utf-8-sig"))))
    assert table[0] == [column.words for column in part.model.columns]
    assert table[1:] == [[column.text(row) for column in part.model.columns] for row in rows(shown)]
    drawing = part.card().chart.drawing
    assert drawing is not None
    steps = list(csv.reader(io.StringIO(saved["waterfall.csv"].decode("utf-8-sig"))))
    assert [tuple(row) for row in steps] == [drawing.table.header, *drawing.table.rows]
    assert steps[-1][0] == "Left over"


def test_what_work_costs_is_entered_counts_and_can_be_taken_back(shown: DeskWindow) -> None:
    part = view(shown)
    before = sum(row.fees for row in rows(shown))
    part.ask_work()
    form = part.asking.form
    assert form is not None
    form.set_value("percent", "nine")
    form.submit()
    assert not form.isHidden()  # nothing was taken over, nothing is lost
    assert "“nine” is no share" in "\n".join(each.text() for each in form.findChildren(Text))
    form.set_value("percent", "9.5")
    form.set_value("wage", "24.00")
    form.submit()
    shown.settle()
    assert part.found is not None
    assert (part.found.policy.wage, part.found.policy.payment.basis_points) == (2400, 950)
    assert sum(row.fees for row in rows(shown)) < before
    shown.operations.undo()
    shown.settle()
    assert part.found.policy.wage == 2000


def test_an_orders_pane_says_what_serving_it_costs(shown: DeskWindow) -> None:
    (first, *_others) = orders_after(shown, lambda: view(shown).show_orders(None))
    shown.window.open_order(first.id)
    shown.settle()
    detail = shown.orders.detail
    assert detail is not None
    assert detail.costs is not None
    assert detail.costs.contribution == first.contribution
    said = [each.text() for each in shown.orders.pane.findChildren(Text)]
    assert "Cost to serve" in said
    assert money(first.contribution, "USD") in said

"""Insights: every number opens exactly the rows that it counts, and files say what is shown."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.analytics.kpis.rows_behind import Counted, Part
from app.analytics.kpis.stock_and_sales import SoldWeek
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.kinds import Dimension, Measure
from app.models.standards import standards
from app.services.desk import Desk
from app.ui.charts.drawing import Canvas, Drawing, Spot
from app.ui.charts.kpis import stock_figure
from app.ui.pages.insights.figures import Figures
from app.ui.pages.insights.page import InsightsPage
from app.ui.pages.insights.reading import OrdersOf, Shown, Wish, report_pages
from app.ui.tokens import DARK, LIGHT
from app.ui.widgets.form import InlineForm
from app.ui.widgets.text import Elided
from tests.analytics.thirty_orders import thirty_orders
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


@pytest.fixture
def shown(tmp_path: Path, open_window: Open) -> DeskWindow:
    window = open_window(thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}"))
    window.go("insights")
    return window


def page_of(shown: DeskWindow) -> Figures:
    page = shown.window.pages["insights"]
    assert isinstance(page, InsightsPage)
    assert isinstance(page.part, Figures)
    return page.part


def rows_after(shown: DeskWindow, act: Callable[[], object]) -> int:
    """Do something that lists rows, and return how many are listed."""
    page = page_of(shown)
    with shown.qtbot.waitSignal(page.pane.rows.model.loaded, timeout=20_000):
        act()
    return page.pane.rows.model.rowCount()


def point_of(page: Figures, spot: Spot) -> QPoint:
    return page.pane.card.chart.rect_of(spot).center().toPoint()


def look(shown: DeskWindow, wish: Wish) -> Drawing:
    page_of(shown).look(wish)
    shown.settle()
    drawing = page_of(shown).pane.card.chart.drawing
    assert drawing is not None
    return drawing


def test_every_number_opens_exactly_the_rows_that_it_counts(shown: DeskWindow) -> None:
    tiles_open_their_rows(shown)
    weeks_open_their_rows(shown)
    bars_open_their_rows(shown)
    rows_open_their_order(shown)
    values_are_said_to_pointer_and_keys(shown)
    files_say_what_is_shown(shown)
    a_standard_is_changed_where_it_stands(shown)
    sales_open_the_orders_of_their_week(shown)


def tiles_open_their_rows(shown: DeskWindow) -> None:
    page, tried = page_of(shown), 0
    for measure, card in page.tiles.cards.items():
        for counted, count, number in card.numbers:
            assert isinstance(number, QPushButton)
            assert rows_after(shown, number.click) == count, (measure, counted)
            tried += 1
        assert len(card.numbers) in (0, 1, 2, 4), measure
    assert tried > 40


def weeks_open_their_rows(shown: DeskWindow) -> None:
    drawing = look(shown, Wish(Measure.ON_TIME_SHIP, Dimension.CHANNEL, 13, Shown.WEEKS))
    numbers = {(row[1], row[2]): int(row[4]) for row in drawing.table.rows}
    opened = 0
    for spot, row in zip(drawing.spots, drawing.table.rows, strict=True):
        if spot.opens is None:
            assert numbers[row[1], row[2]] == 0
            continue
        assert rows_after(shown, partial(click, shown, spot)) == numbers[row[1], row[2]]
        opened += 1
    assert opened == 5  # Etsy in two weeks; Amazon, Walmart and Shopify in one


def click(shown: DeskWindow, spot: Spot) -> None:
    page = page_of(shown)
    QTest.mouseClick(page.pane.card.chart, Qt.MouseButton.LeftButton, pos=point_of(page, spot))


def bars_open_their_rows(shown: DeskWindow) -> None:
    drawing = look(shown, Wish(Measure.CYCLE_TIME, Dimension.KIND, 13, Shown.TIMES))
    bars = [
        (spot, int(row[4])) for spot, row in zip(drawing.spots, drawing.table.rows, strict=True)
    ]
    assert sum(count for _spot, count in bars) == 24
    for spot, count in bars:
        if count:
            assert rows_after(shown, partial(click, shown, spot)) == count


def rows_open_their_order(shown: DeskWindow) -> None:
    page = page_of(shown)
    card = page.tiles.cards[Measure.ON_TIME_SHIP]
    late = next(each.counted for each in page.overview.tiles[0].slices if each.name == "own_store")  # type: ignore[union-attr]
    assert card.numbers
    misses = Counted(late.measure, late.span, late.by, late.slices, Part.MISSES)
    assert rows_after(shown, lambda: page.show_rows(misses)) == 3
    shown.settle()
    row = page.pane.rows.list.current_row
    assert row is not None
    page.pane.rows.open_row()
    shown.settle()
    assert shown.window.page is shown.orders
    assert shown.orders.detail is not None
    assert shown.orders.detail.number == row.name
    shown.go("insights")


def values_are_said_to_pointer_and_keys(shown: DeskWindow) -> None:
    page = page_of(shown)
    drawing = look(shown, Wish(Measure.ON_TIME_SHIP, Dimension.CHANNEL, 13, Shown.WEEKS))
    chart, spot = (
        page.pane.card.chart,
        next(each for each in drawing.spots if each.opens is not None),
    )
    QTest.mouseMove(chart, QPoint(1, 1))
    QTest.mouseMove(chart, point_of(page, spot))
    shown.qtbot.waitUntil(lambda: chart.spot is spot)
    assert chart.accessibleDescription() == spot.words
    assert spot.words.startswith("Amazon, week of Oct 5: 66.67 %, 2 of 3")
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.spot is drawing.spots[drawing.spots.index(spot) + 1]
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert rows_after(shown, lambda: QTest.keyClick(chart, Qt.Key.Key_Return)) == 3


def files_say_what_is_shown(shown: DeskWindow) -> None:
    page, saved = page_of(shown), dict[str, bytes]()
    page.shell.save_file = lambda name, content: saved.update({name: content})  # type: ignore[method-assign]
    card = page.card()
    card.save_numbers()
    drawing = page.pane.card.chart.drawing
    assert drawing is not None
    text = saved["on-time-ship-by-channel.csv"].decode("utf-8-sig")
    assert [tuple(row) for row in csv.reader(io.StringIO(text))] == [
        drawing.table.header, *drawing.table.rows,
    ]  # fmt: skip
    card.save_picture()
    card.save_drawing()
    shown.settle()
    assert saved["on-time-ship-by-channel.png"].startswith(b"\x89PNG")
    assert b"<svg" in saved["on-time-ship-by-channel.svg"][:600]


def a_standard_is_changed_where_it_stands(shown: DeskWindow) -> None:
    pane = page_of(shown).pane
    refused = change(shown, "Late orders at Amazon", limit="0.5")
    assert refused is pane.asking.form, "the warning stands beyond the limit: it is asked again"
    refused.leave()
    assert pane.card.isVisible()
    change(shown, "Late orders at Amazon", limit="3.5", begins="2099-01-01", reason="They told us")
    assert pane.card.isVisible()
    version, every = shown.desk.read(standards)
    late = next(each for each in every if each.code == "amazon-late")
    assert (version, late.limit, late.begins, late.dated) == (1, 350, "2099-01-01", "2026-11-23")
    said = [each.accessibleName() for each in pane.findChildren(Elided)]
    assert "Late orders at Amazon counts from Jan 1, 2099 on: at most 3.5 %" in said


def change(shown: DeskWindow, title: str, **values: str) -> InlineForm:
    """Change a standard of the figure that is shown."""
    pane = page_of(shown).pane
    name = f"Change the standard “{title}”"
    (way,) = [each for each in pane.findChildren(QPushButton) if each.accessibleName() == name]
    way.click()
    form = pane.asking.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    form.submit()
    shown.settle()
    return form


def sales_open_the_orders_of_their_week(shown: DeskWindow) -> None:
    drawing = look(shown, Wish(Measure.ON_TIME_SHIP, Dimension.CHANNEL, 4, Shown.STOCK))
    row = next(row for row in drawing.table.rows if row[0] == "2026-10-05")
    spot = next(each for each in drawing.spots if "Oct 5" in each.words)
    assert isinstance(spot.opens, OrdersOf)
    click(shown, spot)
    shown.settle()
    assert shown.window.page is shown.orders
    assert shown.orders.model.rowCount() == int(row[2]) == 8


def test_a_late_order_says_what_it_takes_of_what_its_channel_still_bears(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    page = shown.orders
    rows = {row.number: row for n in range(page.model.rowCount()) if (row := page.model.peek(n))}
    budgets = page.budgets
    assert budgets.text(rows["S4"]) == "is broken"  # three of four are late in the own store
    assert budgets.hint(rows["S4"]).startswith("Shipped on time in your own stores: ")
    assert budgets.text(rows["S3"]) == ""  # it has left


def test_the_weekly_report_has_every_figure_and_standard_and_is_black_on_white(
    tmp_path: Path,
) -> None:
    desk = thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}")
    found = [
        report_pages(desk, Canvas(look, (850, 1100), 1.0, "pdf", "")) for look in (LIGHT, DARK)
    ]
    pages = [PdfReader(io.BytesIO(each)).pages for each in found]
    words = [" ".join(page.extract_text() for page in each) for each in pages]
    assert words[0] == words[1]
    assert len(pages[0]) == 5
    for kpi in KPIS.values():
        assert kpi.name in words[0], kpi.name
    assert "20 of 22" in words[0]
    assert "Late orders at Amazon" in words[0]
    desk.store.close()


def test_bars_stand_on_zero_and_their_titles_say_what_and_when() -> None:
    weeks = [SoldWeek(date(2026, 9, 21) + timedelta(weeks=n), 40 + n, 9, 900) for n in range(4)]
    figure = stock_figure(weeks, Canvas(LIGHT, (700, 420), 1.0, "svg", ""), str)
    assert [axes.get_ylim()[0] for axes in figure.axes] == [0, 0]
    for axes in figure.axes:
        assert all(tick == int(tick) for tick in axes.get_yticks())
    words = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert "Units sold a week" in words
    assert "166 in 4 weeks" in words


def test_the_window_starts_without_what_draws_charts() -> None:
    code = ("import sys, app.main, app.ui.start, app.ui.window; "
            "print([m for m in ('matplotlib', 'numpy', 'pandas') if m in sys.modules])")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

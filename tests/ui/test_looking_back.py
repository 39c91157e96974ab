"""The time machine: any minute of a SKU, with what its channels were told and showed."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from app.ui.charts.stock import Span, sold_by_day, stock_chart
from app.ui.pages.inventory.looking_back import LookingBack
from app.ui.tokens import DARK, LIGHT
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


def looked(shown: DeskWindow) -> LookingBack:
    shown.go("inventory")
    shown.window.open_sku("TEA-001")
    shown.settle()
    click(shown.inventory.pane, "Look back in time…")
    shown.settle()
    return shown.inventory.looking_back()


def test_a_moment_says_what_was_there_and_what_would_have_been_right(shown: DeskWindow) -> None:
    box = looked(shown)
    words = texts(box)
    assert "19 units could be sold." in words
    assert "Amazon" in words
    assert "Reserved for an order" not in words  # an event is in the trade's own short words
    assert "reserved for an order" in words
    box.look(brand.NOW - timedelta(hours=3))
    shown.settle()
    assert "0 units could be sold." in texts(box)


def test_the_slider_a_click_and_a_typed_time_go_to_a_moment(shown: DeskWindow) -> None:
    box = looked(shown)
    [slider] = box.findChildren(QSlider)
    slider.setFocus()
    before = slider.value()
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == before - 1
    chart = box.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() // 2, 60))
    shown.settle()
    assert abs(slider.value() - slider.maximum() / 2) < slider.maximum() * 0.1
    box.earlier()
    shown.settle()
    assert not box.isHidden()


def test_the_chart_is_drawn_in_both_themes_as_pixels_and_as_a_drawing() -> None:
    span = Span(brand.NOW - timedelta(days=9), brand.NOW)
    for look in (LIGHT, DARK):
        assert stock_chart([], span, look, (400, 160)).startswith(b"\x89PNG")
    assert b"<svg" in stock_chart([], span, LIGHT, (400, 160), kind="svg")
    assert sold_by_day([], span) == {}


def test_no_chart_is_loaded_before_one_is_wanted() -> None:
    program = "import sys, app.ui.window; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"

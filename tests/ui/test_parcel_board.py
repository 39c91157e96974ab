"""The board of parcels, what is noted by hand, and codes that are given a meaning, in a real window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.domain.tracking.timeline import CarrierEvent
from app.queries.shipments import parcel_rows
from app.services.tracking.receiving import Report, receive
from app.ui.pages.shipments.page import ShipmentsPage
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts

HOUR = timedelta(hours=1)


@pytest.fixture
def page(shown: DeskWindow) -> ShipmentsPage:
    """Open the page with the one parcel that has left."""
    shown.window.go("shipments", "")
    shown.settle()
    found = shown.window.pages["shipments"]
    assert isinstance(found, ShipmentsPage)
    return found


def report(shown: DeskWindow, code: str, words: str, hours: float) -> None:
    """Let the carrier report something of the parcel."""
    at = brand.NOW + hours * HOUR
    event = CarrierEvent("usps", code, words, at, at, "Kearny, NJ", "usps")
    (row,) = shown.desk.read(parcel_rows, now=brand.NOW)
    shown.desk.write(lambda db: receive(db, [Report(row.id, (event,))], now=at))
    shown.window.pages["shipments"].refresh()
    shown.settle()


def said(page: ShipmentsPage) -> dict[str, str]:
    """Return what each state of the board says."""
    return dict(each.accessibleName().split(": ", 1) for each in page.board.columns)


def state_of(page: ShipmentsPage) -> str:
    row = page.model.row(0)
    assert row is not None
    return str(row.state)


def test_the_board_counts_parcels_by_state_and_opens_them(
    shown: DeskWindow, page: ShipmentsPage
) -> None:
    assert said(page)["Not scanned yet"].startswith("1. oldest")
    report(shown, "03", "Accepted", -1)
    assert said(page)["Not scanned yet"] == "0."
    assert said(page)["In transit"].startswith("1")
    page.board.columns[0].click()
    shown.settle()
    assert page.view.key == "unscanned"
    assert page.model.rowCount() == 0
    page.board.columns[1].click()
    shown.settle()
    assert page.model.rowCount() == 1


def test_the_way_is_told_in_plain_words_and_what_was_overtaken_says_so(
    shown: DeskWindow, page: ShipmentsPage
) -> None:
    report(shown, "02", "Notice left", -1)
    report(shown, "GX", "Label", -0.5)
    words = texts(page.pane)
    assert "Could not be delivered: nobody home" in words
    assert "Notice left · Kearny, NJ" in words
    assert "Came later than what it says: it changes nothing." in words


def test_a_scan_is_noted_with_a_key_and_taken_back(shown: DeskWindow, page: ShipmentsPage) -> None:
    shown.press(Qt.Key.Key_N, page.list)
    form = page.pane.form
    assert form is not None
    form.set_value("words", "The customer wrote")
    form.submit()
    shown.settle()
    assert state_of(page) == "delivered"
    assert "The customer wrote" in texts(page.pane)
    shown.window.undo()
    shown.settle()
    assert state_of(page) == "not scanned"


def test_a_code_without_a_meaning_is_given_one(shown: DeskWindow, page: ShipmentsPage) -> None:
    assert not page.meanings.strip.isVisible()
    report(shown, "Q7", "Held at the barn", -1)
    assert page.meanings.strip.isVisible()
    shown.press(Qt.Key.Key_M, page.list)
    assert "USPS code Q7" in texts(page.pane)
    click(page.pane, "Say what USPS code Q7 means")
    form = page.pane.form
    assert form is not None
    form.set_value("status", "held")
    form.set_value("incident", "weather")
    form.submit()
    shown.settle()
    assert "Every code has a meaning" in texts(page.pane)
    assert state_of(page) == "held"
    assert not page.meanings.strip.isVisible()

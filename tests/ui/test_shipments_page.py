"""The page Shipments: where parcels are, who was told, and how one is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.sync.files.exporter import FileExporter
from app.ui.pages.shipments.page import ShipmentsPage
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


@pytest.fixture
def parcels(shown: DeskWindow) -> ShipmentsPage:
    """Open the page with every parcel listed."""
    shown.window.go("shipments", "")
    shown.settle()
    page = shown.window.pages["shipments"]
    assert isinstance(page, ShipmentsPage)
    return page


def test_a_parcel_is_followed_from_its_label_to_its_channel(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    assert parcels.model.rowCount() == 1
    words = texts(parcels.pane)
    assert "9400100000000000000001" in words
    assert "Etsy does not know yet: its confirmation waits for a file." in words
    assert "USPS has not reported a scan of it yet." in words
    exporter = FileExporter(shown.desk)
    shown.desk.now = lambda: brand.NOW + timedelta(minutes=1)
    (waiting,) = exporter.waiting()
    file = exporter.export(waiting.account_id, waiting.kind)
    parcels.refresh()
    shown.settle()
    assert file.name in texts(parcels.pane)


def test_a_view_shows_only_its_parcels(shown: DeskWindow, parcels: ShipmentsPage) -> None:
    for key, count in (("today", 1), ("untold", 1), ("transit", 1), ("delivered", 0),
                       ("voided", 0), ("late", 0)):  # fmt: skip
        parcels.show_view(parcels.view_of(key))
        shown.settle()
        assert parcels.model.rowCount() == count, key


def test_a_parcel_that_did_not_leave_is_taken_back_with_a_reason(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    shown.press(Qt.Key.Key_V, parcels.list)
    form = parcels.pane.form
    assert form is not None
    form.submit()
    assert "is needed" in texts(form)
    form.set_value("reason", "Label was reprinted")
    form.submit()
    shown.settle()
    assert "Took back 1 shipment" in shown.window.toast.text
    parcels.show_view(parcels.view_of("voided"))
    shown.settle()
    assert "Label was reprinted" in texts(parcels.pane)
    assert shown.window.register.get("shipments.void_parcel").why_not() == (
        "it was taken back already"
    )


def test_the_tracking_number_is_copied(shown: DeskWindow, parcels: ShipmentsPage) -> None:
    click(parcels.pane, "Copy the tracking number")
    assert "Copied" in shown.window.toast.text
    assert QGuiApplication.clipboard().text() == "9400100000000000000001"


def test_enter_opens_the_order_of_a_parcel(shown: DeskWindow, parcels: ShipmentsPage) -> None:
    shown.press(Qt.Key.Key_Return, parcels.list)
    assert shown.window.page is shown.orders
    assert shown.orders.detail is not None
    assert shown.orders.detail.number == "SHIPPED"


def test_g_then_s_leads_to_shipments_and_g_then_comma_to_settings(shown: DeskWindow) -> None:
    keys = {page: shown.window.register.get(f"go.open_{page}").shortcut for page in
            ("shipments", "settings")}  # fmt: skip
    assert keys["shipments"].endswith("|G, S")
    assert keys["settings"].endswith("|G, ,")
    assert shown.window.register.get("go.open_settings").keys[1].count() == 2

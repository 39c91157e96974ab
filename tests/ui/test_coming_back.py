"""The desk comes back as it was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.services.desk import Desk
from tests.queries import brand
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


def again(tmp_path: Path, open_window: Open) -> DeskWindow:
    """Open the same desk once more."""
    shown = open_window(brand.same_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}"))
    shown.window.open()
    shown.settle()
    return shown


def test_page_view_sorting_and_order_come_back(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    shown.go("orders", "all")
    shown.orders.list.sort_rows("number", descending=True)
    shown.orders.list.refresh()
    shown.settle()
    shown.select("LATE")
    shown.window.close()
    later = again(tmp_path, open_window)
    assert later.window.page is later.orders
    assert later.orders.view.key == "all"
    assert later.numbers() == sorted(later.numbers(), reverse=True)
    row = later.orders.list.current_row
    assert row is not None
    assert row.number == "LATE"


def test_a_spoilt_memory_is_no_obstacle(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    shown.window.close()
    settings = shown.window.settings()
    settings.setValue("pages/orders", '["no", "state"]')
    settings.setValue("pages/inventory", "{half")
    settings.setValue("page", "gone")
    settings.sync()
    later = again(tmp_path, open_window)
    assert later.window.page is later.window.pages["today"]


def test_a_page_offers_its_views_by_key(shown: DeskWindow) -> None:
    shown.go("orders", "all")
    assert ("held", "On hold") in shown.orders.offered_views()
    shown.orders.show_view_by_key("held")
    shown.settle()
    assert set(shown.numbers()) == {"HELD", "NEW-CODE"}
    shown.orders.show_view_by_key("never-there")
    assert shown.orders.view.key == "held"

"""The first minute: three steps that may be skipped, a demo that goes again, and one's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.queries.inventory import location_rows
from app.queries.orders import count_orders
from app.queries.settings import brand as brand_of
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.ui.first_run import orders_step
from app.ui.first_run.places import HOURS, ORDERS
from app.ui.pages.settings.page import SettingsPage
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.looking import clipped, lengthen, nameless
from tests.ui.test_today import choose, page_of, press

OWN = """order_id,created_at,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency
2041,2025-11-24T09:14:00-05:00,Mara Lindqvist,14 Alder Ct,Portland,OR,97205,US,BOWL,Bowl,2,24.00,USD
"""


@pytest.fixture
def new(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow], monkeypatch: pytest.MonkeyPatch
) -> DeskWindow:
    """Open a desk that nobody has worked at yet."""
    monkeypatch.setattr(orders_step, "DEMO_ORDERS", 70)
    store = open_ready_store(f"sqlite:///{tmp_path / 'new.sqlite'}", now=utc_now())
    shown = open_window(Desk(store, brand.OWNER))
    shown.window.open()
    shown.settle()
    return shown


def click(shown: DeskWindow, name: str, inside: QWidget | None = None) -> None:
    root = inside or shown.window
    found = [b for b in root.findChildren(QPushButton) if b.isVisible() and b.isEnabled()]
    next(b for b in found if b.accessibleName() == name).click()
    shown.settle()


def words(shown: DeskWindow) -> str:
    return "\n".join(x.text() for x in shown.window.findChildren(QLabel) if x.isVisible())


def test_the_cursor_stands_where_the_brand_is_named_and_enter_goes_on(new: DeskWindow) -> None:
    steps = new.window.first_run
    assert new.window.focusWidget() is steps.brand.name
    QTest.keyClicks(steps.brand.name, "Fictional Tea")
    QTest.keyClick(steps.brand.name, Qt.Key.Key_Return)
    new.settle()
    assert new.desk.read(brand_of).name == "Fictional Tea"
    assert steps.orders.isVisible()


def test_what_is_said_in_the_steps_is_kept(new: DeskWindow) -> None:
    steps = new.window.first_run
    steps.brand.name.setText("Fictional Tea")
    steps.brand.zone.setCurrentIndex(steps.brand.zone.findData("America/Chicago"))
    steps.brand.place.setText("Garage")
    steps.brand.postcode.setText("60614")
    click(new, "Next")
    click(new, "Later")
    hours = steps.hours.hours["MAIN"]
    hours.cut_off.setText("4 in the afternoon")
    click(new, "Open the desk")
    assert "is no time of day" in words(new)
    hours.cut_off.setText("16:00")
    hours.week.toggles[5].click()  # Saturdays too
    hours.closed.setText("on holidays")
    click(new, "Open the desk")
    assert "“on holidays” is no day" in words(new)
    hours.closed.setText("12/25/2026, 2027-01-01")
    click(new, "Open the desk")
    place = new.desk.read(location_rows)[0]
    said = (place.name, place.postcode, place.cut_off, place.time_zone)
    assert said == ("Garage", "60614", "16:00", "America/Chicago")
    assert place.working_days == "1111110"
    assert place.closed_on == ("2026-12-25", "2027-01-01")
    assert new.desk.read(brand_of).time_zone == "America/Chicago"
    assert new.window.page is new.window.pages["today"]


def test_every_step_may_be_skipped(new: DeskWindow) -> None:
    for name in ("Skip this step", "Later", "Open the desk"):
        click(new, name)
    assert new.window.page is new.window.pages["today"]
    assert new.desk.read(brand_of).name == ""
    assert "Nothing has come in yet" in words(new)
    click(new, "First steps…", new.window.pages["today"])
    assert new.window.first_run.isVisible()


def test_one_click_and_one_key_lead_from_the_start_to_triaged_orders(new: DeskWindow) -> None:
    click(new, "Just look around with demo data")
    new.qtbot.waitUntil(lambda: bool(new.window.page), timeout=60_000)
    new.settle()
    page = page_of(new)
    assert page.list.hasFocus()
    before = new.desk.read(count_orders, now=new.desk.now(), query="is:toship")
    choose(new, page, "can be accepted")
    press(new, page, Qt.Key.Key_1)
    assert new.desk.read(count_orders, now=new.desk.now(), query="is:toship") > before


def test_the_demo_says_that_it_is_one_and_goes_with_a_click(new: DeskWindow) -> None:
    new.window.first_run.fill_with_demo()
    new.qtbot.waitUntil(lambda: bool(new.window.page), timeout=60_000)
    new.settle()
    assert "Made-up brand" in words(new)
    new.go("settings")
    assert "The brand in this desk is made up" in words(new)
    click(new, "Remove the demo data", new.window.sidebar)
    assert new.window.first_run.isVisible()
    assert "Made-up brand" not in words(new)
    assert new.desk.read(count_orders, now=new.desk.now()) == 0
    assert not new.operations.next_undo
    assert new.window.register.why_not(new.window.register.get("app.remove_demo"))


def test_own_files_lead_on_to_the_hours(new: DeskWindow, tmp_path: Path) -> None:
    new.window.show_first_run(ORDERS)
    path = tmp_path / "own.csv"
    path.write_text(OWN, encoding="utf-8")
    new.window.import_files([path])
    new.settle()
    new.window.leave_imports()
    new.settle()
    assert new.window.first_run.orders.isVisible()  # nothing came in yet
    assert new.desk.importer is not None
    new.desk.importer.confirm(new.desk.importer.preview(path))
    new.window.show_imports()
    new.window.leave_imports()
    new.settle()
    assert new.window.first_run.hours.isVisible()


def test_the_steps_can_be_gone_through_again(shown: DeskWindow) -> None:
    shown.window.register.run("app.show_first_steps")
    shown.settle()
    steps = shown.window.first_run
    assert steps.isVisible()
    assert steps.brand.place.text()
    steps.show_step(ORDERS)
    assert not steps.orders.demo.isEnabled()
    assert "only an empty one can be filled" in words(shown)


def test_settings_lead_to_everything_that_is_set_elsewhere(shown: DeskWindow) -> None:
    shown.go("settings")
    window, page = shown.window, shown.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    click(shown, "Change keys…", page)
    assert window.key_editor.isVisible()
    window.key_editor.close_overlay()
    click(shown, "Notifications…", page)
    assert window.notify_settings.isVisible()
    window.notify_settings.close_overlay()
    click(shown, "Comfortable", page)
    assert window.density() == "comfortable"
    click(shown, "First steps…", page)
    assert window.first_run.isVisible()


@pytest.mark.parametrize("is_long", [False, True])
def test_nothing_in_the_steps_is_cut_off_or_nameless(new: DeskWindow, is_long: bool) -> None:
    new.window.resize(1366, 768)
    for step in range(HOURS + 1):
        new.window.show_first_run(step)
        new.settle()
        if is_long:
            lengthen(new.window.first_run)
            new.settle()
        assert clipped(new.window) == []
        assert nameless(new.window) == []

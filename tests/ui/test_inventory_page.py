"""The page Inventory: cells edited where they stand, the stockroom's verbs, kits, codes and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.queries import inbound
from app.queries.catalogue_table import catalogue_table
from app.queries.codes import aliases
from app.queries.inventory import InventoryRow, LocationRow, inventory_row
from app.services.desk import Desk
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.inventory.columns import inventory_columns
from app.ui.pages.inventory.page import InventoryPage
from tests.queries import brand
from tests.ui.conftest import DeskWindow


@pytest.fixture
def page(desk: Desk, open_window: Callable[[Desk], DeskWindow]) -> DeskWindow:
    """Open the window on the page Inventory."""
    window = open_window(desk)
    window.go("inventory")
    return window


def pick(shown: DeskWindow, code: str) -> None:
    """Put the cursor on a SKU."""
    rows = shown.inventory.list.rows
    at = next(n for n in range(rows.rowCount()) if rows.peek(n).code == code)  # type: ignore[union-attr]
    shown.inventory.list.selectRow(at)
    shown.settle()


def row(shown: DeskWindow, code: str) -> InventoryRow:
    found = shown.desk.read(inventory_row, code)
    assert found is not None
    return found


def level(shown: DeskWindow, code: str, place: str) -> Any:
    return next(each for each in row(shown, code).levels if each.location_code == place)


def ask(shown: DeskWindow, command: str, **values: Any) -> None:
    """Run a command and answer its question."""
    assert shown.window.register.run(f"inventory.{command}")
    shown.settle()
    answer(shown, **values)


def answer(shown: DeskWindow, **values: Any) -> None:
    form = shown.inventory.pane.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    form.submit()
    shown.settle()


def words(page: InventoryPage) -> str:
    from app.ui.widgets.text import Text

    return "\n".join(label.text() for label in page.pane.findChildren(Text))


def click(shown: DeskWindow, name: str, within: QWidget | None = None) -> None:
    """Click the button of this name."""
    found = [
        each for each in (within or shown.inventory.pane).findChildren(QPushButton)
        if name in (each.text(), each.accessibleName())
    ]  # fmt: skip
    assert found, name
    found[0].click()
    shown.settle()


def test_a_cell_is_edited_where_it_stands_and_the_next_with_tab(page: DeskWindow) -> None:
    here = page.inventory
    here.show_view(here.view_of("record"))
    page.settle()
    pick(page, "MUG-BLUE")
    page.press(Qt.Key.Key_F2, here.list)
    assert here.editor.is_open
    assert here.editor.accessibleName() == "Title of MUG-BLUE"
    here.editor.setText("Deep blue mug")
    page.press(Qt.Key.Key_Tab, here.editor)
    here.editor.setText("Mugs")
    page.press(Qt.Key.Key_Return, here.editor)
    assert here.editor.accessibleName() == "Category of MUG-RED"
    page.press(Qt.Key.Key_Escape, here.editor)
    blue = row(page, "MUG-BLUE")
    assert (blue.title, blue.category) == ("Deep blue mug", "Mugs")
    page.operations.undo()
    page.settle()
    assert row(page, "MUG-BLUE").category == ""


def test_what_cannot_stand_in_a_cell_is_said_and_not_kept(page: DeskWindow) -> None:
    said: list[str] = []
    page.operations.failed.connect(lambda title, _advice: said.append(title))
    page.inventory.master.save_cell(row(page, "MUG-BLUE").id, "velocity", "Z")
    page.settle()
    assert said == ["Velocity cannot be “Z”; nothing was changed."]


def test_many_records_are_changed_at_once(page: DeskWindow) -> None:
    page.inventory.select_all()
    page.settle()
    ask(page, "edit_record", field="supplier", value="Kiln & Co")
    assert {row(page, code).record.supplier for code in ("MUG-RED", "TEA-001")} == {"Kiln & Co"}  # type: ignore[union-attr]
    page.operations.undo()
    page.settle()
    assert row(page, "TEA-001").record.supplier == ""  # type: ignore[union-attr]


def test_the_record_of_one_is_a_form(page: DeskWindow) -> None:
    pick(page, "MUG-RED")
    ask(page, "edit_record", cost="7.25", is_fragile="yes")
    red = row(page, "MUG-RED").record
    assert red is not None
    assert (red.cost, red.is_fragile) == (725, True)
    assert "Fragile" in words(page.inventory)


def test_a_delivery_is_expected_and_received_beside_the_list(page: DeskWindow) -> None:
    pick(page, "MUG-RED")
    ask(page, "expect_units", place="GARAGE", quantity=12, supplier="Kiln", on="2026-11-02")
    assert "12 units to Garage" in words(page.inventory)
    click(page, "Receive R-1")
    answer(page, **{"MUG-RED": 10, "rest": True})
    assert level(page, "MUG-RED", "GARAGE").on_hand == 10
    assert level(page, "MUG-RED", "GARAGE").incoming == 0
    assert page.desk.read(inbound.deliveries) == []


def test_a_day_that_is_none_is_asked_for_again(page: DeskWindow) -> None:
    pick(page, "MUG-RED")
    ask(page, "expect_units", place="GARAGE", quantity=12, on="next week")
    assert page.inventory.pane.form is not None
    assert page.desk.read(inbound.deliveries) == []


def test_units_are_set_aside_and_settled(page: DeskWindow) -> None:
    pick(page, "MUG-BLUE")
    ask(page, "set_aside", place="GARAGE", bucket="damaged", quantity=3, reason="Chipped")
    assert "Garage: 3 damaged" in words(page.inventory)
    click(page, "Settle what is damaged")
    answer(page, what="write_off", quantity=2, reason="Thrown away")
    blue = level(page, "MUG-BLUE", "GARAGE")
    assert (blue.on_hand, blue.damaged) == (8, 1)
    ask(page, "take_return", place="SHOP", quantity=1, reason="Order 7")
    assert level(page, "MUG-BLUE", "SHOP").returns_hold == 1


def test_stock_travels(page: DeskWindow) -> None:
    pick(page, "TEA-001")
    ask(page, "send_units", origin="RENO", destination="SHOP", quantity=5)
    assert level(page, "TEA-001", "SHOP").incoming == 5
    click(page, "Expect R-1 no longer")
    answer(page, reason="The van broke down")
    assert level(page, "TEA-001", "RENO").on_hand == 30


def test_a_location_is_counted_while_the_shop_goes_on(page: DeskWindow) -> None:
    ask(page, "count_shelves", place="GARAGE")
    pick(page, "MUG-BLUE")
    ask(page, "count_units", units=9)
    assert "MUG-BLUE: −1" in words(page.inventory)
    click(page, "Take the differences over")
    assert level(page, "MUG-BLUE", "GARAGE").on_hand == 9


def test_a_kit_of_kits_shows_what_is_in_it_and_what_limits_it(page: DeskWindow) -> None:
    ask(page, "add_sku", code="BIG", title="A big set")
    page.inventory.open_sku("BIG")
    page.settle()
    pick(page, "BIG")
    ask(page, "set_kit", contents="2 × GIFT-SET\n1 x MUG-RED")
    assert row(page, "BIG").atp == 1
    pick(page, "BIG")
    assert "the scarcest" in words(page.inventory)
    ask(page, "set_kit", contents="BIG")
    assert page.inventory.pane.form is not None  # no units were named


def test_a_code_is_linked_and_forgotten(page: DeskWindow) -> None:
    pick(page, "MUG-BLUE")
    ask(page, "link_code", alias="NO-SUCH", account=account(page, "Walmart"), pack=2)
    assert [(each.code, each.pack) for each in page.desk.read(aliases, "MUG-BLUE")] == [
        ("NO-SUCH", 2)
    ]
    assert row(page, "MUG-BLUE").reserved == 5  # one pack of two more than before
    click(page, "Forget that Walmart calls it NO-SUCH")
    assert page.desk.read(aliases, "MUG-BLUE") == []


def account(shown: DeskWindow, name: str) -> int:
    from app.queries.settings import account_rows

    return next(each.id for each in shown.desk.read(account_rows) if each.name == name)


def test_an_unknown_code_says_what_it_may_be_and_how_many_orders_it_fixes(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    brand.take_in(desk, brand.order("A", ("mug blue", 1)), brand.order("B", ("mug blue", 1)))
    shown = open_window(desk)
    shown.go("exceptions")
    page = shown.window.pages["exceptions"]
    assert isinstance(page, ExceptionsPage)
    rows = page.list.rows
    at = next(n for n in range(rows.rowCount()) if rows.peek(n).case.order_number == "A")  # type: ignore[union-attr]
    page.list.selectRow(at)
    shown.settle()
    QTest.keyClick(page.list, Qt.Key.Key_1)
    shown.settle()
    form = page.pane.form
    assert form is not None
    said = "\n".join(label.text() for label in form.findChildren(QWidget) if hasattr(label, "text"))
    assert "Linking it fixes 2 orders." in said
    assert form.values["sku"] == "MUG-BLUE"
    form.submit()
    shown.settle()
    assert [each.code for each in desk.read(aliases, "MUG-BLUE")] == ["mug blue"]


def test_the_catalogue_is_written_into_a_file(page: DeskWindow, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    page.inventory.master.write(path, catalogue_table)
    page.settle()
    assert "MUG-BLUE" in path.read_text(encoding="utf-8-sig")


def test_what_is_late_says_so(page: DeskWindow) -> None:
    when = brand.NOW - timedelta(days=2)
    page.desk.run("expect", location="GARAGE", lines=[("MUG-RED", 5)], expected_at=when)
    pick(page, "MUG-RED")
    assert "was expected" in words(page.inventory)


def test_what_a_channel_is_told_and_showed_are_columns_to_choose_and_to_sort_by(
    page: DeskWindow,
) -> None:
    page.desk.publish()
    page.inventory.refresh()
    page.settle()
    view = page.inventory.list
    offered = [each for each in view.rows.columns if each.name.startswith(("told:", "shown:"))]
    assert offered
    assert not {each.name for each in offered} & set(view.shape.on_screen())
    told = next(each for each in offered if each.name.startswith("told:"))
    page.inventory.chooser.open()
    items = [
        page.inventory.chooser.list.item(n) for n in range(page.inventory.chooser.list.count())
    ]
    next(each for each in items if each.text() == told.words).setCheckState(Qt.CheckState.Checked)
    assert view.shape.on_screen()[-1] == told.name
    view.rows.sort_by(told.sort, True)
    page.settle()
    assert view.rows.peek(0) is not None
    numbers = [told.text(view.rows.peek(n)) for n in range(view.rows.rowCount())]
    known = [int(each.replace(",", "")) for each in numbers if each]
    assert known
    assert known == sorted(known, reverse=True)
    assert "told" in told.hint(view.rows.peek(0))


def test_locations_are_called_by_their_first_words_unless_two_would_be_alike() -> None:
    def titles(*names: str) -> list[str]:
        rows = [
            LocationRow(n, f"L{n}", name, "own", "", "", "US", "", "", 0, True, 0, 0)
            for n, name in enumerate(names, 1)
        ]
        return [column.title for column in inventory_columns(rows) if column.name.startswith("at:")]

    assert titles("Studio and garage, Portland ME", "High Desert Fulfillment, Reno NV", "Shop") == [
        "Studio", "High Desert", "Shop",
    ]  # fmt: skip
    alike = ("Springfield warehouse", "Springfield shop and café")
    assert titles(*alike) == list(alike)

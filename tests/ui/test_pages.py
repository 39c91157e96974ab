"""Each page does its work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.domain.orders import HoldCode, MapperHold
from app.queries.cases import case_rows
from app.queries.inventory import inventory_row, location_rows
from app.queries.promising import promises_of
from app.services.desk import Desk
from app.services.importing import pack
from app.services.opening import open_ready_store
from app.services.watched import keep_refused
from app.sync.files.importer import FileImporter
from app.ui.operations import Problem
from app.ui.pages.asking import AskingPage
from app.ui.widgets.text import Text
from tests.queries import brand
from tests.ui.conftest import DeskWindow


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def click(widget: QWidget, name: str) -> None:
    found = [b for b in widget.findChildren(QPushButton) if b.accessibleName() == name]
    assert found, f"no button {name!r}"
    found[0].click()


def test_received_units_are_on_the_shelf(shown: DeskWindow) -> None:
    shown.go("inventory")
    shown.window.open_sku("MUG-RED")
    shown.settle()
    click(shown.inventory.pane, "Receive…")
    form = shown.inventory.pane.form
    assert form is not None
    form.set_value("quantity", 12)
    form.submit()
    shown.settle()
    row = shown.desk.read(inventory_row, "MUG-RED")
    assert row is not None
    assert row.on_hand == 17
    assert "Received" in texts(shown.inventory.pane)


def test_a_number_opens_the_movements_behind_it(shown: DeskWindow) -> None:
    shown.go("inventory")
    shown.window.open_sku("TEA-001")
    shown.settle()
    words = texts(shown.inventory.pane)
    assert "Reserved for an order" in words


def test_a_channels_number_is_explained_and_each_step_opens(shown: DeskWindow) -> None:
    shown.go("inventory")
    shown.window.open_sku("TEA-001")
    shown.settle()
    pane = shown.inventory.pane
    for promise in shown.desk.read(promises_of, "TEA-001", now=brand.NOW):
        click(pane, f"{promise.outlet.name} is told {promise.units}")
        shown.settle()
        words = texts(pane)
        assert all(step.why in words for step in promise.steps)
    click(pane, "On hand: 50")
    shown.settle()
    assert pane.bucket == "on_hand"
    assert "Reserved for an order" not in texts(pane)
    click(pane, "Reserved for orders: 19")
    shown.settle()
    assert shown.orders.query == 'status:open sku:"TEA-001"'


def test_a_case_offers_its_way_out(shown: DeskWindow) -> None:
    shown.window.go("exceptions", "kind:unknown_sku")
    shown.settle()
    page = shown.window.pages["exceptions"]
    assert "is not a SKU of yours" in texts(page)
    click(page, "Link the code to a SKU…")
    shown.settle()
    form = page.pane.form  # type: ignore[attr-defined]
    form.set_value("sku", "TEA-001")
    form.submit()
    shown.settle()
    shown.window.go("exceptions", "kind:unknown_sku")
    shown.settle()
    assert "is not a SKU of yours" not in texts(page)


def test_a_wrong_address_is_corrected_where_its_case_is_and_releasing_it_is_the_quiet_way(
    shown: DeskWindow,
) -> None:
    reason = "The ZIP “2139” is too short. Probably 02139 (MA): a spreadsheet dropped the zero."
    held = MapperHold(HoldCode.ADDRESS_ZIP, reason)
    brand.take_in(shown.desk, brand.order("ZIP", ("TEA-001", 1), holds=(held,)))
    shown.window.go("exceptions", "kind:address_invalid order:ZIP")
    shown.settle()
    page = shown.window.pages["exceptions"]
    assert "Where it would go" in texts(page)
    kinds = {b.accessibleName(): b.property("kind") for b in page.findChildren(QPushButton)}
    assert kinds["Correct the address…"] == "primary"
    assert kinds["It is right, release it"] == "quiet"
    click(page, "Correct the address…")
    shown.settle()
    form = page.pane.form  # type: ignore[attr-defined]
    assert form.values["postcode"] == "02139"
    form.submit()
    shown.settle()
    (case,) = shown.desk.read(case_rows, query="order:ZIP is:resolved", now=brand.NOW)
    assert case.state == "resolved"
    assert "02139" in case.address


def test_a_file_that_did_not_come_in_is_settled_with_its_reason(
    shown: DeskWindow, tmp_path: Path
) -> None:
    page_of_html = tmp_path / "orders.csv"
    page_of_html.write_text("<html>Please sign in</html>", encoding="utf-8")
    importer = FileImporter(shown.desk)
    preview = importer.preview(page_of_html)
    packed = pack(preview.content)
    shown.desk.write(
        lambda db: keep_refused(
            db, brand.OWNER, parsed=preview.parsed, report=preview.report, packed=packed,
            today=brand.NOW.date(), now=brand.NOW,
        )
    )  # fmt: skip
    shown.window.go("exceptions", "kind:file_problem")
    shown.settle()
    page = shown.window.pages["exceptions"]
    assert "orders.csv: refused" in texts(page)
    assert preview.report.message.split("\n")[0] in texts(page)
    click(page, "Mark as settled…")
    form = page.pane.form  # type: ignore[attr-defined]
    form.set_value("reason", "Downloaded again and imported.")
    form.submit()
    shown.settle()
    assert "Settled a file" in shown.window.toast.text
    (case,) = shown.desk.read(case_rows, query="kind:file_problem is:resolved", now=brand.NOW)
    assert case.resolution == "Downloaded again and imported."


def test_a_confirmation_is_written_and_can_be_saved_again(
    shown: DeskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[tuple[str, bytes]] = []
    monkeypatch.setattr(
        shown.window, "save_file", lambda name, content: saved.append((name, content))
    )
    shown.desk.now = lambda: brand.NOW + timedelta(minutes=1)  # past the undo window
    shown.go("channels")
    page = shown.window.pages["channels"]
    found = [b for b in page.findChildren(QPushButton) if "confirmation" in b.accessibleName()]
    found[0].click()
    shown.settle()
    again = [b for b in page.findChildren(QPushButton) if b.text() == "Save again…"]
    again[0].click()
    shown.settle()
    assert len(saved) == 2
    assert saved[0] == saved[1]


def test_a_tile_opens_its_rows(shown: DeskWindow) -> None:
    shown.go("today")
    click(shown.window.pages["today"], "On hold: 2")
    shown.settle()
    assert shown.window.page is shown.orders
    assert set(shown.numbers()) == {"HELD", "NEW-CODE"}


def test_an_empty_desk_offers_two_ways_to_begin(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    shown = open_window(brand.empty_desk(f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    shown.window.open()
    shown.settle()
    assert shown.window.first_run.isVisible()
    names = {b.accessibleName() for b in shown.window.first_run.findChildren(QPushButton)}
    assert names >= {"Choose files…", "Fill it with demo data"}


def test_a_bug_is_shown_as_one_with_its_details(shown: DeskWindow) -> None:
    shown.operations.ask(lambda: 1 // 0, then=print)
    shown.qtbot.waitUntil(lambda: bool(shown.bugs), timeout=5000)
    shown.bugs.clear()
    shown.settle()
    assert "Something went wrong inside Orderdeck; this is not your doing." in texts(shown.window)
    assert "Copy details" in {b.text() for b in shown.window.findChildren(QPushButton)}


def test_a_place_is_changed_and_that_can_be_undone(shown: DeskWindow) -> None:
    shown.go("settings")
    page = shown.window.pages["settings"]
    click(page, "Change Garage")
    form = page.pane.form  # type: ignore[attr-defined]
    form.set_value("handling_cost", "one dollar")
    form.submit()
    assert "is no amount" in texts(form)
    form.set_value("handling_cost", "2.40")
    form.set_value("cut_off", "16:30")
    form.submit()
    shown.settle()
    place = shown.desk.read(location_rows)[0]
    assert (place.handling_cost, place.cut_off) == (240, "16:30")
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(location_rows)[0].handling_cost == 120


def test_an_address_is_corrected_in_place(shown: DeskWindow) -> None:
    shown.select("HELD")
    click(shown.orders.pane, "Correct the address")
    form = shown.orders.pane.form
    assert form is not None
    form.set_value("postcode", "10002")
    form.submit()
    shown.settle()
    assert "10002" in texts(shown.orders.pane)


def test_a_backup_is_made_while_one_works(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    store = open_ready_store(f"sqlite:///{tmp_path / 'real.sqlite'}", now=brand.NOW)
    shown = open_window(Desk(store, brand.OWNER))
    shown.window.files.back_up(tmp_path / "copy.db")
    shown.settle()
    assert (tmp_path / "copy.db").exists()
    assert "Backed up" in shown.window.toast.text


@pytest.mark.parametrize(
    "page", ["today", "orders", "inventory", "exceptions", "shipments", "settings"]
)
def test_a_refusal_is_said_also_where_nothing_is_being_asked(shown: DeskWindow, page: str) -> None:
    shown.go(page)
    here = shown.window.pages[page]
    assert isinstance(here, AskingPage)
    here.complain(Problem("The stock was not changed.", "Count it again."))
    words = [text.text() for text in shown.window.findChildren(Text) if text.isVisible()]
    assert "The stock was not changed." in words


def test_a_file_that_cannot_be_written_is_said_and_one_that_can_is_there(
    shown: DeskWindow, tmp_path: Path
) -> None:
    shown.window.files.write_file(tmp_path / "list.csv", b"Order\n1001\n")
    shown.window.files.write_file(tmp_path / "missing" / "list.csv", b"Order\n")
    shown.settle()
    assert (tmp_path / "list.csv").read_bytes() == b"Order\n1001\n"
    assert "list.csv was not written" in texts(shown.window)

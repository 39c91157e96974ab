"""Settings say who the brand is and how safe the desk is, and a backup comes back from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.cases import CaseKind
from app.domain.recovering.matrix import as_said
from app.domain.returning.custody import Disposition, Grade
from app.queries.inbox.matrix import matrix_now
from app.queries.inventory import location_rows
from app.queries.orders import count_orders
from app.queries.settings import brand as brand_of
from app.services.backing_up import back_up_if_due
from app.services.desk import Desk
from app.services.mismatching.schedule import OFF, report_time
from app.services.opening import open_ready_store
from app.services.recovering.weighing import in_force
from app.services.returning.policy import in_force as return_policy
from app.ui.backup_clock import BackupClock
from app.ui.pages.settings.page import SettingsPage
from tests.beginnings import begin
from tests.queries import brand
from tests.ui.conftest import DeskWindow


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Open the busy desk in a store that was made as the program makes it."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    begin(url, "a busy desk as the program makes it", _made)
    return brand.same_desk(url)


def _made(url: str) -> None:
    open_ready_store(url, now=brand.NOW).close()
    brand.busy_desk(url).store.close()


@pytest.fixture
def page(shown: DeskWindow) -> SettingsPage:
    """Open Settings."""
    shown.go("settings")
    found = shown.window.pages["settings"]
    assert isinstance(found, SettingsPage)
    return found


def words(page: SettingsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_brand_is_asked_for_kept_and_taken_back(shown: DeskWindow, page: SettingsPage) -> None:
    page.brand.ask(shown.desk.read(brand_of))
    form = page.pane.form
    assert form is not None
    form.set_value("brand_name", "Fictional Tea")
    form.set_value("brand_address", "12 Fictional Lane\nHoboken")
    form.submit()
    shown.settle()
    assert "12 Fictional Lane\nHoboken" in words(page)
    shown.window.undo()
    shown.settle()
    page.brand.ask(shown.desk.read(brand_of))
    form = page.pane.form
    assert form is not None
    form.set_value("currency", "EUR")
    form.submit()
    shown.settle()
    assert "Euro · EUR" in words(page)
    assert "€" in words(page), "handling is counted in it as well"
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(brand_of).name == ""


def test_a_place_says_when_it_works_and_when_it_is_closed(
    shown: DeskWindow, page: SettingsPage
) -> None:
    place = shown.desk.read(location_rows)[0]
    page.places.change_place(place)
    form = page.pane.form
    assert form is not None
    form.set_value("working_days", "0111110")
    form.set_value("closed_on", "the day after tomorrow")
    form.submit()
    assert "is no day; nothing was changed" in words(page)
    form.set_value("closed_on", "12/25/2099")
    form.submit()
    shown.settle()
    assert "Tue–Sat" in words(page)
    assert "closed Dec 25" in words(page)
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(location_rows)[0].closed_on == ()


def test_the_daily_check_is_made_when_the_owner_says_or_not_at_all(
    shown: DeskWindow, page: SettingsPage
) -> None:
    shown.settle()
    assert "Every day at 6:00 AM" in words(page)
    for chosen, said in (("21:00", "Every day at 9:00 PM"), (OFF, "Not by itself")):
        page.report.ask(shown.desk.read(report_time))
        form = page.pane.form
        assert form is not None
        form.set_value("at", chosen)
        form.submit()
        shown.settle()
        assert said in words(page)
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(report_time) == "21:00"


def test_how_long_buyers_may_send_back_and_where_it_goes_is_said_channel_by_channel(
    shown: DeskWindow, page: SettingsPage
) -> None:
    shown.settle()
    assert "30 days" in words(page)
    for ask, said in (
        (page.returns.change_usual, {"days": 60}),
        (page.returns.add, {"channel": "shopify", "days": 90, "earliest": "received"}),
        (page.returns.change_places, {"B": "damaged"}),
    ):
        ask()
        form = page.pane.form
        assert form is not None
        for name, value in said.items():
            form.set_value(name, value)
        form.submit()
        shown.settle()
    policy = shown.desk.read(return_policy)
    assert (policy.of("etsy").window_days, policy.of("shopify").window_days) == (60, 90)
    assert policy.places[Grade.B] is Disposition.DAMAGED
    assert "when it has arrived" in words(page)
    page.returns.remove("shopify")
    shown.settle()
    assert shown.desk.read(return_policy).of("shopify").window_days == 60
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(return_policy).of("shopify").window_days == 90


def test_without_a_schedule_the_page_warns(page: SettingsPage, shown: DeskWindow) -> None:
    shown.settle()
    assert "No backup is made by itself" in words(page)


def test_a_due_backup_is_made_beside_the_work_and_shown(
    shown: DeskWindow, page: SettingsPage, tmp_path: Path
) -> None:
    page.run("set_backup_schedule", every="day", folder=str(tmp_path), keep=3)
    shown.settle()
    assert "The first backup is still to be made" in words(page)
    BackupClock(shown.operations, shown.window).look()
    shown.settle()
    assert len(list(tmp_path.glob("orderdeck-*.backup"))) == 1
    assert "Backed up just now" in words(page)


def test_a_backup_that_cannot_be_made_is_said(
    shown: DeskWindow, page: SettingsPage, tmp_path: Path
) -> None:
    folder = tmp_path / "safe"
    folder.mkdir()
    page.run("set_backup_schedule", every="day", folder=str(folder), keep=3)
    shown.settle()
    folder.rmdir()
    said: list[str] = []
    clock = BackupClock(shown.operations, shown.window)
    clock.refused.connect(lambda title, _advice: said.append(title))
    clock.look()
    shown.settle()
    assert len(said) == 1
    assert "No backup was made" in said[0]


def test_a_backup_is_looked_into_and_put_back(
    shown: DeskWindow, page: SettingsPage, tmp_path: Path
) -> None:
    shown.desk.run("set_backup_schedule", every="day", folder=str(tmp_path), keep=3)
    made = back_up_if_due(shown.desk)
    assert made is not None
    shown.desk.run("write_note", order_id=1, text="After the backup")
    brand.take_in(shown.desk, brand.order("AFTER", ("TEA-001", 1)))
    page.backups.look_into(made.path)
    shown.settle()
    form = page.pane.form
    assert form is not None
    assert "It holds 10 orders" in words(page)
    assert shown.desk.read(count_orders, now=brand.NOW) == 11  # nothing has happened yet
    form.submit()
    shown.settle()
    assert shown.desk.read(count_orders, now=brand.NOW) == 10
    assert list(tmp_path.glob("desk.replaced-*.sqlite"))
    assert not shown.operations.next_undo


def test_a_file_that_is_no_backup_is_refused_in_words(
    shown: DeskWindow, page: SettingsPage, tmp_path: Path
) -> None:
    path = tmp_path / "photo.backup"
    path.write_bytes(b"no database at all" * 100)
    page.backups.look_into(path)
    shown.settle()
    assert page.pane.form is None
    everything = "\n".join(label.text() for label in shown.window.findChildren(QLabel))
    assert "photo.backup" in everything
    assert shown.desk.read(count_orders, now=brand.NOW) == 10


def test_what_is_offered_for_a_parcel_is_changed_row_by_row_and_said_beforehand(
    shown: DeskWindow, page: SettingsPage
) -> None:
    before = shown.desk.read(in_force).rows
    at = next(n for n, row in enumerate(before) if row.name == "Lost")
    page.recovery.change(at)
    form = page.pane.form
    assert form is not None
    form.set_value("offer_0", "refund 0 0")
    form.set_value("offer_1", "partial 0 25")
    form.set_value("value_below", "12.50")
    form.set_value("place", 0)
    assert ("Then lost; worth less than $12.50: give all the money back, then give 25 % back."
            in words(page))  # fmt: skip
    form.submit()
    shown.settle()
    after = shown.desk.read(in_force).rows
    assert [row.name for row in after][:2] == ["Lost", before[0].name]
    assert (after[0].value_below, [each.percent for each in after[0].offers]) == (1250, [0, 25])
    assert len(after) == len(before)
    page.recovery.add()
    form = page.pane.form
    assert form is not None
    form.set_value("name", "Far away")
    form.set_value("customer_from", "much")
    assert "“much” is no amount" in words(page)
    form.set_value("customer_from", "500")
    form.submit()
    shown.settle()
    assert shown.desk.read(in_force).rows[0].name == "Far away"
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(in_force).rows == after


def test_rows_that_somebody_else_changed_meanwhile_are_not_overwritten(
    shown: DeskWindow, page: SettingsPage
) -> None:
    before = shown.desk.read(in_force).rows
    page.recovery.change(0)
    form = page.pane.form
    assert form is not None
    shown.desk.run("save_recovery_matrix", rows=[as_said(row) for row in before[1:]])
    page.refresh()
    shown.settle()
    form.set_value("name", "Another row")
    form.submit()
    shown.settle()
    assert shown.desk.read(in_force).rows == before[1:]
    assert page.pane.form is form, "what was typed is still there"


def test_a_kind_of_exception_is_changed_once_it_was_said_what_that_changes(
    shown: DeskWindow, page: SettingsPage
) -> None:
    page.exceptions.ask(CaseKind.PAYMENT_PENDING)
    form = page.pane.form
    assert form is not None
    assert "Nothing is different yet." in words(page)
    form.set_value("severity", "high")
    form.set_value("owner", "Buying")
    assert "How bad: Low → High\nWhose: Service → Buying" in words(page)
    form.set_value("owner", "")
    assert "needs an owner" in words(page)
    form.set_value("owner", "Buying")
    form.submit()
    shown.settle()
    row = shown.desk.read(matrix_now).rows[CaseKind.PAYMENT_PENDING]
    assert (row.owner, row.severity) == ("Buying", "high")
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(matrix_now).rows[CaseKind.PAYMENT_PENDING].owner == "Service"

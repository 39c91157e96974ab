"""Payouts on the page Channels: what differs is opened, accepted with a reason, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from app.queries.payout_findings import findings
from app.queries.payouts import payout_rows
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.channels.payouts.part import Payouts
from tests.services.payouts.test_checking import fee, order_file, payment_file
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


@pytest.fixture
def paid(shown: DeskWindow, tmp_path: Path) -> DeskWindow:
    """Thirty orders were paid; of one a cent is missing."""
    for name, content in (
        ("orders.csv", order_file()), ("payments.csv", payment_file({3: (-1, 0)})),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        importer = shown.desk.importer
        assert importer is not None
        importer.confirm(importer.preview(path))
    return shown


def look(shown: DeskWindow) -> Payouts:
    shown.window.go("channels", "payouts:look")
    shown.settle()
    page = shown.window.pages["channels"]
    assert isinstance(page, ChannelsPage)
    return page.payouts


def test_what_another_has_accepted_meanwhile_is_said_in_the_question(paid: DeskWindow) -> None:
    here = look(paid)
    click(here, "It is right like that…")
    found = [row.id for row in paid.desk.read(findings)]
    paid.desk.run("accept_payout_findings", finding_ids=found, reason="Agreed by phone")
    form = here.pane.form
    assert form is not None
    form.set_value("reason", "I know of it")
    form.submit()
    paid.settle()
    assert here.pane.form is form
    assert "None of these differences is like that any more" in texts(form)


def test_what_differs_is_accepted_with_a_reason_and_asked_about_again_on_undo(
    paid: DeskWindow,
) -> None:
    here = look(paid)
    assert here.model.rowCount() == 1
    assert "$26.10 was booked for the sale, $26.11 was expected." in texts(here.pane)
    click(here, "It is right like that…")
    form = here.pane.form
    assert form is not None
    form.set_value("reason", "Agreed by phone")
    form.submit()
    paid.settle()
    assert here.model.rowCount() == 0
    assert "Everything that was paid fits" in texts(here)
    paid.operations.undo()
    paid.settle()
    here.refresh()
    paid.settle()
    assert here.model.rowCount() == 1


def test_a_line_opens_its_order_which_says_what_it_brought(paid: DeskWindow) -> None:
    here = look(paid)
    link = next(
        x
        for x in here.pane.findChildren(QPushButton)
        if x.accessibleName().startswith("Open order #1004")
    )
    link.click()
    paid.settle()
    said = texts(paid.orders.pane)
    assert "$26.10 was booked for the sale" in said
    assert "$26.10" in said
    assert f"−$1.0{fee(3) % 10}" in said


def test_all_payouts_are_listed_and_saved_as_a_file_that_is_safe_to_open(
    paid: DeskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = look(paid)
    here.show_view(2)
    paid.settle()
    assert here.model.rowCount() == len(paid.desk.read(payout_rows)) == 30
    saved: list[tuple[str, bytes]] = []
    monkeypatch.setattr(
        paid.window, "save_file", lambda name, content: saved.append((name, content))
    )
    click(here, "Save all lines…")
    [(name, content)] = saved
    assert name.endswith(".csv")
    assert b"sale,Charge" in content

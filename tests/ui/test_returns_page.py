"""The list Returns and the ways out of a parcel: one key each, and the pane says what is next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QPushButton

from app.domain.cases import CaseDraft, CaseKind
from app.queries.cases import case_rows
from app.queries.orders import order_rows
from app.queries.recoveries import claim_rows
from app.queries.returns import return_rows
from app.queries.shipments import parcel_rows
from app.services.cases import open_cases
from app.ui.pages.returns.page import ReturnsPage
from app.ui.pages.shipments.claims import read_packet
from app.ui.pages.shipments.page import ShipmentsPage
from app.ui.printing.claim import lay_out_claim
from app.ui.printing.pdf import pdf_of
from app.ui.printing.sheet import Line, paper_of
from app.ui.sidebar import NavButton
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts

DAYS_LATER = brand.NOW + timedelta(days=9)


@pytest.fixture
def parcels(shown: DeskWindow) -> ShipmentsPage:
    """Open the parcels nine days later: the one that left has not moved since."""
    shown.desk.now = lambda: DAYS_LATER
    shown.window.go("shipments", "")
    shown.settle()
    page = shown.window.pages["shipments"]
    assert isinstance(page, ShipmentsPage)
    return page


def opened(shown: DeskWindow) -> ReturnsPage:
    """Announce a return with the keyboard, and open the list of returns."""
    page = shown.window.pages["shipments"]
    assert isinstance(page, ShipmentsPage)
    shown.press(Qt.Key.Key_R, page.list)
    shown.settle()
    assert page.pane.form is not None
    page.pane.form.submit()
    shown.settle()
    shown.window.go("returns", "")
    shown.settle()
    found = shown.window.pages["returns"]
    assert isinstance(found, ReturnsPage)
    return found


def test_a_parcel_that_does_not_move_shows_its_ways_out_and_one_key_sends_it_again(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    assert "The parcel is not moving." in texts(parcels.pane)
    shown.press(Qt.Key.Key_1, parcels.list)
    shown.settle()
    assert shown.window.toast.text.startswith("Sent order SHIPPED again")
    words = texts(parcels.pane)
    assert "Sent again, chosen by" in words
    assert "can be asked of USPS" in words
    numbers = [row.number for row in shown.desk.read(order_rows, query="is:ready", now=DAYS_LATER)]
    assert "SHIPPED-R1" in numbers
    shown.press(Qt.Key.Key_1, parcels.list)
    assert shown.window.register.get("shipments.take_way_1").why_not() == (
        "nothing is wrong with the parcel, or it was made good"
    )


def test_a_person_can_say_that_a_parcel_arrived_broken(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    shown.press(Qt.Key.Key_W, parcels.list)
    form = parcels.pane.form
    assert form is not None
    form.set_value("situation", "damaged")
    form.submit()
    shown.settle()
    assert "The parcel is damaged." in texts(parcels.pane)


@pytest.mark.usefixtures("parcels")
def test_a_return_goes_from_expected_to_done_with_a_key_for_each_step(
    shown: DeskWindow,
) -> None:
    page = opened(shown)
    for key, values in (
        (Qt.Key.Key_R, {}), (Qt.Key.Key_I, {"grade": "B", "finding": "opened"}),
        (Qt.Key.Key_F, {"amount": "5.00"}), (Qt.Key.Key_P, {}),
    ):  # fmt: skip
        shown.press(key, page.list)
        shown.settle()
        if page.pane.form is not None:
            for name, value in values.items():
                page.pane.form.set_value(name, value)
            page.pane.form.submit()
            shown.settle()
    (row,) = shown.desk.read(return_rows, now=DAYS_LATER)
    assert (row.step, row.money_state, row.refunded, row.grades) == (
        "done",
        "partly_refunded",
        500,
        "B",
    )
    words = texts(page.pane)
    assert "B, opened, good: into quarantine" in words
    assert "Money given for" in words


@pytest.mark.usefixtures("parcels")
def test_an_amount_that_is_none_is_refused_in_its_place(
    shown: DeskWindow,
) -> None:
    page = opened(shown)
    for key in (Qt.Key.Key_R, Qt.Key.Key_I):
        shown.press(key, page.list)
        shown.settle()
        assert page.pane.form is not None
        page.pane.form.submit()
        shown.settle()
    shown.press(Qt.Key.Key_F, page.list)
    assert page.pane.form is not None
    page.pane.form.set_value("amount", "a lot")
    page.pane.form.submit()
    assert "is no amount" in texts(page.pane.form)


def test_a_parcel_of_nobody_known_is_taken_in_and_given_to_its_order(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    parcel = parcels.list.current_row
    assert parcel is not None
    shown.window.go("returns", "")
    shown.settle()
    page = shown.window.pages["returns"]
    assert isinstance(page, ReturnsPage)
    page.take_parcel()
    shown.settle()
    form = page.pane.form
    assert form is not None
    form.submit()
    assert "is needed" in texts(form)
    form.set_value("contents", parcel.items.split(", ")[0].split(" × ")[1] + " 1")
    form.set_value("sender", parcel.buyer_name)
    form.submit()
    shown.settle()
    assert "Whose is it?" in texts(page.pane)
    click(page.pane, "It belongs to order SHIPPED")
    shown.settle()
    (row,) = shown.desk.read(return_rows, now=DAYS_LATER)
    assert row.order_number == "SHIPPED"


def test_returns_stand_beside_shipments_in_the_navigation(shown: DeskWindow) -> None:
    shown.window.go("returns")
    shown.settle()
    keys = shown.window.register.get("go.open_returns").shortcut
    assert keys == "G, B"
    buttons = {each.accessibleName(): each for each in shown.window.sidebar.findChildren(NavButton)}
    assert any(name.startswith("Shipments") and each.isChecked() for name, each in buttons.items())
    assert "Returns" not in buttons


def test_the_packet_for_the_carrier_is_a_pdf_that_names_the_parcel_the_goods_and_the_last_day(
    shown: DeskWindow, parcels: ShipmentsPage
) -> None:
    shown.press(Qt.Key.Key_1, parcels.list)
    shown.settle()
    (claim,) = shown.desk.read(claim_rows)
    packet, country = read_packet(shown.desk, claim.id)
    paper = paper_of(country, QLocale())
    pages = lay_out_claim(packet, (), paper)
    words = " ".join(mark.text for page in pages for mark in page if isinstance(mark, Line))
    for said in ("9400100000000000000001", "TEA-001", "$15.00", "SHIPPED-R1", "December 11, 2026",
                 "https://www.usps.com/help/claims.htm"):  # fmt: skip
        assert said in words, said
    content = pdf_of(pages, paper, "Claim", lambda _done, _of: None)
    assert content.startswith(b"%PDF")


@pytest.mark.usefixtures("parcels")
def test_the_case_of_a_stuck_parcel_offers_its_ways_out_with_costs_and_one_key_takes_the_first(
    shown: DeskWindow,
) -> None:
    (parcel,) = shown.desk.read(parcel_rows, now=DAYS_LATER)
    case = CaseDraft(CaseKind.PARCEL_LOST, "shipment", parcel.id, "Order SHIPPED: its parcel is lost",
                     order_id=parcel.order_id)  # fmt: skip
    shown.desk.write(lambda db: open_cases(db, [case], now=DAYS_LATER))
    shown.window.go("exceptions", "kind:parcel_lost")
    shown.settle()
    page = shown.window.pages["exceptions"]
    words = [each.text() for each in page.findChildren(QPushButton)]
    assert any(text.startswith("Send it again, costs $") for text in words)
    shown.window.register.run("exceptions.take_way_1")
    shown.settle()
    assert shown.window.toast.text.startswith("Sent order SHIPPED again")
    left = shown.desk.read(case_rows, query="kind:parcel_lost is:open", now=DAYS_LATER)
    assert left == []

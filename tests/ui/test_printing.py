"""What is printed can be read, searched and scanned, and a second print says why."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from pypdf import PdfReader
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.domain.orders import Address
from app.domain.papers import PackingSlip, PaperKind, PickMode, Sender, SlipItem, pick_lists
from app.queries.inventory import inventory_rows
from app.queries.order_detail import find_order
from app.queries.papers import printed_before
from app.services.desk import Desk
from app.ui.printing.barcodes import barcode
from app.ui.printing.pdf import image_of, pdf_of
from app.ui.printing.pick_list import lay_out_picks
from app.ui.printing.preview import PrintPreview
from app.ui.printing.sheet import A4, LABEL, LETTER, PAPERS, Page, Paper, paper_of
from app.ui.printing.slip import lay_out_slip
from tests.domain.test_papers import a_pick, a_slip
from tests.queries import brand
from tests.ui.conftest import DeskWindow

SENDER = Sender(
    "Fictional Tea", "12 Fictional Lane\nHoboken, NJ 07030", "Thank you for your order."
)


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page, as a search in a viewer would find it."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def as_pdf(pages: list[Page], paper: Paper = LETTER) -> bytes:
    return pdf_of(pages, paper, "Test", lambda _done, _total: None)


def scanned(page: Page, paper: Paper = LETTER, dpi: int = 200) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image_of(page, paper, dpi))]


def full_slip(**changes: object) -> PackingSlip:
    slip = a_slip(
        number="#R-1001", sender=SENDER,
        address=Address("Jane Doe", "", "1 Main St", "Apt 4", "", "New York", "NY", "10001", "US"),
        note="Leave it with Jo",
        items=(SlipItem("TEA-001", "Earl Grey tin", 2, "A-12", 1500),
               SlipItem("MUG-RED", "Red mug", 1, "B-2", 1250)),
    )  # fmt: skip
    return replace(slip, **changes)  # type: ignore[arg-type]


# ---- the paper -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("theme")  # its letters, whose figures are all of one width
def test_the_text_of_a_slip_can_be_searched() -> None:
    (page,) = texts(as_pdf(lay_out_slip(full_slip(), LETTER)))
    for words in ("Fictional Tea", "12 Fictional Lane", "Jane Doe", "New York, NY 10001", "#R-1001",
                  "Earl Grey tin", "TEA-001", "A-12", "Leave it with Jo", "3 pieces",
                  "Thank you for your order."):  # fmt: skip
        assert words in page


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("paper", PAPERS.values(), ids=str)
@pytest.mark.parametrize(
    "number", ["#R-1001", "114-1234567-1234567", "1001", "BESTELLUNG-ÜBER-日本"]
)
def test_the_barcode_scans_back_to_the_exact_order_number(paper: Paper, number: str) -> None:
    (page,) = lay_out_slip(full_slip(number=number), paper)
    assert scanned(page, paper) == [number]


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize("channel", ["amazon", "walmart", "etsy", "ebay"])
def test_no_price_and_no_thanks_stand_on_a_marketplace_slip(channel: str) -> None:
    slip = full_slip(channel=channel).shown(with_prices=True)
    (page,) = texts(as_pdf(lay_out_slip(slip, LETTER)))
    assert "30.00" not in page
    assert "Price" not in page
    assert "Thank you" not in page


@pytest.mark.usefixtures("qtbot")
def test_prices_of_our_own_store_are_in_the_orders_own_currency() -> None:
    slip = full_slip(currency="EUR").shown(with_prices=True)
    (page,) = texts(as_pdf(lay_out_slip(slip, LETTER)))
    assert "€" in page
    assert "42.50" in page
    assert "$" not in page


@pytest.mark.usefixtures("qtbot")
def test_what_a_buyer_writes_is_printed_letter_by_letter() -> None:
    item = SlipItem("X", "<b>x</b> &amp; <img src=a>", 1, "")
    slip = full_slip(items=(item,), note="Right\u202eto left\x07")
    (page,) = texts(as_pdf(lay_out_slip(slip, LETTER)))
    assert "<b>x</b> &amp; <img src=a>" in page
    assert "Right[RLO]to left[U+0007]" in page


@pytest.mark.usefixtures("qtbot")
def test_names_in_other_scripts_are_no_boxes() -> None:
    if not QFontDatabase.families(QFontDatabase.WritingSystem.Japanese):
        pytest.skip("no font of this machine has Japanese letters")
    slip = full_slip(address=Address("山田太郎", "", "1 Main St", city="Reno", country="US"))
    (page,) = texts(as_pdf(lay_out_slip(slip, LETTER)))
    assert "太郎" in page


@pytest.mark.usefixtures("qtbot")
def test_a_large_parcel_goes_on_over_pages_with_the_head_repeated() -> None:
    items = tuple(SlipItem(f"SKU-{n}", f"Thing number {n}", n, "") for n in range(1, 81))
    pages = texts(as_pdf(lay_out_slip(full_slip(items=items), LETTER)))
    assert len(pages) > 1
    assert all("Units Item Bin" in page for page in pages)
    assert all(f"page {at} of {len(pages)}" in page for at, page in enumerate(pages, 1))
    assert all(sum(f"Thing number {n} " in page + " " for page in pages) == 1 for n in range(1, 81))


@pytest.mark.usefixtures("qtbot")
def test_a_code_without_end_is_cut_and_not_lost() -> None:
    item = SlipItem("X" * 300, "", 1, "")
    (page,) = texts(as_pdf(lay_out_slip(full_slip(items=(item,)), LETTER)))
    assert page.count("X") == 300


@pytest.mark.usefixtures("qtbot")
def test_the_sizes_are_those_of_the_paper() -> None:
    for paper, points in ((LETTER, (612, 792)), (A4, (595, 842)), (LABEL, (288, 432))):
        box = (
            PdfReader(io.BytesIO(as_pdf(lay_out_slip(full_slip(), paper), paper))).pages[0].mediabox
        )
        assert (round(box.width), round(box.height)) == pytest.approx(points, abs=1)


@pytest.mark.parametrize(
    ("country", "locale", "paper"),
    [("", "en_US", LETTER), ("", "en_CA", LETTER), ("", "de_DE", A4), ("", "ja_JP", A4),
     ("US", "de_DE", LETTER), ("DE", "en_US", A4)],
)  # fmt: skip
def test_the_paper_is_the_one_of_the_country(country: str, locale: str, paper: Paper) -> None:
    assert paper_of(country, QLocale(locale)) is paper


@pytest.mark.usefixtures("qtbot")
def test_a_slip_says_once_who_sends() -> None:
    sender = Sender("Alder & Tide", "Alder & Tide\n18 Example Street\nPortland, ME 04101")
    pages = lay_out_slip(replace(full_slip(), sender=sender), LETTER)
    (said,) = texts(as_pdf(pages))
    assert said.count("Alder & Tide") == 1
    assert "18 Example Street" in said


@pytest.mark.usefixtures("qtbot")
def test_every_stop_of_a_pick_list_can_be_scanned() -> None:
    picks = [a_pick(1, "TEA-001", 2, "A-15", code="4006381333931"), a_pick(2, "MUG-BLUE", 1, "A-2")]
    (walk,) = pick_lists(picks, PickMode.WAVE)
    (page,) = lay_out_picks(walk, LETTER, brand.NOW, with_barcodes=True)
    assert sorted(scanned(page)) == ["4006381333931", "MUG-BLUE"]
    (text,) = texts(as_pdf([page]))
    for words in ("wave", "Garage, 3 units", "1: R-1", "Tote 2: 1", "3 units in 2 stops"):
        assert words in text
    assert text.index("A-2 ") < text.index("A-15")


def test_a_barcode_is_a_line_as_long_as_a_scanner_reads_it() -> None:
    short, long = barcode("R-1001"), barcode("R" * 60)
    assert short is not None
    assert long is not None
    assert (short.is_square, long.is_square) == (False, True)
    assert barcode(" ") is None


# ---- the preview ---------------------------------------------------------------------------------


def ids(desk: Desk, *numbers: str) -> list[int]:
    found = [desk.read(find_order, number) for number in numbers]
    return [each for each in found if each is not None]


def slips_of(shown: DeskWindow, *numbers: str) -> PrintPreview:
    shown.settle()
    shown.window.print_papers(PaperKind.SLIP, ids(shown.desk, *numbers))
    shown.settle()
    return shown.window.prints


def words(preview: PrintPreview) -> str:
    return "\n".join(label.text() for label in preview.findChildren(QLabel) if label.isVisible())


def saved(shown: DeskWindow, preview: PrintPreview, path: Path) -> list[str]:
    preview.save_pdf(path)
    shown.settle()
    return texts(path.read_bytes())


def test_ctrl_p_prints_the_slips_of_everything_selected(shown: DeskWindow) -> None:
    shown.settle()
    shown.orders.select_all()
    shown.settle()
    QTest.keyClick(shown.orders.list, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    shown.settle()
    preview = shown.window.prints
    assert preview.isVisible()
    assert "Packing slips" in words(preview)
    assert "HELD: it is on hold" in words(preview)
    assert preview.view.has_image


def test_one_page_for_each_order(shown: DeskWindow, tmp_path: Path) -> None:
    preview = slips_of(shown, "READY", "ACCEPTED", "LATE")
    assert "Page 1 of 3" in words(preview)
    pages = saved(shown, preview, tmp_path / "slips.pdf")
    assert ["Order READY" in pages[0], "Order ACCEPTED" in pages[1], "Order LATE" in pages[2]] == [
        True, True, True,
    ]  # fmt: skip
    assert not preview.isVisible()


def test_without_a_printer_the_pdf_is_the_way_and_it_says_so(shown: DeskWindow) -> None:
    preview = slips_of(shown, "READY")
    if preview.side.printer:
        pytest.skip("this machine has a printer")
    assert preview.print_button.isHidden()
    assert preview.pdf_button.property("kind") == "primary"
    assert "No printer is set up" in words(preview)


def test_a_second_print_asks_for_a_reason_and_says_who_was_first(
    shown: DeskWindow, tmp_path: Path
) -> None:
    saved(shown, slips_of(shown, "READY"), tmp_path / "first.pdf")
    preview = slips_of(shown, "READY", "LATE")
    assert "READY: first by Owner, today" in words(preview)
    preview.save_pdf(tmp_path / "second.pdf")
    shown.settle()
    assert not (tmp_path / "second.pdf").exists()
    assert "Say why it is printed again" in words(preview)
    preview.side.say_why("Printer jam")
    assert len(saved(shown, preview, tmp_path / "second.pdf")) == 2
    rows = {row.number: row.times for row in shown.desk.read(
        printed_before, "slip", ids(shown.desk, "READY", "LATE"))}  # fmt: skip
    assert rows == {"READY": 2, "LATE": 1}


def test_a_pdf_that_cannot_be_written_is_said_and_can_be_tried_again_at_once(
    shown: DeskWindow, tmp_path: Path
) -> None:
    preview = slips_of(shown, "READY")
    preview.save_pdf(tmp_path / "no such folder" / "slips.pdf")
    shown.settle()
    assert preview.isVisible()
    assert preview.side.reason.text()
    assert len(saved(shown, preview, tmp_path / "slips.pdf")) == 1


def test_paper_and_kind_are_remembered_for_each_kind_of_paper(
    shown: DeskWindow, tmp_path: Path
) -> None:
    preview = slips_of(shown, "READY")
    preview.side.choose(paper="label")
    shown.settle()
    saved(shown, preview, tmp_path / "label.pdf")
    assert slips_of(shown, "LATE").side.options.paper is LABEL
    shown.window.prints.close_overlay()
    shown.window.print_papers(PaperKind.PICK, ids(shown.desk, "ACCEPTED"))
    shown.settle()
    assert shown.window.prints.side.options.paper is not LABEL


def test_prices_cannot_be_chosen_for_a_marketplace(shown: DeskWindow, tmp_path: Path) -> None:
    preview = slips_of(shown, "ACCEPTED")
    preview.side.show_prices(wanted=True)
    assert not preview.side.options.with_prices
    (page,) = saved(shown, preview, tmp_path / "amazon.pdf")
    assert "$" not in page


def test_pages_turn_and_grow_by_key(shown: DeskWindow) -> None:
    preview = slips_of(shown, "READY", "LATE")
    shown.press(Qt.Key.Key_PageDown, preview.view)
    assert preview.view.page == 2
    before = _width(preview)
    shown.press(Qt.Key.Key_Plus, preview.view)
    assert _width(preview) > before
    shown.press(Qt.Key.Key_Escape, preview.view)
    assert not preview.isVisible()


def _width(preview: PrintPreview) -> int:
    image: QImage = preview.view._image.pixmap().toImage()  # noqa: SLF001
    return image.width()


def test_many_slips_can_be_looked_at_and_saved(shown: DeskWindow, tmp_path: Path) -> None:
    orders = [brand.order(f"N{n}", ("TEA-001", 1)) for n in range(40)]
    found = brand.take_in(shown.desk, *orders)
    shown.settle()
    preview = shown.window.prints
    shown.window.print_papers(PaperKind.SLIP, found)
    shown.settle()
    assert f"Page 1 of {len(found)}" in words(preview)
    assert len(saved(shown, preview, tmp_path / "many.pdf")) == len(found)


def test_leaving_the_preview_prints_nothing(shown: DeskWindow) -> None:
    preview = slips_of(shown, "READY")
    preview.close_overlay()
    shown.settle()
    assert shown.desk.read(printed_before, "slip", ids(shown.desk, "READY")) == ()


def test_nothing_to_print_is_said(shown: DeskWindow) -> None:
    preview = slips_of(shown, "HELD")
    assert "Nothing to print for these orders" in words(preview)
    assert not preview.pdf_button.isEnabled()


def test_a_bin_is_set_beside_the_stock_and_taken_back(shown: DeskWindow) -> None:
    shown.go("inventory")
    page = shown.inventory
    rows = page.list.rows
    sku = "MUG-RED"
    at = next(n for n in range(rows.rowCount()) if rows.peek(n).code == sku)  # type: ignore[union-attr]
    page.list.selectRow(at)
    shown.settle()
    page.verbs.ask_bin("SHOP")
    assert page.pane.form is not None
    page.pane.form.set_value("bin", "C-3")
    page.pane.form.submit()
    shown.settle()
    assert [each.code for each in shown.desk.read(inventory_rows, query="bin:C-3")] == [sku]
    shown.window.undo()
    shown.settle()
    assert shown.desk.read(inventory_rows, query="bin:C-3") == []

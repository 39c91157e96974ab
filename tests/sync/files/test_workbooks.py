"""A workbook is looked at before it is unpacked, and read as text."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from app.sync.files.rejects import rejects_csv
from app.sync.files.writing import xlsx_bytes
from tests.sync.files import templates as t
from tests.sync.files.conftest import Reading

GOOD = xlsx_bytes(t.OWN, [[t.own().get(x, "") for x in t.OWN]])


def with_part(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(out, "w") as archive:
        for part in good.namelist():
            archive.writestr(part, data if part == name else good.read(part))
        if name not in good.namelist():
            archive.writestr(name, data)
    return out.getvalue()


def test_our_own_workbook_reads_back(read: Reading) -> None:
    order = read(GOOD).orders[0]
    assert (order.number, order.ship_to.postcode) == ("W-1", "02138")


@pytest.mark.parametrize(
    ("part", "data", "word"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "other files"),
        ("../evil.xml", b"<a/>", "outside"),
        ("xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTD"),
        ("xl/extra.xml", "<!DOCTYPE a []><a/>".encode("utf-16"), "DTD"),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused(
    read: Reading, part: str, data: bytes, word: str
) -> None:
    parsed = read(with_part(part, data))
    assert "workbook" in parsed.refusal
    assert word in parsed.refusal


def test_a_workbook_of_too_many_parts_is_refused(read: Reading) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(1001):
            archive.writestr(f"{i}.xml", b"<a/>")
    assert "too large" in read(out.getvalue()).refusal


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook as a person makes one; a sheet whose name starts with “hidden” is."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("hidden") else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def orders(*numbers: str, **cells: str) -> list[list[object]]:
    rows: list[list[object]] = [[t.own(x, **cells).get(y, "") for y in t.OWN] for x in numbers]
    return [list(t.OWN), *rows]


def test_every_sheet_of_the_same_export_is_read(read: Reading) -> None:
    parsed = read(workbook(May=orders("W-1", "W-2"), Notes=[["call Ada"]], June=orders("W-3")))
    assert [x.number for x in parsed.orders] == ["W-1", "W-2", "W-3"]
    assert (parsed.rows, parsed.notices) == (3, ("SHEETS_JOINED",))


def test_a_bad_row_is_named_by_its_sheet_and_comes_back_with_its_own_reason(read: Reading) -> None:
    may, june = orders("W-1", quantity="many"), orders("W-2", quantity="few")
    parsed = read(workbook(May=may, June=june))
    first, second = parsed.rejected
    assert "W-1, sheet “May”, row 2, column “quantity”" in first.message
    assert "W-2, sheet “June”, row 2, column “quantity”" in second.message
    back = list(csv.reader(io.StringIO(rejects_csv(parsed).decode("utf-8-sig"), newline="")))
    assert [(x[0], x[-1]) for x in back[1:]] == [("W-1", first.message), ("W-2", second.message)]


def test_a_second_sheet_with_another_export_is_refused_by_name(read: Reading) -> None:
    stock: list[list[object]] = [["sku", "location", "on_hand"], ["TEA-001", "MAIN", 5]]
    parsed = read(workbook(May=orders("W-1"), Shelf=stock))
    assert parsed.refusal_code == "SEVERAL_EXPORTS"
    assert "“May”" in parsed.refusal
    assert "“Shelf” is a stock file" in parsed.refusal
    assert not parsed.orders


def test_a_second_sheet_with_other_columns_is_refused_by_name(read: Reading) -> None:
    june = [row[:-1] for row in orders("W-2")]
    parsed = read(workbook(May=orders("W-1"), June=june))
    assert (parsed.refusal_code, "different columns" in parsed.refusal) == ("SEVERAL_EXPORTS", True)


def test_two_sheets_of_goods_are_refused_by_name(read: Reading) -> None:
    stock: list[list[object]] = [["sku", "location", "on_hand"], ["TEA-001", "MAIN", 5]]
    parsed = read(workbook(North=stock, South=stock))
    assert "“North” and “South” are each a stock file" in parsed.refusal


def test_an_empty_second_sheet_is_no_matter(read: Reading) -> None:
    parsed = read(workbook(May=orders("W-1"), June=orders()))
    assert (len(parsed.orders), parsed.notices) == (1, ())


def test_what_a_person_hid_is_left_out_and_said(read: Reading) -> None:
    parsed = read(workbook(hidden_old=orders("W-1"), May=orders("W-2")))
    assert [x.number for x in parsed.orders] == ["W-2"]
    assert parsed.notices == ("HIDDEN_SHEET_SKIPPED",)
    assert [x.number for x in read(workbook(Notes=[["x"]], hidden=orders("W-3"))).orders] == ["W-3"]


def test_a_workbook_of_too_many_sheets_is_refused(read: Reading) -> None:
    sheets = {f"Day {n}": orders(f"W-{n}") for n in range(21)}
    assert "21 sheets" in read(workbook(**sheets)).refusal


def test_another_zip_is_no_workbook(read: Reading) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read(out.getvalue()).refusal_code == "DAMAGED"

"""A workbook is looked at before it is unpacked, and read as text."""

from __future__ import annotations

import io
import zipfile

import pytest

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


def test_another_zip_is_no_workbook(read: Reading) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert read(out.getvalue()).refusal_code == "DAMAGED"

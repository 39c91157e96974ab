"""Whatever bytes arrive, the answer is a parsed file: orders, rejects or a refusal."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.importing import ParsedFile
from app.sync.files.reading import FORMATS, read_file
from app.sync.files.rejects import rejects_csv
from app.sync.files.writing import xlsx_bytes
from tests.sync.files import templates as t

GOOD = (
    t.table(t.SHOPIFY, [t.shopify("#1"), t.more("#1"), t.shopify("#2", Notes='a, "b"\nc')]),
    t.table(t.AMAZON, [t.amazon("111-1"), t.amazon("111-2", "502")], "\t", "\r\n"),
    t.table(t.ALL_ORDERS, [t.all_orders("111-1"), t.all_orders("111-2")], "\t"),
    ",,,\n" + t.table(t.EBAY, [t.ebay("101", "11-1"), t.ebay("102", "11-2")])
    + '2,record(s) downloaded,from Sep-30-26\nSeller ID : x\n',
    t.table(t.OWN, [t.own("W-1"), t.own("W-2")], ";"),
    "sku,title,on_hand,cost\nA,Tea,3,1.20\n",
    "kit,component,quantity\nB,A,2\n",
    "sku,location,on_hand,safety_stock\nA,Home,3,1\n",
)  # fmt: skip
WORKBOOK = xlsx_bytes(t.OWN, [[t.own().get(x, "") for x in t.OWN]])
ODD = (
    b"", b"\0", b'"', b"''", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\t", b",", b"1e309",
    b"NaN", b"-1", "٣".encode(), "\u202e".encode(), b"=1+1", b"9" * 5000, b"2025-13-45",
    b"31/12/2025", b"\x81", b"0001-01-01", b"9999-12-31 23:59:59 -2359", b"1.08917E+14",
)  # fmt: skip
TODAY = date(2025, 11, 22)


def _survives(data: bytes, format_name: str = "auto") -> None:
    parsed = read_file("x", data, today=TODAY, format_name=format_name)
    assert isinstance(parsed, ParsedFile)
    if parsed.refusal:
        assert not parsed.orders
        assert "Nothing was stored" in parsed.refusal
    for reject in parsed.rejected:
        assert f"{'row' if parsed.encoding == 'xlsx' else 'line'} {reject.row}" in reject.message
    rejects_csv(parsed)


@given(st.binary(max_size=4096))
def test_random_bytes(data: bytes) -> None:
    _survives(data)


@given(st.text(max_size=2000), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp932"]))
def test_random_text_in_many_encodings(text: str, encoding: str) -> None:
    _survives(text.encode(encoding, errors="replace"))


@settings(max_examples=400)
@given(st.sampled_from(GOOD), st.data())
def test_good_files_with_damage_anywhere(good: str, data: st.DataObject) -> None:
    raw = good.encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(0, 12)))
        raw = raw[:start] + data.draw(st.sampled_from(ODD)) + raw[end:]
    _survives(raw)


@settings(max_examples=300)
@given(st.sampled_from(GOOD), st.data())
def test_good_files_with_any_cell_replaced(good: str, data: st.DataObject) -> None:
    lines = good.splitlines()
    at = data.draw(st.integers(1, len(lines) - 1))
    sign = "\t" if "\t" in good else ";" if ";" in good else ","
    cells = lines[at].split(sign)
    place = data.draw(st.integers(0, len(cells) - 1))
    cells[place] = data.draw(
        st.one_of(st.text(max_size=20), st.sampled_from(["", "0", "-0", "9" * 30]))
    )
    lines[at] = sign.join(cells)
    _survives("\n".join(lines).encode("utf-8", errors="replace"))


@given(st.sampled_from(GOOD), st.data())
def test_good_files_cut_off_anywhere(good: str, data: st.DataObject) -> None:
    _survives(good.encode()[: data.draw(st.integers(0, len(good)))])


@given(st.sampled_from(GOOD), st.sampled_from([x.name for x in FORMATS]))
def test_a_file_read_as_another_format(good: str, name: str) -> None:
    _survives(good.encode(), name)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_workbook(data: st.DataObject) -> None:
    raw = WORKBOOK
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:at] + data.draw(st.binary(max_size=4)) + raw[at + 2 :]
    _survives(raw)


@settings(max_examples=150)
@given(st.data())
def test_a_workbook_with_damaged_parts(data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as good, zipfile.ZipFile(out, "w") as bad:
        damaged = data.draw(st.sampled_from(good.namelist()))
        for name in good.namelist():
            part = good.read(name)
            if name == damaged:
                at = data.draw(st.integers(0, len(part)))
                part = part[:at] + data.draw(st.binary(max_size=6)) + part[at + 3 :]
            bad.writestr(name, part)
    _survives(out.getvalue())

"""Rejected orders come back as a file that imports once it is repaired, unchanged otherwise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.sync.files.rejects import rejects_csv
from app.sync.files.writing import csv_bytes, neutral, original, xlsx_bytes
from tests.sync.files import templates as t
from tests.sync.files.conftest import Reading

DANGER = st.text(
    alphabet=st.sampled_from("'=+-@\t\r\n \uff1d\uff0b\uff0d\uff20ab1;,\""), max_size=12
)


@given(st.one_of(st.text(), DANGER))
def test_neutral_text_starts_no_formula_and_reads_back(text: str) -> None:
    assert original(neutral(text)) == text
    assert not neutral(text).lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))
    assert not neutral(text).startswith(("\t", "\r", "\n"))


def test_the_whole_order_comes_back_and_imports_after_repair(read: Reading) -> None:
    first = read(
        t.table(t.SHOPIFY, [t.shopify("#1"), t.more("#1", Lineitem_quantity="x"), t.shopify("#2")])
    )
    again = rejects_csv(first)
    assert read(again).rejected[0].code == "QTY_INVALID"
    repaired = read(again.replace(b",x,", b",2,"))
    assert [x.number for x in repaired.orders] == ["#1"]
    assert [x.quantity for x in repaired.orders[0].lines] == [1, 2]
    assert (
        repaired.orders[0].ship_to == read(t.table(t.SHOPIFY, [t.shopify("#1")])).orders[0].ship_to
    )


def test_the_reason_stands_beside_the_row_at_fault(read: Reading) -> None:
    parsed = read(t.table(t.OWN, [t.own("W-1", quantity="0")]))
    text = rejects_csv(parsed).decode("utf-8-sig")
    assert "orderdeck_reason" in text.splitlines()[0]
    assert "a quantity must be 1 or more" in text.splitlines()[1]


def test_formulas_are_harmless_in_the_file_and_whole_again_on_import(read: Reading) -> None:
    evil = t.own("W-1", name="=cmd|' /C calc'!A0", note="\t=1+1", title="'=kept", quantity="x")
    out = rejects_csv(read(t.table(t.OWN, [evil])))
    assert b",'=cmd|" in out
    order = read(out.replace(b",x,", b",1,")).orders[0]
    assert (order.ship_to.name, order.note, order.lines[0].title) == (
        "=cmd|' /C calc'!A0", "\t=1+1", "'=kept",
    )  # fmt: skip


def test_amazons_flat_file_comes_back_without_quotes(read: Reading) -> None:
    parsed = read(t.table(t.AMAZON, [t.amazon(quantity_purchased="x")], "\t"))
    out = rejects_csv(parsed)
    assert b'Tea 5" box' in out
    assert read(out.replace(b"\tx\t", b"\t1\t")).orders[0].lines[0].title == 'Tea 5" box'


def test_a_semicolon_file_keeps_its_separator_and_decimal_comma(read: Reading) -> None:
    rows = [t.own("W-1", unit_price="19,99", quantity="x")]
    out = rejects_csv(read(t.table(t.OWN, rows, ";")))
    assert read(out.replace(b";x;", b";1;")).orders[0].lines[0].unit_price == 1999


def test_rejecting_twice_keeps_one_reason_column(read: Reading) -> None:
    once = rejects_csv(read(t.table(t.OWN, [t.own(quantity="x")])))
    twice = rejects_csv(read(once))
    assert twice == once


def test_numbers_are_written_as_numbers() -> None:
    assert csv_bytes(["a", "b"], [[-5, "-5"]]) == b"a,b\r\n-5,'-5\r\n"


@given(st.lists(st.lists(DANGER, min_size=2, max_size=2), max_size=4))
def test_any_workbook_we_write_opens(rows: list[list[str]]) -> None:
    assert xlsx_bytes(["a", "b"], rows).startswith(b"PK")

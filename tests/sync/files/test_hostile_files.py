"""Every public hostile file is read as its table of expected outcomes says.

What only the database can decide (unknown SKUs, repeated imports) is tested with the intake.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from app.domain.importing import ParsedFile
from app.sync.files.reading import read_file
from tests.sync.files.reference import BAD, MISSING

CASES: list[dict[str, Any]] = (
    json.loads((BAD / "expected.json").read_text("utf-8"))
    if (BAD / "expected.json").exists()
    else []
)
DECIDED_LATER = {"UNKNOWN_SKU", "ORDER_CHANGED", "UNCHANGED_SKIPPED"}
SUMMARY = {"0 orders", "1 new", "1 unchanged", "1 changed"}

pytestmark = pytest.mark.skipif(not CASES, reason=MISSING)


def _read(case: dict[str, Any]) -> ParsedFile:
    data = (BAD / case["file"]).read_bytes()
    return read_file(case["file"], data, today=date(2025, 11, 22))


def _alone(case: dict[str, Any]) -> bool:
    return "after" not in case


@pytest.mark.parametrize("case", CASES, ids=lambda x: x["file"])
def test_the_verdict_rejects_holds_and_notices_are_as_expected(case: dict[str, Any]) -> None:
    parsed = _read(case)
    assert [[x.order, x.code] for x in parsed.rejected] == case["rejected"]
    holds = sorted([x.number, h.code.value] for x in parsed.orders for h in x.holds)
    assert holds == sorted(x for x in case["holds"] if x[1] not in DECIDED_LATER)
    assert sorted(parsed.notices) == sorted(set(case["notices"]) - DECIDED_LATER)
    if _alone(case):
        assert bool(parsed.refusal) == (case["verdict"] == "refuse")
        assert bool(parsed.rejected) == (case["verdict"] == "partial")


@pytest.mark.parametrize("case", [x for x in CASES if _alone(x)], ids=lambda x: x["file"])
def test_orders_and_lines_are_counted_as_expected(case: dict[str, Any]) -> None:
    parsed = _read(case)
    lines = sum(len(x.lines) for x in parsed.orders)
    assert (len(parsed.orders), lines) == (case["orders_new"], case["lines_new"])
    assert parsed.refusal or parsed.channel == case["channel"]


@pytest.mark.parametrize("case", CASES, ids=lambda x: x["file"])
def test_the_sentences_name_what_the_owner_needs(case: dict[str, Any]) -> None:
    parsed = _read(case)
    said = " ".join([parsed.refusal, *(x.message for x in parsed.rejected)]).casefold()
    for words in set(case["message"]) - SUMMARY:
        assert words.casefold() in said
    if parsed.refusal:
        assert "nothing was stored" in said
        assert parsed.refusal_code


def _order(file: str, number: str) -> Any:
    parsed = read_file(file, (BAD / file).read_bytes(), today=date(2025, 11, 22))
    return next(x for x in parsed.orders if x.number == number)


def test_zeros_in_postcodes_and_skus_survive() -> None:
    assert _order("good_shopify.csv", "#1001").ship_to.postcode == "02138"
    assert _order("good_shopify.csv", "#1002").lines[0].sku_text == "00123"


def test_an_amazon_price_is_the_total_of_its_line() -> None:
    line = _order("good_amazon.txt", "111-0000001-0000001").lines[0]
    assert (line.quantity, line.unit_price, line.discount) == (3, 1999, 0)


def test_a_guessed_encoding_reads_the_names() -> None:
    name = _order("amazon_cp1252.txt", "111-0000010-0000002").ship_to.name
    assert name == "D’Arcy Peña"


def test_a_decimal_comma_is_understood_with_thousands() -> None:
    order = _order("ownstore_semicolon_decimal_comma.csv", "EU-1")
    assert (order.lines[0].unit_price, order.currency) == (123450, "EUR")


def test_a_lost_zero_is_offered_and_never_put_back() -> None:
    order = _order("etsy_zip_lost_zero.csv", "3812370002")
    assert order.ship_to.postcode == "601"
    assert "00601 (PR)" in order.holds[0].reason


def test_text_that_looks_like_a_formula_is_kept_as_it_is() -> None:
    assert _order("shopify_formula_injection.csv", "#2301").ship_to.name == "=cmd|' /C calc'!A0"
    assert _order("shopify_formula_injection.csv", "#2303").note == "\r=1+1"


def test_cancelled_orders_reserve_nothing() -> None:
    order = _order("amazon_pending_orders.txt", "111-0000070-0000002")
    assert (order.state, order.lines[0].quantity) == ("cancelled", 0)


def test_a_total_mismatch_shows_both_numbers() -> None:
    reason = _order("shopify_total_mismatch.csv", "#2171").holds[0].reason
    assert "35.00" in reason
    assert "25.00" in reason


def test_ids_stay_data_whatever_they_look_like() -> None:
    assert _order("ownstore_path_like_ids.csv", "../../../../etc/passwd").external_id.endswith("wd")


def test_fifteen_digits_of_a_number_cell_are_exact() -> None:
    order = _order("walmart_numeric_cells.xlsx", "108917420000031")
    assert (order.lines[0].quantity, order.lines[0].unit_price) == (2, 1200)


def test_the_catalogue_and_the_kits_that_come_first_are_read() -> None:
    today = date(2025, 11, 22)
    catalogue = read_file("catalog.csv", (BAD / "catalog.csv").read_bytes(), today=today)
    kits = read_file("kits.csv", (BAD / "kits.csv").read_bytes(), today=today)
    assert {x.sku: x.on_hand for x in catalogue.skus}["00123"] == 20
    assert [(x.component, x.quantity) for x in kits.kits] == [("TEA-001", 2), ("MUG-BLUE", 1)]

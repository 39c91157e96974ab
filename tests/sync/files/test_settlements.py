"""Settlement files of every channel become the same plain lines, and add up to what was paid."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.importing import FileKind, ParsedFile
from app.sync.files.posting_times import posted_at
from app.sync.files.reading import read_file
from tests.sync.files import settlement_files as files


def _read(text: str) -> ParsedFile:
    return read_file("payments.csv", text.encode(), today=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("text", "name", "lines", "sum_of"),
    [
        (files.AMAZON, "amazon-settlement", 8, {"189": 0}),
        (files.OLD_AMAZON, "amazon-settlement-old", 6, {"601": 0}),
        (files.SHOPIFY, "shopify-payments", 3, {"2026-09-05": 4436}),
        (files.SHOPIFY_PAYOUTS, "shopify-payouts", 1, {"2026-09-05": -4436}),
        (files.WALMART, "walmart-payments", 6, {"2026-04-18 to 2026-05-02": 0}),
    ],
)
def test_a_settlement_is_read_to_the_cent(
    text: str, name: str, lines: int, sum_of: dict[str, int]
) -> None:
    parsed = _read(text)
    assert (parsed.format, parsed.kind, parsed.refusal) == (name, FileKind.SETTLEMENT, "")
    assert not parsed.rejected
    assert len(parsed.payouts) == lines
    sums = dict.fromkeys(sum_of, 0)
    for line in parsed.payouts:
        sums[line.payout] += line.amount
    assert sums == sum_of


def test_what_an_amazon_amount_is_for_is_told_by_its_words() -> None:
    lines = _read(files.AMAZON).payouts
    assert [(x.type.value, x.order_ref, x.amount) for x in lines] == [
        ("transfer", "", -841), ("sale", "206-1", 2999), ("shipping", "206-1", 399),
        ("fee", "206-1", -450), ("refund", "206-2", -1999), ("fee", "206-2", 240),
        ("reserve", "", -148), ("fee", "", -200),
    ]  # fmt: skip
    assert {x.currency for x in lines} == {"GBP"}
    assert lines[0].paid_at == datetime(2026, 3, 17, tzinfo=UTC)


def test_a_walmart_label_is_postage_and_tax_that_it_withholds_is_tax() -> None:
    types = {x.label: x.type.value for x in _read(files.WALMART).payouts}
    assert types["Walmart Shipping Label Service Charge"] == "postage"
    assert types["Product tax withheld"] == "tax"
    assert types["Commission on Product"] == "fee"


def test_a_row_whose_parts_are_not_its_total_is_kept_back_with_both_amounts() -> None:
    parsed = _read(files.SHOPIFY.replace("54.36", "54.37"))
    assert [(x.order, x.column, x.value, x.code) for x in parsed.rejected] == [
        ("#1001", "Net", "54.37", "ROW_DOES_NOT_ADD_UP")
    ]
    assert "54.36 USD" in parsed.rejected[0].message
    assert [x.order_ref for x in parsed.payouts] == ["#1002"]


@pytest.mark.parametrize("text", ["-$10.00", "$-10.00", "(10.00)", "−10.00", "10.00-"])
def test_an_amount_below_zero_is_read_however_it_is_written(text: str) -> None:
    parsed = _read(files.SHOPIFY.replace("-10.00,0.00,-10.00", f"{text},0.00,-10.00"))
    assert [x.amount for x in parsed.payouts if x.type == "refund"] == [-1000]


@pytest.mark.parametrize("text", ["ten", "1-0", "--1.00", "1e3", "1.00 apples"])
def test_what_is_no_amount_is_kept_back_and_never_guessed(text: str) -> None:
    parsed = _read(files.SHOPIFY.replace("-10.00,0.00,-10.00", f"{text},0.00,-10.00"))
    assert [(x.order, x.code) for x in parsed.rejected] == [("#1002", "AMOUNT_INVALID")]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Sep 30, 2026 10:50:51 PM PDT", datetime(2026, 10, 1, 5, 50, 51, tzinfo=UTC)),
        ("January 31, 2026", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("02.03.2026 14:23:00 UTC", datetime(2026, 3, 2, 14, 23, tzinfo=UTC)),
        ("2026-09-03 10:15:00 -0400", datetime(2026, 9, 3, 14, 15, tzinfo=UTC)),
        ("4/29/2026", datetime(2026, 4, 29, 12, tzinfo=UTC)),
        ("2026/6/12", datetime(2026, 6, 12, 12, tzinfo=UTC)),
        ("30 Sep 2026 1:05:00 a.m. BST", datetime(2026, 9, 30, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_booking_time_is_read_in_every_way_that_channels_write_it(
    text: str, hour: datetime
) -> None:
    assert posted_at(text) == hour


@pytest.mark.parametrize("text", ["Foo 3, 2026", "13/45/2026", "Sep 30, 2026 10:50 PM XYZ", ""])
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (a cell's own words are said by its reader)
        posted_at(text)


@pytest.mark.parametrize("said", ["=1+1", "USDX", "﷼", "12", "<b>"])
@pytest.mark.parametrize(
    ("text", "here"), [(files.SHOPIFY, "USD,USD\n"), (files.AMAZON, "\tGBP\n")]
)
def test_a_word_that_is_no_currency_keeps_its_rows_back(text: str, here: str, said: str) -> None:
    parsed = _read(text.replace(here, here.replace("USD\n", f"{said}\n").replace("GBP", said)))
    assert not parsed.payouts
    assert {each.code for each in parsed.rejected} == {"CURRENCY_INVALID"}

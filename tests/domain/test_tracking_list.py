"""Tracking numbers pasted from a spreadsheet find their parcels."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.tracking_list import Row, match, read_list


@dataclass(frozen=True)
class Part:
    number: str
    external_id: str = ""


def found(text: str, *numbers: str) -> tuple[dict[str, str], tuple[str, ...]]:
    parts = [Part(number, f"gid-{number}") for number in numbers]
    matched = match(read_list(text), parts)
    return {parts[at].number: row.tracking for at, row in matched.rows}, matched.problems


def test_two_columns_from_a_spreadsheet_with_their_headings() -> None:
    text = "Order\tTracking number\n#1001\t9400 1000 0000\n1002\t1Z999\n"
    assert found(text, "#1001", "1002") == ({"#1001": "940010000000", "1002": "1Z999"}, ())


def test_a_comma_a_semicolon_or_blanks_divide_as_well_and_a_third_column_is_the_carrier() -> None:
    rows = read_list('1001,AAA,UPS\n"1002";BBB\n1003  CCC\n1004 DDD')
    assert rows == [Row("1001", "AAA", "UPS"), Row("1002", "BBB"), Row("1003", "CCC"),
                    Row("1004", "DDD")]  # fmt: skip


def test_the_channels_own_id_is_understood_too() -> None:
    assert found("GID-1001\tAAA", "1001") == ({"1001": "AAA"}, ())


def test_each_line_that_does_not_fit_says_why() -> None:
    done, problems = found("1001\tAAA\n9999\tBBB\n1002\n1003\tAAA", "1001", "1002", "1003", "1004")
    assert done == {"1001": "AAA"}
    assert problems == (
        "9999: no parcel of it waits among these orders",
        "1002: no tracking number beside it",
        "1003: AAA stands beside 1001 already",
        "1002: the list has no number for it",
        "1003: the list has no number for it",
        "1004: the list has no number for it",
    )


def test_an_order_in_two_parcels_takes_two_lines_in_their_order() -> None:
    parts = [Part("1001"), Part("1001")]
    matched = match(read_list("1001\tAAA\n1001\tBBB\n1001\tCCC"), parts)
    assert [(at, row.tracking) for at, row in matched.rows] == [(0, "AAA"), (1, "BBB")]
    assert len(matched.problems) == 1

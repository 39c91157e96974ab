"""What does a search mean?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import And, Everything, Node, Not, Or, Text, parse
from app.domain.search_errors import SearchError
from app.domain.search_examples import EXAMPLES, RULES
from app.domain.search_fields import (
    CASE_FIELDS,
    ORDER_FIELDS,
    RETURN_FIELDS,
    SHIPMENT_FIELDS,
    SKU_FIELDS,
    Vocabulary,
)
from app.domain.search_values import Between, Bound, Choice, Match, Today


def read(text: str) -> Node:
    return parse(text, ORDER_FIELDS)


@pytest.mark.parametrize("blank", ["", "   ", "\t\n"])
def test_an_empty_search_means_every_order(blank: str) -> None:
    assert read(blank) == Everything()


def test_words_beside_each_other_must_all_occur() -> None:
    assert read("jane doe") == And((Text("jane", 0), Text("doe", 5)))


def test_words_in_quotes_are_one_text() -> None:
    assert read('"jane doe"') == Text("jane doe", 0)


@pytest.mark.parametrize(
    "text",
    ["%", "_", "*", "100%", "a_b", "'", "O'Brien", "NEAR", "AND", "NOT", "or", '5"', '"', '""',
     "-", "\\", "/", "12:30", ")", "a)b", "x(1)", "=HYPERLINK(1)", "<img", "ORDER", "🎁", "#1001"],
)  # fmt: skip
def test_what_means_something_to_a_database_is_only_text(text: str) -> None:
    assert read(text) == Text(text, 0)


def test_a_comma_separates_the_alternatives_of_a_field() -> None:
    assert read("channel:amazon,walmart") == Or(
        (Match("channel", ("amazon",), True), Match("channel", ("walmart",), True))
    )


def test_a_minus_excludes_a_field_a_word_or_a_bracket() -> None:
    assert read("-is:held") == Not(Choice("is", "held"))
    assert read("-doe") == Not(Text("doe", 1))
    assert read("-(a OR b)") == Not(Or((Text("a", 2), Text("b", 7))))


def test_a_star_in_a_code_stands_for_anything() -> None:
    assert read("sku:MUG-*") == Match("sku", ("MUG-", ""), True)
    assert read("sku:*BLUE*") == Match("sku", ("", "BLUE", ""), True)


def test_a_star_in_quotes_is_a_star() -> None:
    assert read('sku:"MUG-*"') == Match("sku", ("MUG-*",), True)


def test_a_part_of_a_name_is_enough_and_of_a_code_is_not() -> None:
    assert read("buyer:doe") == Match("buyer", ("doe",), False)
    assert read("sku:MUG") == Match("sku", ("MUG",), True)


def test_a_field_takes_a_text_in_quotes() -> None:
    assert read('buyer:"Jane Doe",Ann') == Or(
        (Match("buyer", ("Jane Doe",), False), Match("buyer", ("Ann",), False))
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("qty:3", Bound(Decimal(3)), Bound(Decimal(3))),
        ("qty:>3", Bound(Decimal(3), is_open=True), None),
        ("qty:>=3", Bound(Decimal(3)), None),
        ("qty:<3", None, Bound(Decimal(3), is_open=True)),
        ("qty:3..5", Bound(Decimal(3)), Bound(Decimal(5))),
        ("qty:3..", Bound(Decimal(3)), None),
        ("qty:..5", None, Bound(Decimal(5))),
    ],
)
def test_units_are_compared_and_ranged(text: str, low: Bound | None, high: Bound | None) -> None:
    assert read(text) == Between("qty", low, high)


def test_money_is_in_whole_units_with_or_without_its_sign() -> None:
    between = Between("total", Bound(Decimal(50)), Bound(Decimal("100.5")))
    assert read("total:50..100.5") == between
    assert read("total:$50..$100.5") == between


def test_a_deadline_counts_from_now_or_names_a_day() -> None:
    assert read("shipby:<+4h") == Between("shipby", None, Bound(timedelta(hours=4), is_open=True))
    assert read("shipby:4h") == Between("shipby", None, Bound(timedelta(hours=4)))
    assert read("shipby:today") == Between("shipby", Bound(Today()), Bound(Today()))
    october = Between("shipby", Bound(date(2026, 10, 1)), Bound(date(2026, 10, 31)))
    assert read("shipby:2026-10-01..2026-10-31") == october


def test_an_age_is_a_span_of_time() -> None:
    assert read("age:>2d") == Between("age", Bound(timedelta(days=2), is_open=True), None)
    assert read("age:1d..1w") == Between("age", Bound(timedelta(days=1)), Bound(timedelta(weeks=1)))


def test_or_binds_weaker_than_standing_beside_each_other() -> None:
    assert read("a b OR c") == Or((And((Text("a", 0), Text("b", 2))), Text("c", 7)))


def test_brackets_group() -> None:
    assert read("(a OR b) c") == And((Or((Text("a", 1), Text("b", 6))), Text("c", 9)))
    assert read("(channel:etsy)") == Match("channel", ("etsy",), True)


def test_a_field_may_be_called_by_its_other_name_in_any_case() -> None:
    assert read("NODE:RENO") == read("location:RENO")


def test_the_example_of_the_manual_is_understood() -> None:
    text = (
        "channel:amazon,walmart -tracking:9* sku:MUG-* qty:>3 total:50..100 shipby:<+4h age:>2d "
        "node:RENO is:held status:open OR status:held (is:late)"
    )
    assert isinstance(read(text), Or)


def test_an_unknown_field_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SearchError) as refused:
        read("is:held chanel:amazon")
    assert refused.value.title == "There is no field “chanel”."
    assert "channel, is, status, sku" in refused.value.advice
    assert (refused.value.at, refused.value.length) == (8, 6)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("channel:", 8), ("is:heldd", 3), ("qty:many", 4), ("qty:nan", 4), ("total:1e9", 6),
        ("age:today", 4), ("shipby:2026-13-01", 7), ("shipby:soon", 7), ("(a", 0), ("a (b", 2),
        ("OR", 0), ("OR a", 0), ("(a OR)", 4), ("qty:>", 4), ("qty:..", 4), ("a " * 61, 120),
        ("(" * 30, 20), ("x" * 1001, 1000),
    ],
)  # fmt: skip
def test_an_error_says_where_it_is(text: str, at: int) -> None:
    with pytest.raises(SearchError) as refused:
        read(text)
    assert refused.value.at == at
    assert refused.value.title


def position_of_refusal(text: str) -> int:
    """Return where a search is wrong; 0 when it can be read."""
    try:
        read(text)
    except SearchError as refused:
        return refused.at
    return 0


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused_with_a_position_inside_it(text: str) -> None:
    assert 0 <= position_of_refusal(text) <= len(text)


_SIGNS = ["a", '"', "(", ")", "OR", "-", "is:", "held", ",", "sku:", "*", " "]


@given(st.lists(st.sampled_from(_SIGNS), max_size=25).map("".join))
def test_any_order_of_signs_is_understood_or_refused(text: str) -> None:
    assert 0 <= position_of_refusal(text) <= len(text)


@pytest.mark.parametrize(
    "vocabulary", [ORDER_FIELDS, SKU_FIELDS, CASE_FIELDS, SHIPMENT_FIELDS, RETURN_FIELDS]
)
def test_each_field_s_help_has_an_example_that_is_understood(vocabulary: Vocabulary) -> None:
    for field in vocabulary.fields:
        for example in field.help.split(": ", 1)[1].split(", "):
            parse(example, vocabulary)


@pytest.mark.parametrize(
    "vocabulary", [ORDER_FIELDS, SKU_FIELDS, CASE_FIELDS, SHIPMENT_FIELDS, RETURN_FIELDS]
)
def test_the_examples_of_the_help_are_understood(vocabulary: Vocabulary) -> None:
    for _means, text in EXAMPLES[vocabulary.of]:
        parse(text, vocabulary)


def test_the_rules_of_the_help_are_understood() -> None:
    for text, _means in RULES:
        read(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [("is:held chanel:amazon", "is:held channel:amazon"), ("is:heldd", "is:held"),
     ("hold:adress_zip", "hold:address_zip"), ("nodes:RENO", "node:RENO")],
)  # fmt: skip
def test_a_slip_of_the_finger_is_told_what_was_meant(text: str, right: str) -> None:
    with pytest.raises(SearchError) as refused:
        read(text)
    error = refused.value
    assert text[: error.at] + error.instead + text[error.at + error.length :] == right
    assert f"Did you mean {right.rsplit(maxsplit=1)[-1].split(':', maxsplit=1)[0]}:" in error.advice


def test_a_word_that_comes_near_nothing_gets_no_guess() -> None:
    with pytest.raises(SearchError) as refused:
        read("colour:blue")
    assert refused.value.instead == ""


def test_choices_can_also_stand_with_bars_between_them() -> None:
    assert read("is:held|late") == Or((Choice("is", "held"), Choice("is", "late")))
    assert read("sku:a|b") == Match("sku", ("a|b",), True)

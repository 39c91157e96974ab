"""Of which terms is a search made?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import And, Not, Or, Text, parse
from app.domain.search_errors import SearchError
from app.domain.search_fields import ORDER_FIELDS
from app.domain.search_terms import Term, TermKind, and_also, cut, term_at, without
from app.domain.search_values import Choice

DESIGNED = (
    "channel:amazon,walmart -tag:vip sku:MUG-* qty:>3 total:50..100 shipby:<+4h age:>2d "
    "node:RENO is:held|late|short|split|unscanned|overridden"
)


def terms(text: str) -> tuple[Term, ...]:
    return cut(text, ORDER_FIELDS)


def texts(text: str) -> list[str]:
    return [term.text for term in terms(text)]


def test_each_field_and_each_word_is_a_term() -> None:
    assert texts(DESIGNED) == DESIGNED.split()
    assert {term.kind for term in terms(DESIGNED)} == {TermKind.FIELD}


def test_words_in_quotes_are_one_term() -> None:
    assert texts('is:late "zoë müller" buyer:"Jane Doe",Ann x') == [
        "is:late", '"zoë müller"', 'buyer:"Jane Doe",Ann', "x",
    ]  # fmt: skip


def test_a_bracket_is_one_term() -> None:
    assert texts("a (is:held OR is:late) -(b c(d) e) f") == [
        "a", "(is:held OR is:late)", "-(b c(d) e)", "f",
    ]  # fmt: skip
    assert [term.kind for term in terms("(a b) -(c)")] == [TermKind.GROUP, TermKind.GROUP]


def test_an_or_without_brackets_makes_the_whole_search_one_term() -> None:
    (term,) = terms(" status:open OR status:held (a b) ")
    assert (term.kind, term.text) == (TermKind.GROUP, "status:open OR status:held (a b)")


def test_what_cannot_be_read_is_a_term_of_its_own_and_spoils_no_other() -> None:
    found = terms("is:held chanel:amazon (is:heldd x) qty:many (a tag:vip")
    assert [(term.kind, term.text) for term in found] == [
        (TermKind.FIELD, "is:held"), (TermKind.WRONG, "chanel:amazon"),
        (TermKind.WRONG, "(is:heldd x)"), (TermKind.WRONG, "qty:many"), (TermKind.WRONG, "(a"),
        (TermKind.FIELD, "tag:vip"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "label"),
    [("channel:amazon,walmart", "channel: amazon, walmart"), ("-tag:vip", "not tag: vip"),
     ("node:RENO", "location: RENO"), ('buyer:"Jane Doe",Ann', "buyer: Jane Doe, Ann"),
     ('"jane doe"', "jane doe"), ("-x", "not x"), ("-", "-"),
     ("(is:held OR is:late)", "(is:held OR is:late)")],
)  # fmt: skip
def test_a_chip_says_in_words_what_its_term_asks_for(text: str, label: str) -> None:
    assert terms(text)[0].label == label


_SIGNS = ["a", '"', "(", ")", "OR", "-", "is:", "held", ",", "|", "sku:", "*", " ", "  ", "no:"]


@given(st.lists(st.sampled_from(_SIGNS), max_size=25).map("".join) | st.text(max_size=60))
def test_the_terms_and_the_blanks_between_them_are_the_whole_search(text: str) -> None:
    at = 0
    for term in terms(text):
        assert not text[at : term.at].replace("\0", " ").strip()
        assert text[term.at : term.end] == term.text != ""
        at = term.end
    assert not text[at:].replace("\0", " ").strip()


@given(st.lists(st.sampled_from(_SIGNS), max_size=20).map("".join))
def test_without_one_of_its_terms_the_others_stay(text: str) -> None:
    found = terms(text)
    if len(found) > 1 and all(term.kind is not TermKind.WRONG for term in found):
        left = without(text, found[0])
        assert left.endswith(found[-1].text)


def test_a_term_is_taken_out_without_leaving_a_hole() -> None:
    text = "is:held  tag:vip   x"
    assert without(text, terms(text)[1]) == "is:held x"
    assert without("is:held", terms("is:held")[0]) == ""


def test_the_term_under_the_cursor_is_found() -> None:
    found = terms("is:held x")
    assert term_at(found, 3) is found[0]
    assert term_at(found, 7) is found[0]
    assert term_at(found, 9) is found[1]


def test_two_searches_together_mean_what_each_means_alone() -> None:
    both = and_also("is:ready", "a OR b", ORDER_FIELDS)
    assert parse(both, ORDER_FIELDS) == And(
        (Choice("is", "ready"), Or((Text("a", 10), Text("b", 15))))
    )
    assert and_also("is:ready", "-x", ORDER_FIELDS) == "is:ready -x"
    assert parse(and_also("", "-x", ORDER_FIELDS), ORDER_FIELDS) == Not(Text("x", 1))


@pytest.mark.parametrize("typed", ["a) OR b", "sku:a) OR b", "a)", ") OR (", ") OR is:held"])
def test_a_loose_bracket_never_leads_out_of_a_view(typed: str) -> None:
    try:
        parse(typed, ORDER_FIELDS)
    except SearchError:
        return
    node = parse(and_also("is:ready", typed, ORDER_FIELDS), ORDER_FIELDS)
    assert isinstance(node, And)
    assert node.nodes[0] == Choice("is", "ready")
    assert len(node.nodes) == 2

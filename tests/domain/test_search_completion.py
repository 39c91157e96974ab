"""What could be meant by the word that is being typed?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.orders import OrderStatus
from app.domain.search import parse
from app.domain.search_completion import (
    Offer,
    Typing,
    completed,
    field_offers,
    known_offer,
    typing_at,
    value_offers,
)
from app.domain.search_fields import (
    CASE_FIELDS,
    ORDER_FIELDS,
    RETURN_FIELDS,
    SHIPMENT_FIELDS,
    SKU_FIELDS,
    FieldKind,
    Vocabulary,
)


def typing(text: str, cursor: int | None = None) -> Typing | None:
    return typing_at(text, len(text) if cursor is None else cursor, ORDER_FIELDS)


def take(text: str, offer: Offer, cursor: int | None = None) -> str:
    """Take an offer, with a bar where the cursor then stands."""
    here = typing(text, cursor)
    assert here is not None
    after, at = completed(text, here, offer)
    return f"{after[:at]}|{after[at:]}"


def fields(text: str) -> list[str]:
    here = typing(text)
    assert here is not None
    assert here.field is None
    return [offer.text for offer in field_offers(here, ORDER_FIELDS)]


def test_the_beginning_of_a_name_brings_the_fields_with_their_help() -> None:
    here = typing("is:held cha")
    assert here is not None
    assert field_offers(here, ORDER_FIELDS) == [Offer("channel:", "channel:", "The sales channel")]


def test_another_name_of_a_field_leads_to_it() -> None:
    assert fields("nod") == ["location:"]


def test_a_mistyped_name_leads_to_the_field_that_comes_near() -> None:
    assert fields("chanel") == ["channel:"]


def test_a_name_after_a_minus_or_a_bracket_is_completed_as_well() -> None:
    assert fields("-ta") == ["tag:"]
    assert fields("(hol") == ["hold:"]


def test_choices_come_with_what_they_mean() -> None:
    here = typing("-is:lat")
    assert here is not None
    assert value_offers(here) == [Offer("late", "late", "should have left by now")]


@pytest.mark.parametrize("field", ["qty", "total", "shipby", "age"])
def test_ranges_come_with_examples_that_are_understood(field: str) -> None:
    here = typing(f"{field}:")
    assert here is not None
    for offer in value_offers(here):
        parse(f"{field}:{offer.text}", ORDER_FIELDS)
    assert value_offers(here)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("channel:am", "am"), ("channel:amazon,wal", "wal"), ('buyer:"Jane D', "Jane D"),
     ('channel:"my shop",et', "et"), ("(is:held OR channel:e", "e"), ("node:R", "R")],
)  # fmt: skip
def test_the_value_under_the_cursor_is_completed(text: str, prefix: str) -> None:
    here = typing(text)
    assert here is not None
    assert here.field is not None
    assert here.prefix == prefix


@pytest.mark.parametrize("text", ['"jane do', "12:3", "chanel:x", "jane@ex", "a,b"])
def test_nothing_is_offered_where_it_could_not_help(text: str) -> None:
    here = typing(text)
    assert here is None


def test_an_offer_takes_the_place_of_the_word_under_the_cursor() -> None:
    assert take("cha", Offer("channel:", "")) == "channel:|"
    assert take("channel:am", Offer("amazon", "")) == "channel:amazon |"
    assert take("is:he x", Offer("held", ""), cursor=5) == "is:held| x"
    assert take("is:held,la", Offer("late", "")) == "is:held,late |"
    assert take('sku:"MUG B', known_offer("MUG BLUE", "")) == 'sku:"MUG BLUE" |'
    assert take("cha:amazon", Offer("channel:", ""), cursor=3) == "channel:|amazon"


@pytest.mark.parametrize("value", ["MUG BLUE", "a,b", "x(1)", "100*", ">3", "a|b", 'say "x"', "-"])
def test_a_value_of_the_desk_is_written_so_that_it_means_itself(value: str) -> None:
    offer = known_offer(value, "")
    node = parse(f"sku:{offer.text}", ORDER_FIELDS)
    assert node.parts == (value.replace('"', " ").strip(),)  # type: ignore[union-attr]


@given(st.text(max_size=40), st.integers(0, 40))
def test_any_text_can_be_completed_anywhere(text: str, cursor: int) -> None:
    here = typing(text, min(cursor, len(text)))
    if here is not None:
        assert 0 <= here.at <= min(cursor, len(text)) <= here.end <= len(text)


@pytest.mark.parametrize(
    "vocabulary", [ORDER_FIELDS, SKU_FIELDS, CASE_FIELDS, SHIPMENT_FIELDS, RETURN_FIELDS]
)
def test_every_state_says_what_it_means(vocabulary: Vocabulary) -> None:
    states = [field for field in vocabulary.fields if field.name in ("is", "status", "has")]
    assert all(field.kind is FieldKind.CHOICE for field in states)
    assert all(set(field.meanings) == set(field.choices) for field in states)


def test_every_status_of_an_order_can_be_searched() -> None:
    state = ORDER_FIELDS.find("is")
    assert state is not None
    assert {status.value for status in OrderStatus} <= set(state.choices)

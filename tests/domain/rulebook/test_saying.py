"""A rule is read by whoever does not write the search's language."""

from __future__ import annotations

import pytest

from app.domain.rulebook.conditions import read
from app.domain.rulebook.fields import LINE_FIELDS, RULE_FIELDS
from app.domain.rulebook.rules import Rule
from app.domain.rulebook.saying import Called, deeds, orders_meant, said
from app.domain.rulebook.text import parsed

CALLED = Called({"studio": "Studio", "reno": "High Desert"}, {"etsy": "Etsy"})


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("always", "Whatever the order is:"),
        ("ANY(sku:POT-*) -channel:etsy",
         "If there is an item of which the SKU starts with “POT-”, and it was not sold on Etsy:"),
        ("is:pobox OR country:US", "If it goes to a post office box, or it goes to US:"),
        ("age:>2d shipby:<+4h",
         "If it was ordered more than 2 days ago, and it must ship before 4 hours from now:"),
        ("total:50..100", "If its total is between 50 and 100:"),
        ("-sku:MUG-1", "If the SKU of every item is not MUG-1:"),
        ("COUNT>=2(category:tea)", "If there are at least 2 items of which the category has “tea”:"),
        ("flavour:mint", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_condition_is_said_as_a_sentence(condition: str, sentence: str) -> None:
    assert orders_meant(Rule("x", condition, ()), CALLED) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ship STUDIO, else RENO, else wait",
         "Ship it from Studio, else from High Desert, else let it wait"),
        ("never RENO STUDIO", "Never ship it from High Desert or Studio"),
        ("parcels 1", "Ship it in one parcel"),
        ("need signature insurance", "Its parcels need signature and insurance"),
        ("hold Call first.", "Put it on hold: Call first."),
        ("stop", "Ask no further rule"),
    ],
)  # fmt: skip
def test_what_is_done_is_said_with_the_names_of_the_places(line: str, sentence: str) -> None:
    assert deeds(parsed(f"rule x\n{line}").rules[0], CALLED) == [sentence]


@pytest.mark.parametrize("field", [each.name for each in RULE_FIELDS.fields])
def test_every_field_of_a_rule_can_be_said(field: str) -> None:
    for example in next(e for e in RULE_FIELDS.fields if e.name == field).examples:
        assert "None" not in said(read(example), CALLED)
        assert ":" not in said(read(example), CALLED)


@pytest.mark.parametrize("field", [each.name for each in LINE_FIELDS.fields])
def test_every_field_of_an_item_can_be_said(field: str) -> None:
    for example in next(e for e in LINE_FIELDS.fields if e.name == field).examples:
        assert said(read(f"ALL({example})"), CALLED).startswith("every item is one of which ")

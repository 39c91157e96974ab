"""Can the details of a bug be sent to strangers?"""

from __future__ import annotations

import pytest

from app.errors import details_of

BUYER, TOKEN = "Ada Byron", "shpat_5f0c0ffee"
SAID = (
    f"invalid literal for int() with base 10: '{BUYER}'",
    f'no such key: "{TOKEN}"',
    "https://shop.example.com/orders?email=ada@buyers.example was refused",
    "ship to 12345 Straße 9, Müllerstadt",
)


def _looked_up(words: str) -> None:
    raise KeyError(words)


def _failing(words: str) -> None:
    try:
        _looked_up(words)
    except KeyError as inner:
        raise ValueError(words) from inner


@pytest.mark.parametrize("words", SAID)
def test_a_bug_says_where_and_what_kind_and_nothing_of_the_values(words: str) -> None:
    with pytest.raises(ValueError, match=r".") as met:
        _failing(words)
    details = details_of(met.value)
    assert "in _failing" in details
    assert "ValueError" in details
    assert "KeyError" in details
    for value in (BUYER, TOKEN, "ada@buyers", "12345", "Müllerstadt"):
        assert value not in details


def test_what_says_nothing_of_values_is_kept() -> None:
    assert "list index out of range" in details_of(IndexError("list index out of range"))


def test_a_bug_with_very_much_to_say_is_told_at_once() -> None:
    said = f"no such column [SQL: {'x' * 200_000} {BUYER} ='{BUYER}"
    details = details_of(ValueError(said))
    assert "no such column" in details
    assert BUYER not in details


def test_bugs_that_name_each_other_are_told_once() -> None:
    one, other = ValueError("one"), KeyError("other")
    one.__cause__, other.__context__ = other, one
    assert details_of(one).count("ValueError: one") == 1

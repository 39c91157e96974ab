"""A rulebook is written, read again, and compared line by line."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.rulebook.text import difference, parsed, written
from app.errors import RefusedError
from tests.domain.rulebook.builders import book
from tests.domain.rulebook.strategies import books

TWO = """rule Teapots from the studio
  # They broke twice on the way from the shop.
  if       channel:etsy ANY(sku:POT-* qty:>1)
  ship     STUDIO, else RENO AUSTIN, else wait
  need     signature insurance
  tag      fragile "handle with care"
  stop

rule Old offer
  off
  if       always
  parcels  1
"""


def test_what_is_written_is_what_was_read() -> None:
    assert written(parsed(TWO)) == TWO


@given(books())
def test_any_rulebook_survives_being_written(text: str) -> None:
    found = parsed(text)
    assert parsed(written(found)) == found


def test_a_difference_is_the_lines_that_changed() -> None:
    changed = difference(book(TWO), book(TWO.replace("parcels  1", "parcels  2")))
    assert "-  parcels  1" in changed
    assert "+  parcels  2" in changed
    assert not difference(book(TWO), book(TWO))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ship RENO", "Line 1: A rulebook begins with a rule"),
        ("rule A\n  fly RENO", "Line 2: A rule cannot “fly”"),
        ("rule A\n  parcels many", "Line 2: “parcels” takes a number"),
        ("rule A\n  parcels 0", "Line 2: “parcels” takes a number"),
        ("rule A\n  stop it", "Line 2: Nothing follows “stop”"),
        ("rule A\n  if tag:a\n  if tag:b", "Line 3: “A” has a condition already"),
        ("rule A\nrule a", "Line 2: There are two rules “a”"),
        ("rule", "Line 1: A rule's name has 1 to 80 letters"),
    ],
)
def test_what_no_rulebook_has_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parsed(text)
    assert refused.value.title.startswith(said)
    assert refused.value.advice

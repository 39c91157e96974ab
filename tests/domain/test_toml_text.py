"""What is written as TOML is read as what it was."""

from __future__ import annotations

import tomllib

import pytest

from app.domain.casework.matrix_file import matrix_from
from app.domain.promising.sheet_file import sheet_from
from app.domain.routing.policy_file import policy_from
from app.domain.toml_text import pairs
from app.errors import RefusedError


def test_every_kind_of_answer_is_read_as_what_it_was() -> None:
    said = {
        "split": True, "units": -3, "name": 'A "mug", 20 % off\n\\ \x7f – ü', "codes": ["a", "b"], "none": [],
        "days": {"2026-12-24": 40, "own store.2": {"cap_units": 5}, "": "x"},
    }  # fmt: skip
    assert tomllib.loads("\n".join(pairs(said))) == said


def test_only_what_is_asked_for_is_written_and_a_limit_that_is_not_set_is_an_empty_text() -> None:
    said = {"cap_units": None, "stock_mode": "capped"}
    assert pairs(said, ["cap_units"]) == ['cap_units = ""']


@pytest.mark.parametrize("value", ["[" * 5000, "{a=" * 5000, "9" * 5000])
def test_a_file_that_no_reader_can_take_is_refused_as_any_that_is_no_toml(value: str) -> None:
    for taken in (policy_from, matrix_from, sheet_from):
        with pytest.raises(RefusedError, match="cannot be read"):
            taken(f"units = {value}")

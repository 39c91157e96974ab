"""What is written as TOML is read as what it was."""

from __future__ import annotations

import tomllib

from app.domain.toml_text import pairs


def test_every_kind_of_answer_is_read_as_what_it_was() -> None:
    said = {
        "split": True, "units": -3, "name": 'A "mug", 20 % off\n\\ \x7f – ü', "codes": ["a", "b"], "none": [],
        "days": {"2026-12-24": 40, "own store.2": {"cap_units": 5}, "": "x"},
    }  # fmt: skip
    assert tomllib.loads("\n".join(pairs(said))) == said


def test_only_what_is_asked_for_is_written_and_a_limit_that_is_not_set_is_an_empty_text() -> None:
    said = {"cap_units": None, "stock_mode": "capped"}
    assert pairs(said, ["cap_units"]) == ['cap_units = ""']

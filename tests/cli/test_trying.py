"""Can one look around in a demo, measure, and draw the window, all from the command line?"""

from __future__ import annotations

import sys

import pytest

from tests.cli.conftest import Door


def test_a_demo_fills_an_empty_desk_once(door: Door) -> None:
    counts = door.json("demo", "--orders", "300", "--seed", "3")
    assert counts["orders"] >= 300
    assert door("demo").status == 2
    assert door.json("orders", "--query", "is:ready", "--limit", "1")


def test_a_demo_is_taken_out_again(door: Door) -> None:
    door.json("demo", "--orders", "70")
    assert door.json("demo", "--remove") == {"removed": True}
    assert door.json("orders", "--limit", "1") == []
    assert door("demo", "--remove").status == 2


def test_a_demo_that_is_too_small_is_refused(door: Door) -> None:
    assert door("demo", "--orders", "1").status == 2


def test_the_benchmark_says_where_to_find_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "benchmarks", None)
    monkeypatch.setitem(sys.modules, "benchmarks.run", None)
    said = door("bench")
    assert said.status == 2
    assert "Clone the repository" in said.err

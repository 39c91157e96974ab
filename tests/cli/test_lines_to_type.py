"""Can every line that the program asks a person to type be pasted as it is?"""

from __future__ import annotations

import shlex

import pytest

from app.cli.commands import all_commands
from app.cli.parser import build, parse
from tests.cli.conftest import Door, line

PARCEL = ("--carrier", "USPS", "--tracking", "9400")


def test_a_number_with_a_hash_makes_no_comment_of_the_line(stocked: Door) -> None:
    stocked.take_in(line("#1044", "TEA-001"))
    said = stocked("ship", "#1044", *PARCEL)
    assert said.status == 2
    assert "not accepted yet" in said.err
    assert "orderdeck route 1044 --accept" in said.err
    assert stocked("route", "1044", "--accept").status == 0


def test_a_number_with_spaces_is_quoted(stocked: Door) -> None:
    stocked.take_in(line("A; rm x", "TEA-001"))
    assert "orderdeck route 'A; rm x' --accept" in stocked("ship", "A; rm x", *PARCEL).err


def test_shipping_what_is_held_or_shipped_says_that(busy: Door) -> None:
    busy("route", "--accept")
    busy("ship", "W-1", *PARCEL)
    again = busy("ship", "W-1", *PARCEL)
    assert "shipped already" in again.err
    assert "--accept" not in again.err
    held = busy("ship", "W-4", *PARCEL)
    assert "on hold" in held.err
    assert "--accept" not in held.err
    short = busy("ship", "W-3", *PARCEL)
    assert "not accepted yet" in short.err


def test_each_case_names_the_lines_for_its_ways_out(busy: Door) -> None:
    rows = line("#77", "TEA-001").replace(",02138,", ",0213X,"), line("W-6", "MUG; x")
    busy.take_in(*rows, name="more.csv")
    said = busy("cases").out
    found = [each.strip() for each in said.splitlines() if each.strip().startswith("orderdeck ")]
    assert "orderdeck address 77 --zip ZIP --reason WHY" in found
    assert "orderdeck release 77 --reason WHY" in found
    assert "orderdeck cancel W-3 --reason WHY" in found
    assert any(each.startswith("orderdeck stock receive --sku MUG-RED ") for each in found)
    link = next(each for each in found if "'MUG; x'" in each)
    words = [word.replace("SKU", "TEA-001") for word in shlex.split(link)[1:]]
    assert busy(*words).status == 0
    for each in found:
        parse(build(all_commands()), shlex.split(each.replace(" N", " 5"))[1:])


def test_what_a_person_reads_names_the_program_as_they_called_it(
    busy: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERDECK_COMMAND", "python3 start.py")
    assert "python3 start.py route --accept" in busy("route").out
    assert "python3 start.py route W-3 --accept" in busy("ship", "W-3", *PARCEL).err
    assert "“python3 start.py orders”" in busy("order", "nobody").err
    assert "See: python3 start.py --help" in busy("nonsense").err
    assert "Example: python3 start.py ship" in busy("ship", "--help").out


def test_what_a_script_reads_always_names_the_program_plainly(
    busy: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERDECK_COMMAND", "python3 start.py")
    for words in (("nonsense",), ("ship", "W-3", *PARCEL), ("ship", "W-3")):
        advice = busy.json(*words, status=2)["error"]
        assert "orderdeck" in advice["advice"]
        assert "start.py" not in str(advice)

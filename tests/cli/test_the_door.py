"""Does every command keep the house rules: help with an example, one document, honest statuses?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import __main__ as front
from app.cli.command import Command
from app.cli.commands import all_commands, called
from app.cli.parser import build, parse
from app.main import run
from tests.cli.conftest import Door, line

HOSTILE = "\x1b[31mred\u202eevil"


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_each_command_has_help_with_an_example(
    command: object, capsys: pytest.CaptureFixture[str]
) -> None:
    name = getattr(command, "name", "")
    assert run([*name.split(), "--help"]) == 0
    assert "Example: orderdeck" in capsys.readouterr().out


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.example)
def test_each_example_can_be_parsed(command: object) -> None:
    import shlex

    parse(build(all_commands()), shlex.split(getattr(command, "example", "")))


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_a_line_knows_its_command_without_loading_all_the_others(command: Command) -> None:
    known = called(["--db", "sqlite:///any.db", *command.name.split()])
    assert command in known
    assert len(known) < len(all_commands()) / 2


def test_an_operator_may_have_the_name_of_a_command() -> None:
    line_to_read = ["--as", "demo"]
    assert parse(build(called(line_to_read)), line_to_read).command.name == "gui"
    line_to_read = ["--as", "cases", "orders"]
    assert parse(build(called(line_to_read)), line_to_read).command.name == "orders"


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["orders", "--limit", "few"], ["order"], ["location"], ["import"],
     ["hold", "W-1"], ["orders", "--query", "is:heldd"], ["orders", "--query", "(is:held"],
     ["order", "nobody-knows-this"], ["route", "nobody", "--accept"], ["ledger", "--sku", "NOPE"],
     ["--as", "Nobody", "orders"], ["gui"], ["orders", "--limit", "-1"], ["order", "a\udcffb"],
     ["stock", "receive", "--sku", "TEA-001", "--quantity", "9" * 20], ["export", "--again", "7"],
     ["import", "bad\udcff.csv"], ["verify", "--nonsense"], ["orders", "--query", "x" * 2000]],
)  # fmt: skip
def test_a_refusal_is_status_2_and_one_document_with_title_and_advice(
    door: Door, words: list[str]
) -> None:
    said = door(*words, "--json")
    assert said.status == 2
    assert list(said.document["error"]) == ["title", "advice"]
    assert said.document["error"]["title"]
    assert said.err == ""


def test_a_refusal_without_json_goes_to_stderr_only(door: Door) -> None:
    said = door("order", "nobody-knows-this")
    assert (said.status, said.out) == (2, "")
    assert "nobody-knows-this" in said.err


@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "sqlite:////no/such/folder/desk.db"])
def test_a_database_that_cannot_be_opened_is_refused(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--db", url, "orders"]) == 2
    assert capsys.readouterr().err


def test_text_that_would_steer_the_terminal_is_shown_instead(stocked: Door) -> None:
    stocked.take_in(line("W-1", "TEA-001", name="\u202eevil <b>Co</b> =1+1 🎁"))
    for words in (("orders",), ("order", "W-1"), ("route",)):
        out = stocked(*words).out
        assert "\u202e" not in out
        assert "\x1b" not in out
    assert "[RLO]evil <b>Co</b> =1+1 🎁" in stocked("orders").out
    assert stocked.json("orders")[0]["buyer_name"] == "\u202eevil <b>Co</b> =1+1 🎁"


def test_a_hostile_word_in_a_refusal_is_shown_instead(door: Door) -> None:
    for words in (("order", HOSTILE), ("stock", "--sku", HOSTILE), (HOSTILE,)):
        said = door(*words)
        assert said.status == 2
        assert "\x1b" not in said.err + said.out
        assert "\u202e" not in said.err + said.out


def test_a_bug_is_shown_as_one_with_status_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(_argv: list[str]) -> int:
        raise ZeroDivisionError("a wheel came off")

    monkeypatch.setattr("app.main.run", break_down)
    assert front.main(["orders", "--json"]) == 4
    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["title"].startswith("Orderdeck has failed")
    assert "a wheel came off" in said.err


def test_the_operator_may_come_from_the_environment(
    busy: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy("operator", "add", "Ann", "--role", "viewer")
    monkeypatch.setenv("ORDERDECK_OPERATOR", "Ann")
    assert busy("hold", "W-1", "--reason", "x").status == 2


def test_listing_orders_loads_neither_window_nor_workbooks(busy: Door) -> None:
    probe = (
        "import sys; from app.main import run; run(sys.argv[1:]); "
        "print([m for m in ('PySide6', 'openpyxl', 'alembic', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, "--db", busy.url, "orders"],
        capture_output=True, text=True, encoding="utf-8", check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip().endswith("[]")


def test_the_program_runs_as_a_process_of_its_own(door: Door) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "app", "--db", door.url, "--json", "orders"],
        capture_output=True, text=True, env=environment, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], "")


@pytest.mark.parametrize("group", ["location", "watch", "operator"])
def test_a_group_of_commands_says_what_it_is_about_with_an_example(
    group: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([group, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"Example: orderdeck {group} " in said
    assert "see: " not in said.lower()


def test_a_number_that_is_none_is_refused_in_words(door: Door) -> None:
    said = door("orders", "--limit", "few")
    assert said.status == 2
    assert "“few” is no whole number" in said.err
    assert "amount_of_rows" not in said.err


def test_a_time_with_which_nothing_can_be_reckoned_is_refused(door: Door) -> None:
    for line_ in (
        ("case", "snooze", "1", "--until", "0001-01-01T00:00", "--reason", "x"),
        ("hold", "1", "--until", "0001-01-01", "--reason", "x"),
        ("ledger", "--sku", "TEA", "--at", "9999-12-31"),
        ("scan", "9400", "--status", "delivered", "--at", "0001-01-01T00:00"),
        ("report", "cost", "--days", "1000000"),
        ("purge-pii", "--older-than", "1000000"),
        ("matrix", "set", "unknown_sku", "before=" + "9" * 5000),
    ):
        assert door(*line_).status == 2, line_


@pytest.mark.parametrize("group", ["report", "sku", "count"])
def test_a_group_alone_is_refused_with_every_word_that_may_follow(door: Door, group: str) -> None:
    said = door(group)
    assert said.status == 2
    words = [each.name for each in all_commands() if each.name.startswith(f"{group} ")]
    assert all(f"orderdeck {word}: " in said.err for word in words)


def test_a_search_may_follow_the_name_of_a_list(busy: Door) -> None:
    by_option = busy.json("orders", "--query", "is:held")
    assert by_option
    assert busy.json("orders", "is:held") == by_option
    assert busy.json("orders", "is:held", "--query", "order:nobody") == []

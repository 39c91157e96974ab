"""Rules are written in a file, checked, tried, previewed and put in force from the command line."""

from __future__ import annotations

from tests.cli.conftest import Door, line

BOOK = """rule Mugs from the shop
  if sku:MUG-*
  ship SHOP, else MAIN
  tag fragile

rule Late thought
  if sku:MUG-BLUE
  ship MAIN
"""


def test_rules_go_from_a_file_to_the_queue(busy: Door) -> None:
    busy.json("location", "add", "SHOP", "--name", "Shop", "--zip", "10001")
    busy.json("stock", "transfer", "--sku", "MUG-BLUE", "--from", "MAIN", "--to", "SHOP",
              "--quantity", "9")  # fmt: skip
    busy.take_in(line("R-1", "MUG-BLUE"), line("R-2", "TEA-001"))
    assert busy("rules").status == 2
    file = busy.folder / "rules.txt"
    file.write_text(BOOK)
    found = busy.json("rules", "check", str(file), status=1)
    assert [(each["kind"], each["rule"]) for each in found["findings"]] == [
        ("shadowed", "Late thought")
    ]
    assert "+rule Mugs from the shop" in busy.json("rules", "import", str(file))["difference"]
    steps = busy.json("rules", "try", "R-1")["steps"]
    assert steps[0]["did"] == ["ship SHOP, else MAIN, else anywhere", "tag fragile"]
    moved = busy.json("rules", "preview")["moved"]
    assert ("R-1", "Shop") in [(each["number"], each["after"]) for each in moved]
    busy.json("rules", "activate", "--apply", "--reason", "The shop packs better.")
    assert busy.json("order", "R-1")["tags"] == ["fragile"]
    assert busy.json("rules")["rules"][0]["applies"] >= 1
    assert busy.json("rules", "preview")["moved"] == []
    out = busy.folder / "again.txt"
    busy.json("rules", "export", "--out", str(out))
    assert busy.json("rules", "import", str(out))["difference"] == []
    assert [each["state"] for each in busy.json("rules", "versions")] == ["draft", "active"]
    busy.json("rules", "retire")
    for words in (("rules",), ("rules", "versions"), ("rules", "export"), ("rules", "preview"),
                  ("rules", "try", "R-2")):  # fmt: skip
        assert busy(*words).status == 0


def test_a_file_that_is_no_rulebook_is_refused_with_its_line(busy: Door) -> None:
    file = busy.folder / "rules.txt"
    file.write_text("rule A\n  fly there\n")
    said = busy("rules", "import", str(file))
    assert said.status == 2
    assert "Line 2: A rule cannot “fly”" in said.err


def test_rules_are_tried_on_the_orders_of_the_past(busy: Door) -> None:
    busy.take_in(line("R-1", "MUG-BLUE"))
    file = busy.folder / "rules.txt"
    file.write_text("rule Mugs wait\n  if sku:MUG-*\n  never MAIN\n")
    found = busy.json("backtest", "--rules", str(file), "--since", "2020-01-01")
    assert found["orders"] > 0
    assert found["reproduced"] + len(found["unlike"]) <= found["orders"]
    assert [each["rule"] for each in found["per_rule"]] == ["Mugs wait"]
    assert [each["number"] for each in found["changed"]] == ["R-1"]
    assert busy("backtest", "--rules", str(file), "--since", "2020-01-01").status == 0
    assert busy("backtest", "--rules", str(file), "--since", "long ago").status == 2


def test_a_draft_of_the_sheet_is_tried_on_the_orders_of_the_past(busy: Door) -> None:
    file = busy.folder / "sheet.toml"
    assert busy("policy", "export", "--out", str(file)).status == 0
    since = ("--since", "2020-01-01")
    found = busy.json("backtest", "--buffers", str(file), *since)
    assert (found["lines"], found["reproduced"], found["changed"]) == (3, 3, [])
    assert found["active"] == found["draft"]
    assert found["active"]["oversold_units"] == 9
    assert busy("backtest", "--buffers", str(file), *since).status == 0
    swept = busy.json("backtest", "--sweep", "buffer_units=0..3", "--channel", "own", *since)
    assert [each["value"] for each in swept["tried"]] == [0, 1, 2, 3]
    assert swept["knee"] == 0
    assert "costs least" in busy("backtest", "--sweep", "buffer_units=0..1", *since).out
    assert busy("backtest", *since).status == 2
    assert busy("backtest", "--sweep", "price_owner=0..3", *since).status == 2
    assert busy("backtest", "--sweep", "buffer_units=3", *since).status == 2


def test_with_the_gate_on_a_sheet_is_tried_before_it_counts(busy: Door) -> None:
    busy.json("gate", "on")
    file = busy.folder / "sheet.toml"
    busy("policy", "export", "--out", str(file))
    file.write_text(file.read_text().replace("buffer_units = 0", "buffer_units = 1"))
    assert "back-tested" in busy("policy", "import", str(file)).err
    busy.json("backtest", "--buffers", str(file), "--since", "2020-01-01")
    assert busy("policy", "import", str(file)).status == 0
    assert busy("policy", "set", "--channel", "own", "buffer_units=3").status == 2
    why = ("--anyway", "--reason", "The fair begins")
    assert busy("policy", "set", "--channel", "own", "buffer_units=3", *why).status == 0

"""The routing policy and the rates are written in files, previewed, put in force and taken back."""

from __future__ import annotations

import csv

from openpyxl import Workbook

from tests.cli.conftest import Door, line


def test_the_routing_policy_goes_to_a_file_and_back(busy: Door) -> None:
    assert "Keep the promise; then least cost within" in busy.json("routing")["sentence"]
    file = busy.folder / "routing.toml"
    busy.json(
        "routing", "set", "packaging=35", "channels.amazon.split=400", "locations.MAIN.rank=1"
    )
    busy.json("routing", "export", "--out", str(file))
    text = file.read_text()
    assert "packaging = 35" in text
    assert '[channels."amazon"]\nsplit = 400' in text
    file.write_text(text.replace("packaging = 35", "packaging = 40"))
    assert "moved" in busy.json("routing", "import", str(file), "--preview")
    busy.json("routing", "import", str(file), "--apply", "--reason", "Dearer boxes.")
    assert busy.json("routing")["policy"]["packaging"] == 40
    assert busy.json("routing")["policy"]["locations"] == {"MAIN": {"rank": 1}}
    busy.json("routing", "restore", "--version", "1")
    assert busy.json("routing")["policy"]["packaging"] == 35
    busy.json("routing", "set", "objectives=promise; ranking; money")
    assert busy.json("routing")["sentence"] == "Keep the promise; then my ranking; then least cost."
    busy.json("routing", "apply")
    for wrong in ("colour=1", "channels.amazon=1", "objectives=speed", "locations.NOWHERE.rank=1"):
        said = busy("routing", "set", wrong)
        assert (said.status, "othing was changed" in said.err) == (2, True), wrong
    file.write_text("objectives = [")
    assert busy("routing", "import", str(file)).status == 2


def test_a_substitute_is_proposed_approved_and_sent(busy: Door) -> None:
    busy.json(
        "routing", "substitute", "MUG-BLUE", "MUG-RED", "--channels", "shopify,own", "--cost", "100"
    )
    assert busy.json("routing")["policy"]["substitutes"][0]["approved_by"] == ""
    busy.json("routing", "approve", "MUG-BLUE", "MUG-RED")
    assert busy.json("routing")["policy"]["substitutes"][0]["approved_by"]
    busy.json("routing", "drop", "MUG-BLUE", "MUG-RED")
    assert busy.json("routing")["policy"]["substitutes"] == []
    assert busy("routing", "approve", "MUG-BLUE", "MUG-RED").status == 2


def test_rates_go_to_a_file_and_come_back_as_csv_or_workbook(busy: Door) -> None:
    file = busy.folder / "rates.csv"
    busy.json("rates", "export", "--out", str(file))
    (same,) = busy.json("import", str(file))
    assert (same["kind"], same["verdict"], same["unchanged"]) == ("rates", "accept", 14)
    rows = list(csv.reader(file.read_text().splitlines()))
    rows[1][2:] = ["9.99"] * 9
    economy = [["Economy", *row[1:]] for row in rows if row[0] == "Ground"]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [*rows, *economy]:
        sheet.append(row)
    book.save(busy.folder / "rates.xlsx")
    (report,) = busy.json("import", str(busy.folder / "rates.xlsx"))
    assert (report["verdict"], report["updated"]) == ("accept", 1)
    assert "7 new" in report["message"]
    found = busy.json("rates")
    assert (found["version"], [each["name"] for each in found["services"]]) == (
        2, ["Ground", "Two-day", "Economy"],
    )  # fmt: skip
    assert found["services"][0]["steps"][0] == [225, [999] * 9]
    busy.json("rates", "service", "Economy", "most_g=5000", "locations=MAIN", "takes_hazmat=false")
    assert busy.json("rates")["services"][2]["most_g"] == 5000
    assert "moved" in busy.json("rates", "service", "Economy", "rank=0", "--preview")
    assert busy("rates", "service", "Rocket", "rank=0").status == 2
    busy.json("routing", "restore", "--version", "1", "--rates")
    assert len(busy.json("rates")["services"]) == 2
    busy.take_in(line("R-1", "MUG-BLUE"))


def test_a_rate_file_that_is_not_complete_changes_nothing(busy: Door) -> None:
    file = busy.folder / "rates.csv"
    busy.json("rates", "export", "--out", str(file))
    kept = [each for each in file.read_text().splitlines() if ",days," not in each]
    file.write_text("\n".join(kept) + "\n")
    (report,) = busy.json("import", str(file), status=2)
    assert "one row “days”" in report["message"]
    file.write_text(file.read_text().replace("up to 225", "as heavy as 225"))
    (report,) = busy.json("import", str(file), status=3)
    assert report["rejected"][0]["column"] == "row"
    assert busy.json("rates")["version"] == 1

"""``report kpi``: every figure with its numerator and denominator, on the screen, as JSON and as a file."""

from __future__ import annotations

import csv
from pathlib import Path

from app.analytics.kpis.manual import page
from tests.cli.conftest import Door
from tests.conftest import ROOT


def test_the_page_of_figures_is_written_from_their_definitions() -> None:
    written = (ROOT / "docs" / "kpis.md").read_text(encoding="utf-8")
    assert written == page(), "run scripts/write_kpi_page"


def test_each_figure_says_what_was_divided_by_what(busy: Door, tmp_path: Path) -> None:
    target = tmp_path / "kpis.csv"
    rows = busy.json("report", "kpi", "--csv", str(target), "--weeks", "260")
    shares = [row for row in rows if row["numerator"] is not None]
    assert {"on_time_ship", "cycle_time", "return_rate"} <= {row["measure"] for row in rows}
    assert all(0 <= row["numerator"] <= row["denominator"] for row in shares)
    assert {row["slice"] for row in rows if row["measure"] == "exception_rate"} <= {
        "marketplace", "own_store",
    }  # fmt: skip
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [(each["measure"], each["slice"], each["denominator"]) for each in written] == [
        (row["measure"], row["slice"], str(row["denominator"])) for row in rows
    ]
    said = busy("report", "kpi", "--measure", "exception_rate", "--by", "none", "--weeks", "260")
    assert said.status == 0
    assert "Orders with a case" in said.out
    assert "all together" in said.out


def test_a_figure_that_counts_nothing_is_not_shown_as_zero(busy: Door) -> None:
    (row,) = busy.json("report", "kpi", "--measure", "inventory_accuracy")
    assert (row["denominator"], row["said"]) == (0, "–")


def test_weeks_that_make_no_sense_are_refused(busy: Door) -> None:
    assert busy("report", "kpi", "--weeks", "0").status == 2


def test_standards_are_listed_changed_and_watched(busy: Door) -> None:
    assert "Late orders at Amazon" in busy("standards").out
    assert busy("standards", "set", "amazon-late", "limit=350", "begins=2020-01-01").status == 0
    (late,) = [row for row in busy.json("standards") if row["code"] == "amazon-late"]
    assert (late["standard"]["limit"], late["standard"]["begins"]) == (350, "2020-01-01")
    assert busy("standards", "set", "amazon-late", "limit").status == 2
    assert busy.json("standards", "check")["tasks"] == []
    assert busy("standards", "act", "1").status == 2

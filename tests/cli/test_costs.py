"""``report cost`` and ``report work``: what is left of what was sold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Door


@pytest.fixture
def sold(busy: Door) -> Door:
    """Ship what can ship."""
    assert busy("route", "W-1", "W-2", "--accept").status == 0
    for at, number in enumerate(("W-1", "W-2")):
        assert (
            busy(
                "ship", number, "--carrier", "USPS", "--tracking", f"94001000000000000000{at:02}"
            ).status
            == 0
        )
    return busy


def test_what_shipped_orders_cost_is_listed_and_written(sold: Door, tmp_path: Path) -> None:
    target = tmp_path / "costs.csv"
    found = sold.json("report", "cost", "--by", "sku", "--days", "4000", "--csv", str(target))
    assert found["rows"]
    assert sum(row["contribution"] for row in found["rows"]) == found["total"]["contribution"]
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [each["contribution"] for each in written] == [
        str(row["contribution"]) for row in found["rows"]
    ]
    said = sold("report", "cost", "--days", "4000")
    assert "least left over first" in said.out
    assert "Left over" in said.out


def test_one_order_is_told_step_by_step(sold: Door) -> None:
    (row, *_more) = sold.json("report", "cost", "--by", "order", "--days", "4000")["rows"]
    one = sold.json("report", "cost", "--order", row["slice"])
    assert one["contribution"] == row["contribution"]
    assert "Goods sold" in sold("report", "cost", "--order", row["slice"]).out


def test_an_order_that_is_not_there_is_refused(busy: Door) -> None:
    assert busy("report", "cost", "--order", "NOPE-1").status == 2


def test_what_work_costs_is_shown_and_changed(busy: Door) -> None:
    assert busy.json("report", "work")["wage"] == 2000
    assert busy("report", "work", "--wage", "2450").status == 0
    assert busy.json("report", "work")["wage"] == 2450

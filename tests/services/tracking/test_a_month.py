"""A short month of the simulation: what can be known in time is known in time."""

from __future__ import annotations

from pathlib import Path

from tests.services.tracking.simulation import a_month


def test_planted_trouble_is_noticed_before_the_promised_day(tmp_path: Path) -> None:
    outcome = a_month(f"sqlite:///{tmp_path / 'month.sqlite'}", 400, 8)
    figures = outcome.figures()
    assert figures["planted"] > 50
    assert figures["missed"] == []
    assert figures["precision"] > 0.7
    assert (figures["manifest_cards"], figures["manifest_parcels"] > 2) == (1, True)
    assert figures["lead_hours_median"] > 24

"""Does a small season at the desk end quiet and true, and does the same seed tell the same story?

The long one: ``python -m tests.sync.live.simulation --orders 10000``.
"""

from __future__ import annotations

from pathlib import Path

from tests.sync.live.simulation import simulate

SEED = 11


def test_a_season_of_faults_kills_and_restarts_ends_quiet_and_true(tmp_path: Path) -> None:
    stories = []
    for turn in ("first", "again"):
        folder = tmp_path / turn
        folder.mkdir()
        found = simulate(folder, orders=12, seed=SEED, rate=0.1, channels=("shopify", "walmart"))
        assert found.broken == []
        assert found.confirmed
        stories.append((found.trace, found.kills, found.cycles))
    assert stories[0] == stories[1]

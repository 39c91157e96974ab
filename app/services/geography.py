"""Where does each ZIP3 area lie? Read once from the table that ships with the program."""

from __future__ import annotations

import csv
from functools import lru_cache

from app import config
from app.domain.delivery import Geography


@lru_cache(maxsize=1)
def load() -> Geography:
    """Return the middle of each US ZIP3 area."""
    with config.resource("zip3.csv").open(encoding="utf-8", newline="") as file:
        return Geography(
            {row["zip3"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}
        )

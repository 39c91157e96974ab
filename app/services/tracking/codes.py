"""What do carriers' codes mean? Read once from the table that ships with the program."""

from __future__ import annotations

import csv
from functools import lru_cache

from app import config
from app.domain.tracking.codebook import CodeBook, read_book


@lru_cache(maxsize=1)
def shipped_book() -> CodeBook:
    """Return the meanings that the program knows by itself."""
    with config.resource("carriers.tsv").open(encoding="utf-8", newline="") as file:
        return read_book(csv.DictReader(file, delimiter="\t"))

"""How does a check answer?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

SHOWN = 5
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true: whether it is, and a sentence that says so or says what is not."""

    name: str
    ok: bool
    detail: str


def answer(name: str, good: str, faults: Sequence[str]) -> Check:
    """Return the check: good when there is no fault, and the first few faults otherwise."""
    if not faults:
        return Check(name, True, good)
    more = len(faults) - SHOWN
    said = list(faults[:SHOWN])
    if more > 0:
        said.append(f"and {more:,}{' or more' if len(faults) >= MOST else ''} others")
    return Check(name, False, "; ".join(said) + ".")


def faults_of(db: Connection, query: str, sentence: Callable[[Any], str]) -> list[str]:
    """Return a sentence for each row that the query finds (the first thousand)."""
    return [sentence(row) for row in db.execute(text(query)).fetchmany(MOST)]

"""What does the exception matrix say, and what would a draft of it change?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.casework.matrix import as_said, rows_from
from app.models.base import is_state
from app.models.cases import exception_cases
from app.models.exception_matrix import Matrix, matrix_in_force

__all__ = ["Matrix", "MatrixChange", "matrix_changes", "matrix_now", "open_by_kind"]
_case = exception_cases.c


@dataclass(frozen=True, slots=True)
class MatrixChange:
    """One answer that a draft changes, and how many open cases follow it."""

    kind: str
    name: str
    before: str
    after: str
    open_cases: int


def matrix_now(db: Connection) -> Matrix:
    """Return the matrix in force."""
    return matrix_in_force(db)


def matrix_changes(db: Connection, *, rows: Mapping[str, Mapping[str, Any]]) -> list[MatrixChange]:
    """Return what a draft would change.

    Raises:
        RefusedError: an answer cannot stand there.
    """
    current = matrix_in_force(db).rows
    draft = rows_from(rows, current)
    waiting = open_by_kind(db)
    return [
        MatrixChange(kind.value, name, _words(before[name]), _words(after[name]),
                     waiting.get(kind.value, 0))
        for kind in current
        for before, after in [(as_said(current[kind]), as_said(draft[kind]))]
        for name in before
        if before[name] != after[name]
    ]  # fmt: skip


def open_by_kind(db: Connection) -> dict[str, int]:
    """Return how many cases of each kind are open."""
    query = select(_case.kind, func.count()).where(is_state(_case.state, "open"))
    return dict(db.execute(query.group_by(_case.kind)).all())


def _words(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)

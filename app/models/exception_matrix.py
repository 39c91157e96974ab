"""Which exception matrix is in force: the newest that the owner wrote, over what is delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection

from app.domain.cases import CaseKind
from app.domain.casework.matrix import ALL_DELIVERED, Row, Rows, rows_from
from app.errors import NotFoundError
from app.models.base import compact_json
from app.models.damage import readable
from app.models.policy_versions import body_in_force, body_of

KIND: Final = "cases"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows in force. Version 0 is the matrix as it is delivered."""

    version: int
    rows: Rows

    def row(self, kind: CaseKind) -> Row:
        """Return what is said of a kind."""
        return self.rows[kind]


def matrix_in_force(db: Connection, *, version: int | None = None) -> Matrix:
    """Return the newest matrix, or that of an earlier version.

    Raises:
        NotFoundError: there never was such a version.
    """
    if version == 0:
        return Matrix(0, ALL_DELIVERED)
    if version is None:
        version, body = body_in_force(db, KIND, {})
    elif (body := body_of(db, KIND, version)) is None:
        raise NotFoundError(f"The matrix never had a version {version}; nothing was changed.",
                            "“orderdeck matrix” says which it has.")  # fmt: skip
    with readable("The exception matrix is", "Restore an earlier version of it."):
        return Matrix(version, _parsed(compact_json(body)))


@lru_cache(maxsize=8)
def _parsed(body: str) -> Rows:
    """Read a stored matrix once: what it does not say is as delivered."""
    return rows_from(json.loads(body), ALL_DELIVERED)

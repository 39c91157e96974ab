"""Which exception matrix is in force: the newest that the owner wrote, over what is delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from app.domain.cases import CaseKind
from app.domain.casework.matrix import ALL_DELIVERED, Row, Rows, rows_from
from app.errors import NotFoundError
from app.models.base import compact_json
from app.models.damage import readable
from app.models.governance import policies

KIND: Final = "cases"
_policy = policies.c


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
    query = select(_policy.version, _policy.body).where(_policy.kind == KIND)
    if version is not None:
        query = query.where(_policy.version == version)
    row = db.execute(query.order_by(_policy.version.desc()).limit(1)).first()
    if row is None and version is not None:
        raise NotFoundError(f"The matrix never had a version {version}; nothing was changed.",
                            "“orderdeck matrix” says which it has.")  # fmt: skip
    if row is None:
        return Matrix(0, ALL_DELIVERED)
    with readable("The exception matrix is", "Restore an earlier version of it."):
        return Matrix(row.version, _parsed(compact_json(row.body)))


@lru_cache(maxsize=8)
def _parsed(body: str) -> Rows:
    """Read a stored matrix once: what it does not say is as delivered."""
    return rows_from(json.loads(body), ALL_DELIVERED)

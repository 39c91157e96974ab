"""What does a kind of policy say? Every version is kept, and the newest counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from app.models.governance import policies

_policy = policies.c
_NEWEST = (
    select(_policy.version, _policy.body)
    .where(_policy.kind == bindparam("kind"))
    .order_by(_policy.version.desc())
    .limit(1)
)


def body_in_force(db: Connection, kind: str, usual: Any) -> tuple[int, Any]:
    """Return the newest version of a policy and its body; 0 and the usual one before the first."""
    row = db.execute(_NEWEST, {"kind": kind}).first()
    return (row.version, row.body) if row else (0, usual)


def body_of(db: Connection, kind: str, version: int) -> Any:
    """Return what a version says; nothing where there never was such a version."""
    query = select(_policy.body).where(_policy.kind == kind, _policy.version == version)
    return db.execute(query).scalar_one_or_none()

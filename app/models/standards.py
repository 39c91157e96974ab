"""Which standards are in force? The newest version that was kept, or those that a desk starts with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from app.domain.kpis.standards import STARTING, Standard, standards_from
from app.models.damage import readable
from app.models.governance import policies

STANDARDS: Final = "standards"


def standards(db: Connection) -> tuple[int, tuple[Standard, ...]]:
    """Return the version of the standards, 0 for those of the start, and the standards."""
    query = (
        select(policies.c.version, policies.c.body)
        .where(policies.c.kind == STANDARDS)
        .order_by(policies.c.version.desc())
        .limit(1)
    )
    row = db.execute(query).first()
    if row is None:
        return 0, STARTING
    with readable("The standards in force are", "Restore a backup."):
        return row.version, standards_from(row.body)

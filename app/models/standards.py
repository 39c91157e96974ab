"""Which standards are in force? The newest version that was kept, or those that a desk starts with."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from app.domain.kpis.standards import STARTING, Standard, standards_from
from app.models.damage import readable
from app.models.policy_versions import body_in_force

STANDARDS: Final = "standards"


def standards(db: Connection) -> tuple[int, tuple[Standard, ...]]:
    """Return the version of the standards, 0 for those of the start, and the standards."""
    version, body = body_in_force(db, STANDARDS, None)
    if not version:
        return 0, STARTING
    with readable("The standards in force are", "Restore a backup."):
        return version, standards_from(body)

"""What has the owner of this desk decided for all of it? Where its day begins and ends."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from app.models.governance import settings

# A desk without a word on it (a store from before the setting) lives where most of them do.
FIRST_TIME_ZONE: Final = "America/New_York"
_TIME_ZONE = select(settings.c.value).where(settings.c.name == "time_zone")


def time_zone(db: Connection) -> str:
    """Return the name of the desk's own time zone."""
    return str(db.execute(_TIME_ZONE).scalar() or FIRST_TIME_ZONE)

"""What has the owner of this desk decided for all of it? Its day, its money, its name on papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.papers import Sender
from app.models.governance import settings

# A desk without a word on it (a store from before the setting) lives where most of them do.
FIRST_TIME_ZONE: Final = "America/New_York"
# What a demo wrote, so that it can be taken out again; there is no such setting without one.
DEMO: Final = "demo"
_TIME_ZONE = select(settings.c.value).where(settings.c.name == "time_zone")


def time_zone(db: Connection) -> str:
    """Return the name of the desk's own time zone."""
    return str(db.execute(_TIME_ZONE).scalar() or FIRST_TIME_ZONE)


def named(db: Connection, *names: str) -> dict[str, Any]:
    """Return these settings, as far as somebody has decided on them."""
    query = select(settings.c.name, settings.c.value).where(settings.c.name.in_(names))
    return dict(db.execute(query).all())


def sender(db: Connection) -> Sender:
    """Return who sends, as it stands on papers."""
    found = named(db, "brand_name", "brand_address", "brand_thanks")
    return Sender(
        *(str(found.get(name, "")) for name in ("brand_name", "brand_address", "brand_thanks"))
    )


def write(db: Connection, values: Mapping[str, Any]) -> None:
    """Keep these settings in place of what was decided before."""
    if values:
        db.execute(settings.delete().where(settings.c.name.in_(list(values))))
        db.execute(settings.insert(), [{"name": n, "value": v} for n, v in values.items()])


def forget(db: Connection, names: Sequence[str]) -> None:
    """Let these settings be undecided again."""
    db.execute(settings.delete().where(settings.c.name.in_(list(names))))

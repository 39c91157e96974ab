"""What the owner decides for all of the desk: the brand on its papers, and where its day begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models import house
from app.services import audit

LONGEST: Final = {"brand_name": 80, "brand_address": 400, "brand_thanks": 600}
FIELDS: Final = (*LONGEST, "time_zone")


def change_brand(
    db: Connection, actor: Actor, *, changes: Mapping[str, str], now: datetime
) -> Changes:
    """Change what stands on papers, or the time zone of the desk's day.

    Raises:
        RefusedError: a text is too long for paper, or there is no such time zone.
    """
    actor.must(Permission.ADMINISTER)
    values = {name: _checked(name, text) for name, text in changes.items()}
    known = house.named(db, *FIELDS)
    before = {name: str(known.get(name, "")) for name in values}
    different = {name: text for name, text in values.items() if text != before[name]}
    house.write(db, different)
    # Which parts changed, not what they say: an owner's home address is nobody's business for ever.
    audit.record(
        db, actor, now, audit.Deed("change brand", "settings", after={"parts": sorted(different)})
    )
    undo = Undo("change_brand", {"changes": {name: before[name] for name in different}})
    return Changes("Change the brand", Touched.SETTINGS | Touched.ORDERS, undo=undo,
                   done=(1,) if different else ())  # fmt: skip


def _checked(name: str, text: Any) -> str:
    said = str(text).strip()
    if name == "time_zone":
        return _zone(said)
    if name not in LONGEST:
        raise RefusedError(f"{name} is nothing that a brand has; nothing was changed.",
                           f"Name one of {', '.join(sorted(LONGEST))}.")  # fmt: skip
    if len(said) > LONGEST[name]:
        raise RefusedError(
            f"That has {len(said)} letters, and there is room for {LONGEST[name]}. "
            "Nothing was changed.",
            "Say it shorter.",
        )
    return said


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name or house.FIRST_TIME_ZONE).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RefusedError(
            f"“{name}” is no time zone; nothing was changed.",
            "Use a name such as America/New_York.",
        ) from error

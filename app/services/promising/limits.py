"""What does the owner set beside the sheet: when breakers stop and ask, and who decides what?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.promising.breakers import Thresholds
from app.domain.promising.deciders import Duty, duties_from, duty_as_said
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models import house
from app.models.damage import readable
from app.models.policy_versions import body_in_force
from app.services import audit
from app.services.policy_versions import refuse_overtaken, write_policy
from app.services.promising.planning import THRESHOLDS, thresholds
from app.services.since import refuse_changed_since

DECIDERS: Final = "deciders"


def set_breakers(
    db: Connection, actor: Actor, *, changes: Mapping[str, int], now: datetime,
    left: Mapping[str, int] | None = None,
) -> Changes:  # fmt: skip
    """Change from how many numbers at once on publishing stops and asks.

    Raises:
        RefusedError: there is no such threshold, it is no sensible number, or what is to be undone
            (``left`` is how it left them) was changed since.
    """
    actor.must(Permission.ADMINISTER)
    before = thresholds(db)
    refuse_changed_since(asdict(before), left, "When publishing stops and asks")
    known = {each.name for each in fields(Thresholds)}
    for name, value in changes.items():
        if name not in known or not 0 <= int(value) <= 1_000_000:
            raise RefusedError(f"{name} cannot be {value}; nothing was changed.",
                               f"Set {', '.join(sorted(known))} to a whole number.")  # fmt: skip
    after = replace(before, **{name: int(value) for name, value in changes.items()})
    if after == before:
        return Changes("Set the breakers", Touched.NOTHING)
    house.write(db, {THRESHOLDS: asdict(after)})
    audit.record(db, actor, now, audit.Deed("set breakers", "settings", "", asdict(before),
                                            asdict(after)))  # fmt: skip
    back: dict[str, object] = {"changes": asdict(before), "left": asdict(after)}
    undo = Undo("set_breakers", back, subjects="")
    return Changes("Set the breakers", Touched.SETTINGS, (1,), undo=undo)


def save_deciders(
    db: Connection, actor: Actor, *, lines: Sequence[Mapping[str, Any]],
    based_on: int | None = None, now: datetime,
) -> Changes:  # fmt: skip
    """Change who decides what; lines that are not given stay as they are.

    Raises:
        RefusedError: a line speaks of nothing in the table, or of nobody, or the table says something
            else than the version that this is based on.
    """
    actor.must(Permission.ADMINISTER)
    refuse_overtaken(db, DECIDERS, based_on, "table of who decides what")
    before = body_in_force(db, DECIDERS, [])[1]
    was = {(each["data"], each["field"]): each for each in before}
    merged = [*{**was, **{(str(e.get("data")), str(e.get("field"))): e for e in lines}}.values()]
    after = [duty_as_said(each) for each in duties_from(merged)]
    if after == [duty_as_said(each) for each in duties_from(before)]:
        return Changes("Change who decides", Touched.NOTHING)
    changed = [f"{each['data']}: {each['field']}" for each in lines]
    version = write_policy(
        db, actor, DECIDERS, after, "change who decides", after={"changed": changed}, now=now
    )
    old = [duty_as_said(each) for each in duties_from(before)]
    undo = Undo("save_deciders", {"lines": old, "based_on": version}, subjects="")
    return Changes("Change who decides", Touched.SETTINGS, (version,), undo=undo)


def deciders(db: Connection) -> tuple[Duty, ...]:
    """Return who decides what."""
    with readable("The table of who decides what is", "Restore a backup."):
        return duties_from(body_in_force(db, DECIDERS, [])[1])

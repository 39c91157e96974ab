"""Change a standard: each change is a version, and the one before is one undo away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.kpis.standards import STARTING, Standard, as_data, changed, standards_from
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.policy_versions import body_of
from app.models.standards import STANDARDS, standards
from app.services.policy_versions import write_policy

ACTION: Final = "change standard"


def change_standard(
    db: Connection,
    actor: Actor,
    *,
    code: str,
    changes: Mapping[str, Any],
    based_on: int | None = None,
    reason: str = "",
    now: datetime,
) -> Changes:
    """Change what one standard says: its numbers, its days, its action, its source, from when it counts.

    Raises:
        RefusedError: there is no such standard, the change makes no sense, or somebody else has
            changed this standard meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    before = standards(db)[1]
    after = changed(before, code, changes)
    _refuse_overtaken(db, before, code, based_on)
    if after == before:
        return Changes("Change a standard", Touched.NOTHING)
    was = next(each for each in as_data(before) if each["code"] == code)
    old = {name: was[name] for name in changes}
    version = write_policy(
        db, actor, STANDARDS, as_data(after), ACTION, reason=reason, before=old,
        after={"code": code, **changes}, now=now,
    )  # fmt: skip
    title = next(each.title for each in after if each.code == code)
    back = {"code": code, "changes": old, "based_on": version}
    return Changes(f"Change the standard “{title}”", Touched.SETTINGS, (version,),
                   undo=Undo("change_standard", back, subjects=""))  # fmt: skip


def _refuse_overtaken(
    db: Connection, current: Sequence[Standard], code: str, based_on: int | None
) -> None:
    """Refuse to write over what somebody else has said of this standard since; the others may differ."""
    if based_on is None:
        return
    then = standards_from(body_of(db, STANDARDS, based_on) or ()) if based_on else STARTING
    if [each for each in then if each.code == code] != [
        each for each in current if each.code == code
    ]:
        raise RefusedError("Somebody has changed this standard meanwhile; nothing was changed.",
                           "Look at what counts now, and change that.")  # fmt: skip

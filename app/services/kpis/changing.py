"""Change a standard: each change is a version, and the one before is one undo away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.kpis.standards import as_data, changed
from app.domain.roles import Actor, Permission
from app.models.standards import STANDARDS, standards
from app.services.policy_versions import write_policy

ACTION: Final = "change standard"


def change_standard(
    db: Connection,
    actor: Actor,
    *,
    code: str,
    changes: Mapping[str, Any],
    reason: str = "",
    now: datetime,
) -> Changes:
    """Change what one standard says: its numbers, its days, its action, its source, from when it counts.

    Raises:
        RefusedError: there is no such standard, or the change makes no sense.
    """
    actor.must(Permission.ADMINISTER)
    before = standards(db)[1]
    after = changed(before, code, changes)
    if after == before:
        return Changes("Change a standard", Touched.NOTHING)
    was = next(each for each in as_data(before) if each["code"] == code)
    old = {name: was[name] for name in changes}
    version = write_policy(
        db, actor, STANDARDS, as_data(after), ACTION, reason=reason, before=old,
        after={"code": code, **changes}, now=now,
    )  # fmt: skip
    title = next(each.title for each in after if each.code == code)
    return Changes(f"Change the standard “{title}”", Touched.SETTINGS, (version,),
                   undo=Undo("change_standard", {"code": code, "changes": old}, subjects=""))  # fmt: skip

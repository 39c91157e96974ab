"""Change a standard: each change is a version, and the one before is one undo away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.kpis.standards import as_data, changed
from app.domain.roles import Actor, Permission
from app.models.governance import policies
from app.models.identity import Identity
from app.models.standards import STANDARDS, standards
from app.services import audit
from app.services.policies import sealed


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
    version, before = standards(db)
    after = changed(before, code, changes)
    if after == before:
        return Changes("Change a standard", Touched.NOTHING)
    body = as_data(after)
    row = {"id": Identity(db, policies).take(policies), "kind": STANDARDS, "version": version + 1,
           "body": body, "actor": actor.name, "active_from": now}  # fmt: skip
    db.execute(policies.insert(), [row])
    was = next(each for each in as_data(before) if each["code"] == code)
    old = {name: was[name] for name in changes}
    deed = audit.Deed("change standard", f"standards:{version + 1}", reason, old,
                      {"code": code, **dict(changes), "sealed": sealed({STANDARDS: body})})  # fmt: skip
    audit.record(db, actor, now, deed)
    title = next(each.title for each in after if each.code == code)
    return Changes(f"Change the standard “{title}”", Touched.SETTINGS, (version + 1,),
                   undo=Undo("change_standard", {"code": code, "changes": old}, subjects=""))  # fmt: skip

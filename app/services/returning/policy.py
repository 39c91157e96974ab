"""Which return policy is in force, and how does the owner change it? Every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.returning.policy import DEFAULT_RETURNS, ReturnPolicy, read_policy
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.damage import readable
from app.models.governance import policies
from app.models.identity import Identity
from app.services import audit
from app.services.policies import sealed

RETURNS: Final = "returns"
_MEND: Final = "Write the return policy anew, or restore a backup."


def body_in_force(db: Connection, kind: str, usual: Any) -> tuple[int, Any]:
    """Return the newest version of a policy and its body; the usual one where nobody has said more."""
    query = select(policies.c.version, policies.c.body).where(policies.c.kind == kind)
    row = db.execute(query.order_by(policies.c.version.desc()).limit(1)).first()
    return (row.version, row.body) if row else (0, usual)


def in_force(db: Connection) -> ReturnPolicy:
    """Return the policy that counts."""
    with readable("The return policy is", _MEND):
        return read_policy(*body_in_force(db, RETURNS, DEFAULT_RETURNS))


def save_return_policy(
    db: Connection, actor: Actor, *, body: Mapping[str, Any], reason: str = "", now: datetime
) -> Changes:
    """Write a new version of the return policy.

    Raises:
        RefusedError: it says something that cannot be understood.
    """
    actor.must(Permission.ADMINISTER)
    try:
        policy = read_policy(0, body)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("The return policy cannot be read like this; nothing was changed.",
                           "Take the one that is in force and change single values.") from error  # fmt: skip
    rules = (policy.usual, *policy.channels.values())
    if any(not 0 <= rule.window_days <= 3650 for rule in rules):
        raise RefusedError("A window is a number of days, 0 or more; nothing was changed.",
                           "Write how many days buyers have.")  # fmt: skip
    before = body_in_force(db, RETURNS, DEFAULT_RETURNS)[1]
    write_policy(db, actor, RETURNS, body, reason=reason, now=now)
    return Changes("Change the return policy", Touched.SETTINGS, (1,),
                   undo=Undo("save_return_policy", {"body": before, "reason": "Taken back."}))  # fmt: skip


def write_policy(
    db: Connection, actor: Actor, kind: str, body: Any, *, reason: str, now: datetime
) -> int:
    """Write the next version of a policy, sealed in the trail; return its number."""
    version = int(body_in_force(db, kind, {})[0]) + 1
    row = {"id": Identity(db, policies).take(policies), "kind": kind, "version": version,
           "body": body, "actor": actor.name, "active_from": now}  # fmt: skip
    db.execute(policies.insert(), [row])
    audit.record(
        db, actor, now,
        audit.Deed(f"change {kind} policy", f"policy:{version}", reason,
                   after={"sealed": sealed({kind: body})}),
    )  # fmt: skip
    return version

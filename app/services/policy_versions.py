"""Write the next version of a policy. Every version is kept, and the trail seals what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.roles import Actor
from app.errors import RefusedError
from app.models.governance import policies
from app.models.identity import Identity
from app.models.policy_versions import body_in_force, body_of
from app.services import audit
from app.services.policies import sealed


def write_policy(
    db: Connection, actor: Actor, kind: str, body: Any, deed: str, *, now: datetime,
    reason: str = "", before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> int:  # fmt: skip
    """Write the next version of a policy, sealed in the trail; return its number."""
    old = int(body_in_force(db, kind, None)[0])
    keep_version(db, actor, kind, old + 1, body, now=now)
    audit.record(db, actor, now, audit.Deed(
        deed, f"policy:{old + 1}", reason, before={"version": old, **(before or {})},
        after={**(after or {}), "sealed": sealed({kind: body})},
    ))  # fmt: skip
    return old + 1


def refuse_overtaken(db: Connection, kind: str, based_on: int | None, name: str) -> None:
    """Refuse to write over what somebody else has said since a version.

    Raises:
        RefusedError: something else counts by now; what was changed and taken back is the same again.
    """
    version, body = body_in_force(db, kind, None)
    if based_on in (None, version) or (based_on and body_of(db, kind, based_on) == body):
        return
    raise RefusedError(f"Somebody has changed the {name} meanwhile; nothing was changed.",
                       "Look at what counts now, and change that.")  # fmt: skip


def keep_version(
    db: Connection, actor: Actor, kind: str, version: int, body: Any, *, now: datetime
) -> None:
    """Keep a body as a version; whoever calls this seals it in the trail."""
    row = {
        "id": Identity(db, policies).take(policies), "kind": kind, "version": version,
        "body": body, "actor": actor.name, "active_from": now,
    }  # fmt: skip
    db.execute(policies.insert(), [row])

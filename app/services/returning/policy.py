"""Which return policy is in force, and how does the owner change it? Every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.returning.policy import DEFAULT_RETURNS, ReturnPolicy, read_policy
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.damage import readable
from app.models.policy_versions import body_in_force
from app.services.policy_versions import refuse_overtaken, write_policy

RETURNS: Final = "returns"
_MEND: Final = "Write the return policy anew, or restore a backup."


def stored(db: Connection) -> tuple[int, Any]:
    """Return the version that counts and what it says, as it is stored."""
    return body_in_force(db, RETURNS, DEFAULT_RETURNS)


def in_force(db: Connection) -> ReturnPolicy:
    """Return the policy that counts."""
    with readable("The return policy is", _MEND):
        return read_policy(*stored(db))


def save_return_policy(
    db: Connection, actor: Actor, *, body: Mapping[str, Any], based_on: int | None = None,
    reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Write a new version of the return policy, if it says anything new.

    Raises:
        RefusedError: it cannot be understood or kept, or somebody else has changed it meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    _must_be_sound(body)
    refuse_overtaken(db, RETURNS, based_on, "return policy")
    before = stored(db)[1]
    if body == before:
        return Changes("Change the return policy", Touched.NOTHING)
    version = write_policy(
        db, actor, RETURNS, body, "change returns policy", reason=reason, now=now
    )
    back = {"body": before, "based_on": version, "reason": "Taken back."}
    return Changes("Change the return policy", Touched.SETTINGS, (version,),
                   undo=Undo("save_return_policy", back, subjects=""))  # fmt: skip


def _must_be_sound(body: Mapping[str, Any]) -> None:
    try:
        policy = read_policy(0, body)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("The return policy cannot be read like this; nothing was changed.",
                           "Take the one that is in force and change single values.") from error  # fmt: skip
    rules = (policy.usual, *policy.channels.values())
    if any(not 0 <= rule.window_days <= 3650 for rule in rules):
        raise RefusedError("A window is a number of days, 0 or more; nothing was changed.",
                           "Write how many days buyers have.")  # fmt: skip

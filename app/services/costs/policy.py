"""Which cost policy is in force, and how does the owner change it? Every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.changes import Changes, Touched, Undo
from app.domain.costs.policy import CostPolicy, Rates, cost_policy
from app.domain.roles import Actor, Permission
from app.errors import RefusedError
from app.models.damage import readable
from app.models.policy_versions import body_in_force
from app.services import policies
from app.services.policy_versions import write_policy

COSTS: Final = "costs"
_MEND: Final = "Write what your work costs anew, or restore a backup."


def in_force(db: Connection) -> CostPolicy:
    """Return the policy that counts."""
    with readable("The policy of costs is", _MEND):
        return cost_policy(*body_in_force(db, COSTS, {}))


def rates(db: Connection) -> Rates:
    """Return the owner's rates with the kind of each channel."""
    known = policies.in_force(db)
    kinds = {code: channel.kind for code, channel in known.channels.items()}
    return Rates(known.rates, known.routing, kinds)


def save_cost_policy(
    db: Connection, actor: Actor, *, changes: Mapping[str, Any], reason: str = "", now: datetime
) -> Changes:
    """Write a new version with these values changed; the others stay.

    Raises:
        RefusedError: a value is not known, or cannot be.
    """
    actor.must(Permission.ADMINISTER)
    before = in_force(db).as_said()
    try:
        after = cost_policy(0, {**before, **changes}).as_said()
    except (ValueError, TypeError) as error:
        raise RefusedError(
            f"What your work costs cannot be kept like this: {error}. Nothing was changed.",
            "Money is whole cents an hour, time whole minutes, a loss 0 to 100 per cent.",
        ) from error
    if after == before:
        return Changes("Change what work costs", Touched.NOTHING)
    write_policy(db, actor, COSTS, after, "change costs policy", reason=reason, now=now)
    undo = Undo("save_cost_policy", {"changes": before, "reason": "Taken back."}, subjects="")
    return Changes("Change what work costs", Touched.SETTINGS, (1,), undo=undo)

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
from app.models.promising.sheet import settled_fees
from app.services import policies
from app.services.policy_versions import refuse_overtaken, write_policy

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
    return Rates(known.rates, known.routing, kinds, settled_fees(db))


def save_cost_policy(
    db: Connection, actor: Actor, *, changes: Mapping[str, Any], based_on: int | None = None,
    reason: str = "", now: datetime,
) -> Changes:  # fmt: skip
    """Write a new version with these values changed; the others stay.

    Raises:
        RefusedError: a value is not known or cannot be, or somebody else has changed it meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    refuse_overtaken(db, COSTS, based_on, "costs of work")
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
    version = write_policy(db, actor, COSTS, after, "change costs policy", reason=reason, now=now)
    back = {"changes": before, "based_on": version, "reason": "Taken back."}
    return Changes("Change what work costs", Touched.SETTINGS, (version,),
                   undo=Undo("save_cost_policy", back, subjects=""))  # fmt: skip

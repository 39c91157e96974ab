"""Say what may be sent instead of a SKU. Somebody proposes it; nothing is sent before the owner approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from app.domain.changes import Changes
from app.domain.roles import Actor, Permission
from app.domain.routing.policy import Substitute, policy_as_said
from app.errors import NotFoundError, RefusedError
from app.services import policies
from app.services.planning.policy_versions import (
    ROUTING,
    drafted_routing,
    kinds_of,
    write_version,
)


def propose_substitute(
    db: Connection, actor: Actor, *, sku: str, substitute: str, now: datetime,
    channels: Sequence[str] = (), cost: int = 0,
) -> Changes:  # fmt: skip
    """Write down that one SKU could be sent instead of another; ``cost`` is what a buyer is given for a unit.

    Raises:
        RefusedError: the goods are regulated, or are not there, or it is written down already.
    """
    actor.must(Permission.OVERRIDE)
    rows = policies.in_force(db).routing.substitutes
    if _find(rows, sku, substitute) is not None:
        raise RefusedError(
            f"That {substitute} may stand in for {sku} is written down already; nothing was changed.",
            "Approve it, or take it out first.",
        )
    new = Substitute(sku, substitute, tuple(channels), cost)
    return _save(db, actor, (*rows, new), f"propose {substitute} for {sku}", now)


def approve_substitute(
    db: Connection, actor: Actor, *, sku: str, substitute: str, now: datetime
) -> Changes:
    """Let a substitute be sent from now on, to channels that allow it.

    Raises:
        NotFoundError: nobody has proposed it.
    """
    actor.must(Permission.ADMINISTER)
    rows = policies.in_force(db).routing.substitutes
    row = _there(rows, sku, substitute)
    approved = tuple(
        each._replace(approved_by=actor.name) if each == row and not row.approved_by else each
        for each in rows
    )
    return _save(db, actor, approved, f"approve {substitute} for {sku}", now)


def drop_substitute(
    db: Connection, actor: Actor, *, sku: str, substitute: str, now: datetime
) -> Changes:
    """Take a substitute out again; what was sent already stays sent.

    Raises:
        NotFoundError: nobody has proposed it.
    """
    actor.must(Permission.ADMINISTER)
    rows = policies.in_force(db).routing.substitutes
    row = _there(rows, sku, substitute)
    left = tuple(each for each in rows if each != row)
    return _save(db, actor, left, f"no longer {substitute} for {sku}", now)


def _find(rows: Sequence[Substitute], sku: str, substitute: str) -> Substitute | None:
    return next((each for each in rows if (each.sku, each.substitute) == (sku, substitute)), None)


def _there(rows: Sequence[Substitute], sku: str, substitute: str) -> Substitute:
    found = _find(rows, sku, substitute)
    if found is None:
        raise NotFoundError(
            f"Nobody has proposed {substitute} for {sku}; nothing was changed.",
            "Propose it first, or look at the list of substitutes.",
        )
    return found


def _save(
    db: Connection, actor: Actor, rows: tuple[Substitute, ...], what: str, now: datetime
) -> Changes:
    known = policies.in_force(db)
    said = {"substitutes": [{**each._asdict(), "channels": list(each.channels)} for each in rows]}
    draft, kinds = drafted_routing(db, known, said), kinds_of(known)
    body = policy_as_said(draft, kinds)
    changed = [what] if body != policy_as_said(known.routing, kinds) else []
    return write_version(db, actor, ROUTING, known.routing.version, body, changed, "", now)

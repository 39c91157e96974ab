"""Change the routing policy and the rate tables. Every version is kept; the one before is one undo away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, select

from app.domain.changes import Changes, Touched, Undo
from app.domain.roles import Actor, Permission
from app.domain.routing.policy import RoutingPolicy, policy_as_said, routing_policy
from app.domain.routing.substitutes import refuse_regulated
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.inventory import locations
from app.models.policy_versions import body_in_force
from app.models.policy_versions import body_of as body_in
from app.models.sets import among
from app.services import policies as known_policies
from app.services.policy_versions import write_policy

ROUTING: Final = "routing"
NAMES: Final = {ROUTING: "routing policy", "rates": "rate tables"}
_TOUCHED: Final = Touched.SETTINGS | Touched.ORDERS
T = TypeVar("T")


def save_routing(
    db: Connection, actor: Actor, *, said: Mapping[str, Any], now: datetime,
    based_on: int | None = None, reason: str = "",
) -> Changes:  # fmt: skip
    """Change what the routing policy says; parts that are not given stay as they are.

    Whoever saves a substitute as approved is who has approved it, whatever name the file says.

    Raises:
        RefusedError: something cannot stand there, or somebody else has changed it meanwhile.
    """
    actor.must(Permission.ADMINISTER)
    current = known_policies.in_force(db)
    refuse_other(current.routing.version, based_on, ROUTING)
    draft = _signed(drafted_routing(db, current, said), current.routing, actor)
    kinds = kinds_of(current)
    body, before = policy_as_said(draft, kinds), policy_as_said(current.routing, kinds)
    changed = [part for part in body if body[part] != before[part]]
    version = current.routing.version
    return write_version(db, actor, ROUTING, version, body, changed, reason, now)


def restore_policy(
    db: Connection, actor: Actor, *, kind: str, version: int, now: datetime, undoes: int | None = None
) -> Changes:  # fmt: skip
    """Let an earlier version of the routing policy or of the rate tables count again, as a new version.

    Raises:
        NotFoundError: there never was such a version.
        RefusedError: it would undo a version, and another counts by now.
    """
    actor.must(Permission.ADMINISTER)
    newest, body = stored(db, kind)
    if undoes is not None and undoes != newest:
        raise RefusedError(f"Somebody has changed the {NAMES[kind]} since; nothing was undone.",
                           "Look at them as they are now, and change them there.")  # fmt: skip
    old = body_of(db, kind, version)
    if old == body:
        return Changes(f"Change the {NAMES[kind]}", Touched.NOTHING)
    return write_version(
        db, actor, kind, newest, old, [f"as in version {version}"], f"As in version {version}.", now
    )


def _signed(draft: RoutingPolicy, current: RoutingPolicy, actor: Actor) -> RoutingPolicy:
    rows = tuple(
        each._replace(approved_by=actor.name)
        if each.approved_by and each not in current.substitutes
        else each
        for each in draft.substitutes
    )
    return replace(draft, substitutes=rows)


def drafted_routing(
    db: Connection, current: known_policies.Policies, said: Mapping[str, Any]
) -> RoutingPolicy:
    """Return the routing policy with changes, not stored.

    Raises:
        RefusedError: something cannot stand there, or names what is not there.
    """
    kinds = kinds_of(current)
    body = {**policy_as_said(current.routing, kinds), **said}
    draft = readable(lambda: routing_policy(current.routing.version, body, kinds))
    _check_names(db, draft, current)
    return draft


def write_version(
    db: Connection, actor: Actor, kind: str, before: int, body: Any, changed: Sequence[str],
    reason: str, now: datetime,
) -> Changes:  # fmt: skip
    """Keep a body as the next version, if it changes anything."""
    name = NAMES[kind]
    if not changed:
        return Changes(f"Change the {name}", Touched.NOTHING)
    write_policy(
        db, actor, kind, body, f"change {name}", reason=reason, after={"changed": list(changed)}, now=now
    )  # fmt: skip
    undo = Undo(
        "restore_policy", {"kind": kind, "version": before, "undoes": before + 1}, subjects=""
    )
    return Changes(f"Change the {name}: {', '.join(changed)}", _TOUCHED, (before + 1,), undo=undo)


def stored(db: Connection, kind: str) -> tuple[int, Any]:
    """Return the newest version of a kind, and what it says; 0 and nothing before the first."""
    return body_in_force(db, kind, {})


def body_of(db: Connection, kind: str, version: int) -> Any:
    """Return what a version says; version 0 of the routing policy is what a desk does by itself.

    Raises:
        NotFoundError: there never was such a version.
    """
    if kind == ROUTING and version == 0:
        return policy_as_said(RoutingPolicy(), {})
    body = body_in(db, kind, version)
    if body is None:
        newest = stored(db, kind)[0]
        raise NotFoundError(f"The {NAMES[kind]} never had a version {version}; nothing was changed.",
                            f"There are versions up to {newest}.")  # fmt: skip
    return body


def kinds_of(known: known_policies.Policies) -> dict[str, str]:
    """Return of what kind each channel is."""
    return {code: each.kind for code, each in known.channels.items()}


def refuse_other(current: int, based_on: int | None, kind: str) -> None:
    """Refuse a change of a version that does not count any more."""
    if based_on is not None and based_on != current:
        raise RefusedError(
            f"Somebody has changed the {NAMES[kind]} meanwhile; nothing was changed.",
            "Look at them as they are now, and change them there.",
        )


def readable(read: Callable[[], T]) -> T:
    """Read what somebody has written; what cannot stand there is refused with its reason."""
    try:
        return read()
    except (ValueError, TypeError, LookupError) as error:
        raise RefusedError(f"{error}; nothing was changed.".replace("; nothing was changed.; ", "; "),
                           "“orderdeck routing export” shows how it is written.") from error  # fmt: skip


def _check_names(db: Connection, draft: RoutingPolicy, current: known_policies.Policies) -> None:
    """Refuse what names a channel, location or SKU that is not there."""
    places = set(db.execute(select(locations.c.code)).scalars())
    named_places = {*draft.places, *(each.location for each in draft.held)}
    _refuse_strange("location", named_places - places, places)
    channels = {
        *draft.channels, *(each.channel for each in draft.held),
        *(code for each in draft.places.values() for code in each.channels),
        *(code for each in draft.substitutes for code in each.channels),
    }  # fmt: skip
    _refuse_strange("channel", channels - current.channels.keys(), current.channels)
    _check_goods(db, draft)


def _check_goods(db: Connection, draft: RoutingPolicy) -> None:
    named = {each.sku for each in draft.held}
    for each in draft.substitutes:
        named |= {each.sku, each.substitute}
    if not named:
        return
    query = select(skus).where(among(skus.c.code, "codes"))
    there = {row.code: row for row in db.execute(query, {"codes": sorted(named)})}
    _refuse_strange("SKU", named - there.keys(), ())
    refuse_regulated(draft.substitutes, there)


def _refuse_strange(what: str, strange: set[str], known: Any) -> None:
    if strange:
        advice = f"There are {', '.join(sorted(known))}." if known else "Check the code."
        raise RefusedError(f"There is no {what} “{min(strange)}”; nothing was changed.", advice)

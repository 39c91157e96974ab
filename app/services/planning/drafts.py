"""What would a drafted routing policy change of the orders that are open? Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.delivery import RatePolicy
from app.domain.routing.policy import RoutingPolicy, policy_as_said, routing_policy
from app.models.inventory import locations
from app.services import policies
from app.services.planning.policy_versions import drafted_routing, kinds_of
from app.services.rules.previewing import Preview, preview_policies


@dataclass(frozen=True, slots=True)
class RoutingNow:
    """The routing policy in force, as it is stored and as values, and what it may speak of."""

    policy: RoutingPolicy
    body: Mapping[str, Any]
    currency: str
    channels: Mapping[str, str]  # code -> kind
    places: Mapping[str, str]  # code -> name, of those that ship
    rates: RatePolicy


def routing_now(db: Connection) -> RoutingNow:
    """Return the routing policy that counts."""
    known = policies.in_force(db)
    kinds = kinds_of(known)
    body = policy_as_said(known.routing, kinds)
    places = {row.code: row.name for row in db.execute(_PLACES)}
    return RoutingNow(known.routing, body, known.rates.currency, kinds, places, known.rates)


def drafted(found: RoutingNow, said: Mapping[str, Any]) -> RoutingNow:
    """Return the policy as a draft has it; the draft was held against the desk already."""
    body = {**found.body, **said}
    policy = routing_policy(found.policy.version, body, found.channels)
    return replace(found, policy=policy, body=body)


_PLACES = (
    select(locations.c.code, locations.c.name)
    .where(locations.c.ships, locations.c.account_id.is_(None))
    .order_by(locations.c.id)
)


def preview_routing(db: Connection, *, said: Mapping[str, Any], now: datetime) -> Preview:
    """Return what a draft would change of open orders.

    Raises:
        RefusedError: something cannot stand there.
    """
    known = policies.in_force(db)
    draft = drafted_routing(db, known, said)
    return preview_policies(db, known=replace(known, routing=draft), now=now)

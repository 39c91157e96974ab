"""What would a drafted routing policy change of the orders that are open? Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.routing.policy import RoutingPolicy, policy_as_said
from app.services import policies
from app.services.planning.policy_versions import drafted_routing, kinds_of
from app.services.rules.previewing import Preview, preview_policies


@dataclass(frozen=True, slots=True)
class RoutingNow:
    """The routing policy in force, as it is stored and as values, and how it says money."""

    policy: RoutingPolicy
    body: Mapping[str, Any]
    currency: str
    channels: Mapping[str, str]  # code -> kind


def routing_now(db: Connection) -> RoutingNow:
    """Return the routing policy that counts."""
    known = policies.in_force(db)
    kinds = kinds_of(known)
    body = policy_as_said(known.routing, kinds)
    return RoutingNow(known.routing, body, known.rates.currency, kinds)


def preview_routing(db: Connection, *, said: Mapping[str, Any], now: datetime) -> Preview:
    """Return what a draft would change of open orders.

    Raises:
        RefusedError: something cannot stand there.
    """
    known = policies.in_force(db)
    draft = drafted_routing(db, known, said)
    return preview_policies(db, known=replace(known, routing=draft), now=now)

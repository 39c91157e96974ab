"""Which policies are in force: rates and service levels, and what each channel allows?

Policies are versioned rows; every suggestion keeps the version that it was made with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from app.domain.delivery import RatePolicy, ServiceLevel
from app.domain.promising.policy import Backorders
from app.domain.routing.policy import RoutingPolicy, routing_policy
from app.models.damage import readable
from app.models.governance import policies
from app.models.promising.sheet import MEND, rows_of

USUAL_ROUTING = RoutingPolicy()


@dataclass(frozen=True, slots=True)
class ChannelPolicy:
    """What one channel allows: how an order may be split, substituted and completed later, and working
    days until it must ship. ``split_from`` is an order's least worth in whole units of the currency."""

    name: str
    kind: str
    may_split: bool
    handling_days: int
    most_parcels: int = 3
    split_from: int = 0
    may_substitute: bool = False
    backorders: Backorders = Backorders.NEVER


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies in force."""

    rates: RatePolicy
    channels: Mapping[str, ChannelPolicy]
    routing: RoutingPolicy = USUAL_ROUTING
    versions: Mapping[str, int] = field(default_factory=dict)  # kind -> version

    def channel(self, code: str) -> ChannelPolicy:
        """Return a channel's policy; an unknown channel is treated as an own store."""
        return self.channels.get(code) or ChannelPolicy(code, "own_store", True, 2)


# Illustrative retail prices in US cents by zone 1..9 (9 = abroad); the owner edits them as data.
DEFAULT_RATES: dict[str, Any] = {
    "currency": "USD",
    "standard": {
        "name": "Ground",
        "steps": [
            [225, [410, 420, 435, 455, 480, 505, 535, 570, 1650]],
            [450, [490, 505, 525, 560, 600, 645, 690, 745, 2100]],
            [900, [620, 645, 680, 735, 805, 880, 965, 1060, 2900]],
            [1800, [760, 800, 865, 965, 1090, 1230, 1390, 1570, 3900]],
            [4500, [1010, 1085, 1210, 1400, 1640, 1910, 2220, 2570, 6100]],
        ],
        "extra_g": 1000,
        "extra": [70, 80, 95, 120, 150, 185, 225, 270, 800],
        "days": [1, 2, 2, 3, 4, 4, 5, 5, 10],
    },
    "expedited": {
        "name": "Two-day",
        "steps": [
            [225, [790, 800, 820, 850, 890, 940, 1000, 1080, 3900]],
            [450, [850, 870, 900, 960, 1030, 1110, 1210, 1330, 4600]],
            [900, [980, 1010, 1070, 1190, 1350, 1530, 1740, 1980, 5900]],
            [1800, [1180, 1240, 1350, 1580, 1880, 2210, 2590, 3010, 7900]],
            [4500, [1620, 1740, 1960, 2430, 3020, 3680, 4430, 5270, 12900]],
        ],
        "extra_g": 1000,
        "extra": [130, 150, 190, 260, 340, 430, 530, 640, 1900],
        "days": [1, 1, 1, 2, 2, 2, 2, 2, 4],
    },
    "expedited_words": ["exped", "two-day", "2-day", "secondday", "second", "next", "priority",
                        "express", "overnight", "one-day", "twoday", "1-day"],
}  # fmt: skip

DEFAULT_CHANNELS: dict[str, dict[str, Any]] = {
    "amazon": {"name": "Amazon", "kind": "marketplace", "may_split": False, "handling_days": 1},
    "walmart": {"name": "Walmart", "kind": "marketplace", "may_split": False, "handling_days": 1},
    "etsy": {"name": "Etsy", "kind": "marketplace", "may_split": True, "handling_days": 3},
    "ebay": {"name": "eBay", "kind": "marketplace", "may_split": True, "handling_days": 3},
    "shopify": {"name": "Shopify", "kind": "own_store", "may_split": True, "handling_days": 2},
    "woocommerce": {
        "name": "WooCommerce",
        "kind": "own_store",
        "may_split": True,
        "handling_days": 2,
    },
    "own": {"name": "Own store", "kind": "own_store", "may_split": True, "handling_days": 2},
}


def in_force(db: Connection) -> Policies:
    """Return the newest version of each policy."""
    with readable("The policies in force are", MEND):
        found = {row.kind: (row.version, row.body) for row in db.execute(_NEWEST)}
        channels = _channels(found["channels"][1])
        routing = USUAL_ROUTING
        if "routing" in found:
            kinds = {code: channel.kind for code, channel in channels.items()}
            routing = routing_policy(*found["routing"], kinds)
        versions = {"rates": found["rates"][0], "channels": found["channels"][0],
                    "routing": routing.version}  # fmt: skip
        return Policies(rate_policy(*found["rates"]), channels, routing, versions)


def sealed(bodies: Mapping[str, Any]) -> dict[str, str]:
    """Return what each body is known by, by its kind."""
    return {
        kind: hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        for kind, body in bodies.items()
    }


_NEWEST = select(policies.c.kind, policies.c.version, policies.c.body).where(
    tuple_(policies.c.kind, policies.c.version).in_(
        select(policies.c.kind, func.max(policies.c.version)).group_by(policies.c.kind)
    )
)


def default_rows(now: datetime, actor: str) -> list[dict[str, Any]]:
    """Return the policies that a new store starts with."""
    bodies = {"rates": DEFAULT_RATES, "channels": DEFAULT_CHANNELS}
    return [
        {"id": n, "kind": kind, "version": 1, "body": body, "actor": actor, "active_from": now}
        for n, (kind, body) in enumerate(bodies.items(), 1)
    ]


def _channels(body: Mapping[str, Any]) -> Mapping[str, ChannelPolicy]:
    rows = rows_of(body)
    return {
        code: ChannelPolicy(
            each["name"], each["kind"], rows[code].may_split, each["handling_days"],
            rows[code].most_parcels, rows[code].split_from, rows[code].substitutions,
            rows[code].backorders,
        )
        for code, each in body.items()
    }  # fmt: skip


def rate_policy(version: int, body: Mapping[str, Any]) -> RatePolicy:
    """Return the rate table from its stored form."""
    return RatePolicy(
        version,
        body["currency"],
        _level(body["standard"], 1),
        _level(body["expedited"], 2),
        tuple(body["expedited_words"]),
        tuple(_level(each, 1) for each in body.get("more", ())),
    )


def _level(body: Mapping[str, Any], rank: int) -> ServiceLevel:
    return ServiceLevel(
        body["name"],
        tuple((edge, tuple(prices)) for edge, prices in body["steps"]),
        body["extra_g"],
        tuple(body["extra"]),
        tuple(body["days"]),
        body.get("rank", rank),
        tuple(body.get("words", ())),
        tuple(body.get("locations", ())),
        tuple(body.get("channels", ())),
        tuple(body.get("areas", ())),
        body.get("most_g"),
        body.get("takes_hazmat", True),
        tuple(body.get("not_areas", ())),
    )

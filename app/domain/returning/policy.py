"""What does each channel's return policy say: how long, when is money given, what becomes of a grade?

Windows and the moment of the refund are the owner's to edit; the defaults are what the channels publish
to buyers (30 days is Amazon's, Walmart's, eBay's and Shopify's usual window), and no more than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.returning.custody import Disposition, Grade
from app.domain.returning.owed import Earliest

USUAL_PLACES: Final[Mapping[Grade, Disposition]] = {
    Grade.A: Disposition.RESTOCK,
    Grade.B: Disposition.QUARANTINE,
    Grade.C: Disposition.DAMAGED,
    Grade.D: Disposition.WRITE_OFF,
}


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """For one channel: days in which buyers may send back, and when money is promised at the earliest."""

    window_days: int = 30
    earliest: Earliest = Earliest.INSPECTED


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """The rules of all channels, and where a grade goes unless somebody says otherwise."""

    version: int = 0
    usual: ChannelRule = field(default_factory=ChannelRule)
    channels: Mapping[str, ChannelRule] = field(default_factory=dict)
    places: Mapping[Grade, Disposition] = field(default_factory=lambda: dict(USUAL_PLACES))

    def of(self, channel: str) -> ChannelRule:
        """Return a channel's rule."""
        return self.channels.get(channel, self.usual)


def is_late(rule: ChannelRule, since: datetime, now: datetime) -> bool:
    """Return whether the channel's window had closed."""
    return now > since + timedelta(days=rule.window_days)


def read_policy(version: int, body: Mapping[str, Any]) -> ReturnPolicy:
    """Return the policy from its stored form."""
    return ReturnPolicy(
        version,
        _rule(body["usual"]),
        {code: _rule(each) for code, each in body.get("channels", {}).items()},
        {Grade(grade): Disposition(place) for grade, place in body["places"].items()},
    )


def as_said(policy: ReturnPolicy) -> dict[str, Any]:
    """Return the policy as it is stored."""
    return {
        "usual": _said(policy.usual),
        "channels": {code: _said(rule) for code, rule in policy.channels.items()},
        "places": {grade.value: place.value for grade, place in policy.places.items()},
    }


def _said(rule: ChannelRule) -> dict[str, Any]:
    return {"window_days": rule.window_days, "earliest": rule.earliest.value}


def _rule(body: Mapping[str, Any]) -> ChannelRule:
    return ChannelRule(int(body["window_days"]), Earliest(body["earliest"]))


DEFAULT_RETURNS: Final[dict[str, Any]] = {
    "usual": {"window_days": 30, "earliest": "inspected"},
    # Amazon refunds buyers when the carrier has scanned the return; sellers are told to within two
    # working days of receiving it.
    "channels": {"amazon": {"window_days": 30, "earliest": "received"}},
    "places": {grade.value: place.value for grade, place in USUAL_PLACES.items()},
}

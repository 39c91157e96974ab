"""What counts instead for a while: peak season, a launch, a promotion? It ends by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.promising.policy import CALENDAR_FIELDS, ChannelRules, rules_from
from app.errors import RefusedError


class Occasion(StrEnum):
    """What an entry of the calendar is for."""

    PEAK = "peak"
    LAUNCH = "launch"
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True)
class Overlay:
    """What counts instead from ``starts_at`` until ``ends_at``; no channels or SKUs means all."""

    name: str
    occasion: Occasion
    starts_at: datetime
    ends_at: datetime
    channels: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    changes: Mapping[str, int | None] = field(default_factory=dict)

    def is_on(self, now: datetime) -> bool:
        """Return whether it counts at a moment."""
        return self.starts_at <= now < self.ends_at

    def is_about(self, channel: str, sku: str) -> bool:
        """Return whether it says something about a channel and a SKU."""
        return (not self.channels or channel in self.channels) and (
            not self.skus or sku in self.skus
        )


def overlay_from(said: Mapping[str, Any]) -> Overlay:
    """Read an entry as it is stored.

    Raises:
        RefusedError: it says something that cannot be.
    """
    starts, ends = _moment(said["starts_at"]), _moment(said["ends_at"])
    name = str(said.get("name", "")).strip()
    if not name or ends <= starts:
        raise RefusedError(
            "An entry of the calendar needs a name, and must end after it starts. Nothing was changed.",
            "Give it a name and a later end.",
        )
    changes = dict(said.get("changes", {}))
    strange = sorted(changes.keys() - set(CALENDAR_FIELDS))
    if strange or not changes:
        raise RefusedError(
            f"The calendar cannot change {', '.join(strange) or 'nothing'}; nothing was changed.",
            f"It may change {', '.join(CALENDAR_FIELDS)}.",
        )
    checked = rules_from(changes)
    return Overlay(
        name, Occasion(said.get("occasion", Occasion.PEAK)), starts, ends,
        tuple(said.get("channels", ())), tuple(said.get("skus", ())),
        {key: getattr(checked, key) for key in changes},
    )  # fmt: skip


def overlay_as_said(overlay: Overlay) -> dict[str, Any]:
    """Return an entry as it is stored."""
    return {
        "name": overlay.name, "occasion": overlay.occasion.value,
        "starts_at": overlay.starts_at.isoformat(), "ends_at": overlay.ends_at.isoformat(),
        "channels": list(overlay.channels), "skus": list(overlay.skus),
        "changes": dict(overlay.changes),
    }  # fmt: skip


def in_force(
    rules: ChannelRules, overlays: Sequence[Overlay], channel: str, sku: str, now: datetime
) -> ChannelRules:
    """Return a channel's row as it counts at a moment; of two entries the later one wins."""
    about = [each for each in overlays if each.is_on(now) and each.is_about(channel, sku)]
    for each in sorted(about, key=lambda one: (one.starts_at, one.name)):
        rules = rules_from(each.changes, rules)
    return rules


def next_turn(overlays: Iterable[Overlay], after: datetime) -> datetime | None:
    """Return the next moment at which an entry starts or ends."""
    turns = [at for each in overlays for at in (each.starts_at, each.ends_at) if at > after]
    return min(turns, default=None)


def _moment(said: Any) -> datetime:
    at = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    if at.tzinfo is None:
        raise RefusedError(
            f"“{said}” has no time zone; nothing was changed.",
            "Write it as 2026-11-27T00:00+00:00.",
        )
    return at

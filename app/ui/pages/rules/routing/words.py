"""How does the routing policy speak? Its objectives, and what may be said of channels and locations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from app.domain.routing.objectives import Aim, Objective
from app.ui import statuses
from app.ui.words import clock_time, money, number


class Column(NamedTuple):
    """One thing that may be said: its field, its title, and of what kind it is."""

    field: str
    title: str
    kind: str = "money"  # money | share | count | clock | channels | services
    about: str = ""


AIMS: Final[Mapping[Aim, tuple[str, str]]] = {
    Aim.PROMISE: ("Keep the promise", "Leave and arrive as the channel was told"),
    Aim.MONEY: ("Least cost", "Postage, handling, packaging, splits and what lateness costs"),
    Aim.PARCELS: ("Fewest parcels", "One parcel rather than two"),
    Aim.DISTANCE: ("Nearest", "The zone by distance"),
    Aim.RANKING: ("My ranking", "The rank of each location, below"),
}
MONEY: Final[Sequence[Column]] = (
    Column("split", "Each further parcel"),
    Column("late_ship", "Leaves late"),
    Column("late_delivery", "Arrives late"),
    Column("late_day", "Each day late"),
    Column("unfilled", "Not filled"),
    Column("backorder", "Follows later", about="The second parcel, and writing to the buyer"),
    Column("levels", "May go by", "services", "Services that may be used instead of a slower one"),
)
WORK: Final[Sequence[Column]] = (
    Column("rank", "Rank", "count", "1 is best; it decides where “My ranking” is asked"),
    Column("pickup", "Fetched at", "clock", "Local time"),
    Column("handling_days", "Days to pack", "count", "Working days until it is handed over"),
    Column("line", "Each SKU"),
    Column("unit", "Each unit"),
    Column("fragile_unit", "Each fragile unit", about="On top"),
    Column("channels", "Ships for", "channels", "Nothing chosen: every channel"),
)


def said(column: Column, value: object, currency: str) -> str:
    """Return a value of a channel or location in words."""
    if column.kind == "money" and isinstance(value, int):
        return money(value, currency)
    if column.kind in ("channels", "services"):
        chosen = list(value) if isinstance(value, list | tuple) else []
        if column.kind == "channels":
            return ", ".join(statuses.channel(str(each)) for each in chosen) or "All"
        return ", ".join(map(str, chosen)) or "As bought"
    if column.field == "rank" and value == 100:
        return "None"
    return clock_time(str(value)) if column.kind == "clock" else number(int(str(value)))


def aim(each: Objective, currency: str) -> str:
    """Return an objective as a row says it."""
    title = AIMS[each.aim][0]
    return f"{title} within {money(each.within, currency)}" if each.within else title

"""What problem does a file in the neutral format describe?

Ids become numbers in the order of their text, so that neither the rows' order in the file nor a hash
can decide anything; a :class:`Legend` gives them back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from app.domain.routing.calendar import Hours
from app.domain.routing.carriage import PerKilo, Service
from app.domain.routing.goods import Item, Wanted
from app.domain.routing.network import Handling, Network, Place
from app.domain.routing.shelves import Shelves
from app.domain.routing.terms import Terms
from app.errors import RefusedError
from app.planning.neutral.checking import check_instance
from app.planning.neutral.fields import FieldError
from app.planning.neutral.orders import orders_of

FORMAT = "routing-instance/1"
Row = Mapping[str, Any]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Legend:
    """What the numbers are called in the file."""

    places: tuple[str, ...]
    services: tuple[str, ...]
    skus: tuple[str, ...]
    channels: tuple[str, ...]
    orders: tuple[str, ...]
    lines: Mapping[int, tuple[str, ...]]  # of each order by its number
    kits: frozenset[tuple[int, int]]  # order and line (by its place) that want a kit


@dataclass(frozen=True, slots=True)
class Problem:
    """One moment to be planned: everything there is, what is on the shelves, and the orders."""

    name: str
    network: Network
    stock: Mapping[tuple[int, int], int]
    held: Mapping[tuple[int, int], Mapping[int, int]]
    orders: tuple[Wanted, ...]  # in order of arrival
    legend: Legend

    def shelves(self) -> Shelves:
        """Return the shelves as they are before anything is planned."""
        return Shelves(self.stock, self.held)


def read(path: Path) -> Problem:
    """Read a file.

    Raises:
        RefusedError: it is no such file, or says what cannot be.
    """
    try:
        with path.open(encoding="utf-8") as file:
            found = json.load(file)
    except OSError as problem:
        raise RefusedError(
            f"{path.name} could not be read; nothing was planned.", str(problem.strerror)
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise RefusedError(
            f"{path.name} is no JSON; nothing was planned.", "Give a file of the neutral format."
        ) from problem
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise RefusedError(
            f"{path.name} is not in the format {FORMAT}; nothing was planned.",
            "Give a file whose “format” says so.",
        )
    try:
        return problem_of(found)
    except FieldError as problem:
        raise RefusedError(
            f"{path.name} says something that cannot be; nothing was planned.", str(problem)
        ) from problem


def problem_of(found: Row) -> Problem:
    """Return the problem that the parts of a file describe.

    Raises:
        FieldError: a field says what the format does not allow.
    """
    check_instance(found)
    sku_of = numbers(row["id"] for row in found["skus"])
    place_of = numbers(row["id"] for row in found["locations"])
    channel_of = numbers(row["id"] for row in found["channels"])
    service_of = numbers(row["id"] for row in found["services"])
    ranks = found["level_rank"]
    costs = {row["id"]: row.get("unit_cost_cents", 0) for row in found["skus"]}
    network = Network(
        instant(found["now"]),
        date.fromisoformat(found["last_ship_date"]),
        [_place(row, place_of, channel_of) for row in found["locations"]],
        [_service(row, service_of, place_of, channel_of, ranks) for row in found["services"]],
        [_terms(row, channel_of) for row in found["channels"]],
        {sku_of[row["id"]]: _item(row) for row in found["skus"]},
        _days(found.get("carrier_holidays", ())),
        {
            (sku_of[row["sku"]], place_of[row["location"]]):
                row.get("unit_cost_cents", costs[row["sku"]])
            for row in found["stock"]
        },
    )  # fmt: skip
    stock = {
        (sku_of[row["sku"]], place_of[row["location"]]): max(
            0, row["on_hand"] - row.get("reserved", 0) - row.get("safety", 0)
        )
        for row in found["stock"]
    }
    wanted, names, lines, kits = orders_of(found, sku_of, channel_of)
    return Problem(
        found["id"], network, stock,
        _held(found.get("channel_reserves", ()), stock, sku_of, place_of, channel_of),
        wanted,
        Legend(tuple(place_of), tuple(service_of), tuple(sku_of), tuple(channel_of), names, lines,
               kits),
    )  # fmt: skip


def numbers(ids: Iterable[str]) -> dict[str, int]:
    """Number ids in the order of their text."""
    return {each: n for n, each in enumerate(sorted(ids))}


def instant(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _clock(text: str) -> time:
    hours, _, minutes = text.partition(":")
    return time(int(hours), int(minutes))


def _item(row: Row) -> Item:
    return Item(
        row["weight_g"], row.get("unit_cost_cents", 0),
        bool(row.get("fragile")), bool(row.get("hazmat")),
    )  # fmt: skip


def _at(row: Row) -> tuple[float, float] | None:
    if row.get("lat") is None or row.get("lon") is None:
        return None
    return row["lat"], row["lon"]


def _place(row: Row, place_of: Mapping[str, int], channel_of: Mapping[str, int]) -> Place:
    per = row["handling_cents"]
    return Place(
        id=place_of[row["id"]],
        rank=row["priority"],
        region=row["region"],
        at=_at(row),
        hours=Hours(
            row["timezone"], _clock(row["cutoff"]), _clock(row["pickup"]),
            frozenset(row["workdays"]), _days(row.get("closed", ())), row.get("handling_days", 0),
        ),
        handling=Handling(per["order"], per["line"], per["unit"], per.get("fragile_unit", 0)),
        slots=row.get("capacity_per_day"),
        slots_on={
            date.fromisoformat(day): count
            for day, count in row.get("capacity_by_date", {}).items()
        },
        serves=frozenset(channel_of[each] for each in row["serves"] if each in channel_of),
    )  # fmt: skip


def _some(names: Iterable[str] | None, known: Mapping[str, int]) -> frozenset[int] | None:
    return None if names is None else frozenset(known[each] for each in names if each in known)


def _service(
    row: Row, service_of: Mapping[str, int], place_of: Mapping[str, int],
    channel_of: Mapping[str, int], ranks: Mapping[str, int],
) -> Service:  # fmt: skip
    areas = row.get("dest_zip3")
    return Service(
        id=service_of[row["id"]],
        level=row["level"],
        rank=ranks[row["level"]],
        tariff=PerKilo(
            tuple(row["base_cents"]), tuple(row["per_kg_cents"]),
            row.get("billing_increment_g", 1), row.get("min_billed_g", 0),
        ),
        days=tuple(row["transit_days"]),
        edges=tuple(row["zone_upper_miles"]),
        region_zones=row.get("region_zone") or {},
        places=_some(row.get("locations"), place_of),
        channels=_some(row.get("channels"), channel_of),
        areas=None if areas is None else frozenset(areas),
        most_g=row["max_weight_g"],
        takes_hazmat=row.get("hazmat_ok", True),
        delivers_on=frozenset(row["delivery_weekdays"]),
    )  # fmt: skip


def _terms(row: Row, channel_of: Mapping[str, int]) -> Terms:
    return Terms(
        id=channel_of[row["id"]],
        fee_bp=row.get("fee_bp", 0),
        may_split=row["split_allowed"],
        most_parcels=row["max_packages"],
        split_cost=row["split_cents"],
        may_substitute=row["substitution_allowed"],
        may_backorder=row["backorder_allowed"],
        may_ship_part=bool(row.get("partial_backorder_allowed")) and row["backorder_allowed"],
        backorder_cost=row["backorder_cents"],
        backorder_loss_bp=row.get("backorder_margin_loss_bp", 0),
        unfilled_cost=row["unfilled_cents"],
        levels=frozenset(row["allowed_levels"]),
        late_ship_cost=row["late_ship_cents"],
        late_delivery_cost=row["late_delivery_cents"],
        late_day_cost=row.get("late_delivery_per_day_cents", 0),
    )


def _held(
    rows: Iterable[Row], stock: Mapping[tuple[int, int], int], sku_of: Mapping[str, int],
    place_of: Mapping[str, int], channel_of: Mapping[str, int],
) -> dict[tuple[int, int], dict[int, int]]:  # fmt: skip
    """Grant the units held for channels in the file's order, while available units last."""
    held: dict[tuple[int, int], dict[int, int]] = {}
    for row in rows:
        cell = sku_of[row["sku"]], place_of[row["location"]]
        mine = held.setdefault(cell, {})
        left = stock.get(cell, 0) - sum(mine.values())
        channel = channel_of[row["channel"]]
        mine[channel] = mine.get(channel, 0) + max(0, min(row["qty"], left))
    return held

"""What is done about a broken standard? A count of the likeliest shelves, less stock shown, a look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from app.domain.inventory import Bucket, Cause
from app.domain.kpis.breaches import THROTTLED_TO
from app.domain.kpis.standards import Action, Standard
from app.domain.promising.calendar import Occasion
from app.domain.roles import Actor
from app.models.cases import exception_cases
from app.models.catalogue import skus
from app.models.inbound import stock_count_lines, stock_counts
from app.models.inventory import locations, stock_levels, stock_movements
from app.models.orders import order_lines
from app.models.promising.sheet import sheet
from app.services.promising import sheets
from app.services.stockroom import counting

SHELVES: Final = 12
_LOOKING_BACK: Final = timedelta(days=60)
Done = tuple[str, str]


def carry_out(
    db: Connection, actor: Actor, standard: Standard, since: datetime, *, now: datetime
) -> Done:
    """Do what a standard asks for; return where that is, and what was done in words."""
    return _DEEDS[standard.action](db, actor, standard, since, now)


def _count(
    db: Connection, actor: Actor, standard: Standard, _since: datetime, now: datetime
) -> Done:
    """Start a count of the likeliest shelves, at the location that has most of them."""
    found = likeliest(db, now=now)
    if not found:
        return "", "There is no shelf to count yet."
    location, codes = found
    receipt = counting.start_count(db, actor, location=location, codes=codes,
                                   note=f"Because of: {standard.title}", now=now)  # fmt: skip
    return f"count:{receipt.done[0]}", f"A count of {len(codes)} SKUs was started at {location}."


def likeliest(db: Connection, *, now: datetime) -> tuple[str, list[str]] | None:
    """Return the location and the SKUs that are most likely counted wrong, the likeliest first.

    What was corrected by hand, found wrong by a count, or went short counts most; then what moves most.
    """
    points: dict[tuple[int, int], int] = {}
    for place, sku, score in _suspicions(db, now - _LOOKING_BACK):
        points[place, sku] = points.get((place, sku), 0) + score
    counted_now = set(db.execute(_BEING_COUNTED).all())
    points = {key: score for key, score in points.items() if key not in counted_now}
    if not points:
        return None
    places: dict[int, int] = {}
    for (place, _sku), score in points.items():
        places[place] = places.get(place, 0) + score
    best = max(sorted(places), key=lambda place: places[place])
    ranked = sorted((-score, sku) for (place, sku), score in points.items() if place == best)
    codes = dict(db.execute(select(skus.c.id, skus.c.code).where(
        skus.c.id.in_([sku for _score, sku in ranked[:SHELVES]]))).all())  # fmt: skip
    name = db.execute(select(locations.c.code).where(locations.c.id == best)).scalar_one()
    return name, [codes[sku] for _score, sku in ranked[:SHELVES]]


def _suspicions(db: Connection, since: datetime) -> list[tuple[int, int, int]]:
    """Return (location, SKU, points) for each reason to doubt a shelf."""
    move, line = stock_movements.c, stock_count_lines.c
    by_hand = (
        select(move.location_id, move.sku_id, func.count() * 5)
        .where(move.occurred_at >= since, move.location_id.is_not(None),
               move.bucket == Bucket.ON_HAND.value,
               move.cause.in_([Cause.ADJUSTMENT.value, Cause.COUNT.value]))
        .group_by(move.location_id, move.sku_id)
    )  # fmt: skip
    wrong = (
        select(stock_counts.c.location_id, line.sku_id, func.count() * 8)
        .join_from(stock_count_lines, stock_counts, stock_counts.c.id == line.count_id)
        .where(line.counted_at >= since, line.counted != line.expected)
        .group_by(stock_counts.c.location_id, line.sku_id)
    )
    short = (
        select(stock_levels.c.location_id, order_lines.c.sku_id, func.count() * 4)
        .join_from(
            exception_cases, order_lines, order_lines.c.order_id == exception_cases.c.order_id
        )
        .join(stock_levels, stock_levels.c.sku_id == order_lines.c.sku_id)
        .where(exception_cases.c.kind == "shortfall", exception_cases.c.opened_at >= since)
        .group_by(stock_levels.c.location_id, order_lines.c.sku_id)
    )
    moves = (
        select(move.location_id, move.sku_id, func.count())
        .where(move.occurred_at >= since, move.location_id.is_not(None),
               move.cause == Cause.SHIPMENT.value, move.bucket == Bucket.ON_HAND.value)
        .group_by(move.location_id, move.sku_id)
    )  # fmt: skip
    found: list[tuple[int, int, int]] = []
    for query in (by_hand, wrong, short, moves):
        found += [(row[0], row[1], int(row[2])) for row in db.execute(query)]
    return found


_BEING_COUNTED: Final = (
    select(stock_counts.c.location_id, stock_count_lines.c.sku_id)
    .join_from(stock_count_lines, stock_counts, stock_counts.c.id == stock_count_lines.c.count_id)
    .where(stock_counts.c.state == "open")
)


def _freeze(
    db: Connection, actor: Actor, standard: Standard, _since: datetime, now: datetime
) -> Done:
    """End the promotions of the channels now, and let each SKU show few units until the check."""
    current = sheet(db)
    channels = _channels(current.rows, standard)
    ends = now + timedelta(days=standard.check_days)
    calendar: list[dict[str, Any]] = []
    ended = 0
    for entry in sheets.calendar_said(current):
        mine = not entry["channels"] or set(entry["channels"]) & set(channels)
        runs = str(entry["ends_at"]) > now.isoformat()
        if entry["occasion"] == Occasion.PROMOTION.value and mine and runs:
            ended += 1
            continue
        calendar.append(entry)
    calendar.append({
        "name": f"Held back: {standard.title}"[:80], "occasion": Occasion.PEAK.value,
        "starts_at": now.isoformat(), "ends_at": ends.isoformat(), "channels": list(channels),
        "skus": [], "changes": {"cap_units": THROTTLED_TO},
    })  # fmt: skip
    said = {code: {"stock_mode": "capped"} for code in channels
            if asdict(current.rows[code])["stock_mode"] == "equal"} if current.rows else {}  # fmt: skip
    receipt = sheets.save_sheet(db, actor, channels=said, calendar=calendar,
                                reason=standard.title, anyway=True, now=now)  # fmt: skip
    words = (f"Each SKU shows at most {THROTTLED_TO} units until {ends.date().isoformat()}"
             f"{f', and {ended} promotions have ended' if ended else ''}.")  # fmt: skip
    return f"sheet:{receipt.done[0] if receipt.done else current.version}", words


def _channels(rows: Mapping[str, Any], standard: Standard) -> tuple[str, ...]:
    from app.services.policies import DEFAULT_CHANNELS

    if standard.channel:
        return (standard.channel,)
    kinds = {code: each["kind"] for code, each in DEFAULT_CHANNELS.items()}
    return tuple(
        code for code in rows or kinds if not standard.kind or kinds.get(code) == standard.kind
    )


def _look(
    _db: Connection, _actor: Actor, standard: Standard, _since: datetime, _now: datetime
) -> Done:
    """Take note that somebody looks into it: what to change is theirs to decide."""
    words = {
        Action.ROUTING_REVIEW: "The rules and the policy of routing are being reviewed.",
        Action.CARRIER_AUDIT: "Labels and the carrier are being looked at.",
    }
    return "", words[standard.action]


_DEEDS: Final[Mapping[Action, Callable[..., Done]]] = {
    Action.CYCLE_COUNT: _count, Action.FREEZE: _freeze, Action.ROUTING_REVIEW: _look,
    Action.CARRIER_AUDIT: _look,
}  # fmt: skip

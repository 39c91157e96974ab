"""What does the desk know of a channel that is about to open? Read from the rows, for the list to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from app.domain.launching.checklist import Listed, Point, Readiness, Ware
from app.domain.orders import OrderStatus
from app.domain.recognising import Code
from app.domain.reservation import Claim
from app.models.catalogue import kit_components, listings, skus
from app.models.inventory import stock_movements
from app.models.kits import contents
from app.models.launches import launch_signatures, launches
from app.models.orders import order_lines, orders
from app.models.promising.sheet import STARTING, Account, sheet
from app.services.master.codes import recognise
from app.services.planning.router import Router, routable
from app.services.reserving import load_pool
from app.services.rules.in_force import in_force

SHADOW_DAYS: Final = 28
SHADOW_MOST: Final = 200
_listing = listings.c


def readiness(db: Connection, account: Account, *, now: datetime) -> Readiness:
    """Return everything that the list looks at."""
    listed = _listed(db, account.id)
    known = sheet(db)
    rules = in_force(db)
    return Readiness(
        listed,
        _wares(db),
        _contents(db),
        known.row(account.channel).undecided,
        known.row(account.channel) != STARTING.get(account.channel),
        rules.version if rules else None,
        _shadow(db, {each.sku for each in listed if each.sku}, account.channel, now),
        _signed(db, account.id),
    )


def listed_skus(db: Connection, account_id: int) -> set[int]:
    """Return the SKUs that an account lists."""
    codes = {each.sku for each in _listed(db, account_id) if each.sku}
    return set(db.execute(select(skus.c.id).where(skus.c.code.in_(sorted(codes)))).scalars())


def _listed(db: Connection, account_id: int) -> list[Listed]:
    """Return what the channel lists; a code means what it would mean on an order of today."""
    query = (
        select(_listing.sku_text, _listing.listing_id)
        .where(_listing.account_id == account_id)
        .distinct()
        .order_by(_listing.sku_text, _listing.listing_id)
    )
    listed = [Code(*row) for row in db.execute(query)]
    meant = recognise(db, account_id, listed)
    ids = {each.sku_id for each in meant.values()}
    own: dict[int, str] = dict(
        db.execute(select(skus.c.id, skus.c.code).where(skus.c.id.in_(sorted(ids)))).all()
    )
    return [Listed(code.text, code.listing_id, "", own[meant[code].sku_id] if code in meant else "")
            for code in listed]  # fmt: skip


def _wares(db: Connection) -> dict[str, Ware]:
    counted = set(db.execute(select(stock_movements.c.sku_id).distinct()).scalars())
    query = select(skus.c.id, skus.c.code, skus.c.barcode, skus.c.more_barcodes, skus.c.is_kit)
    return {
        row.code: Ware(row.code, tuple(f"{row.barcode} {row.more_barcodes}".split()), row.is_kit,
                       row.id in counted)
        for row in db.execute(query)
    }  # fmt: skip


def _contents(db: Connection) -> dict[str, dict[str, int]]:
    part = skus.alias()
    query = (
        select(skus.c.code, part.c.code, kit_components.c.quantity)
        .select_from(kit_components)
        .join(skus, skus.c.id == kit_components.c.kit_id)
        .join(part, part.c.id == kit_components.c.component_id)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for kit, inside, units in db.execute(query):
        found[kit][inside] = units
    return dict(found)


def _signed(db: Connection, account_id: int) -> frozenset[Point]:
    query = (
        select(launch_signatures.c.point)
        .join(launches, launches.c.id == launch_signatures.c.launch_id)
        .where(launches.c.account_id == account_id, launches.c.state.in_(("planned", "open")))
    )
    return frozenset(Point(each) for each in db.execute(query).scalars())


def _shadow(
    db: Connection, listed: Collection[str], channel: str, now: datetime
) -> tuple[int, list[str]]:
    """Route the newest orders of listed SKUs once more, as if the channel had brought them today."""
    rows = _recent(db, listed, now)
    lines = _claims(db, [row.id for row in rows])
    wanted = {claim.sku_id for claims in lines.values() for claim in claims}
    pool, router = load_pool(db, wanted), Router(db, now)
    inside = contents(db, wanted)
    lost = []
    for row in rows:
        order = replace(routable(row), channel=channel, ship_by=None, deliver_by=None)
        claims = [part for claim in lines.get(row.id, ()) for part in _parts(claim, inside)]
        if claims and not router.suggest(order, claims, pool).is_complete:
            lost.append(row.number)
    return len(rows), lost


def _recent(db: Connection, listed: Collection[str], now: datetime) -> list[Any]:
    if not listed:
        return []
    mine = (
        select(order_lines.c.order_id)
        .join(skus, skus.c.id == order_lines.c.sku_id)
        .where(skus.c.code.in_(sorted(listed)))
    )
    query = (
        select(orders)
        .where(
            orders.c.placed_at >= now - timedelta(days=SHADOW_DAYS),
            orders.c.placed_at <= now,
            ~orders.c.fulfilled_by_channel,
            orders.c.status.in_((OrderStatus.SHIPPED.value, OrderStatus.ACCEPTED.value)),
            orders.c.id.in_(mine),
        )
        .order_by(orders.c.placed_at.desc(), orders.c.id.desc())
        .limit(SHADOW_MOST)
    )
    return list(db.execute(query).all())


def _claims(db: Connection, order_ids: list[int]) -> dict[int, list[Claim]]:
    line = order_lines.c
    query = (
        select(line.id, line.order_id, line.sku_id, line.quantity, line.pack)
        .where(line.order_id.in_(order_ids), line.sku_id.is_not(None), line.quantity > 0)
        .order_by(line.id)
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in db.execute(query):
        found[row.order_id].append(Claim(row.id, row.sku_id, row.quantity * row.pack))
    return found


def _parts(claim: Claim, inside: Mapping[int, Mapping[int, int]]) -> list[Claim]:
    if claim.sku_id not in inside:
        return [claim]
    return [Claim(claim.line_id, part, units * claim.quantity)
            for part, units in inside[claim.sku_id].items()]  # fmt: skip

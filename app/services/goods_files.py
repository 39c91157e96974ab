"""Take in files about goods: a catalogue, stock, kits, a channel's own listings; settlements; where parcels are.

Such a file is taken in whole, in one write unit. Codes that it names are never guessed, and a
listing never makes a product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam

from app.domain.importing import FileKind, KitRow, ParsedFile, SkuRow, StockRow
from app.domain.recognising import Code, Meant
from app.domain.roles import Actor, Permission
from app.models.catalogue import listings
from app.models.identity import Identity
from app.services import audit, catalogue, places, reclaiming, setup, stock
from app.services.foreseeing import chunks
from app.services.goods_plans import (
    GoodsPlan,
    listings_of_file,
    plan_goods,
    skus_by_code,
    stored_listings,
)
from app.services.master import codes
from app.services.payouts.taking import take_lines
from app.services.promising import observing
from app.services.rate_files import take_rates
from app.services.tracking import files as tracking_files


def take_goods(
    db: Connection, actor: Actor, *, parsed: ParsedFile, source: str, now: datetime,
    anyway: bool = False,
) -> GoodsPlan:  # fmt: skip
    """Carry out what ``plan_goods`` says; what it asks about only if a person said ``anyway``.

    Raises:
        NotAllowedError: the role is too low.
    """
    actor.must(Permission.WORK)
    good, plan = plan_goods(db, parsed)
    if plan.asks and not anyway:
        plan = replace(
            plan,
            refusal=f"{plan.asks} Nothing was stored. If it is right, say so and import it again.",
        )
    if plan.refusal:
        return plan
    _add_locations(db, actor, plan.new_locations, now)
    _take(db, actor, good, source, now)
    if plan.new or plan.updated:
        after = {"kind": parsed.kind.value, "new": plan.new, "updated": plan.updated}
        audit.record(db, actor, now, audit.Deed("import goods", source, after=after))
    return plan


def _take(db: Connection, actor: Actor, good: ParsedFile, source: str, now: datetime) -> None:
    """Carry out what is left of a file once what cannot be taken is left out."""
    match good.kind:
        case FileKind.CATALOGUE:
            _take_skus(db, actor, good.skus, source, now)
        case FileKind.STOCK:
            _take_stock(db, actor, good.stock, source, now)
        case FileKind.KITS:
            _take_kits(db, actor, good.kits, now)
        case FileKind.LISTINGS:
            _take_listings(db, good, source, now)
        case FileKind.RATES:
            take_rates(db, actor, good.rates, source, now)
        case FileKind.TRACKING:
            tracking_files.take(db, good.tracking, source, now=now)
        case FileKind.SETTLEMENT:
            account_id = setup.account_for(db, good.channel, now=now)
            file_id = int(source.removeprefix("file:"))
            take_lines(db, parsed=good, account_id=account_id, file_id=file_id, now=now)


def _take_skus(
    db: Connection, actor: Actor, rows: Sequence[SkuRow], source: str, now: datetime
) -> None:
    for part in chunks(rows):
        known = catalogue.save_skus(db, part, now=now)
        kits = {code for code, row in skus_by_code(db, known).items() if row.is_kit}
        units = [
            StockRow(row.sku, row.location, row.on_hand, source_line=row.source_line)
            for row in part
            if row.on_hand is not None and row.sku not in kits
        ]
        if units:
            stock.take_stock_rows(db, actor, rows=units, known=known, source=source, now=now)
        reclaiming.reclaim_unmapped(db, actor, None, set(known), now=now)


def _take_stock(
    db: Connection, actor: Actor, rows: Sequence[StockRow], source: str, now: datetime
) -> None:
    for part in chunks(rows):
        known = {code: row.id for code, row in skus_by_code(db, {row.sku for row in part}).items()}
        stock.take_stock_rows(db, actor, rows=part, known=known, source=source, now=now)


def _take_kits(db: Connection, actor: Actor, rows: Sequence[KitRow], now: datetime) -> None:
    there = skus_by_code(db, {code for row in rows for code in (row.kit, row.component)})
    known = {code: row.id for code, row in there.items()}
    catalogue.save_kits(db, rows, known, now=now)
    reclaiming.reclaim_for_skus(db, actor, {known[row.kit] for row in rows}, now=now)


def _take_listings(db: Connection, parsed: ParsedFile, source: str, now: datetime) -> None:
    account_id = setup.account_for(db, parsed.channel, now=now)
    there = stored_listings(db, parsed.channel)
    rows = listings_of_file(parsed.listings)
    means: dict[Code, Meant] = {}
    for part in chunks(dict.fromkeys(Code(row.sku_text, row.listing_id) for row in rows.values())):
        means.update(codes.recognise(db, account_id, part))
    ids = Identity(db, listings)
    new: list[dict[str, Any]] = []
    seen: list[dict[str, Any]] = []
    for key, row in rows.items():
        meant = means.get(Code(row.sku_text, row.listing_id))
        values = {
            "title": row.title, "sku_id": meant.sku_id if meant else None,
            "quantity_shown": row.quantity, "price": row.price, "observed_at": now,
        }  # fmt: skip
        if key in there:
            seen.append({"key": there[key].id, **values})
        else:
            text, listing, place = key
            new.append({"id": ids.take(listings), "account_id": account_id, "sku_text": text,
                        "listing_id": listing, "place": place, **values})  # fmt: skip
    if new:
        db.execute(listings.insert(), new)
    if seen:
        db.execute(listings.update().where(listings.c.id == bindparam("key")), seen)
    observing.note_listings(db, account_id, source=source, now=now)


def _add_locations(db: Connection, actor: Actor, names: Sequence[str], now: datetime) -> None:
    """Open the locations that a file of stock names and nobody has set up yet."""
    for name in names:
        code = re.sub(r"[\s,:\"*()]+", "-", name).strip("-") or name
        places.add_location(db, actor, code=code, name=name, now=now)

"""What did an account show when somebody looked, and how long does a number need until it is there?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from statistics import median
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from app.models import house
from app.models.bulk import insert_rows
from app.models.catalogue import listings
from app.models.identity import Identity
from app.models.orders import channel_accounts
from app.models.promising.marks import mark
from app.models.promising.sheet import LATENCY
from app.models.published import observed_quantities, published_quantities
from app.models.sets import among

MEASURED: Final = 50
_pub, _obs = published_quantities.c, observed_quantities.c


def note_listings(db: Connection, account_id: int, *, source: str, now: datetime) -> None:
    """Keep what an account's listings showed at this moment, and hold it against what it was told."""
    there = {"account": account_id, "at": now}
    seen = {row.sku_id: row for row in db.execute(_SHOWN, there)}
    if not seen:
        return
    mark(db, seen, "listing")
    known = {
        row.sku_id: row for row in db.execute(_NEWEST, {"account": account_id, "skus": list(seen)})
    }
    same = [
        known[sku].id
        for sku, row in seen.items()
        if sku in known and known[sku].quantity == row.units
    ]
    if same:
        db.execute(_STILL, {"rows": same, "at": now})
    _keep_new(db, account_id, seen, known, source, now)
    db.execute(_BACK, {"account": account_id, "at": now, "skus": list(seen)})


def measure(db: Connection) -> bool:
    """Measure how long each account's numbers take to get there; return whether that has changed."""
    found = {
        str(account_id): round(median(seconds))
        for account_id in db.execute(select(channel_accounts.c.id)).scalars()
        if (seconds := _seconds(db, account_id))
    }
    if found == (house.named(db, LATENCY).get(LATENCY) or {}):
        return False
    house.write(db, {LATENCY: found})
    return True


# Of one product at several places the channel shows the sum; of several listings the largest counts.
_BY_LISTING = (
    select(
        listings.c.sku_id, listings.c.sku_text, func.sum(listings.c.quantity_shown).label("units")
    )
    .where(
        listings.c.account_id == bindparam("account"), listings.c.observed_at == bindparam("at"),
        listings.c.sku_id.is_not(None), listings.c.quantity_shown.is_not(None),
    )
    .group_by(listings.c.sku_id, listings.c.sku_text, listings.c.listing_id)
    .subquery()
)  # fmt: skip
_SHOWN = select(
    _BY_LISTING.c.sku_id,
    func.max(_BY_LISTING.c.sku_text).label("sku_text"),
    func.max(_BY_LISTING.c.units).label("units"),
).group_by(_BY_LISTING.c.sku_id)
_LATEST = (
    select(func.max(_obs.id).label("id"))
    .where(_obs.account_id == bindparam("account"), among(_obs.sku_id, "skus"))
    .group_by(_obs.sku_id)
    .subquery()
)
_NEWEST = select(_obs.id, _obs.sku_id, _obs.quantity).join(_LATEST, _LATEST.c.id == _obs.id)
_STILL = (
    observed_quantities.update().where(among(_obs.id, "rows")).values(last_seen_at=bindparam("at"))
)
_TOLD_LAST = (
    select(func.max(_pub.id))
    .where(_pub.account_id == bindparam("account"), among(_pub.sku_id, "skus"),
           _pub.sent_at.is_not(None), _pub.sent_at <= bindparam("at"))
    .group_by(_pub.sku_id)
)  # fmt: skip
_BACK = (
    published_quantities.update()
    .where(_pub.id.in_(_TOLD_LAST), _pub.observed_at.is_(None))
    .values(
        observed_at=bindparam("at"),
        observed=select(_obs.quantity)
        .where(_obs.sku_id == _pub.sku_id, _obs.account_id == _pub.account_id)
        .order_by(_obs.id.desc())
        .limit(1)
        .scalar_subquery(),
    )
)


def _keep_new(
    db: Connection, account_id: int, seen: Mapping[int, Any], known: Mapping[int, Any],
    source: str, now: datetime,
) -> None:  # fmt: skip
    ids = Identity(db, observed_quantities)
    rows = [
        {
            "id": ids.take(observed_quantities), "sku_id": sku, "account_id": account_id,
            "sku_text": row.sku_text[:200], "quantity": int(row.units), "source": source[:60],
            "first_seen_at": now, "last_seen_at": now,
        }
        for sku, row in sorted(seen.items())
        if sku not in known or known[sku].quantity != row.units
    ]  # fmt: skip
    insert_rows(db, observed_quantities, rows)


def _seconds(db: Connection, account_id: int) -> list[float]:
    there = func.coalesce(_pub.acknowledged_at, _pub.sent_at)
    query = (
        select(_pub.computed_at, there)
        .where(_pub.account_id == account_id, _pub.sent_at.is_not(None))
        .order_by(_pub.sent_at.desc())
        .limit(MEASURED)
    )
    return [(reached - computed).total_seconds() for computed, reached in db.execute(query)]

"""A brand in which every one of the fourteen causes is planted once, and a large one in which nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.importing import SkuRow, StockRow
from app.domain.inventory import Bucket, Cause
from app.domain.orders import ChannelState
from app.domain.roles import SYSTEM
from app.models.catalogue import kit_components, listings, skus
from app.models.identity import Identity
from app.services import catalogue, ledger, stock
from app.services.promising import observing, publishing
from tests.journeys.driver import DeskDriver
from tests.sync.test_exporter import an_order

CODES = ("LAG", "WAIT", "APPLY", "HAND", "ORDER", "CANCEL", "RETURN", "LID", "TWICE", "LATE",
         "COUNT", "STRAY")  # fmt: skip
# What stands behind each SKU, and how it is named.
PLANTED = {
    "STRANGE": "unmapped_alias", "LAG": "lag", "WAIT": "push_waiting", "APPLY": "not_applied",
    "HAND": "manual_edit", "ORDER": "order_not_imported", "CANCEL": "cancel_not_restocked",
    "RETURN": "return_not_looked_at", "LID": "kit_not_taken_apart", "TWICE": "duplicate_import",
    "LATE": "receipt_late", "COUNT": "count_variance", "CAPPED": "by_policy", "STRAY": "unknown",
}  # fmt: skip
_LAST_LOOK = {"APPLY": 20, "HAND": 26, "ORDER": 18, "CANCEL": 20, "RETURN": 23, "LID": 18,
              "TWICE": 18, "LATE": 20, "COUNT": 17, "STRAY": 27, "LAG": 20, "WAIT": 20}  # fmt: skip


def everything_planted(database_url: str) -> DeskDriver:
    """Open a desk at which each cause has happened once."""
    desk = DeskDriver.at(database_url)
    desk.keeps_stock_at("STUDIO", "Studio", "02139")
    for code in (*CODES, "CAPPED", "BOX"):
        desk.sells(code, f"Title of {code}", STUDIO=20)
    capped = {"shopify": {"stock_mode": "capped", "cap_units": 6}}
    desk.account("shopify")
    desk.desk.run("save_sheet", channels=capped)
    shows(desk, "etsy", dict.fromkeys(CODES, 20))
    shows(desk, "shopify", {"CAPPED": 6})
    _tells(desk)
    shows(desk, "etsy", dict.fromkeys(CODES, 20))
    shows(desk, "shopify", {"CAPPED": 6})
    desk.waits(timedelta(hours=1))
    _go_wrong(desk)
    _tells(desk)
    shows(desk, "etsy", _LAST_LOOK, strange={"STRANGE": 5})
    _adjusts(desk, "WAIT", -4)
    desk.desk.publish()
    desk.waits(timedelta(days=3))
    _adjusts(desk, "LAG", -3)
    desk.desk.publish()
    return desk.waits(timedelta(minutes=5))


def shows(
    desk: DeskDriver, channel: str, units: Mapping[str, int], *, strange: Mapping[str, int] | None = None
) -> None:  # fmt: skip
    """Let an hour pass, and read what a channel shows."""
    desk.waits(timedelta(hours=1))
    account = desk.account(channel)

    def work(db: Any) -> None:
        known = dict(db.execute(select(skus.c.code, skus.c.id)).all())
        ids = Identity(db, listings)
        db.execute(listings.delete().where(listings.c.account_id == account))
        db.execute(listings.insert(), [
            {"id": ids.take(listings), "account_id": account, "sku_text": code, "title": code,
             "sku_id": known.get(code), "quantity_shown": shown, "observed_at": desk.clock,
             "listing_id": f"L-{code}", "place": "", "price": 2400}
            for code, shown in {**units, **(strange or {})}.items()
        ])  # fmt: skip
        observing.note_listings(db, account, source="file:1", now=desk.clock)

    desk.desk.write(work)


def _tells(desk: DeskDriver) -> None:
    """Publish, and write the files."""
    desk.waits(timedelta(minutes=5))
    desk.desk.publish()
    for channel in ("etsy", "shopify"):
        desk.exports(channel, "quantity")
    desk.waits(timedelta(minutes=30))


def _go_wrong(desk: DeskDriver) -> None:
    run = desk.desk.run
    _adjusts(desk, "APPLY", -5)
    _adjusts(desk, "STRAY", 1)
    run("count", sku="COUNT", location="STUDIO", counted=17, reason="Monday's count")
    run("take_return", sku="RETURN", location="STUDIO", quantity=3, reason="From a customer")
    cancelled = an_order("C-1", ("CANCEL", 2), channel="etsy")
    desk.takes_in(cancelled)
    desk.accepts("C-1")
    desk.takes_in(replace(cancelled, state=ChannelState.CANCELLED))
    once = an_order("T-1", ("TWICE", 2), channel="etsy")
    desk.takes_in(once)
    desk.takes_in(replace(once, external_id="gid://Order/1"))
    _sells_a_box_before_it_is_a_kit(desk)
    _receives_late(desk)


def _adjusts(desk: DeskDriver, sku: str, units: int) -> None:
    desk.desk.run("adjust", sku=sku, location="STUDIO", quantity=units, reason="Found")


def _sells_a_box_before_it_is_a_kit(desk: DeskDriver) -> None:
    """Take an order in for a box that lies on the shelf; then it is packed from lids instead.

    The desk refuses that today; a store of before, or another program, can bring it.
    """
    desk.takes_in(an_order("K-1", ("BOX", 1), channel="etsy"))
    with desk.store.write() as db:
        ids = dict(db.execute(select(skus.c.code, skus.c.id)).all())
        row = {"id": 1, "kit_id": ids["BOX"], "component_id": ids["LID"], "quantity": 2}
        db.execute(kit_components.insert(), [row])
        db.execute(skus.update().where(skus.c.code == "BOX").values(is_kit=True))


def _receives_late(desk: DeskDriver) -> None:
    """Let six units have come two hours ago, and be written down now."""
    with desk.store.write() as db:
        item = db.execute(select(skus.c.id).where(skus.c.code == "LATE")).scalar_one()
        move = ledger.Movement(item, 1, Bucket.ON_HAND, 6, Cause.RECEIPT)
        origin = ledger.Origin("3PL", "file:9", desk.clock - timedelta(hours=2), desk.clock)
        ledger.post(db, [move], origin)


def a_clean_store(database_url: str, *, many: int, channels: tuple[str, ...]) -> DeskDriver:
    """Open a desk with ``many`` SKUs that every channel shows just as it was told."""
    desk = DeskDriver.at(database_url)
    desk.keeps_stock_at("STUDIO", "Studio", "02139")
    desk.keeps_stock_at("SHOP", "Shop", "97205")
    units = {f"SKU-{n:05}": 5 + n % 40 for n in range(many)}
    accounts = [desk.account(channel) for channel in channels]

    def work(db: Any) -> None:
        known = catalogue.save_skus(
            db, [SkuRow(code, title=code) for code in units], now=desk.clock
        )
        rows = [
            StockRow(code, place, each)
            for code, each in units.items()
            for place in ("STUDIO", "SHOP")
        ]
        stock.take_stock_rows(db, SYSTEM, rows=rows, known=known, source="file:1", now=desk.clock)

    desk.desk.write(work)
    twice = {code: 2 * each for code, each in units.items()}
    for channel in channels:
        shows(desk, channel, twice)
    desk.desk.publish()
    desk.waits(timedelta(minutes=5))

    def tell(db: Any) -> None:
        ids = list(db.execute(select(skus.c.id)).scalars())
        for account in accounts:
            publishing.mark_sent(db, account, ids, now=desk.clock)
            publishing.acknowledge(db, account, ids, now=desk.clock)

    desk.desk.write(tell)
    for channel in channels:
        shows(desk, channel, twice)
    return desk

"""What channels were told is held against the stock: each damage by hand fails exactly its own check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text

from app.models import house
from app.models.catalogue import listings
from app.models.inventory import locations
from app.services import stock
from app.services.promising import observing, planning, publishing
from app.services.verifying import verify_store
from tests.beginnings import Begun
from tests.journeys.driver import DeskDriver
from tests.services.promising.test_publishing import lists

TOLD, SHOWN, TO_DO = "quantities told", "quantities shown", "quantities to work out"
COPIED = (
    "INSERT INTO published_quantities (id, sku_id, account_id, source, after, policy_version,"
    " state, computed_at, queued_at, destination) SELECT id + 900, sku_id, account_id, source,"
    " after, policy_version, 'queued', computed_at, computed_at, '' FROM published_quantities"
    " WHERE state = 'queued'"
)
SEEN_AGAIN = (
    "INSERT INTO observed_quantities (id, sku_id, account_id, sku_text, quantity, source,"
    " first_seen_at, last_seen_at) SELECT id + 900, sku_id, account_id, sku_text, quantity,"
    " source, last_seen_at, last_seen_at FROM observed_quantities"
)


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """A desk that told Etsy in a file, has its answer for one, and has not told Shopify yet."""
    driver = DeskDriver.begun(begun)
    driver.keeps_stock_at("STUDIO", "Studio", "02139")
    driver.sells("TEA", "Green tea", STUDIO=50)
    driver.sells("MUG", "Blue mug", STUDIO=20)
    driver.sells("NEW", "Never counted")
    driver.sells_kit("SET", "Tea for two", {"TEA": 1, "MUG": 2})
    lists(driver, "etsy", "TEA", "MUG", "NEW", shows=3)
    lists(driver, "shopify", "TEA", "SET")
    driver.desk.publish()
    driver.exports("etsy", "quantity")
    driver.waits(timedelta(hours=2))
    etsy = driver.account("etsy")
    driver.desk.write(lambda db: publishing.acknowledge(db, etsy, [1], now=driver.clock))
    shows(driver, 4)
    driver.desk.publish()
    assert failed(driver) == []
    yield driver
    driver.store.close()


def shows(desk: DeskDriver, units: int) -> None:
    """Let Etsy show another number of everything."""
    etsy = desk.account("etsy")

    def work(db: Connection) -> None:
        mine = listings.update().where(listings.c.account_id == etsy)
        db.execute(mine.values(quantity_shown=units, observed_at=desk.clock))
        observing.note_listings(db, etsy, source="file:2", now=desk.clock)

    desk.desk.write(work)


def failed(desk: DeskDriver) -> list[str]:
    return [check.name for check in verify_store(desk.store) if not check.ok]


def said(desk: DeskDriver, name: str) -> str:
    return next(check.detail for check in verify_store(desk.store) if check.name == name)


def _studio(db: Connection) -> int:
    query = select(locations.c.id).where(locations.c.code == "STUDIO")
    return int(db.execute(query).scalar_one())


def damage(desk: DeskDriver, statement: str) -> None:
    with desk.store.restructure() as db:
        db.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        pytest.param("UPDATE published_quantities SET after = 7 WHERE state = 'queued'",
                     TOLD, id="a number edited by hand"),
        pytest.param("UPDATE published_quantities SET after = NULL WHERE state = 'sent'",
                     TOLD, id="told nothing in a file"),
        pytest.param("UPDATE published_quantities SET state = 'zzz' WHERE state = 'queued'",
                     TOLD, id="a state that is none"),
        pytest.param("UPDATE published_quantities SET state = 'queued' WHERE state = 'sent'",
                     TOLD, id="told, and called waiting"),
        pytest.param("UPDATE published_quantities SET state = 'sent' WHERE state = 'queued'",
                     TOLD, id="waiting, and called told"),
        pytest.param("UPDATE published_quantities SET sent_at = '2020-01-01 00:00:00.000000'"
                     " WHERE state = 'sent'", TOLD, id="told before it was worked out"),
        pytest.param("UPDATE published_quantities SET observed_at = '2020-01-01 00:00:00.000000'"
                     " WHERE state = 'sent'", TOLD, id="seen before it was told"),
        pytest.param(COPIED, TOLD, id="a number that waits twice"),
        pytest.param("DELETE FROM stale_quantities", "", id="no mark, since nothing waits"),
        pytest.param("UPDATE observed_quantities SET first_seen_at = '2090-01-01 00:00:00.000000'"
                     " WHERE id = (SELECT MAX(id) FROM observed_quantities)",
                     SHOWN, id="seen last before it was seen first"),
        pytest.param(SEEN_AGAIN, SHOWN, id="an observation that is no news"),
        pytest.param("INSERT INTO stale_quantities (sku_id, why) VALUES (1, ' ')",
                     TO_DO, id="a mark that says nothing"),
    ],
)  # fmt: skip
def test_damage_to_what_channels_were_told_fails_its_own_check(
    desk: DeskDriver, statement: str, check: str
) -> None:
    damage(desk, statement)
    assert failed(desk) == [check] * bool(check)


def test_a_forgotten_mark_is_found_by_the_number_that_is_wrong(desk: DeskDriver) -> None:
    now = desk.clock
    desk.desk.write(lambda db: stock.set_safety_stock(db, {(1, _studio(db)): 10}, now=now))
    assert failed(desk) == []  # it is about to be worked out
    damage(desk, "DELETE FROM stale_quantities")
    assert failed(desk) == [TOLD]
    assert "TEA on Etsy is told 50, and 40 would be right" in said(desk, TOLD)


def test_progress_ahead_of_the_ledger_is_found(desk: DeskDriver) -> None:
    with desk.store.write() as db:
        begun = planning.progress(db)
        ahead = replace(begun, movement=begun.movement + 1)
        house.write(db, {planning.PROGRESS: asdict(ahead)})
    assert failed(desk) == [TO_DO]


def test_what_a_person_drops_or_what_changes_meanwhile_is_no_fault(desk: DeskDriver) -> None:
    desk.desk.run("set_breakers", changes={"zeros": 0, "least": 1})
    desk.desk.run("count", sku="TEA", location="STUDIO", counted=0, reason="Mice")
    assert failed(desk) == []
    desk.desk.publish()
    assert failed(desk) == []
    desk.desk.run("drop_quantities", account_id=desk.account("etsy"), reason="A typing mistake")
    assert failed(desk) == []
    desk.desk.run("save_sheet", channels={"etsy": {"stock_mode": "capped", "cap_units": 3}})
    assert failed(desk) == []


def test_an_account_that_opens_has_everything_worked_out_again(desk: DeskDriver) -> None:
    desk.desk.run("save_sheet", channels={"ebay": {"stock_mode": "reserved", "reserve_units": 5}})
    desk.desk.publish()
    desk.account("ebay")
    desk.desk.publish()
    assert failed(desk) == []

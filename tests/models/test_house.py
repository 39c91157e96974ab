"""The desk's day begins at the same moment for everybody who asks."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, update

from app.models import house
from app.models.governance import settings
from app.queries.search_sql import here
from app.services.opening import open_ready_store

NOW = datetime(2025, 11, 22, 3, 0, tzinfo=UTC)


def test_a_search_and_the_files_agree_on_which_day_it_is(database_url: str) -> None:
    store = open_ready_store(database_url, now=NOW)
    zone = settings.c.name == "time_zone"
    with store.write() as db:
        db.execute(update(settings).where(zone).values(value="Asia/Tokyo"))
    with store.read() as db:
        assert (house.time_zone(db), here(db, NOW).today.day) == ("Asia/Tokyo", 22)
    with store.write() as db:
        db.execute(delete(settings).where(zone))
    with store.read() as db:
        assert here(db, NOW).zone.key == house.time_zone(db) == house.FIRST_TIME_ZONE
        assert here(db, NOW).today.day == 21
    store.close()

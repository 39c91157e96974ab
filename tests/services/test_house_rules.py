"""The brand stands on papers as its owner says, and the desk's day begins in its own zone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.papers import Sender
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models import house
from app.models.governance import audit_entries
from app.services import house_rules
from tests.builders import Shop

WHO = {"brand_name": "Fictional Tea", "brand_address": "12 Fictional Lane", "brand_thanks": "Hi"}


def change(shop: Shop, **changes: str) -> Changes:
    return house_rules.change_brand(shop.db, SYSTEM, changes=changes, now=shop.now)


def test_the_brand_is_what_papers_say(shop: Shop) -> None:
    assert house.sender(shop.db) == Sender()
    change(shop, **WHO)
    assert house.sender(shop.db) == Sender("Fictional Tea", "12 Fictional Lane", "Hi")


def test_a_change_of_the_brand_is_taken_back(shop: Shop) -> None:
    change(shop, **WHO)
    changed = change(shop, brand_name="Other", brand_thanks="Hi", time_zone="Asia/Tokyo")
    assert house.time_zone(shop.db) == "Asia/Tokyo"
    assert changed.undo is not None
    arguments: dict[str, Any] = changed.undo.arguments
    house_rules.change_brand(shop.db, SYSTEM, now=shop.now, **arguments)
    assert house.sender(shop.db).name == "Fictional Tea"
    assert house.time_zone(shop.db) == "America/New_York"


def test_an_address_is_not_written_into_the_audit_trail(shop: Shop) -> None:
    change(shop, **WHO)
    query = select(audit_entries.c.after).where(audit_entries.c.action == "change brand")
    assert list(shop.db.execute(query).scalars()) == [
        '{"parts":["brand_address","brand_name","brand_thanks"]}'
    ]


def test_what_fits_on_no_paper_and_what_is_no_zone_is_refused(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="room for 80"):
        change(shop, brand_name="x" * 81)
    with pytest.raises(RefusedError, match="no time zone"):
        change(shop, time_zone="Mars/Olympus")
    with pytest.raises(RefusedError, match="nothing that a brand has"):
        change(shop, store_id="mine now")

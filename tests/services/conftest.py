"""A small brand in a real store, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.models.database import Store
from app.services.desk import Desk
from app.services.opening import open_ready_store
from tests.builders import MONDAY, Shop
from tests.queries import brand


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Open a new store."""
    opened = open_ready_store(database_url, now=MONDAY)
    yield opened
    opened.close()


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    """Give the brand; the whole test is one write unit."""
    with store.write() as db:
        yield Shop(db)


@pytest.fixture
def busy(database_url: str) -> Iterator[Desk]:
    """Open the desk of ``brand.busy_desk``: one order in each state."""
    desk = brand.busy_desk(database_url)
    yield desk
    desk.store.close()

"""A small brand in a real store, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.models.database import Store
from app.services.desk import Desk
from app.services.opening import open_ready_store
from tests.beginnings import Begun
from tests.builders import MONDAY, Shop
from tests.queries import brand


@pytest.fixture
def store(begun: Begun) -> Iterator[Store]:
    """Open a new store."""
    opened = Store(begun("a new store", _make))
    yield opened
    opened.close()


def _make(url: str) -> None:
    open_ready_store(url, now=MONDAY).close()


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    """Give the brand; the whole test is one write unit."""
    with store.write() as db:
        yield Shop(db)


@pytest.fixture
def busy(begun: Begun) -> Iterator[Desk]:
    """Open the desk of ``brand.busy_desk``: one order in each state."""
    desk = brand.same_desk(begun("a busy desk", brand.make_busy))
    yield desk
    desk.store.close()

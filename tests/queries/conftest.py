"""A desk with one order in each state, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.services.desk import Desk
from tests.queries import brand


@pytest.fixture
def busy(database_url: str) -> Iterator[Desk]:
    """Open the desk of ``brand.busy_desk``."""
    desk = brand.busy_desk(database_url)
    yield desk
    desk.store.close()

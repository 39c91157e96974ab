"""A desk with one order in each state, on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.services.desk import Desk
from tests.beginnings import Begun
from tests.queries import brand


@pytest.fixture
def busy(begun: Begun) -> Iterator[Desk]:
    """Open the desk of ``brand.busy_desk``."""
    desk = brand.same_desk(begun("a busy desk", brand.make_busy))
    yield desk
    desk.store.close()

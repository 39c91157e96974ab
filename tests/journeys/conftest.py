"""What every story begins with: an open desk, and what a small tea brand keeps and sells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.beginnings import Begun
from tests.journeys.driver import DeskDriver


@pytest.fixture
def desk(begun: Begun) -> Iterator[DeskDriver]:
    """Open an empty desk; the story runs once on each engine."""
    driver = DeskDriver.begun(begun)
    yield driver
    driver.store.close()


@pytest.fixture
def shop(desk: DeskDriver) -> DeskDriver:
    """Open the desk of a small tea brand: a studio near Boston, a shop in Portland, four SKUs."""
    desk.keeps_stock_at("STUDIO", "Studio", "02139", handling_cost=150)
    desk.keeps_stock_at("SHOP", "Shop", "97214", handling_cost=200, time_zone="America/Los_Angeles")
    desk.sells("TEA-001", "Green tea", weight_g=120, STUDIO=40, SHOP=10)
    desk.sells("TEA-002", "Black tea", weight_g=120, STUDIO=40, SHOP=10)
    desk.sells("MUG-BLUE", "Blue mug", weight_g=480, STUDIO=12, SHOP=12)
    desk.sells_kit("GIFT-SET", "Tea for two", {"TEA-001": 1, "MUG-BLUE": 2})
    return desk

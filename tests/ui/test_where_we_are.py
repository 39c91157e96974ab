"""Where we are: the likeliest trouble first, each with the page that mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from app.services.desk import Desk
from app.ui.pages.insights.page import InsightsPage
from app.ui.pages.insights.where.part import WhereWeAre
from tests.analytics.thirty_orders import thirty_orders
from tests.ui.conftest import DeskWindow


def test_the_map_is_shown_and_a_step_opens_the_page_that_mends_it(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    shown = open_window(thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}"))
    shown.window.go("insights", "where")
    page = shown.window.pages["insights"]
    assert isinstance(page, InsightsPage)
    part = page.part
    assert isinstance(part, WhereWeAre)
    shown.qtbot.waitUntil(lambda: part.found is not None, timeout=20_000)
    found = part.found
    assert found is not None
    assert found.channels
    gap = found.gaps[0]
    steps = [each for each in part.findChildren(QPushButton) if each.text() == gap.step]
    assert len(steps) == sum(each.step == gap.step for each in found.gaps)
    steps[0].click()
    assert shown.window.page is shown.window.pages[gap.page]

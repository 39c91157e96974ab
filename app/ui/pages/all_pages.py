"""Which pages does the window have, in which order?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.insights.page import InsightsPage
from app.ui.pages.inventory.page import InventoryPage
from app.ui.pages.mismatches.page import MismatchPage
from app.ui.pages.orders.page import OrdersPage
from app.ui.pages.page import Page, Shell
from app.ui.pages.returns.page import ReturnsPage
from app.ui.pages.rules.page import RulesPage
from app.ui.pages.settings.page import SettingsPage
from app.ui.pages.shipments.page import ShipmentsPage
from app.ui.pages.today.page import TodayPage

# In the order of the navigation and of Ctrl+1 to Ctrl+9, and Ctrl+0 for the tenth.
ALL_PAGES: Final[Sequence[type[Page]]] = (
    TodayPage, OrdersPage, InventoryPage, ExceptionsPage, ShipmentsPage, InsightsPage, ChannelsPage,
    RulesPage, MismatchPage, SettingsPage, ReturnsPage,
)  # fmt: skip


def make_pages(shell: Shell) -> Sequence[Page]:
    """Make every page once."""
    return [page(shell) for page in ALL_PAGES]

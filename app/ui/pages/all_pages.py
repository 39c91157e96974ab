"""Which pages does the window have, in which order?"""

from __future__ import annotations

from collections.abc import Sequence

from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.exceptions.page import ExceptionsPage
from app.ui.pages.inventory.page import InventoryPage
from app.ui.pages.orders.page import OrdersPage
from app.ui.pages.page import Page, Shell
from app.ui.pages.settings.page import SettingsPage
from app.ui.pages.shipments.page import ShipmentsPage
from app.ui.pages.today.page import TodayPage


def make_pages(shell: Shell) -> Sequence[Page]:
    """Make every page once; the order is that of the navigation and of Ctrl+1 to Ctrl+8."""
    return (
        TodayPage(shell),
        OrdersPage(shell),
        InventoryPage(shell),
        ExceptionsPage(shell),
        ShipmentsPage(shell),
        ChannelsPage(shell),
        SettingsPage(shell),
    )

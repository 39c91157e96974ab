"""Messages to buyers in the window: read before they leave, sent with a yes, taken back while there is time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.services.desk import Desk
from app.ui.pages.channels.messages.part import Messages
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.settings.page import SettingsPage
from tests.sync.mail.shop import Shop
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(f"sqlite:///{tmp_path / 'desk.db'}").filled().writes()
    shop.ships(shop.sells())
    shop.desk.run("draft_messages")
    yield shop
    shop.desk.store.close()


@pytest.fixture
def seen(shop: Shop, open_window: Callable[[Desk], DeskWindow]) -> DeskWindow:
    return open_window(shop.desk)


def messages(seen: DeskWindow) -> Messages:
    seen.window.go("channels", "messages")
    seen.settle()
    page = seen.window.pages["channels"]
    assert isinstance(page, ChannelsPage)
    return page.messages


def test_a_draft_is_read_as_its_buyer_will_and_leaves_with_a_yes(
    seen: DeskWindow, shop: Shop
) -> None:
    here = messages(seen)
    assert "Your order 1001 is on its way" in texts(here.pane)
    assert "To: ada@example.com" in texts(here.pane)
    click(here, "Send it")
    seen.settle()
    assert shop.states() == ["shipped pending"]
    assert "No message waits for you" in texts(here)
    seen.operations.undo()
    seen.settle()
    assert shop.states() == ["shipped draft"]


def test_a_message_can_be_taken_back_while_it_is_about_to_leave(
    seen: DeskWindow, shop: Shop
) -> None:
    here = messages(seen)
    click(here, "Send all drafts")
    seen.settle()
    here.show_view(1)
    seen.settle()
    assert "It leaves" in texts(here.pane)
    click(here, "Take back")
    seen.settle()
    assert shop.states() == ["shipped draft"]


def test_what_is_not_sent_is_kept_with_its_reason(seen: DeskWindow, shop: Shop) -> None:
    here = messages(seen)
    click(here, "Do not send…")
    form = here.pane.form
    assert form is not None
    form.set_value("reason", "Told by phone")
    form.submit()
    seen.settle()
    assert [row.problem for row in shop.messages()] == ["Told by phone"]


def test_the_order_tells_what_its_buyer_was_told(seen: DeskWindow) -> None:
    seen.go("orders", "shipped")
    seen.select("1001")
    assert "Message to the buyer drafted" in texts(seen.orders.pane)


def test_settings_say_whose_buyers_may_be_written_to_and_change_it(
    seen: DeskWindow, shop: Shop
) -> None:
    seen.go("settings")
    page = seen.window.pages["settings"]
    assert isinstance(page, SettingsPage)
    assert "Its buyers are written to." in texts(page)
    click(page, "Stop: Own store")
    seen.settle()
    assert "Its buyers are written to." not in texts(page)
    page.messages.ask_rules()
    form = page.pane.form
    assert form is not None
    form.set_value("delivered", value=True)
    form.set_value("quiet_from", "at night")
    form.submit()
    assert "is no time of day" in texts(form)
    form.set_value("quiet_from", "10 pm")
    form.submit()
    seen.settle()
    assert "parcel has arrived" in texts(page)
    assert "from 10:00 PM to 8:00 AM" in texts(page)
    assert shop.states() == ["shipped draft"]

"""Does every page say how each connected account does, and lead to what is to be done?"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QPushButton

from app.domain.syncing import SyncState
from app.ui.pages.channels.pictured import some_accounts
from tests.ui.conftest import DeskWindow


def said(shown: DeskWindow) -> list[str]:
    parts = shown.window.channels.findChildren(QPushButton)
    return [each.text() for each in parts if each.isVisible()]


def test_without_an_account_the_foot_says_nothing_of_channels(shown: DeskWindow) -> None:
    shown.window.channels.look()
    shown.settle()
    assert said(shown) == []


def test_each_account_is_named_with_its_state_and_a_click_leads_to_it(shown: DeskWindow) -> None:
    rows = some_accounts(shown.desk.now()).accounts
    shown.window.channels.present(rows)
    shown.settle()
    words = said(shown)
    assert len(words) == len(rows)
    assert "Walmart: needs attention" in words
    assert "Etsy, 4 min ago" in words
    button = shown.window.channels.findChildren(QPushButton)[-1]
    button.click()
    assert shown.window.page is shown.window.pages["channels"]


def test_of_many_accounts_only_those_are_named_that_are_not_in_step(shown: DeskWindow) -> None:
    first = some_accounts(shown.desk.now()).accounts[0]
    many = [replace(first, account_id=n, name=f"Shop {n}", is_late=False) for n in range(8)]
    many[3] = replace(many[3], state=SyncState.OFFLINE)
    shown.window.channels.present(many)
    shown.settle()
    assert said(shown) == ["Shop 3: offline", "7 channels in step"]

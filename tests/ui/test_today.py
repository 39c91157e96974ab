"""The page Today: one list of what needs action, whose choices really act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.domain.attention import Amount
from app.domain.roles import Actor, Role
from app.queries.order_detail import find_order, order_detail
from app.queries.orders import count_orders
from app.queries.today_items import Item
from app.services.desk import Desk
from app.ui.lists.list_page import ListPage
from app.ui.pages.today.page import TodayPage
from app.ui.pages.today.tiles import TILES
from tests.queries import brand
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


@pytest.fixture
def today(shown: DeskWindow) -> TodayPage:
    """Open the page a minute after the last parcel left: its channel is to be told."""
    shown.desk.now = lambda: brand.NOW + timedelta(minutes=1)
    shown.go("today")
    page_of(shown).refresh()
    shown.settle()
    return page_of(shown)


def page_of(shown: DeskWindow) -> TodayPage:
    page = shown.window.pages["today"]
    assert isinstance(page, TodayPage)
    return page


def items(page: TodayPage) -> list[Item]:
    return [page.model.peek(at) for at in range(page.model.rowCount())]  # type: ignore[misc]


def choose(shown: DeskWindow, page: TodayPage, words: str) -> Item:
    """Put the cursor on the line whose title has these words."""
    at = next(n for n, item in enumerate(items(page)) if words in item.title)
    page.list.selectRow(at)
    shown.settle()
    assert page.item is not None
    return page.item


def press(shown: DeskWindow, page: TodayPage, key: Qt.Key) -> None:
    shown.press(key, page.list)


def status_of(shown: DeskWindow, number: str) -> str:
    order_id = shown.desk.read(find_order, number)
    assert order_id is not None
    return shown.desk.read(order_detail, order_id, now=shown.desk.now()).status


def test_what_waits_longest_and_costs_most_stands_first(today: TodayPage) -> None:
    scores = [item.score.total for item in items(today)]
    assert scores == sorted(scores, reverse=True)
    assert today.list.hasFocus()
    assert today.item == items(today)[0]
    assert "LATE, Jane Doe can be accepted and should have left already" in texts(today.pane)


@pytest.mark.parametrize("at", range(len(TILES)), ids=[tile.title for tile in TILES])
def test_a_tiles_number_is_that_of_the_rows_it_opens(
    shown: DeskWindow, today: TodayPage, at: int
) -> None:
    tile = today.tiles.tiles[at]
    expected = {"Late": 1, "To decide": 3, "On hold": 2, "Short": 1, "To ship": 1,
                "Not told yet": 1, "Late parcels": 0, "Exceptions": 3}  # fmt: skip
    assert tile.count == expected[tile.tile.title]
    tile.click()
    shown.settle()
    page = shown.window.page
    assert isinstance(page, ListPage)
    assert page.id == tile.tile.page
    assert page.model.rowCount() == tile.count


def test_what_cannot_be_counted_is_not_shown_as_none(today: TodayPage) -> None:
    today.tiles.cannot_say()
    assert {tile.accessibleName() for tile in today.tiles.tiles} == {
        f"{tile.title}: not known" for tile in TILES
    }


def test_every_line_has_one_to_three_choices_that_say_what_they_do(today: TodayPage) -> None:
    for item in items(today):
        choices = today.choices.of(item)
        assert 1 <= len(choices) <= 3
        assert all(each.title and each.effect.endswith(".") for each in choices), item.title


def test_one_key_accepts_all_of_a_group_and_one_undo_takes_it_back(
    shown: DeskWindow, today: TodayPage
) -> None:
    group = choose(shown, today, "2 orders can be accepted")
    assert group.money == (Amount(45000, "USD"),)
    words = texts(today.pane)
    assert "Accepts 2 orders worth $450.00. One undo takes all back." in words
    assert "Shipping as suggested costs $" in words
    press(shown, today, Qt.Key.Key_1)
    assert "Accepted 2 orders" in shown.window.toast.text
    assert status_of(shown, "READY") == status_of(shown, "APART") == "accepted"
    assert not any("2 orders can be accepted" in item.title for item in items(today))
    shown.window.undo()
    shown.settle()
    assert status_of(shown, "READY") == status_of(shown, "APART") == "open"


def test_more_than_was_shown_is_never_accepted_unseen(shown: DeskWindow, today: TodayPage) -> None:
    choose(shown, today, "2 orders can be accepted")
    brand.take_in(shown.desk, brand.order("UNSEEN", ("TEA-001", 1)))
    press(shown, today, Qt.Key.Key_1)
    assert "There are 3 by now" in shown.window.toast.text
    assert status_of(shown, "READY") == "open"
    assert today.item is not None
    assert today.item.title == "3 orders can be accepted, due later"
    press(shown, today, Qt.Key.Key_1)
    assert status_of(shown, "UNSEEN") == "accepted"


def test_a_single_order_ships_from_elsewhere_with_a_reason(
    shown: DeskWindow, today: TodayPage
) -> None:
    choose(shown, today, "LATE")
    assert "From Reno 3PL it costs $2.90 more." in texts(today.pane)
    press(shown, today, Qt.Key.Key_2)
    form = today.pane.form
    assert form is not None
    form.set_value("reason", "Packed there already")
    form.submit()
    shown.settle()
    order_id = shown.desk.read(find_order, "LATE")
    assert order_id is not None
    decision = shown.desk.read(order_detail, order_id, now=shown.desk.now()).decision
    assert decision is not None
    assert decision.kind == "overridden"


def test_an_unknown_code_is_linked_from_here(shown: DeskWindow, today: TodayPage) -> None:
    choose(shown, today, "NEW-CODE")
    press(shown, today, Qt.Key.Key_1)
    form = today.pane.form
    assert form is not None
    form.set_value("sku", "TEA-001")
    form.submit()
    shown.settle()
    assert not any("NEW-CODE" in item.title for item in items(today))


def test_an_order_on_hold_is_released_on_its_last_day(shown: DeskWindow, today: TodayPage) -> None:
    order_id = shown.desk.read(find_order, "LATE")
    shown.operations.run("hold", order_ids=[order_id], reason="Ask first.")
    shown.settle()
    choose(shown, today, "is on hold and should have left")
    press(shown, today, Qt.Key.Key_1)
    assert "Released" in shown.window.toast.text
    assert shown.desk.read(count_orders, query="is:held hold:by_hand", now=brand.NOW) == 0


def test_a_file_for_a_channel_is_saved_from_here(
    shown: DeskWindow, today: TodayPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[str] = []
    monkeypatch.setattr(shown.window, "save_file", lambda name, _content: saved.append(name))
    choose(shown, today, "Etsy is to be told 1 shipping confirmation")
    press(shown, today, Qt.Key.Key_1)
    assert [name for name in saved if "etsy-shipped" in name]
    assert not any("Etsy" in item.title for item in items(today))


def test_enter_opens_the_place(shown: DeskWindow, today: TodayPage) -> None:
    choose(shown, today, "2 orders can be accepted")
    press(shown, today, Qt.Key.Key_Return)
    assert shown.window.page is shown.orders
    assert set(shown.numbers()) == {"READY", "APART"}


def test_j_and_k_move_and_the_pane_follows(shown: DeskWindow, today: TodayPage) -> None:
    press(shown, today, Qt.Key.Key_J)
    assert today.item == items(today)[1]
    assert items(today)[1].title in texts(today.pane)
    press(shown, today, Qt.Key.Key_K)
    assert today.item == items(today)[0]


def is_highlighted(page: TodayPage) -> bool:
    """Whether the row under the cursor is the selected one, and the one that the pane explains."""
    selected = [index.row() for index in page.list.selectionModel().selectedRows()]
    return page.item is not None and items(page).index(page.item) == selected[0]


def test_the_first_row_is_highlighted_when_rows_come_to_an_empty_desk(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    desk = brand.stocked_desk(f"sqlite:///{tmp_path / 'first.sqlite'}")
    shown = open_window(desk)
    shown.go("today")
    page = page_of(shown)
    assert (page.item, page.list.selected_count) == (None, 0)
    brand.take_in(desk, brand.order("FIRST", ("TEA-001", 1)))
    page.refresh()
    shown.settle()
    assert is_highlighted(page)
    press(shown, page, Qt.Key.Key_1)
    assert (page.item, page.list.selected_count) == (None, 0)
    shown.window.undo()
    shown.settle()
    shown.qtbot.waitUntil(lambda: page.item is not None)
    assert is_highlighted(page)


def test_a_row_stays_highlighted_when_it_goes_and_when_it_is_clicked_off(
    shown: DeskWindow, today: TodayPage
) -> None:
    press(shown, today, Qt.Key.Key_1)
    assert is_highlighted(today)
    middle = today.list.visualRect(today.list.currentIndex()).center()
    QTest.mouseClick(today.list.viewport(), Qt.MouseButton.LeftButton,
                     Qt.KeyboardModifier.ControlModifier, middle)  # fmt: skip
    shown.settle()
    assert is_highlighted(today)


def test_the_score_opens_in_sentences_and_money(shown: DeskWindow, today: TodayPage) -> None:
    item = choose(shown, today, "SHORT")
    assert "of 34" not in texts(today.pane)
    press(shown, today, Qt.Key.Key_E)
    words = texts(today.pane)
    assert "There is time for 43 hours." in words
    assert "$750.00 at stake" in words
    assert f"{item.score.total} of 100" in words
    for part in item.score.parts:
        assert f"{part.points} of {part.most}" in words
    click(today.pane, "Close the score")
    shown.settle()
    assert "of 34" not in texts(today.pane)


def test_news_does_not_move_a_line_under_the_cursor(shown: DeskWindow, today: TodayPage) -> None:
    before = [item.id for item in items(today)]
    here = choose(shown, today, "SHORT")
    row = today.list.currentIndex().row()
    brand.take_in(
        shown.desk,
        brand.order("URGENT", ("MUG-RED", 90), ship_by=brand.NOW - timedelta(days=1)),
    )
    today.refresh()
    shown.settle()
    assert [item.id for item in items(today)][: len(before)] == before
    assert "URGENT" in items(today)[-1].title
    assert (today.list.currentIndex().row(), today.item and today.item.id) == (row, here.id)
    press(shown, today, Qt.Key.Key_R)
    assert "URGENT" in items(today)[0].title
    assert today.item is not None
    assert today.item.id == here.id


def test_what_is_taken_back_stands_in_its_place_under_the_cursor(
    shown: DeskWindow, today: TodayPage
) -> None:
    before = [item.id for item in items(today)]
    first = items(today)[0]
    press(shown, today, Qt.Key.Key_1)
    assert first.id not in [item.id for item in items(today)]
    press(shown, today, Qt.Key.Key_J)
    shown.window.undo()
    shown.qtbot.waitUntil(lambda: [item.id for item in items(today)] == before)
    shown.settle()
    assert today.item is not None
    assert today.item.id == first.id
    assert is_highlighted(today)


def test_who_enters_the_page_finds_it_sorted(shown: DeskWindow, today: TodayPage) -> None:
    late = brand.NOW - timedelta(days=1)
    brand.take_in(shown.desk, brand.order("URGENT", ("MUG-RED", 90), ship_by=late))
    today.refresh()
    shown.settle()
    assert "URGENT" in items(today)[-1].title
    shown.go("orders")
    shown.go("today")
    assert "URGENT" in items(today)[0].title


def test_when_nothing_needs_anyone_the_next_deadline_is_said(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    desk = brand.stocked_desk(f"sqlite:///{tmp_path / 'calm.sqlite'}")
    desk.run("accept", order_ids=brand.take_in(desk, brand.order("CALM", ("TEA-001", 1))))
    shown = open_window(desk)
    shown.go("today")
    words = texts(page_of(shown))
    assert "Nothing needs you now" in words
    assert "The next deadline: CALM has to leave" in words


def test_since_you_left_is_said_once_and_can_be_put_away(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow]
) -> None:
    desk = brand.busy_desk(f"sqlite:///{tmp_path / 'left.sqlite'}")
    first = open_window(desk)
    first.go("today")
    assert "Since you left" not in texts(page_of(first))
    first.window.close()
    desk.now = lambda: brand.NOW + timedelta(hours=14)
    night = Desk(
        desk.store, Actor("Mara", Role.OPERATOR), now=lambda: brand.NOW + timedelta(hours=2)
    )
    night.run("accept", order_ids=[1])
    shown = open_window(desk)
    shown.go("today")
    words = texts(page_of(shown))
    assert "Since you left, 14 h ago" in words
    assert "Mara decided on 1 order." in words
    click(page_of(shown), "Close message")
    shown.settle()
    assert not any(
        button.accessibleName() == "Close message" and button.isVisible()
        for button in page_of(shown).findChildren(QPushButton)
    )

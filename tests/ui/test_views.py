"""A person keeps the ways in which they look at a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from app.queries.orders import matching_ids
from app.queries.views import SavedView, views_of
from app.services.desk import Desk
from tests.queries import brand
from tests.ui.conftest import DeskWindow

Open = Callable[[Desk], DeskWindow]


def kept(shown: DeskWindow) -> list[SavedView]:
    return shown.desk.read(views_of, "orders", shown.desk.actor.name, now=shown.desk.now())


def field(shown: DeskWindow) -> QLineEdit:
    named = shown.orders.findChildren(QLineEdit)
    return next(each for each in named if each.accessibleName() == "Search orders")


def type_search(shown: DeskWindow, words: str) -> None:
    field(shown).setText(words)
    shown.settle()


def is_changed(shown: DeskWindow) -> bool:
    return shown.orders.is_changed


def run(shown: DeskWindow, command: str) -> bool:
    ran = shown.window.register.run(f"view.{command}")
    shown.settle()
    return ran


def save_as(shown: DeskWindow, name: str, where: str = "tab") -> None:
    assert run(shown, "save_view")
    answer(shown, name=name, is_pinned=where)


def answer(shown: DeskWindow, **values: object) -> None:
    form = shown.orders.pane.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    form.submit()
    shown.settle()


def tab_texts(shown: DeskWindow) -> list[str]:
    return [tab.text() for tab in shown.orders.tabs.tabs.values()]


def menu(shown: DeskWindow) -> list[str]:
    popup = shown.orders.tabs.menu
    popup.aboutToShow.emit()
    return [action.text() for action in popup.actions() if action.text()]


def test_what_is_searched_and_sorted_becomes_a_view_with_a_tab_and_a_count(
    shown: DeskWindow,
) -> None:
    shown.go("orders", "held")
    type_search(shown, "order:HELD")
    shown.orders.list.rows.sort_by("number", descending=True)
    save_as(shown, "My holds")
    (view,) = kept(shown)
    assert view.query == "is:held order:HELD"
    assert (view.sort, view.descending) == ("number", True)
    assert shown.orders.view.title == "My holds"
    assert shown.numbers() == ["HELD"]
    assert "My holds  1" in tab_texts(shown)
    assert not is_changed(shown)


def test_a_changed_view_is_marked_and_stored_only_on_save(shown: DeskWindow) -> None:
    type_search(shown, "is:held")
    save_as(shown, "Holds")
    type_search(shown, "is:held order:HELD")
    assert is_changed(shown)
    assert any(text.startswith("Holds •") for text in tab_texts(shown))
    assert kept(shown)[0].query == "is:held"
    assert run(shown, "save_changes")
    assert kept(shown)[0].query == "is:held order:HELD"
    assert not is_changed(shown)
    assert not run(shown, "save_changes"), "there is nothing left to save"


def test_changes_to_a_view_can_be_discarded(shown: DeskWindow) -> None:
    type_search(shown, "is:held")
    save_as(shown, "Holds")
    type_search(shown, "order:READY")
    shown.orders.list.shape.choose(shown.orders.list.shape.layout.showing(["order", "total"]))
    assert run(shown, "discard_changes")
    assert field(shown).text() == "is:held"
    assert "channel" in shown.orders.list.shape.on_screen()
    assert not is_changed(shown)


def test_the_page_s_own_views_cannot_be_changed_but_copied(shown: DeskWindow) -> None:
    shown.go("orders", "late")
    for command in ("rename_view", "delete_view", "pin_view", "end_view", "save_changes"):
        assert not run(shown, command)
    assert run(shown, "duplicate_view")
    answer(shown)
    assert [(view.name, view.query) for view in kept(shown)] == [("Late (copy)", "is:late")]


def test_counts_follow_what_is_done(shown: DeskWindow) -> None:
    type_search(shown, "is:held")
    save_as(shown, "Holds")
    assert "Holds  2" in tab_texts(shown)
    found = shown.desk.read(matching_ids, query="order:READY", now=brand.NOW)
    shown.operations.run("hold", order_ids=found, reason="Ask the buyer")
    shown.settle()
    assert "Holds  3" in tab_texts(shown)


def test_a_view_in_the_menu_has_its_count_and_no_tab(shown: DeskWindow) -> None:
    type_search(shown, "is:held")
    save_as(shown, "Holds", "menu")
    assert not any("Holds" in text for text in tab_texts(shown))
    assert "Holds  2" in menu(shown)
    assert run(shown, "pin_view")
    assert "Holds  2" in tab_texts(shown)


def test_a_view_can_be_renamed_moved_and_deleted_and_undo_brings_it_back(
    shown: DeskWindow,
) -> None:
    for name in ("One", "Two"):
        save_as(shown, name)
    assert not run(shown, "move_right")
    assert run(shown, "move_left")
    assert [view.name for view in kept(shown)] == ["Two", "One"]
    shown.window.undo()
    shown.settle()
    assert [view.name for view in kept(shown)] == ["One", "Two"]  # one step, not half of one
    shown.operations.history.redo()
    shown.settle()
    assert [view.name for view in kept(shown)] == ["Two", "One"]
    assert run(shown, "rename_view")
    answer(shown, name="Second")
    assert [view.name for view in kept(shown)] == ["Second", "One"]
    assert run(shown, "delete_view")
    assert [view.name for view in kept(shown)] == ["One"]
    assert shown.orders.view.own == 0
    shown.window.undo()
    shown.settle()
    assert [view.name for view in kept(shown)] == ["Second", "One"]


def test_a_name_that_is_taken_is_said_in_the_form(shown: DeskWindow) -> None:
    save_as(shown, "Mine")
    save_as(shown, "Mine")
    form = shown.orders.pane.form
    assert form is not None
    assert form.values["name"] == "Mine"


def test_a_view_is_offered_until_its_last_day(shown: DeskWindow) -> None:
    save_as(shown, "Holidays")
    assert run(shown, "end_view")
    answer(shown, until="soon")
    assert shown.orders.pane.form is not None
    answer(shown, until="2026-10-13")
    assert ("own-1", "Holidays") in shown.orders.offered_views()
    shown.desk.now = lambda: brand.NOW + timedelta(days=3)
    shown.orders.views.read()
    shown.settle()
    assert shown.orders.offered_views()[-1] == ("all", "All")
    assert shown.orders.view.own == 0


def test_a_kept_search_that_cannot_be_read_spoils_no_other_count(shown: DeskWindow) -> None:
    shown.desk.run("save_view", page="orders", name="Old", query="nosuchfield:1 total:>lots")
    shown.orders.views.read()
    shown.settle()
    assert "Old" in menu(shown)
    assert "On hold  2" in tab_texts(shown)


def test_tabs_without_room_fold_into_the_menu(shown: DeskWindow) -> None:
    for name in ("Orders of the big shops in the north", "Orders that go to the islands"):
        save_as(shown, name)
    shown.window.resize(1366, 768)
    QApplication.processEvents()
    tabs = shown.orders.tabs
    visible = [tab for tab in tabs.tabs.values() if tab.isVisible()]
    assert len(visible) < len(tabs.tabs)
    assert any(tab.isChecked() for tab in visible), "the view that is shown keeps its tab"
    assert tabs.more.isVisible()
    assert max(tab.geometry().right() for tab in visible) < tabs.more.geometry().left()
    assert tabs.more.geometry().right() <= tabs.width()
    folded = [tab.text().replace(" •", "") for tab in tabs.tabs.values() if not tab.isVisible()]
    assert set(folded) <= set(menu(shown))
    assert shown.window.width() == 1366


def test_a_view_of_one_s_own_comes_back_after_a_restart(
    shown: DeskWindow, tmp_path: Path, open_window: Open
) -> None:
    type_search(shown, "is:held")
    save_as(shown, "Holds")
    shown.window.close()
    later = open_window(brand.same_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}"))
    later.window.open()
    later.settle()
    assert later.orders.view.title == "Holds"
    assert field(later).text() == "is:held"
    assert set(later.numbers()) == {"HELD", "NEW-CODE"}

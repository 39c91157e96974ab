"""The search as a person meets it: typing, choosing, chips, errors, recent searches, back and forward."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from app.services.desk import Desk
from app.ui.lists.list_page import ListPage
from app.ui.lists.search_box import TYPING_PAUSE_MS, SearchBox
from app.ui.lists.search_trail import Step, Trail, remembered
from tests.ui.conftest import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def searching(shown: DeskWindow) -> DeskWindow:
    """Open the page Orders with the cursor in its search."""
    shown.settle()
    shown.orders.show_view_by_key("all")
    shown.settle()
    shown.orders.focus_search()
    shown.settle()
    return shown


def box(window: DeskWindow) -> SearchBox:
    return window.orders.search_box


def text(window: DeskWindow) -> str:
    return box(window).field.text()


def write(window: DeskWindow, words: str) -> None:
    QTest.keyClicks(box(window).field, words)
    window.settle()


def press(window: DeskWindow, key: Key) -> None:
    window.press(key, box(window).field)


def offered(window: DeskWindow) -> list[str]:
    popup = box(window).popup
    return [row.title for row in popup.rows] if popup.isVisible() else []


def chips(window: DeskWindow) -> list[str]:
    row = box(window).field.chips
    return [chip.words.text() for chip in row.chips] if row.isVisible() else []


def wait_for_advice(window: DeskWindow) -> str:
    window.qtbot.waitUntil(lambda: box(window).popup.advice is not None, timeout=5000)
    advice = box(window).popup.advice
    assert advice is not None
    return f"{advice.title} {advice.more}"


# ---- results as one types ------------------------------------------------------------------------


def test_results_come_while_one_types_within_an_eye_s_blink(searching: DeskWindow) -> None:
    assert TYPING_PAUSE_MS <= 150
    write(searching, "mug-red")
    assert searching.numbers() == ["SHORT"]
    assert any(label.text() == "1 order" for label in searching.orders.findChildren(QLabel))


def test_escape_clears_and_returns_to_the_row_from_which_the_search_began(
    shown: DeskWindow,
) -> None:
    shown.orders.show_view_by_key("all")
    shown.settle()
    shown.select("LATE")
    shown.orders.focus_search()
    write(shown, "mug-red")
    press(shown, Key.Key_Escape)
    assert text(shown) == ""
    assert shown.orders.list.hasFocus()
    row = shown.orders.list.current_row
    assert row is not None
    assert row.number == "LATE"


@pytest.mark.parametrize("page", ["orders", "inventory", "exceptions", "shipments"])
def test_every_list_has_the_same_search(shown: DeskWindow, page: str) -> None:
    shown.go(page)
    shown.window.register.run("app.find_rows")
    here = shown.window.pages[page]
    assert isinstance(here, ListPage)
    assert here.search_box.field.hasFocus()
    QTest.keyClicks(here.search_box.field, "is:")
    shown.settle()
    assert here.search_box.popup.isVisible()
    assert len(here.search_box.popup.rows) >= 3


# ---- completion ----------------------------------------------------------------------------------


def test_the_beginning_of_a_field_offers_it_and_tab_takes_it(searching: DeskWindow) -> None:
    write(searching, "cha")
    assert offered(searching) == ["channel:"]
    press(searching, Key.Key_Tab)
    assert text(searching) == "channel:"
    assert "amazon" in offered(searching)
    assert box(searching).field.hasFocus()


def test_values_of_the_desk_are_offered_and_enter_takes_the_first_that_fits(
    searching: DeskWindow,
) -> None:
    write(searching, "location:reno")
    assert offered(searching) == []  # exactly this is written already
    box(searching).field.setText("")
    write(searching, "location:ren")
    assert offered(searching) == ["RENO"]
    press(searching, Key.Key_Return)
    assert text(searching) == "location:RENO "
    assert searching.numbers() == ["APART"]
    press(searching, Key.Key_Return)
    assert searching.orders.list.hasFocus()


def test_arrows_choose_and_escape_only_closes_what_is_offered(searching: DeskWindow) -> None:
    write(searching, "is:")
    press(searching, Key.Key_Down)
    press(searching, Key.Key_Down)
    assert box(searching).popup.list.currentRow() == 1
    press(searching, Key.Key_Up)
    assert box(searching).popup.list.currentRow() == 0
    press(searching, Key.Key_Escape)
    assert offered(searching) == []
    assert text(searching) == "is:"
    assert box(searching).field.hasFocus()


def test_a_click_takes_what_is_offered_and_the_cursor_stays(searching: DeskWindow) -> None:
    write(searching, "hold:add")
    popup = box(searching).popup
    place = popup.list.visualItemRect(popup.list.item(0)).center()
    QTest.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    searching.settle()
    assert text(searching).startswith("hold:address")
    assert box(searching).field.hasFocus()


def test_enter_on_plain_words_never_takes_a_field_by_surprise(searching: DeskWindow) -> None:
    write(searching, "ti")
    assert "title:" in offered(searching)
    press(searching, Key.Key_Return)
    assert text(searching) == "ti"
    assert not box(searching).field.hasFocus()


def test_tab_goes_past_an_empty_search_and_what_it_offers(searching: DeskWindow) -> None:
    view = searching.orders.view.key
    assert "On hold" in offered(searching)
    press(searching, Key.Key_Tab)
    assert box(searching).filter.hasFocus()
    assert searching.orders.view.key == view
    assert offered(searching) == []


# ---- chips ---------------------------------------------------------------------------------------


def test_filters_are_chips_while_nobody_types_and_text_while_somebody_does(
    searching: DeskWindow,
) -> None:
    write(searching, "channel:amazon -is:held ")
    assert chips(searching) == []
    press(searching, Key.Key_Return)
    assert chips(searching) == ["channel: amazon", "not is: held"]
    searching.orders.focus_search()
    searching.settle()
    assert chips(searching) == []


def test_the_cross_of_a_chip_removes_it_from_the_text_and_the_list_follows(
    searching: DeskWindow,
) -> None:
    write(searching, "channel:amazon is:bychannel ")
    press(searching, Key.Key_Return)
    assert searching.numbers() == ["FBA"]
    QTest.mouseClick(box(searching).field.chips.chips[1].cross, Qt.MouseButton.LeftButton)
    searching.settle()
    assert text(searching) == "channel:amazon"
    assert chips(searching) == ["channel: amazon"]
    assert sorted(searching.numbers()) == ["ACCEPTED", "FBA"]


def test_a_click_on_a_chip_puts_the_cursor_on_its_term(searching: DeskWindow) -> None:
    write(searching, "is:active channel:amazon ")
    press(searching, Key.Key_Return)
    QTest.mouseClick(box(searching).field.chips.chips[1].words, Qt.MouseButton.LeftButton)
    searching.settle()
    assert box(searching).field.selectedText() == "channel:amazon"
    write(searching, "sku:MUG-RED")
    assert text(searching) == "is:active sku:MUG-RED "


def test_ctrl_backspace_takes_out_a_whole_filter(searching: DeskWindow) -> None:
    write(searching, "is:active buyer:jane ")
    QTest.keyClick(box(searching).field, Key.Key_Backspace, CTRL)
    searching.settle()
    assert text(searching) == "is:active"


def test_a_bracket_is_one_chip_and_too_many_are_counted(searching: DeskWindow) -> None:
    searching.window.resize(1366, 768)
    write(searching, "(is:late OR is:short) qty:>0 total:>0 age:>1m sku:* country:US state:NY ")
    press(searching, Key.Key_Escape)
    searching.orders.search(
        "(is:late OR is:short) qty:>0 total:>0 age:>1m sku:* country:US state:NY"
    )
    searching.settle()
    assert chips(searching)[0] == "(is:late OR is:short)"
    row = box(searching).field.chips
    counted = [b.text() for b in row.findChildren(QPushButton) if b.text().startswith("+")]
    shown = sum(chip.isVisible() for chip in row.chips)
    assert counted == [f"+{7 - shown}"]


def test_the_height_of_the_page_never_jumps(searching: DeskWindow) -> None:
    before = searching.orders.list.mapTo(searching.window, searching.orders.list.rect().topLeft())
    for words in ("channel:amazon ", "nosuch:field", " (is:late"):
        write(searching, words)
        press(searching, Key.Key_Return)
        after = searching.orders.splitter.pos()
        assert after.y() + searching.orders.mapTo(searching.window, after * 0).y() == before.y()
        searching.orders.focus_search()
        box(searching).field.end(False)


# ---- what is wrong -------------------------------------------------------------------------------


def test_a_slip_is_underlined_and_a_click_mends_it(searching: DeskWindow) -> None:
    write(searching, "is:active chanel:amazon")
    said = wait_for_advice(searching)
    assert "There is no field “chanel”." in said
    assert "Did you mean channel:?" in said
    assert "location" in said  # it lists what there is
    assert box(searching).field.wrong == (10, 16)
    fix = [b for b in box(searching).popup.findChildren(QPushButton) if "channel" in b.text()]
    fix[0].click()
    searching.settle()
    assert text(searching) == "is:active channel:amazon"
    assert box(searching).popup.advice is None
    assert searching.numbers() == ["ACCEPTED"]


def test_the_underline_stands_below_the_word_that_is_wrong(searching: DeskWindow) -> None:
    field = box(searching).field
    write(searching, "iiii chanel:x")
    wait_for_advice(searching)
    before, wrong = field.span(0, 5), field.span(5, 11)
    metrics = field.fontMetrics()
    assert abs(wrong.left() - before.right()) <= 1
    assert abs(wrong.width() - metrics.horizontalAdvance("chanel")) <= 2


def test_rows_stay_while_a_word_is_half_typed(searching: DeskWindow) -> None:
    everything = searching.numbers()
    write(searching, "is:la")
    assert searching.numbers() == everything
    write(searching, "te")
    assert searching.numbers() == ["LATE"]


def test_a_search_in_a_view_stays_in_the_view_whatever_is_typed(searching: DeskWindow) -> None:
    searching.orders.show_view_by_key("held")
    searching.settle()
    searching.orders.focus_search()
    write(searching, "is:late OR tea-001")
    assert searching.numbers() == ["HELD"]


# ---- recent searches and views -------------------------------------------------------------------


def test_an_empty_search_offers_what_was_searched_lately_and_the_views(
    searching: DeskWindow,
) -> None:
    for words in ("mug-red", "tea-001", "mug-red"):
        write(searching, words)
        press(searching, Key.Key_Return)
        box(searching).field.clear()
        searching.settle()
        searching.orders.list.setFocus()
        searching.orders.focus_search()
        searching.settle()
    rows = offered(searching)
    assert rows[:4] == ["Recent searches", "mug-red", "tea-001", "Clear recent searches"]
    assert "On hold" in rows
    press(searching, Key.Key_Down)
    press(searching, Key.Key_Return)
    assert text(searching) == "mug-red"
    assert searching.numbers() == ["SHORT"]


def test_recent_searches_outlive_the_window_and_can_be_cleared(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    first = open_window(desk)
    first.go("orders")
    first.orders.focus_search()
    write(first, "mug-red")
    press(first, Key.Key_Return)
    first.window.close()
    again = open_window(desk)
    again.go("orders")
    assert again.orders.search_box.recent == ["mug-red"]
    again.window.register.run("list.forget_searches")
    assert again.orders.search_box.recent == []


def test_a_search_that_cannot_be_read_is_not_remembered(searching: DeskWindow) -> None:
    write(searching, "total:>lots")
    press(searching, Key.Key_Return)
    assert box(searching).recent == []


# ---- back and forward ----------------------------------------------------------------------------


def test_back_and_forward_lead_through_views_and_searches(searching: DeskWindow) -> None:
    write(searching, "mug")
    write(searching, "-red")  # the same search, still typed
    press(searching, Key.Key_Return)
    searching.window.go("orders", "is:held")
    searching.settle()
    run = searching.window.register.run
    assert run("go.step_back")
    searching.settle()
    assert (text(searching), searching.numbers()) == ("mug-red", ["SHORT"])
    run("go.step_back")
    searching.settle()
    assert text(searching) == ""
    assert len(searching.numbers()) == 10
    run("go.step_forward")
    run("go.step_forward")
    searching.settle()
    assert searching.orders.view.key == "held"
    assert not run("go.step_forward")


def test_alt_and_an_arrow_are_the_keys_for_it(shown: DeskWindow) -> None:
    register = shown.window.register
    assert register.get("go.step_back").shortcut == "Alt+Left"
    assert register.get("go.step_forward").shortcut == "Alt+Right"


def test_a_trail_forgets_what_lay_ahead_when_one_turns_off() -> None:
    trail = Trail(Step("all", ""))
    for words in ("a", "b", "c"):
        trail.visit(Step("all", words))
    assert trail.go(-2) == Step("all", "a")
    trail.visit(Step("held", ""))
    assert not trail.can_go(1)
    assert trail.go(-1) == Step("all", "a")


def test_recent_searches_are_kept_once_newest_first_and_not_too_many() -> None:
    kept: list[str] = []
    for at in range(20):
        kept = remembered(kept, f"search {at}")
    kept = remembered(kept, "SEARCH 15")
    assert kept[:2] == ["SEARCH 15", "search 19"]
    assert len(kept) == 8


# ---- filter by choosing, and help ----------------------------------------------------------------


def test_a_filter_is_built_with_the_mouse_alone(shown: DeskWindow) -> None:
    shown.orders.show_view_by_key("all")
    shown.settle()
    QTest.mouseClick(box(shown).filter, Qt.MouseButton.LeftButton)
    shown.settle()
    panel = box(shown).panel
    assert panel.isVisible()
    assert "amazon" in [panel.values.item(at).text() for at in range(panel.values.count())]
    place = panel.values.visualItemRect(panel.values.item(0)).center()
    QTest.mouseClick(panel.values.viewport(), Qt.MouseButton.LeftButton, pos=place)
    shown.settle()
    assert text(shown) == "channel:amazon"
    assert sorted(shown.numbers()) == ["ACCEPTED", "FBA"]
    panel.choose("is")
    panel.how.setCurrentIndex(1)
    panel.value.setText("bychannel")
    panel.add()
    shown.settle()
    assert shown.numbers() == ["ACCEPTED"]


def test_closing_what_is_open_closes_the_filter_and_not_the_window(shown: DeskWindow) -> None:
    shown.window.register.run("list.filter_rows")
    shown.settle()
    shown.window.register.run("app.close_desk")
    shown.settle()
    assert not box(shown).panel.isVisible()
    assert shown.window.isVisible()


def test_a_range_is_chosen_in_words_and_a_mistake_is_told_in_place(shown: DeskWindow) -> None:
    panel = box(shown).panel
    shown.window.register.run("list.filter_rows")
    panel.choose("total")
    assert isinstance(panel.how, QComboBox)
    panel.how.setCurrentIndex(panel.how.findText("is between"))
    panel.value.setText("20")
    panel.upto.setText("lots")
    panel.add()
    assert text(shown) == ""
    assert any("cannot read" in label.text() for label in panel.findChildren(QLabel))
    panel.upto.setText("40")
    panel.add()
    assert text(shown) == "total:20..40"


def test_an_example_of_the_search_help_runs_when_it_is_clicked(shown: DeskWindow) -> None:
    shown.window.register.run("app.open_search_help")
    sheet = shown.window.search_sheet
    assert sheet.isVisible()
    examples = {b.text(): b for b in sheet.findChildren(QPushButton)}
    examples["is:late OR is:short"].click()
    shown.settle()
    assert not sheet.isVisible()
    assert sorted(shown.numbers()) == ["LATE", "SHORT"]
    assert text(shown) == "is:late OR is:short"

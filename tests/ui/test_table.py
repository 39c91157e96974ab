"""A long list is shown a window at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.services.desk import Desk
from app.ui.lists.columns import Column
from app.ui.lists.list_view import ListView
from app.ui.lists.pages import PAGE
from app.ui.lists.table import LINE_UP_MS, TableModel
from tests.ui.conftest import DeskWindow


@dataclass(frozen=True)
class Row:
    """One of very many."""

    id: int

    @property
    def name(self) -> str:
        """What it is called."""
        return f"Order {self.id}"


@dataclass
class ManyRows:
    """Twenty thousand rows, and which of them were asked for."""

    total: int = 20_000
    asked: list[tuple[int, int]] = field(default_factory=list)
    lined_up: int = 0
    asked_by_id: list[list[int]] = field(default_factory=list)
    before: int = 0  # the id of the first row: one less, and a row has come in above

    def count(self) -> int:
        """Return how many there are."""
        return self.total

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[Row]:
        """Return some of them."""
        self.asked.append((offset, limit))
        return [Row(self.before + n) for n in range(offset, min(offset + limit, self.total))]

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return some ids, or all."""
        last = self.total if limit is None else min(offset + limit, self.total)
        return [self.before + n for n in range(offset, last)]

    def rows(self, ids: Sequence[int]) -> Sequence[Row]:
        """Return the rows of some ids."""
        self.asked_by_id.append(list(ids))
        return [Row(n) for n in ids]

    def line_up(self, _sort: str, _descending: bool) -> None:
        """Take note that the order of all rows was wanted."""
        self.lined_up += 1


def a_list(shown: DeskWindow, source: ManyRows) -> ListView:
    model = TableModel(
        shown.operations, [Column("Name", lambda row: row.name)], parent=shown.window
    )
    view = ListView(model, "Many")
    shown.qtbot.addWidget(view)
    view.resize(400, 900)
    with shown.qtbot.waitExposed(view):
        view.show()
    view.show_source(source)
    shown.settle()
    return view


def test_the_first_paint_reads_one_page_of_twenty_thousand(shown: DeskWindow) -> None:
    source = ManyRows()
    view = a_list(shown, source)
    assert view.rows.rowCount() == 20_000
    assert source.asked == [(0, PAGE)]


def test_a_row_far_away_is_a_placeholder_until_it_is_read(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows())
    far = view.rows.index(15_000, 0)
    assert far.data() is None
    view.scrollTo(far)
    shown.settle()
    assert far.data() == "Order 15000"


def test_a_long_list_is_lined_up_behind_its_first_page_and_a_short_one_is_not(
    shown: DeskWindow,
) -> None:
    long, short = ManyRows(), ManyRows(total=200)
    view = a_list(shown, long)
    shown.qtbot.waitUntil(lambda: long.lined_up == 1)
    view.refresh()
    a_list(shown, short)
    shown.settle()
    shown.qtbot.wait(2 * LINE_UP_MS)
    assert (long.lined_up, short.lined_up) == (1, 0)


def test_a_screen_on_two_pages_is_one_question(shown: DeskWindow) -> None:
    source = ManyRows()
    view = a_list(shown, source)
    source.asked.clear()
    view.verticalScrollBar().setValue(12 * PAGE - 3)
    shown.settle()
    assert source.asked[0] == (11 * PAGE, 2 * PAGE)
    assert view.rows.index(12 * PAGE + 1, 0).data() == f"Order {12 * PAGE + 1}"


def test_a_search_lined_up_finds_the_same_page_by_its_ids(shown: DeskWindow) -> None:
    page = shown.orders
    source = page.model.asked()[0]  # type: ignore[index]
    counted_off = source.page("placed_at", True, 3, 4)
    source.line_up("placed_at", True)
    assert source.page("placed_at", True, 3, 4) == counted_off
    assert source.page("number", False, 3, 4) != counted_off


def test_selecting_everything_costs_nothing(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows(total=1_000_000))
    start = time.perf_counter()
    view.selectAll()
    view.viewport().repaint()
    view.horizontalHeader().repaint()
    assert time.perf_counter() - start < 0.2
    assert view.is_all_selected
    assert view.selected_count == 1_000_000


def test_a_selection_beyond_what_is_read_still_knows_its_ids(shown: DeskWindow) -> None:
    view = a_list(shown, ManyRows())
    view.selectAll()
    found: list[list[int]] = []
    view.selected_ids(found.append)
    shown.settle()
    assert len(found[0]) == 20_000


def test_a_row_that_leaves_makes_room_for_the_next(shown: DeskWindow) -> None:
    source = ManyRows(total=500)
    view = a_list(shown, source)
    view.selectRow(499)
    shown.settle()
    source.total = 400
    view.refresh()
    shown.settle()
    assert view.currentIndex().row() == 399


def test_an_answer_that_comes_too_late_is_dropped(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    shown = open_window(desk)
    answers: list[str] = []

    def slow() -> str:
        time.sleep(0.2)
        return "old"

    shown.operations.ask(slow, then=answers.append, slot="search")
    shown.operations.ask(lambda: "new", then=answers.append, slot="search")
    shown.settle()
    assert answers == ["new"]

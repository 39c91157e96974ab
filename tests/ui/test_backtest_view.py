"""A draft is tried on the past in the window: said in money, charted, opened, and let through with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.promising.sheet_file import sheet_text
from app.models.promising.sheet import sheet
from app.services.backtesting.rules import Backtest
from app.services.desk import Desk
from app.services.gate import is_gated
from app.services.rules.looking import rulebook_rows
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.insights.backtest.part import BacktestView
from app.ui.pages.insights.backtest.trying import Replay, Tried, TryRules, TrySheet
from app.ui.pages.insights.page import InsightsPage
from app.ui.pages.rules.page import RulesPage
from app.ui.words import count_of
from tests.analytics.thirty_orders import thirty_orders
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts

DEAR = "rule Mugs from afar\n  if always\n  ship RENO, else anywhere\n"


@pytest.fixture
def thirty(tmp_path: Path, open_window: Callable[[Desk], DeskWindow]) -> DeskWindow:
    return open_window(thirty_orders(f"sqlite:///{tmp_path / 'thirty.sqlite'}"))


def view(shown: DeskWindow) -> BacktestView:
    shown.window.go("insights", "backtest")
    shown.settle()
    page = shown.window.pages["insights"]
    assert isinstance(page, InsightsPage)
    assert isinstance(page.part, BacktestView)
    return page.part


def answer(shown: DeskWindow, part: BacktestView, **values: object) -> None:
    form = part.asking.form
    assert form is not None
    for key, value in values.items():
        form.set_value(key, value)
    form.submit()
    shown.settle()


def came_of(part: BacktestView) -> Tried:
    assert part.tried is not None
    return part.tried


def listed(part: BacktestView) -> int:
    return part.rows.model.rowCount()


def test_numbers_of_the_sheet_are_tried_charted_and_opened_one_by_one(thirty: DeskWindow) -> None:
    part = view(thirty)
    assert part.card() is None
    part.ask_numbers()
    answer(thirty, part, first=3, last=1)
    assert part.asking.form is not None, "these are no numbers to go through"
    answer(thirty, part, first=0, last=3)
    card = part.card()
    assert card is not None
    assert listed(part) == 4
    thirty.qtbot.waitUntil(lambda: card.chart.drawing is not None)
    drawing = card.chart.drawing
    assert drawing is not None
    assert [row[0] for row in drawing.table.rows] == ["0", "1", "2", "3"]
    assert [row[7] for row in drawing.table.rows].count("yes") == 1
    card.chart.point_at(drawing.spots[2])
    card.chart.open_spot()
    thirty.settle()
    assert part.card() is None
    assert "This draft would have" in texts(part)
    assert "Tried: What is held back: at least 2 units (every channel)." in texts(part)
    click(part, "Back to the numbers")
    thirty.settle()
    assert listed(part) == 4


def test_a_draft_of_the_rules_says_its_money_and_a_row_opens_its_order(
    thirty: DeskWindow,
) -> None:
    part = view(thirty)
    part.ask_rules()
    assert part.asking.form is None, "there is no draft"
    part.begin(TryRules(DEAR))
    part.stop()
    thirty.settle()
    assert part.tried is None
    replay = Replay(thirty.desk, TryRules(DEAR), thirty.desk.now() - timedelta(days=90))
    replay.stop()
    assert replay.run(lambda _done, _all: None) is None
    thirty.desk.run("save_rules", text=DEAR)
    part.refresh()
    thirty.settle()
    part.ask_rules()
    answer(thirty, part, days=365)
    found = came_of(part).found
    assert isinstance(found, Backtest)
    assert listed(part) == len(found.changed) > 0
    assert f"{count_of(listed(part), 'order')} would have shipped otherwise" in texts(part)
    part.rows.list.selectRow(0)
    thirty.settle()
    part.rows.open_row()
    thirty.settle()
    assert thirty.window.page is thirty.orders
    view(thirty)
    click(part, "Put it in force…")
    thirty.settle()
    page = thirty.window.pages["rules"]
    assert isinstance(page, RulesPage)
    thirty.qtbot.waitUntil(page.previewed.isVisible)


def test_a_gated_draft_counts_once_it_was_tried_or_somebody_says_why(
    thirty: DeskWindow, tmp_path: Path
) -> None:
    part = view(thirty)
    part.ask_gate()
    answer(thirty, part, is_on=True)
    assert thirty.desk.read(is_gated)
    files_are_tried_by_what_they_are(thirty, tmp_path)
    thirty.window.go("channels", "policy")
    thirty.settle()
    channels = thirty.window.pages["channels"]
    assert isinstance(channels, ChannelsPage)
    here = channels.sheet
    here.draft("shopify", "buffer_units", 1)
    thirty.settle()
    here.save()
    thirty.settle()
    assert here.form is not None
    assert "was not back-tested" in texts(here.pane)
    here.answered()
    here.try_on_past()
    thirty.settle()
    part = view(thirty)
    answer(thirty, part)
    assert came_of(part).verdict is not None
    here.save()
    thirty.settle()
    assert thirty.desk.read(sheet).row("shopify").buffer_units == 1
    rules_count_with_a_reason(thirty)


def files_are_tried_by_what_they_are(thirty: DeskWindow, folder: Path) -> None:
    part = view(thirty)
    rows = thirty.desk.read(sheet).rows
    texts_of = {"sheet.toml": sheet_text(rows, ()), "rules.txt": DEAR, "bad.toml": "channels = 3"}
    for name, text in texts_of.items():
        (folder / name).write_text(text, encoding="utf-8")
    part.look_into(folder / "bad.toml")
    thirty.settle()
    assert part.asking.form is None, "it is no policy sheet"
    part.look_into(folder / "sheet.toml")
    thirty.settle()
    answer(thirty, part)
    assert isinstance(came_of(part).trial, TrySheet)
    part.look_into(folder / "rules.txt")
    thirty.settle()
    answer(thirty, part, days=365)
    assert came_of(part).trial == TryRules(DEAR, is_draft=False)
    click(part, "Make it the draft…")
    thirty.settle()
    assert [row.state for row in thirty.desk.read(rulebook_rows)] == ["draft"]


def rules_count_with_a_reason(thirty: DeskWindow) -> None:
    """Nobody has tried them; the page asks why they are to count."""
    thirty.desk.run("save_rules", text=DEAR)
    thirty.window.go("rules")
    thirty.settle()
    page = thirty.window.pages["rules"]
    assert isinstance(page, RulesPage)
    page.put_in_force()
    thirty.settle()
    form = page.asking.form
    assert form is not None
    form.set_value("reason", "Agreed with Reno.")
    form.submit()
    thirty.settle()
    assert [row.state for row in thirty.desk.read(rulebook_rows)] == ["active"]
    assert page.asking.form is None

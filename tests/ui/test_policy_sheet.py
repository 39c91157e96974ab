"""The policy sheet: a changed answer is held against the catalogue before it is saved."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.models import house
from app.models.catalogue import skus
from app.models.promising.sheet import SETTLED, sheet
from app.services.promising.limits import deciders
from app.ui.pages.channels.page import ChannelsPage
from app.ui.pages.channels.policy.page import PolicySheet
from app.ui.widgets.controls import boxed, down
from app.ui.widgets.pane import DetailPane
from app.ui.widgets.text import Text
from tests.ui.conftest import DeskWindow
from tests.ui.test_pages import click, texts


def opened(shown: DeskWindow) -> PolicySheet:
    shown.window.go("channels", "policy:amazon")
    shown.settle()
    page = shown.window.pages["channels"]
    assert isinstance(page, ChannelsPage)
    return page.sheet


def answer(shown: DeskWindow, here: PolicySheet, cell: str, value: object) -> None:
    click(here, cell)
    form = here.pane.form
    assert form is not None
    form.set_value("value", value)
    form.submit()
    shown.settle()


def test_a_changed_answer_shows_which_listings_would_change_before_it_is_saved(
    shown: DeskWindow,
) -> None:
    here = opened(shown)
    answer(shown, here, "Amazon, Shares stock: Equally", "capped")
    assert "0 listings would change" in texts(here.pane)
    answer(shown, here, "Amazon, Shows at most: No limit", "4")
    assert "3 listings would change" in texts(here.pane)
    assert "19 → 4" in texts(here.pane)
    assert shown.desk.read(sheet).version == 1
    click(here, "Save this version")
    shown.settle()
    saved = shown.desk.read(sheet)
    assert (saved.version, saved.row("amazon").cap) == (2, 4)
    shown.operations.undo()
    shown.settle()
    assert shown.desk.read(sheet).row("amazon").cap is None


def test_what_nobody_decides_is_said_in_red(shown: DeskWindow) -> None:
    here = opened(shown)
    answer(shown, here, "Amazon, The stock number: Orderdeck", "nobody")
    assert "Nothing is deciding: Amazon: the stock number." in texts(here)
    [cell] = [b for b in here.findChildren(QPushButton)
              if b.accessibleName() == "Amazon, The stock number: Nobody"]  # fmt: skip
    assert cell.property("kind") == "danger"
    click(here, "Leave it")
    shown.settle()
    assert "Nothing is deciding" not in texts(here)


def test_a_promotion_is_added_with_its_days(shown: DeskWindow) -> None:
    here = opened(shown)
    click(here, "Add to the calendar")
    form = here.pane.form
    assert form is not None
    form.set_value("name", "Tea week")
    form.set_value("starts", "someday")
    form.submit()
    assert "no day" in texts(here.pane)
    form.set_value("starts", "2026-10-12")
    form.set_value("ends", "2026-10-18")
    form.submit()
    shown.settle()
    assert "would change" in texts(here.pane)
    click(here, "Save this version")
    shown.settle()
    assert "Tea week (now)" in texts(here)
    [entry] = shown.desk.read(sheet).calendar
    assert (entry.ends_at - entry.starts_at).days == 7


def test_an_entry_of_the_calendar_may_be_about_certain_skus_only(shown: DeskWindow) -> None:
    here = opened(shown)
    click(here, "Add to the calendar")
    form = here.pane.form
    assert form is not None
    known = shown.desk.read(lambda db: list(db.execute(select(skus.c.code)).scalars()))[:2]
    form.set_value("name", "Launch")
    form.set_value("skus", "NO-SUCH-SKU")
    form.submit()
    shown.settle()
    assert "There is no SKU “NO-SUCH-SKU”" in texts(here.pane)
    form = here.pane.form
    assert form is not None
    form.set_value("skus", f"{known[0]}, {known[1]} ,")
    form.submit()
    shown.settle()
    click(here, "Save this version")
    shown.settle()
    [entry] = shown.desk.read(sheet).calendar
    assert entry.skus == tuple(known)
    assert f"Every channel, only {known[0]}, {known[1]}: " in texts(here)


def test_who_decides_what_can_be_changed(shown: DeskWindow) -> None:
    here = opened(shown)
    click(here, "Change who decides Listing: price")
    form = here.pane.form
    assert form is not None
    form.set_value("decides", "desk")
    form.submit()
    shown.settle()
    duties = {duty.key: duty.decides.value for duty in shown.desk.read(deciders)}
    assert duties["Listing", "price"] == "desk"


def test_a_long_list_in_a_pane_scrolls_and_is_not_pressed_together(qtbot: QtBot) -> None:
    pane = DetailPane("What would change")
    qtbot.addWidget(pane)
    rows = [Text(f"TEA-{each}") for each in range(80)]
    pane.fill([], [boxed(down(*rows, spacing=5))])
    pane.resize(320, 300)
    pane.show()
    qtbot.waitUntil(lambda: rows[0].height() > 0)
    assert min(row.height() for row in rows) >= rows[0].sizeHint().height()


def test_what_settlements_show_stands_below_what_was_typed(shown: DeskWindow) -> None:
    assert "Kept (orders)" not in texts(opened(shown))
    shown.desk.write(lambda db: house.write(db, {SETTLED: {"1": [16, 212], "2": [9, 7]}}))
    here = opened(shown)
    here.refresh()
    shown.settle()
    labels = {each.text(): each.toolTip() for each in here.findChildren(Text)}
    assert "this counts" in labels["16 % (212)"]
    assert "what was typed counts" in labels["9 % (7)"]

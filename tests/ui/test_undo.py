"""Is what was done taken back whole, in part or not at all, and is each of them said as it is?"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton
from shiboken6 import delete

from app.domain.changes import Changes, Touched, Undo, together
from app.domain.roles import Actor, Role
from app.queries.inventory import inventory_row
from app.queries.order_detail import order_detail
from app.queries.orders import order_rows
from app.services import undoing
from app.services.desk import Desk
from app.services.shipping import Parcel
from app.sync.files.exporter import FileExporter
from app.ui.operations import Problem
from app.ui.pages.channels.page import ChannelsPage
from app.ui.waiting import read_waiting
from tests.queries import brand
from tests.ui.conftest import DeskWindow


def ids_of(desk: Desk, query: str) -> dict[str, int]:
    return {row.number: row.id for row in desk.read(order_rows, query=query, now=brand.NOW)}


def step_of(desk: Desk, number: str) -> str:
    (row,) = desk.read(order_rows, query=f"order:{number}", now=brand.NOW)
    return row.step


@pytest.fixture
def heard(shown: DeskWindow) -> list[Changes]:
    """What was announced to the pages."""
    said: list[Changes] = []
    shown.operations.changed.connect(said.append)
    return said


def accept_ready(shown: DeskWindow) -> dict[str, int]:
    ready = ids_of(shown.desk, "is:ready")
    shown.operations.run("accept", order_ids=list(ready.values()))
    shown.settle()
    return ready


def ship(desk: Desk, order_id: int) -> None:
    detail = desk.read(order_detail, order_id=order_id, now=brand.NOW)
    assert detail is not None
    part = detail.fulfilment_orders[0]
    desk.run("ship", parcels=[Parcel(part.id, "UPS", f"1Z{order_id}", "Ground")])


def test_what_has_shipped_since_is_named_and_the_rest_is_taken_back(
    shown: DeskWindow, heard: list[Changes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "PART", 1)
    ready = accept_ready(shown)
    gone, *others = ready
    ship(shown.desk, ready[gone])
    heard.clear()
    shown.window.undo()
    shown.settle()
    (receipt,) = heard
    assert set(receipt.done) == {ready[number] for number in others}
    assert [(left.subject, left.reason) for left in receipt.skipped] == [(gone, "it is shipped")]
    assert {step_of(shown.desk, number) for number in others} == {"to decide"}
    assert gone in shown.window.toast.text
    assert not shown.operations.next_undo


def test_one_that_is_refused_does_not_keep_the_others_from_being_taken_back(
    shown: DeskWindow, heard: list[Changes]
) -> None:
    ready = ids_of(shown.desk, "is:ready")
    shown.operations.run("cancel", order_ids=list(ready.values()), reason="Ordered twice")
    shown.settle()
    back, *others = ready
    shown.desk.run("reinstate", order_ids=[ready[back]])
    heard.clear()
    shown.window.undo()
    shown.settle()
    (receipt,) = heard
    assert set(receipt.done) == {ready[number] for number in others}
    assert [left.subject for left in receipt.skipped] == [back]


def test_what_could_not_be_taken_back_can_be_tried_again(
    shown: DeskWindow, heard: list[Changes]
) -> None:
    ready = accept_ready(shown)
    number = next(iter(ready))
    failed: list[str] = []
    shown.operations.history.kept.connect(lambda _step, problem: failed.append(problem.title))
    shown.operations.run("cancel", order_ids=[ready[number]], reason="Ordered twice")
    shown.settle()
    later = brand.NOW + timedelta(minutes=1)
    shown.desk.now = lambda: later
    exporter = FileExporter(shown.desk)
    for waiting in exporter.waiting():
        exporter.export(waiting.account_id, waiting.kind)
    heard.clear()
    shown.window.undo()
    shown.settle()
    assert heard == []
    assert "already told" in failed[0]
    assert shown.operations.next_undo == "Cancel 1 order"


def test_what_was_taken_back_before_a_bug_is_shown(
    shown: DeskWindow, heard: list[Changes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "PART", 1)
    ready = accept_ready(shown)
    whole, calls = shown.desk.operations["withdraw"], iter([True, False])

    def breaks(*given: object, **named: object) -> Changes:
        return whole(*given, **named) if next(calls) else Changes(*())  # type: ignore[call-arg]

    shown.desk.operations = {**shown.desk.operations, "withdraw": breaks}
    heard.clear()
    shown.window.undo()
    shown.qtbot.waitUntil(lambda: bool(shown.bugs), timeout=5000)
    shown.bugs.clear()
    shown.settle()
    (receipt,) = heard
    assert len(receipt.done) == 1
    assert set(receipt.done) < set(ready.values())


def press_menu(shown: DeskWindow, command: str) -> None:
    shown.window.register.refresh()
    action = shown.window.register.action(command)
    assert action.isEnabled(), shown.window.register.get(command).why_not()
    action.trigger()
    shown.settle()


def title_of(shown: DeskWindow, command: str) -> str:
    shown.window.register.refresh()
    return shown.window.register.action(command).text()


def test_what_was_undone_is_done_again_and_undone_again(shown: DeskWindow) -> None:
    ready = accept_ready(shown)
    assert title_of(shown, "app.undo_last") == f"Undo accept {len(ready)} orders"
    press_menu(shown, "app.undo_last")
    assert {step_of(shown.desk, number) for number in ready} == {"to decide"}
    assert title_of(shown, "app.redo_last") == f"Redo accept {len(ready)} orders"
    press_menu(shown, "app.redo_last")
    assert {step_of(shown.desk, number) for number in ready} == {"to ship"}
    assert "Done again: accept" in shown.window.toast.text
    press_menu(shown, "app.undo_last")
    assert {step_of(shown.desk, number) for number in ready} == {"to decide"}


def test_only_what_was_really_taken_back_is_done_again(
    shown: DeskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "PART", 1)
    ready = accept_ready(shown)
    gone, *others = ready
    ship(shown.desk, ready[gone])
    press_menu(shown, "app.undo_last")
    press_menu(shown, "app.redo_last")
    assert {step_of(shown.desk, number) for number in others} == {"to ship"}
    assert step_of(shown.desk, gone) == "shipped"


def test_a_new_action_leaves_nothing_to_be_done_again(shown: DeskWindow) -> None:
    ready = accept_ready(shown)
    press_menu(shown, "app.undo_last")
    shown.operations.run("hold", order_ids=list(ready.values())[:1], reason="Wait")
    shown.settle()
    assert not shown.operations.history.next_redo
    assert not shown.window.register.action("app.redo_last").isEnabled()


def test_a_count_that_was_undone_is_counted_again(shown: DeskWindow) -> None:
    shown.operations.run("count", sku="MUG-RED", location="RENO", counted=3, reason="Counted")
    shown.settle()
    press_menu(shown, "app.undo_last")
    press_menu(shown, "app.redo_last")
    row = shown.desk.read(inventory_row, "MUG-RED")
    assert row is not None
    assert 3 in [level.on_hand for level in row.levels]


def test_the_last_action_is_repeated_on_what_is_selected_now(shown: DeskWindow) -> None:
    first, second = list(ids_of(shown.desk, "is:ready"))[:2]
    shown.select(first)
    shown.operations.run("hold", order_ids=[ids_of(shown.desk, "is:ready")[first]],
                         reason="Waiting for the customer")  # fmt: skip
    shown.settle()
    shown.select(second)
    assert title_of(shown, "list.repeat_last") == "Repeat hold"
    assert (
        "Waiting for the customer" in shown.window.register.action("list.repeat_last").statusTip()
    )
    shown.press(Qt.Key.Key_Period)
    assert set(ids_of(shown.desk, "is:held")) >= {first, second}
    assert shown.operations.next_undo == "Hold 1 order"


def test_the_toast_says_which_channel_is_told_and_when(shown: DeskWindow) -> None:
    number, order_id = next(iter(ids_of(shown.desk, "is:ready").items()))
    shown.select(number)
    shown.orders.run("cancel", order_ids=[order_id], reason="Ordered twice")
    shown.settle()
    assert "in 10 s at the earliest" in shown.window.toast.text


def test_an_undo_that_comes_too_late_says_why_and_what_can_be_done_instead(
    shown: DeskWindow,
) -> None:
    number, order_id = next(iter(ids_of(shown.desk, "is:ready").items()))
    shown.operations.run("cancel", order_ids=[order_id], reason="Ordered twice")
    shown.settle()
    later = brand.NOW + timedelta(minutes=1)
    shown.desk.now = lambda: later
    exporter = FileExporter(shown.desk)
    for waiting in exporter.waiting():
        exporter.export(waiting.account_id, waiting.kind)
    shown.operations.changed.emit(Changes("Write the file", Touched.FILES))
    shown.settle()
    shown.window.register.refresh()
    assert "was told already" in shown.window.register.action("app.undo_last").statusTip()
    press_menu(shown, "app.undo_last")
    buttons = {each.text(): each for each in shown.window.messages.findChildren(QPushButton)}
    buttons["Show the order"].click()
    shown.settle()
    assert shown.numbers() == [number]
    buttons["Leave it as it is"].click()
    assert not shown.operations.next_undo


def test_a_decision_that_has_shipped_offers_to_take_the_shipment_back(shown: DeskWindow) -> None:
    number, order_id = next(iter(ids_of(shown.desk, "is:ready").items()))
    shown.operations.run("accept", order_ids=[order_id])
    shown.settle()
    ship(shown.desk, order_id)
    press_menu(shown, "app.undo_last")
    buttons = {each.text(): each for each in shown.window.messages.findChildren(QPushButton)}
    buttons["Take the shipment back first"].click()
    shown.settle()
    assert step_of(shown.desk, number) == "to ship"


def test_several_receipts_are_undone_by_the_subjects_that_they_name() -> None:
    whole = together("Ship 2 parcels", [
        Changes("Ship 1 parcel", Touched.ORDERS, (7,),
                undo=Undo("void_shipments", {"fulfilment_order_ids": [number]}, "fulfilment_order_ids"))
        for number in (31, 32)
    ])  # fmt: skip
    assert whole.undo is not None
    assert (whole.label, whole.done) == ("Ship 2 parcels", (7, 7))
    assert whole.undo.ids == (31, 32)


def test_an_opposite_says_itself_how_it_is_cut() -> None:
    parts = Undo("withdraw", {"order_ids": [1, 2, 3], "reason": "x"}).parts(2)
    assert [each.arguments for each in parts] == [
        {"order_ids": [1, 2], "reason": "x"}, {"order_ids": [3], "reason": "x"},
    ]  # fmt: skip
    assert len(Undo("adjust", {"quantity": 1}).parts(2)) == 1


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("receive", {"quantity": 12}), ("adjust", {"quantity": -2}), ("count", {"counted": 3})],
)
def test_stock_that_was_changed_by_mistake_is_changed_back(
    shown: DeskWindow, operation: str, arguments: dict[str, Any]
) -> None:
    def on_hand() -> int | None:
        row = shown.desk.read(inventory_row, "MUG-RED")
        assert row is not None
        return row.on_hand

    before = on_hand()
    shown.operations.run(operation, sku="MUG-RED", location="RENO", reason="Slip", **arguments)
    shown.settle()
    assert on_hand() != before
    shown.window.undo()
    shown.settle()
    assert on_hand() == before


def test_who_may_not_write_stock_off_is_not_offered_to_take_a_receipt_back(desk: Desk) -> None:
    desk.actor = Actor("Packer", Role.OPERATOR)
    received = desk.run("receive", sku="MUG-RED", location="RENO", quantity=1, reason="")
    assert received.undo is None


# ---- the door itself ----------------------------------------------------------------------------


def test_what_was_asked_for_before_closing_is_still_done(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    shown = open_window(desk)
    ready = ids_of(desk, "is:ready")
    for order_id in ready.values():
        shown.operations.run("accept", order_ids=[order_id])
    shown.operations.close()
    assert {step_of(desk, number) for number in ready} == {"to ship"}


def test_long_work_does_not_wait_for_what_was_refused_at_closing(
    desk: Desk, open_window: Callable[[Desk], DeskWindow]
) -> None:
    operations = open_window(desk).operations
    operations.close()
    operations.run("accept", order_ids=[1])
    began = time.monotonic()
    operations.give_way()
    assert time.monotonic() - began < 0.5


class _Asker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[Problem] = []

    def tell(self, problem: Problem) -> None:
        self.told.append(problem)
        self.objectName()  # fails if it is gone


def test_a_refusal_for_a_form_that_is_gone_is_said_by_the_window(shown: DeskWindow) -> None:
    failed: list[str] = []
    shown.operations.failed.connect(lambda title, _advice: failed.append(title))
    asker = _Asker()
    shown.operations.run(
        "adjust", sku="MUG-RED", location="RENO", quantity=0, reason="", otherwise=asker.tell
    )
    delete(asker)
    shown.settle()
    assert asker.told == []
    assert len(failed) == 1


def test_of_several_readings_for_one_place_the_newest_is_shown(shown: DeskWindow) -> None:
    answers: list[int] = []
    for _round in range(2):  # also after the place was forgotten
        for at in range(5):
            shown.operations.ask(partial(int, at), then=answers.append, slot=("page", "place"))
        shown.settle()
    assert answers == [4, 4]


def test_the_badge_of_channels_counts_what_the_page_lists(shown: DeskWindow) -> None:
    assert read_waiting(shown.desk).to_tell == 0  # the shipment can still be undone
    shown.desk.now = lambda: brand.NOW + timedelta(minutes=1)
    shown.window.count()
    shown.settle()
    assert read_waiting(shown.desk).to_tell == 1
    names = {each.accessibleName() for each in shown.window.sidebar.findChildren(QPushButton)}
    assert "Channels, 1" in names


def test_a_cancellation_is_written_only_when_it_is_meant(shown: DeskWindow) -> None:
    order_id = next(iter(ids_of(shown.desk, "is:ready").values()))
    shown.operations.run("cancel", order_ids=[order_id], reason="Ordered twice")
    shown.settle()
    later = brand.NOW + timedelta(minutes=1)
    shown.desk.now = lambda: later
    page = shown.window.pages["channels"]
    assert isinstance(page, ChannelsPage)
    exporter = FileExporter(shown.desk)
    (waiting,) = [each for each in exporter.waiting() if each.kind == "cancel"]
    page.write(waiting)
    focus = shown.window.focusWidget()
    assert isinstance(focus, QPushButton)
    assert focus.text() == "Not yet"
    focus.click()
    shown.settle()
    assert waiting in exporter.waiting()

"""A file dropped on the window is shown first, and stored only when a person says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from app.domain.importing import Reject
from app.queries.orders import count_orders
from app.services.desk import Desk
from app.services.importing import waiting
from app.sync.files.importer import FileImporter
from app.ui.importing.preview import PreviewPane
from app.ui.importing.queue import QueueList
from app.ui.importing.views import reason
from app.ui.timers import every
from app.ui.widgets.pill import PillLabel
from tests.queries import brand
from tests.ui.conftest import DeskWindow

HEADER = "order_id,created_at,name,address1,city,state,zip,country,sku,title,quantity,unit_price,currency"
ROW = "{id},2026-10-12T09:00:00-04:00,{name},1 Main St,Austin,TX,78701,US,TEA-001,Earl Grey,{units},15.00,USD"


def a_file(folder: Path, *rows: str) -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def drop(shown: DeskWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window = shown.window
    window.dragEnterEvent(QDragEnterEvent(QPointF(50, 50).toPoint(), action, data, button, keys))
    assert window.drop_zone.isVisible()
    window.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, keys))
    assert not window.drop_zone.isVisible()
    shown.settle()


def words(shown: DeskWindow) -> str:
    return "\n".join(label.text() for label in shown.window.imports.findChildren(QLabel))


def pane(shown: DeskWindow) -> PreviewPane:
    return shown.window.imports.findChildren(PreviewPane)[-1]


def rows(shown: DeskWindow) -> list[list[str]]:
    """What the preview says of each row, column by column."""
    model = pane(shown).model
    return [
        [str(model.index(at, column).data() or "") for column in range(model.columnCount())]
        for at in range(model.rowCount())
    ]


def choose(shown: DeskWindow, name: str, value: object) -> None:
    field = pane(shown).bar.field(name)
    field.setCurrentIndex(field.findData(value))
    field.activated.emit(field.currentIndex())
    shown.settle()


def press(shown: DeskWindow, verb: str) -> None:
    verbs = shown.window.imports.verbs
    assert verb in verbs, f"{verb!r} is not among {list(verbs)}"
    verbs[verb].click()
    shown.settle()


def stored(desk: Desk) -> int:
    return desk.read(count_orders, now=brand.NOW)


def test_files_that_came_with_the_start_are_shown_first_and_the_desk_after_them(
    desk: Desk, open_window: Callable[[Desk], DeskWindow], tmp_path: Path
) -> None:
    shown = open_window(desk)
    shown.window.open()
    shown.window.import_files([a_file(tmp_path, ROW.format(id="N-1", name="Mara", units=1))])
    shown.settle()
    assert shown.window.stack.currentWidget() is shown.window.imports
    shown.window.imports.leave()
    shown.settle()
    assert shown.window.page is not None


def test_a_dropped_file_is_shown_first_and_then_stored(shown: DeskWindow, tmp_path: Path) -> None:
    before = stored(shown.desk)
    drop(shown, a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1)))
    assert "an orders file of your own store" in words(shown)
    assert stored(shown.desk) == before
    press(shown, "Import 1 order")
    assert stored(shown.desk) == before + 1
    press(shown, "Done")
    assert not shown.window.imports.isVisible()


def test_what_is_kept_back_is_named_by_line_column_and_value(
    shown: DeskWindow, tmp_path: Path
) -> None:
    good = ROW.format(id="5001", name="Ada", units=1)
    bad = ROW.format(id="5002", name="Bob", units="two")
    drop(shown, a_file(tmp_path, good, bad))
    line, happens, order, *_rest, problem = rows(shown)[-1]
    assert (line, happens, order) == ("3", "Kept back", "5002")
    assert problem.startswith("quantity “two”: ")
    pane(shown).list.selectRow(1)
    shown.settle()
    assert "5002, line 3, column “quantity”, value “two”" in words(shown)
    assert "Save rejects…" in shown.window.imports.verbs


def test_several_files_queue(shown: DeskWindow, tmp_path: Path) -> None:
    one = a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1))
    two = one.with_name("more.csv")
    two.write_text(one.read_text(encoding="utf-8").replace("5001", "5002"), encoding="utf-8")
    drop(shown, one, two)
    assert "File 1 of 2" in words(shown)
    press(shown, "Skip this file")
    assert "File 2 of 2" in words(shown)
    assert "more.csv" in words(shown)


def test_a_picture_is_refused_in_words(shown: DeskWindow, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    drop(shown, path)
    assert "This file was not read" in words(shown)


def test_closing_the_window_in_the_middle_of_an_import_loses_no_order(
    shown: DeskWindow, tmp_path: Path
) -> None:
    desk, before = shown.desk, stored(shown.desk)
    rows = [ROW.format(id=7000 + n, name=f"Buyer {n}", units=1) for n in range(1200)]
    drop(shown, a_file(tmp_path, *rows))
    shown.window.imports.verbs["Import 1,200 orders"].click()
    shown.qtbot.waitUntil(lambda: stored(desk) > before, timeout=20_000)
    shown.window.close()
    shown.operations.close()
    assert [file.name for file in desk.read(waiting)] == ["orders.csv"]
    desk.importer = FileImporter(desk)  # the next start
    desk.catch_up()
    assert stored(desk) == before + 1200
    assert not desk.read(waiting)


def test_cancel_keeps_what_is_in_and_the_same_file_brings_the_rest(
    shown: DeskWindow, tmp_path: Path
) -> None:
    desk, before = shown.desk, stored(shown.desk)
    rows = [ROW.format(id=7000 + n, name=f"Buyer {n}", units=1) for n in range(1200)]
    path = a_file(tmp_path, *rows)
    drop(shown, path)
    shown.window.imports.verbs["Import 1,200 orders"].click()
    shown.qtbot.waitUntil(lambda: stored(desk) > before, timeout=20_000)
    press(shown, "Cancel")
    assert "Cancelled after" in words(shown)
    assert before < stored(desk) < before + 1200
    assert not desk.read(waiting)
    press(shown, "Done")
    drop(shown, path)
    press(shown, next(verb for verb in shown.window.imports.verbs if verb.startswith("Import")))
    assert stored(desk) == before + 1200


def test_the_window_answers_while_a_file_is_taken_in(
    desk: Desk, open_window: Callable[[Desk], DeskWindow], tmp_path: Path
) -> None:
    shown = open_window(desk)
    shown.go("orders", "all")
    rows = [ROW.format(id=7000 + n, name=f"Buyer {n}", units=1) for n in range(1200)]
    drop(shown, a_file(tmp_path, *rows))
    own: list[float] = []
    last = [time.thread_time()]

    def beat() -> None:
        now = time.thread_time()
        own.append(now - last[0])
        last[0] = now

    timer = every(shown.window, 5, beat)
    started = time.perf_counter()
    timer.start()
    press(shown, "Import 1,200 orders")
    timer.stop()
    took = time.perf_counter() - started
    assert stored(desk) >= 1200
    # It went on beating from the first batch to the last, and no single piece of the window's own
    # work came near the length of the import: that ran elsewhere. (Seconds are for benchmarks/.)
    assert len(own) > 24
    assert max(own) < took / 4


def test_a_bad_row_of_a_second_sheet_says_which_sheet() -> None:
    said = "W-2, sheet “June”, row 2, column “quantity”, value “few”: this is not a whole number."
    why = reason(Reject("W-2", 4, "quantity", "few", "QTY_INVALID", said))
    assert why == "Sheet “June”, row 2: this is not a whole number."


def test_undo_takes_a_whole_import_back_and_the_same_file_brings_it_again(
    shown: DeskWindow, tmp_path: Path
) -> None:
    active = partial(shown.desk.read, count_orders, now=brand.NOW, query="is:active")
    before = active()
    path = a_file(tmp_path, *(ROW.format(id=5000 + n, name="Ada", units=1) for n in range(3)))
    drop(shown, path)
    press(shown, "Import 3 orders")
    press(shown, "Done")
    assert shown.operations.next_undo == "Import of orders.csv"
    shown.window.undo()
    shown.settle()
    assert active() == before
    drop(shown, path)
    press(shown, "Import 3 orders")
    assert active() == before + 3


def test_an_import_is_taken_back_from_the_list_of_files_too(
    shown: DeskWindow, tmp_path: Path
) -> None:
    drop(shown, a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1)))
    press(shown, "Import 1 order")
    press(shown, "Done")
    shown.go("channels")
    page = shown.window.pages["channels"]
    (back,) = [each for each in page.findChildren(QPushButton) if each.text() == "Take back"]
    assert back.accessibleName() == "Take orders.csv back"
    back.click()
    shown.settle()
    assert shown.desk.read(count_orders, now=brand.NOW, query="is:taken_back") == 1
    assert [pill.accessibleName() for pill in page.findChildren(PillLabel)] == ["Taken back"]


def test_umlauts_are_right_and_another_encoding_renders_the_rows_again(
    shown: DeskWindow, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    text = "\n".join([HEADER, ROW.format(id="5001", name="Jürgen Weiß", units=1), ""])
    path.write_bytes(text.encode("cp1252"))
    before = stored(shown.desk)
    drop(shown, path)
    assert rows(shown)[0][4].startswith("Jürgen Weiß")
    assert pane(shown).bar.field("Encoding").currentData() == "cp1252"
    choose(shown, "Encoding", "cp1251")
    assert "Jürgen" not in rows(shown)[0][4]
    choose(shown, "Encoding", "cp1252")
    assert rows(shown)[0][4].startswith("Jürgen Weiß")
    assert stored(shown.desk) == before


def test_the_order_of_day_and_month_can_be_said_and_the_rows_follow(
    shown: DeskWindow, tmp_path: Path
) -> None:
    row = ROW.format(id="5001", name="Ada", units=1).replace(
        "2026-10-12T09:00:00-04:00", "03/10/2026"
    )
    drop(shown, a_file(tmp_path, row))
    assert [each[1] for each in rows(shown)] == ["Kept back"]
    choose(shown, "Dates", "day_first")
    assert [each[1] for each in rows(shown)] == ["Add"]
    assert "Oct" in rows(shown)[0][3]
    assert "Import 1 order" in shown.window.imports.verbs


def test_rows_are_filtered_by_what_would_become_of_them(shown: DeskWindow, tmp_path: Path) -> None:
    good = ROW.format(id="5001", name="Ada", units=1)
    bad = ROW.format(id="5002", name="Bob", units="two")
    drop(shown, a_file(tmp_path, good, bad, ROW.format(id="5003", name="Cy", units=2)))
    assert [each[1] for each in rows(shown)] == ["Add", "Kept back", "Add"]
    (tab,) = [x for x in pane(shown).findChildren(QPushButton) if x.text().startswith("Kept back")]
    tab.click()
    shown.settle()
    assert [each[2] for each in rows(shown)] == ["5002"]


def test_an_order_can_be_left_out_and_the_receipt_says_so(
    shown: DeskWindow, tmp_path: Path
) -> None:
    before = stored(shown.desk)
    drop(shown, a_file(tmp_path, *(ROW.format(id=5000 + n, name="Ada", units=1) for n in range(3))))
    pane(shown).list.selectRow(1)
    shown.settle()
    shown.press(Qt.Key.Key_Return, pane(shown).list)
    assert [each[1] for each in rows(shown)] == ["Add", "Left out", "Add"]
    press(shown, "Import 2 orders")
    assert "Left out by hand: 1 order." in words(shown)
    assert stored(shown.desk) == before + 2


SHOP = "Order no;Date;Customer;Article;Pieces;Price each\nW-1;21.09.2026;Jörg;TEA-001;2;4,50 €\n"


def test_unknown_columns_are_matched_once_and_never_asked_again(
    shown: DeskWindow, tmp_path: Path
) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(SHOP, encoding="cp1252")
    drop(shown, path)
    page = shown.window.imports
    form = page.form
    assert form is not None
    assert form.field("SKU").currentData() == "Article"
    assert form.field("Currency").currentText() == "Always EUR"
    form.field("SKU").setCurrentIndex(0)
    form.field("SKU").activated.emit(0)
    assert "Still needed: SKU." in words(shown)
    assert not page.verbs["Read it like this"].isEnabled()
    form.field("SKU").setCurrentIndex(form.field("SKU").findData("Article"))
    form.field("SKU").activated.emit(0)
    form.set_name("Web shop")
    press(shown, "Read it like this")
    assert rows(shown)[0][2] == "W-1"
    press(shown, "Import 1 order")
    press(shown, "Done")
    later = tmp_path / "later.csv"
    later.write_text(SHOP.replace("W-1", "W-2"), encoding="cp1252")
    drop(shown, later)
    assert "This is Web shop" in words(shown)
    press(shown, "Import 1 order")


def test_the_queue_shows_each_file_and_imports_all_that_are_ready_at_once(
    shown: DeskWindow, tmp_path: Path
) -> None:
    before = stored(shown.desk)
    one = a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1))
    two, photo = one.with_name("more.csv"), one.with_name("photo.png")
    two.write_text(one.read_text(encoding="utf-8").replace("5001", "5002"), encoding="utf-8")
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    drop(shown, one, two, photo)
    queue = shown.window.imports.findChild(QueueList)
    assert queue is not None
    states = [pill.accessibleName() for pill in queue.findChildren(PillLabel)]
    assert states == ["Ready", "Ready", "Not read"]
    (every_one,) = [
        x for x in shown.window.imports.findChildren(QPushButton)
        if x.text() == "Import all 2 that are ready"
    ]  # fmt: skip
    every_one.click()
    shown.settle()
    assert stored(shown.desk) == before + 2
    states = [pill.accessibleName() for pill in queue.findChildren(PillLabel)]
    assert states == ["Imported", "Imported", "Not read"]
    press(shown, "Next file")
    assert "This file was not read" in words(shown)


def test_the_receipt_opens_exactly_the_orders_that_came(shown: DeskWindow, tmp_path: Path) -> None:
    drop(shown, a_file(tmp_path, *(ROW.format(id=5000 + n, name="Ada", units=1) for n in range(2))))
    press(shown, "Import 2 orders")
    (link,) = [
        x for x in shown.window.imports.findChildren(QPushButton) if x.text().startswith("Show ")
    ]
    link.click()
    shown.settle()
    assert sorted(shown.numbers()) == ["5000", "5001"]


def test_a_file_far_too_large_gets_a_sentence(shown: DeskWindow, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)  # a hole: no byte of it is read
    drop(shown, path)
    assert "too large: 300.0 MB" in words(shown)


def test_escape_leaves_and_everything_has_a_name(shown: DeskWindow, tmp_path: Path) -> None:
    drop(shown, a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1)))
    page = shown.window.imports
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName(), widget
    shown.press(Qt.Key.Key_Escape, page)
    assert not page.isVisible()
    assert shown.window.page is shown.orders


def test_how_a_known_export_is_read_can_be_remembered_too(
    shown: DeskWindow, tmp_path: Path
) -> None:
    row = ROW.format(id="5001", name="Ada", units=1)
    path = a_file(tmp_path, row.replace("2026-10-12T09:00:00-04:00", "03/10/2026"))
    drop(shown, path)
    choose(shown, "Dates", "day_first")
    press(shown, "Remember this")
    press(shown, "Import 1 order")
    press(shown, "Done")
    path.write_text(path.read_text(encoding="utf-8").replace("5001", "5002"), encoding="utf-8")
    drop(shown, path)
    assert [each[1] for each in rows(shown)] == ["Add"]
    assert "This is orders" in words(shown)


def history(shown: DeskWindow, verb: str) -> QPushButton:
    shown.go("channels")
    page = shown.window.pages["channels"]
    (found,) = [each for each in page.findChildren(QPushButton) if each.text() == verb]
    return found


def test_an_import_that_was_taken_back_comes_in_again_from_the_bytes_that_are_kept(
    shown: DeskWindow, tmp_path: Path
) -> None:
    path = a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1))
    drop(shown, path)
    press(shown, "Import 1 order")
    press(shown, "Done")
    path.unlink()
    history(shown, "Take back").click()
    shown.settle()
    history(shown, "Import again…").click()
    shown.settle()
    press(shown, "Import 1 order")
    assert shown.desk.read(count_orders, now=brand.NOW, query="is:taken_back") == 0


def test_rejects_can_still_be_saved_from_the_list_of_files(
    shown: DeskWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejects = tmp_path / "rejects.csv"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", staticmethod(lambda *_of, **_more: (str(rejects), ""))
    )
    good = ROW.format(id="5001", name="Ada", units=1)
    drop(shown, a_file(tmp_path, good, ROW.format(id="5002", name="Bob", units="two")))
    press(shown, "Import 1 order")
    press(shown, "Done")
    history(shown, "Save rejects…").click()
    shown.settle()
    repaired = rejects.read_text(encoding="utf-8-sig").replace(",two,", ",2,")
    rejects.write_text(repaired, encoding="utf-8")
    drop(shown, rejects)
    assert [each[1:3] for each in rows(shown)] == [["Add", "5002"]]


def test_one_can_go_elsewhere_and_come_back_to_the_queue(shown: DeskWindow, tmp_path: Path) -> None:
    drop(shown, a_file(tmp_path, ROW.format(id="5001", name="Ada", units=1)))
    shown.go("today")
    assert not shown.window.imports.isVisible()
    shown.window.register.action("app.show_imports").trigger()
    shown.settle()
    assert shown.window.imports.isVisible()
    press(shown, "Import 1 order")
    assert "Own store: $15.00 in new orders." in words(shown)

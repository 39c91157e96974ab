"""A watched folder takes files in by itself, once, and never hides a problem."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.importing import AS_IT_IS, ImportReport, Reading, Verdict
from app.domain.roles import Actor, Role
from app.errors import DeskError, NotAllowedError, NotFoundError, RefusedError
from app.services.desk import Desk, Preview, WatchListener
from app.services.opening import open_ready_store
from app.sync.files import limits
from app.sync.files.importer import FileImporter
from app.sync.files.watching import PATIENCE, FolderWatch

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
HEADER = "sku,title,on_hand\n"


class Ear:
    """Hears what the watch says."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.trouble: list[str] = []
        self.bugs: list[str] = []
        self.listener = WatchListener(self._came_in, self._held_up, self.bugs.append)

    def _came_in(self, report: ImportReport) -> None:
        self.files.append(report.file)

    def _held_up(self, trouble: DeskError) -> None:
        self.trouble.append(str(trouble))


@pytest.fixture
def ear(watch: FolderWatch) -> Ear:
    """Listen to the watch."""
    ear = Ear()
    watch.tell = ear.listener
    return ear


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(database_url: str, downloads: Path) -> Iterator[FolderWatch]:
    store = open_ready_store(database_url, now=NOW)
    desk = Desk(store, Actor("Kim", Role.OWNER), now=lambda: NOW)
    desk.run("watch_folder", folder=str(downloads))
    watch = FolderWatch(desk, FileImporter(desk), every=0.01)
    yield watch
    store.close()


def rows(watch: FolderWatch, query: str) -> list[Any]:
    with watch.desk.store.read() as db:
        return list(db.execute(text(query)).all())


def test_a_file_comes_in_once_it_has_stopped_growing(watch: FolderWatch, downloads: Path) -> None:
    file = downloads / "catalogue.csv"
    file.write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    assert watch.look() == []
    file.write_text(HEADER + "MUG,Mug,1\nCUP,Cup,2\n", encoding="utf-8")
    assert watch.look() == []
    (report,) = watch.look()
    assert (report.verdict, report.extra) == (Verdict.ACCEPT, {"new": 2})
    assert watch.look() == []


def test_the_same_bytes_never_come_in_twice(watch: FolderWatch, downloads: Path) -> None:
    (downloads / "a.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    watch.look()
    assert len(watch.look()) == 1
    (downloads / "a (1).csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    watch.look()
    assert watch.look() == []
    restarted = FolderWatch(watch.desk, watch.importer)
    restarted.look()
    assert restarted.look() == []
    assert len(rows(watch, "SELECT id FROM import_files")) == 1


def test_a_refused_file_is_kept_with_a_case_and_asked_about_once(
    watch: FolderWatch, downloads: Path
) -> None:
    (downloads / "orders.csv").write_text("<html>Please sign in</html>", encoding="utf-8")
    watch.look()
    (report,) = watch.look()
    assert report.verdict is Verdict.REFUSE
    ((kind, state, title),) = rows(watch, "SELECT kind, state, title FROM exception_cases")
    assert (kind, state, title) == ("file_problem", "open", "orders.csv: refused")
    assert [row.state for row in rows(watch, "SELECT state FROM import_files")] == ["refused"]
    assert watch.look() == []


def test_what_is_kept_back_of_a_file_is_a_case_until_it_is_settled(
    watch: FolderWatch, downloads: Path
) -> None:
    (downloads / "1.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    (downloads / "2.csv").write_text(
        "sku,location,on_hand\nMUG,MAIN,5\nNONE,MAIN,7\n", encoding="utf-8"
    )
    watch.look()
    _, report = watch.look()
    assert report.verdict is Verdict.PARTIAL
    assert [row.on_hand for row in rows(watch, "SELECT on_hand FROM stock_levels")] == [5]
    assert report.import_id is not None
    desk = watch.desk
    desk.run("settle_file", import_id=report.import_id, reason="NONE was a typing error.")
    assert [r.state for r in rows(watch, "SELECT state FROM exception_cases")] == ["resolved"]
    with pytest.raises(NotFoundError, match="no open case"):
        desk.run("settle_file", import_id=report.import_id, reason="again")


def test_half_downloaded_and_other_files_are_left_alone(
    watch: FolderWatch, downloads: Path
) -> None:
    for name in (".catalogue.csv", "catalogue.csv.crdownload", "~$catalogue.xlsx", "cat.png"):
        (downloads / name).write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    watch.look()
    assert watch.look() == []


def test_a_folder_that_stays_away_is_said_once_and_does_not_stop_the_others(
    watch: FolderWatch, ear: Ear, downloads: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "a stick"
    stick.mkdir()
    watch.desk.run("watch_folder", folder=str(stick))
    stick.rmdir()
    (downloads / "catalogue.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    watch.look()
    assert len(watch.look()) == 1
    assert not ear.trouble
    for _ in range(2 * PATIENCE):
        watch.look()
    (said,) = ear.trouble
    assert f"The watched folder {stick} is not there" in said
    stick.mkdir()
    watch.look()
    stick.rmdir()
    for _ in range(PATIENCE):
        watch.look()
    assert len(ear.trouble) == 2


def test_a_file_that_stays_closed_to_us_is_said_once(
    watch: FolderWatch, ear: Ear, downloads: Path
) -> None:
    watch.desk.actor = Actor("Lee", Role.VIEWER)
    (downloads / "orders.csv").write_text(long_export(1), encoding="utf-8")
    for _ in range(2 * PATIENCE):
        watch.look()
    (said,) = ear.trouble
    assert "may not" in said
    watch.desk.actor = Actor("Kim", Role.OWNER)
    watch.look()
    assert ear.files == ["orders.csv"]


class TooCleverImporter(FileImporter):
    """Breaks on one file, as a bug would."""

    def preview_content(
        self, name: str, content: bytes, *, format_name: str = "auto", reading: Reading = AS_IT_IS
    ) -> Preview:
        if name == "1.csv":
            raise ZeroDivisionError
        return super().preview_content(name, content, format_name=format_name, reading=reading)


def test_a_bug_with_one_file_is_shown_once_and_the_others_come_in(
    watch: FolderWatch, ear: Ear, downloads: Path
) -> None:
    watch.importer = TooCleverImporter(watch.desk)
    (downloads / "1.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    watch.start()
    wait_for(lambda: ear.bugs)
    (downloads / "2.csv").write_text(HEADER + "CUP,Cup,1\n", encoding="utf-8")
    wait_for(lambda: ear.files)
    watch.stop()
    (bug,) = ear.bugs
    assert "ZeroDivisionError" in bug
    assert ear.files == ["2.csv"]


def test_a_bug_in_looking_itself_is_shown_once_and_the_watch_goes_on(
    watch: FolderWatch, ear: Ear, downloads: Path
) -> None:
    desk = watch.desk
    desk.write(lambda db: db.execute(text("UPDATE settings SET value = '7'")))
    watch.start()
    wait_for(lambda: ear.bugs)
    desk.write(lambda db: db.execute(text("UPDATE settings SET value = '[]'")))
    desk.run("watch_folder", folder=str(downloads))
    (downloads / "1.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    wait_for(lambda: ear.files)
    watch.stop()
    assert len(ear.bugs) == 1


def test_files_that_are_too_large_are_refused_unread_each_with_its_case(
    watch: FolderWatch, downloads: Path
) -> None:
    for name in ("1.csv", "2.csv"):
        with (downloads / name).open("wb") as file:
            file.truncate(limits.FILE_BYTES + 1)
    watch.look()
    assert [report.verdict for report in watch.look()] == [Verdict.REFUSE, Verdict.REFUSE]
    titles = [row.title for row in rows(watch, "SELECT title FROM exception_cases ORDER BY id")]
    assert titles == ["1.csv: refused", "2.csv: refused"]
    restarted = FolderWatch(watch.desk, watch.importer)
    restarted.look()
    assert restarted.look() == []


def wait_for(what: Callable[[], object]) -> None:
    patience = time.monotonic() + 20
    while not what() and time.monotonic() < patience:
        time.sleep(0.001)
    assert what()


def test_the_thread_takes_a_file_in_and_stops_when_asked(
    watch: FolderWatch, ear: Ear, downloads: Path
) -> None:
    watch.start()
    (downloads / "catalogue.csv").write_text(HEADER + "MUG,Mug,1\n", encoding="utf-8")
    wait_for(lambda: ear.files)
    watch.stop()
    assert ear.files == ["catalogue.csv"]


def long_export(count: int) -> str:
    head = (
        "order_id,created_at,name,address1,city,state,zip,country,sku,quantity,unit_price,currency"
    )
    row = "N-{},2025-11-20T09:00:00-05:00,Ada,1 Main St,Austin,TX,78701,US,MUG,1,15.00,USD"
    return "\n".join([head, *map(row.format, range(count)), ""])


def test_a_file_that_is_coming_in_when_the_desk_closes_is_finished_at_the_next_start(
    watch: FolderWatch, downloads: Path
) -> None:
    desk = watch.desk
    kept_back = long_export(1501).replace("N-1500", "").splitlines()[-1]
    export = long_export(1500) + kept_back + "\n"
    (downloads / "orders.csv").write_text(export, encoding="utf-8")
    watch.start()
    wait_for(lambda: rows(watch, "SELECT id FROM orders LIMIT 1"))
    watch.stop()
    assert [row.state for row in rows(watch, "SELECT state FROM import_files")] == ["confirmed"]
    desk.importer = FileImporter(desk)
    desk.catch_up()
    assert [row.state for row in rows(watch, "SELECT state FROM import_files")] == ["done"]
    assert rows(watch, "SELECT count(*) FROM orders") == [(1500,)]
    assert rows(watch, "SELECT title FROM exception_cases WHERE kind = 'file_problem'") == [
        ("orders.csv: 1 kept back",)
    ]
    restarted = FolderWatch(desk, desk.importer)
    restarted.look()
    assert restarted.look() == []


def test_a_file_that_a_person_cancelled_comes_in_whole_when_it_is_there_again(
    watch: FolderWatch, downloads: Path
) -> None:
    file = downloads / "orders.csv"
    file.write_text(long_export(250), encoding="utf-8")
    told: list[int] = []
    watch.importer.confirm(
        watch.importer.preview(file),
        progress=lambda done, _total: told.append(done),
        cancelled=lambda: bool(told),
    )
    assert rows(watch, "SELECT count(*) FROM orders") == [(100,)]
    watch.look()
    watch.look()
    assert rows(watch, "SELECT count(*) FROM orders") == [(250,)]


def test_watching_needs_a_folder_and_an_owner(watch: FolderWatch, downloads: Path) -> None:
    desk = watch.desk
    with pytest.raises(RefusedError, match="no folder"):
        desk.run("watch_folder", folder=str(downloads / "nowhere"))
    with pytest.raises(NotFoundError, match="not watched"):
        desk.run("stop_watching", folder=str(downloads / "nowhere"))
    desk.actor = Actor("Lee", Role.APPROVER)
    with pytest.raises(NotAllowedError):
        desk.run("watch_folder", folder=str(downloads))

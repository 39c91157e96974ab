"""A backup is made when it is time, verified, and no more are kept than was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import RefusedError
from app.services.backing_up import back_up_if_due, is_one_due
from app.services.backup import look_into
from app.services.backup_schedule import OFF, Schedule, is_old, kept_backups, schedule
from app.services.desk import Desk
from app.services.opening import open_ready_store
from tests.queries import brand


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    open_ready_store(url, now=brand.NOW).close()  # as the program makes it
    return brand.busy_desk(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "safe"
    made.mkdir()
    return made


def later(desk: Desk, **time: float) -> Desk:
    now = desk.now() + timedelta(**time)
    return replace(desk, now=lambda: now)


def test_nothing_is_made_before_somebody_says_so(desk: Desk) -> None:
    assert desk.read(schedule) == Schedule(OFF)
    assert back_up_if_due(desk) is None


def test_a_daily_backup_is_made_at_once_and_then_a_day_later(desk: Desk, folder: Path) -> None:
    desk.run("set_backup_schedule", every="day", folder=str(folder), keep=7)
    made = back_up_if_due(desk)
    assert made is not None
    assert look_into(made.path).orders == made.orders == 10
    assert back_up_if_due(later(desk, hours=23)) is None
    assert back_up_if_due(later(desk, hours=24)) is not None


def test_a_weekly_backup_waits_a_week(desk: Desk, folder: Path) -> None:
    desk.run("set_backup_schedule", every="week", folder=str(folder), keep=7)
    back_up_if_due(desk)
    assert not is_one_due(later(desk, days=6.9))
    assert is_one_due(later(desk, days=7))


def test_only_so_many_are_kept_and_no_other_file_is_touched(desk: Desk, folder: Path) -> None:
    (folder / "orderdeck-mine.backup").write_text("mine", encoding="utf-8")
    (folder / "orderdeck-01234567-20260101-000000.backup").write_text("theirs", encoding="utf-8")
    desk.run("set_backup_schedule", every="day", folder=str(folder), keep=2)
    for day in range(4):
        back_up_if_due(later(desk, days=day))
    kept = kept_backups(desk.store, desk.read(schedule))
    assert [each.made_at for each in kept] == [
        brand.NOW + timedelta(days=3), brand.NOW + timedelta(days=2),
    ]  # fmt: skip
    assert len(list(folder.iterdir())) == 4


def test_a_backup_is_old_when_two_were_missed(desk: Desk, folder: Path) -> None:
    desk.run("set_backup_schedule", every="day", folder=str(folder), keep=2)
    wanted = desk.read(schedule)
    assert is_old(wanted, (), brand.NOW)
    back_up_if_due(desk)
    kept = kept_backups(desk.store, wanted)
    assert not is_old(wanted, kept, brand.NOW + timedelta(hours=47))
    assert is_old(wanted, kept, brand.NOW + timedelta(hours=49))


def test_a_folder_that_is_gone_is_said_and_nothing_else_happens(desk: Desk, folder: Path) -> None:
    desk.run("set_backup_schedule", every="day", folder=str(folder), keep=2)
    folder.rmdir()
    with pytest.raises(RefusedError, match="No backup was made"):
        back_up_if_due(desk)


def test_a_schedule_that_cannot_be_kept_is_refused_and_a_change_is_taken_back(
    desk: Desk, folder: Path
) -> None:
    with pytest.raises(RefusedError, match="no folder"):
        desk.run("set_backup_schedule", every="day", folder=str(folder / "nowhere"))
    with pytest.raises(RefusedError, match="Between 1 and 365"):
        desk.run("set_backup_schedule", every="day", folder=str(folder), keep=0)
    changes = desk.run("set_backup_schedule", every="day", folder=str(folder), keep=3)
    assert changes.undo is not None
    desk.undo(changes.undo)
    assert desk.read(schedule) == Schedule(OFF)


def test_looking_into_a_backup_leaves_nothing_behind(
    desk: Desk, folder: Path, desk_home: Path
) -> None:
    desk.run("set_backup_schedule", every="day", folder=str(folder), keep=3)
    made = back_up_if_due(desk)
    assert made is not None
    before = made.path.read_bytes()
    assert look_into(made.path).newest == brand.NOW
    assert made.path.read_bytes() == before
    assert not list(desk_home.glob("*.look*"))
    other = folder / "notes.txt"
    other.write_text("no backup", encoding="utf-8")
    with pytest.raises(RefusedError):
        look_into(other)

"""A database that cannot be opened shows ways out, and a restore from there leads back to work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.roles import SYSTEM
from app.errors import StoreError
from app.services.backup import Restored, back_up, look_into, restore
from app.services.desk import Desk
from app.services.opening import open_ready_store
from app.ui.recovery import Recovery
from tests.queries import brand


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a desk with a backup beside it, and damage the desk."""
    place = tmp_path / "desk.sqlite"
    url = f"sqlite:///{place}"
    open_ready_store(url, now=brand.NOW).close()
    desk = brand.busy_desk(url)
    back_up(desk.store, tmp_path / "good.backup", actor=desk.actor, now=brand.NOW)
    desk.store.close()
    place.write_bytes(b"not a database any more" * 400)
    return place


@pytest.fixture
def screen(place: Path, qtbot: QtBot) -> Recovery:
    """Show why it cannot be opened."""
    url = f"sqlite:///{place}"
    with pytest.raises(StoreError) as wrong:
        open_ready_store(url, now=brand.NOW)
    put_back = partial(_put_back, url)
    made = Recovery(wrong.value, place, look_into, put_back)
    qtbot.addWidget(made)
    made.show()
    return made


def _put_back(url: str, path: Path) -> Restored:
    return restore(path, url, actor=SYSTEM, now=brand.NOW)


def words(screen: Recovery) -> str:
    return "\n".join(label.text() for label in screen.findChildren(QLabel) if label.isVisible())


def verbs(screen: Recovery) -> dict[str, QPushButton]:
    return {each.text(): each for each in screen.findChildren(QPushButton) if each.isVisible()}


def wait(qtbot: QtBot, is_so: Callable[[], bool]) -> None:
    qtbot.waitUntil(is_so, timeout=20_000)


def test_it_says_what_happened_what_was_not_done_and_what_can_be_done(screen: Recovery) -> None:
    assert "is not a database" in words(screen)
    assert "nothing in it was changed" in words(screen)
    assert set(verbs(screen)) == {
        "Try again", "Restore a backup…", "Choose another desk…", "Open the folder", "Quit",
    }  # fmt: skip


def test_a_restore_asks_first_and_leads_back_to_work(
    screen: Recovery, place: Path, qtbot: QtBot
) -> None:
    screen.look_into(place.with_name("good.backup"))
    wait(qtbot, lambda: "Restore 10 orders" in verbs(screen))
    assert place.read_bytes().startswith(b"not a database")  # nothing has happened yet
    verbs(screen)["Restore 10 orders"].click()
    wait(qtbot, lambda: "Open the desk" in verbs(screen))
    assert list(place.parent.glob("desk.replaced-*"))
    verbs(screen)["Open the desk"].click()
    assert screen.is_again
    store = open_ready_store(f"sqlite:///{place}", now=brand.NOW)
    assert Desk(store, SYSTEM).read(lambda db: db.exec_driver_sql("SELECT 1").scalar()) == 1
    store.close()


def test_what_is_no_backup_is_refused_and_the_ways_out_stay(
    screen: Recovery, place: Path, qtbot: QtBot
) -> None:
    screen.look_into(place)
    wait(qtbot, lambda: "Try again" in verbs(screen))
    assert "Nothing was changed" in words(screen)


def test_leaving_a_restore_changes_nothing(screen: Recovery, place: Path, qtbot: QtBot) -> None:
    before = place.read_bytes()
    screen.look_into(place.with_name("good.backup"))
    wait(qtbot, lambda: "Leave it" in verbs(screen))
    verbs(screen)["Leave it"].click()
    wait(qtbot, lambda: "Restore a backup…" in verbs(screen))
    assert place.read_bytes() == before


def test_another_desk_can_be_chosen_and_quitting_chooses_nothing(screen: Recovery) -> None:
    screen.close()
    assert screen.chosen is None
    assert not screen.is_again
    screen.take(Path("other.db"))
    assert screen.chosen == Path("other.db")

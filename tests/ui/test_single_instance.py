"""Is a desk opened once, and does a second start hand its files to the first window?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.config import home
from app.errors import RefusedError
from app.ui import single
from app.ui.single import SingleInstance
from tests.ui.conftest import DeskWindow

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.ui.single import SingleInstance
application = QCoreApplication([])
second = SingleInstance("desk")
if second.claim():
    sys.exit(9)
second.hand_over([Path(name) for name in sys.argv[1:]])
"""


@pytest.fixture
def first(qapp: QApplication) -> SingleInstance:  # noqa: ARG001 (sockets need an application)
    made = SingleInstance("desk")
    assert made.claim()
    return made


def test_a_second_start_brings_its_files_and_ends_well(
    first: SingleInstance, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "Bestellungen für März.csv"
    with qtbot.waitSignal(first.asked, timeout=20_000) as asked:
        second = subprocess.Popen([sys.executable, "-c", SECOND, str(file)])
    assert asked.args == [[file]]
    assert second.wait(20) == 0
    first.leave()


def test_another_desk_has_a_window_of_its_own(first: SingleInstance) -> None:
    other = SingleInstance("another desk")
    assert other.claim()
    other.leave()
    first.leave()


def test_the_place_is_free_again_when_the_window_is_gone(first: SingleInstance) -> None:
    assert not SingleInstance("desk").claim()
    first.leave()
    again = SingleInstance("desk")
    assert again.claim()
    again.leave()


@pytest.mark.usefixtures("qapp")
def test_what_a_crash_left_behind_is_cleared_away() -> None:
    crash = """
import os
from PySide6.QtCore import QCoreApplication
from app.ui.single import SingleInstance
application = QCoreApplication([])
held = SingleInstance("desk")
assert held.claim()
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", crash], check=False, timeout=60)
    assert list(home().glob("*.lock"))
    again = SingleInstance("desk")
    assert again.claim()
    again.leave()


@pytest.mark.usefixtures("qapp")
def test_one_that_does_not_answer_is_said_to_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single, "ANSWER_MS", 50)
    here = SingleInstance("desk")
    lock = QLockFile(str(home() / f"{here.name}.lock"))
    lock.setStaleLockTime(0)
    assert lock.tryLock(0)
    assert not here.claim()
    with pytest.raises(RefusedError, match="does not answer"):
        here.hand_over([])
    lock.unlock()


@pytest.mark.parametrize("said", [b"not json\n", b'{"a": 1}\n', b"17\n"])
def test_what_is_no_list_of_files_is_not_listened_to(
    first: SingleInstance, qtbot: QtBot, said: bytes
) -> None:
    heard: list[object] = []
    first.asked.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(first.name)
    assert socket.waitForConnected(3000)
    socket.write(said)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState,
                    timeout=5000)  # fmt: skip
    assert heard == []
    first.leave()


def test_a_window_that_is_asked_again_shows_the_file(shown: DeskWindow, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,sku\n", encoding="utf-8")
    shown.window.showMinimized()
    shown.window.asked_again([file])
    shown.settle()
    assert not shown.window.isMinimized()
    assert shown.window.imports.isVisible()

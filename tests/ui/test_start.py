"""What happens behind the window does not get lost there."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from app.services.opening import open_ready_store
from app.ui.start import bugs_of_threads_shown
from tests.ui.conftest import DeskWindow


def test_a_bug_that_ends_a_thread_is_shown_in_the_window(shown: DeskWindow) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a bug of ours")

    before = threading.excepthook
    with bugs_of_threads_shown(shown.operations):
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
    shown.qtbot.waitUntil(lambda: bool(shown.bugs), timeout=5_000)
    assert "a bug of ours" in shown.bugs[0]
    assert threading.excepthook is before


_HEAVY = (
    "alembic", "app.cli.orders", "app.ui.manual", "app.ui.printing.preview", "app.sync.files.importer", "highspy", "holidays", "httpx", "keyring",
    "matplotlib", "numpy", "openpyxl", "pandas", "psycopg", "rapidfuzz",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "zxingcpp",
)  # fmt: skip
_PROGRAM = """
import os, sys
from app.__main__ import main
from app.ui import start, window

class Seen(window.Window):
    def showEvent(self, event):
        super().showEvent(event)
        from babel import localedata
        print("seen", [name for name in {heavy} if name in sys.modules], list(localedata._cache))
        sys.stdout.flush()
        os._exit(0)

start.Window = Seen
main(["--db", {url!r}, "gui"])
"""


def test_what_is_heavy_is_loaded_once_the_window_can_be_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    open_ready_store(url, now=datetime.now(UTC)).close()
    code = _PROGRAM.format(heavy=_HEAVY, url=url)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "seen [] []", ended.stderr

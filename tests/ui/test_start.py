"""What happens behind the window does not get lost there."""

from __future__ import annotations

import subprocess
import sys
import threading

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


def test_what_is_heavy_and_seldom_wanted_is_loaded_after_the_window() -> None:
    heavy = [
        "alembic",
        "matplotlib",
        "openpyxl",
        "pandas",
        "rapidfuzz",
        "sqlalchemy.orm",
        "zxingcpp",
    ]
    code = f"import sys, app.main, app.ui.start; print([m for m in {heavy} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

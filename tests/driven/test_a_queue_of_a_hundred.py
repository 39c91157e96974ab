"""A person works a hundred orders in a real window, by keys alone and by the mouse alone; another
one sees it for the first time.

The window runs in a process of its own on a virtual screen under a window manager, because only
there do keys travel as they do for people; the walk itself is in ``by_keyboard``, ``by_mouse`` and ``the_first_minute``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "openbox", "xdotool")
pytestmark = pytest.mark.skipif(
    any(shutil.which(each) is None for each in NEEDED),
    reason=f"needs {', '.join(NEEDED)}; .ci/run installs them",
)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A virtual screen with a window manager, as an environment to start the desk in."""
    told, tell = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[tell], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tell)
    with os.fdopen(told) as pipe:
        display = f":{pipe.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                   "ORDERDECK_HOME": str(tmp_path / "home")}  # fmt: skip
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    yield environment
    manager.terminate()
    server.terminate()
    manager.wait(10)
    server.wait(10)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("walk", ["by_keyboard", "by_mouse"])
def test_a_hundred_mixed_orders_are_worked(
    screen: dict[str, str], tmp_path: Path, walk: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.driven.{walk}", str(tmp_path)],
        env=screen, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
        timeout=220,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(240)
def test_a_new_desk_leads_to_triaged_orders_with_three_clicks(
    screen: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.driven.the_first_minute", str(tmp_path)],
        env=screen, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
        timeout=220,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("3 clicks, 0 keys")

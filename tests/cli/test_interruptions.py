"""Does an import that was stopped in the middle finish by itself at the next start?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import HEAD, Door, line

ORDERS = 3000


@pytest.mark.skipif(os.name != "posix", reason="stops a process the POSIX way")
def test_a_killed_import_is_finished_by_the_next_one(stocked: Door) -> None:
    rows = "".join(line(f"W-{n}", "TEA-001") for n in range(ORDERS))
    path = stocked.file("many.csv", HEAD + rows)
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--db", stocked.url, "import", path],
        cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not 0 < len(stocked.json("orders")) < ORDERS and time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.skip("this machine was faster than the test")
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    part = len(stocked.json("orders"))
    assert 0 < part < ORDERS
    said = stocked("import", stocked.file("catalogue.csv", "sku,title\nTEA-001,Green tea\n"))
    assert said.status == 0
    assert "had been interrupted" in said.err
    assert len(stocked.json("orders")) == ORDERS
    assert stocked("verify").status == 0

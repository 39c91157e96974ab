"""A back-test leaves nothing open behind it: whoever reads after it sees what was written meanwhile."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.services.backtesting.buffers import backtest_buffers
from app.services.backtesting.rules import backtest_rules
from app.services.rules import rulebooks
from tests.queries.brand import busy_desk, same_desk

FROM_RENO = "rule From Reno\n  if always\n  ship RENO, else anywhere\n"


class StoppedByAPersonError(Exception):
    """Somebody has seen enough."""


def stop(_done: int, _all: int) -> None:
    raise StoppedByAPersonError


@pytest.mark.parametrize("replay", [
    partial(backtest_rules, text=FROM_RENO), partial(backtest_rules, text=FROM_RENO, progress=stop),
    partial(backtest_buffers, channels={"shopify": {"buffer_units": 1}}),
])  # fmt: skip
def test_what_is_read_after_a_replay_is_what_there_is(
    tmp_path: Path, replay: Callable[..., Any]
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    desk, other = busy_desk(url), same_desk(url)
    since: datetime = desk.now() - timedelta(hours=1)
    gc.disable()  # what is open would be closed some time, by chance
    try:
        with contextlib.suppress(StoppedByAPersonError):
            desk.read(replay, since=since, now=desk.now())
        other.run("save_rules", text=FROM_RENO)
        assert desk.read(rulebooks.current, "draft") is not None
    finally:
        gc.enable()
        desk.store.close()
        other.store.close()

"""A new desk, three clicks: look around, choose what Today can accept, accept it. Says what it took."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from app.domain.roles import Actor, Role
from app.queries.orders import count_orders
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.ui.pages.today.page import TodayPage
from app.ui.start import make_application
from tests.driven.hands import Hands


def main(folder: Path) -> None:
    """Walk through the first minute as somebody would who reads nothing but the buttons."""
    began = time.monotonic()
    store = open_ready_store(f"sqlite:///{folder / 'new.sqlite'}", now=utc_now())
    hands = Hands(make_application(), Desk(store, Actor("Owner", Role.OWNER)))

    def accepted() -> int:
        return hands.desk.read(count_orders, now=hands.desk.now(), query="is:toship")

    hands.click_button("Just look around with demo data")
    hands.wait(lambda: bool(hands.window.page), "the demo is not shown")
    before = accepted()
    today = hands.window.pages["today"]
    assert isinstance(today, TodayPage)
    rows = [today.model.peek(at) for at in range(today.model.rowCount())]
    at = next(at for at, row in enumerate(rows) if row and "can be accepted" in row.title)
    hands.click_row(today.list, at)
    hands.click_button("Accept")
    took = time.monotonic() - began
    assert accepted() > before, "nothing was triaged"
    assert hands.keys + hands.clicks <= 3
    sys.stdout.write(f"{hands.clicks} clicks, {hands.keys} keys, {took:.1f} s\n")
    hands.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

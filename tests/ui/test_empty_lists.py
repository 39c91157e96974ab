"""Does an empty list say why: nothing yet, nothing found, or all done, each with its next step?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.roles import Actor, Role
from app.services.desk import Desk, utc_now
from app.services.opening import open_ready_store
from app.services.setup import OWNER
from app.ui.lists.list_page import ListPage
from tests.ui.conftest import DeskWindow


def said_on(page: ListPage) -> list[str]:
    parts: list[QLabel | QPushButton] = page.findChildren(QLabel)
    parts += page.findChildren(QPushButton)
    return [each.text() for each in parts if each.isVisible()]


@pytest.mark.parametrize(
    ("page", "title"),
    [("orders", "No orders yet"), ("shipments", "No parcels yet"),
     ("exceptions", "Nothing can be wrong yet")],
)  # fmt: skip
def test_a_desk_into_which_nothing_came_leads_to_the_first_steps(
    tmp_path: Path, open_window: Callable[[Desk], DeskWindow], page: str, title: str
) -> None:
    store = open_ready_store(f"sqlite:///{tmp_path / 'new.sqlite'}", now=utc_now())
    shown = open_window(Desk(store, Actor(OWNER, Role.OWNER)))
    shown.go(page)
    here = shown.window.pages[page]
    assert isinstance(here, ListPage)
    said = said_on(here)
    assert title in said
    assert "First steps…" in said
    assert not any("routed" in each for each in said)


def test_a_view_that_is_worked_off_says_so_and_leads_on(shown: DeskWindow) -> None:
    shown.operations.run("accept", order_ids=[
        row.id for row in shown.desk.read(shown.orders._queries.rows, query="is:ready",  # noqa: SLF001
                                          now=shown.desk.now())
    ])  # fmt: skip
    shown.go("orders", "ready")
    said = said_on(shown.orders)
    assert "Nothing waits for a decision" in said
    assert "Show what is to ship" in said

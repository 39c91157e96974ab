"""An operator keeps ways of looking at a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.changes import Changes
from app.domain.roles import Actor, Role
from app.errors import NotFoundError, RefusedError
from app.models.governance import audit_entries
from app.queries.views import SavedView, views_of
from app.services.desk import Desk
from tests.queries.brand import NOW, empty_desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    opened = empty_desk(database_url)
    yield opened
    opened.store.close()


def views(desk: Desk, page: str = "orders") -> list[SavedView]:
    return desk.read(views_of, page, desk.actor.name, now=NOW)


def take_back(desk: Desk, changes: Changes) -> Changes:
    assert changes.undo is not None
    return desk.undo(changes.undo)


def test_a_saved_view_comes_back_with_search_sorting_and_columns(desk: Desk) -> None:
    desk.run("save_view", page="orders", name="  Big   mugs ", query="sku:MUG-* qty:>3",
             sort="total", descending=True, columns=["number", "total"])  # fmt: skip
    (view,) = views(desk)
    assert (view.name, view.query) == ("Big mugs", "sku:MUG-* qty:>3")
    assert (view.sort, view.descending, view.columns) == ("total", True, ("number", "total"))
    assert not view.is_pinned


def test_saving_and_deleting_can_be_taken_back(desk: Desk) -> None:
    saved = desk.run("save_view", page="orders", name="Mugs", query="mug", is_pinned=True)
    (before,) = views(desk)
    deleted = desk.run("delete_view", view_id=before.id)
    assert views(desk) == []
    take_back(desk, deleted)
    assert views(desk) == [before]
    take_back(desk, saved)
    assert views(desk) == []


def test_a_change_can_be_taken_back(desk: Desk) -> None:
    desk.run("save_view", page="orders", name="Mugs", query="mug")
    (before,) = views(desk)
    until = NOW + timedelta(days=3)
    changed = desk.run(
        "change_view", view_id=before.id,
        changes={"name": "Cups", "is_pinned": True, "until": until, "position": 7},
    )  # fmt: skip
    (after,) = views(desk)
    assert (after.name, after.is_pinned, after.until, after.position) == ("Cups", True, until, 7)
    take_back(desk, changed)
    assert views(desk) == [before]


def test_two_views_of_a_page_cannot_have_one_name(desk: Desk) -> None:
    desk.run("save_view", page="orders", name="Mugs")
    desk.run("save_view", page="inventory", name="Mugs")
    with pytest.raises(RefusedError, match="have a view “Mugs” here already"):
        desk.run("save_view", page="orders", name="Mugs")
    desk.run("save_view", page="orders", name="Cups")
    cups = views(desk)[1]
    with pytest.raises(RefusedError, match="already"):
        desk.run("change_view", view_id=cups.id, changes={"name": "Mugs"})


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name_of_a_few_words(desk: Desk, name: str) -> None:
    with pytest.raises(RefusedError, match="1 to 80"):
        desk.run("save_view", page="orders", name=name)


def test_nobody_changes_the_views_of_another(desk: Desk) -> None:
    desk.run("save_view", page="orders", name="Mugs")
    (view,) = views(desk)
    desk.actor = Actor("Ann", Role.OWNER)
    assert views(desk) == []
    for name, more in (("change_view", {"changes": {"name": "Mine"}}), ("delete_view", {})):
        with pytest.raises(NotFoundError, match="not there any more"):
            desk.run(name, view_id=view.id, **more)
    desk.run("save_view", page="orders", name="Mugs")


def test_the_audit_tells_that_a_view_changed_and_not_who_is_looked_for(desk: Desk) -> None:
    desk.run("save_view", page="orders", name="Zoë", query='buyer:"Zoë Müller"')
    (view,) = views(desk)
    desk.run("change_view", view_id=view.id, changes={"query": "buyer:Lindqvist"})
    with desk.store.read() as db:
        entries = str(db.execute(select(audit_entries)).all())
    assert "save view" in entries
    assert "change view" in entries
    assert "Müller" not in entries
    assert "Zoë" not in entries
    assert "Lindqvist" not in entries

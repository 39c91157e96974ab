"""Which views are offered?"""

from __future__ import annotations

from datetime import timedelta

from app.queries.views import views_of
from app.services.desk import Desk
from tests.queries.brand import NOW, OWNER


def names(desk: Desk, page: str = "orders") -> list[str]:
    return [view.name for view in desk.read(views_of, page, OWNER.name, now=desk.now())]


def test_views_stand_in_the_order_in_which_they_were_put(busy: Desk) -> None:
    for name in ("First", "Second", "Third"):
        busy.run("save_view", page="orders", name=name)
    busy.run("save_view", page="inventory", name="Elsewhere")
    assert names(busy) == ["First", "Second", "Third"]
    third = busy.read(views_of, "orders", OWNER.name, now=NOW)[2]
    busy.run("change_view", view_id=third.id, changes={"position": 0})
    assert names(busy) == ["Third", "First", "Second"]


def test_a_view_whose_time_is_over_is_not_offered(busy: Desk) -> None:
    busy.run("save_view", page="orders", name="Holidays", until=NOW + timedelta(days=1))
    busy.run("save_view", page="orders", name="Always")
    assert names(busy) == ["Holidays", "Always"]
    busy.now = lambda: NOW + timedelta(days=2)
    assert names(busy) == ["Always"]

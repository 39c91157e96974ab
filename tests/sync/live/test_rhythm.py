"""How soon is a channel told of what sells slowly, and is it ever told too late that there is less?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.syncing import Rhythm
from app.errors import RefusedError
from app.models.catalogue import skus
from tests.beginnings import Begun
from tests.sync.live.world import World, world


@pytest.fixture
def desk(begun: Begun) -> Iterator[World]:
    """MUG sells every day, BOWL hardly ever; both are told already."""
    with world(begun, "shopify") as made:
        for sku, band in (("MUG", "A"), ("BOWL", "D")):
            made.stock(sku, 40)
            query = select(skus.c.id).where(skus.c.code == sku)
            ids = made.desk.read(lambda db, query=query: list(db.execute(query).scalars()))
            made.desk.run("edit_skus", sku_ids=ids, changes={"velocity": band})
        made.desk.run(
            "change_pace", account_id=made.accounts["shopify"], pace=timedelta(seconds=90),
            pushes_quantities=True, rhythms={"C": Rhythm.NEAR, "D": Rhythm.DAILY},
        )  # fmt: skip
        made.start("shopify")
        made.until_quiet()
        yield made


def move(made: World, units: int) -> None:
    for sku in ("MUG", "BOWL"):
        made.desk.run("adjust", sku=sku, location="MAIN", quantity=units, reason="Counted")


def shown(made: World) -> tuple[int, int]:
    made.clock.pass_by(600)
    made.cycle()
    offers = made.shops["shopify"].offers
    return offers["MUG"].quantity, offers["BOWL"].quantity


def test_more_of_what_hardly_sells_waits_for_its_day(desk: World) -> None:
    move(desk, 5)
    assert shown(desk) == (45, 40)
    move(desk, 5)
    assert shown(desk) == (50, 40)
    desk.clock.pass_by(86_400)
    assert shown(desk) == (50, 50)


def test_less_is_told_at_once_however_slowly_it_sells(desk: World) -> None:
    move(desk, -5)
    assert shown(desk) == (35, 35)


def test_a_rhythm_that_is_none_is_refused_and_a_change_is_taken_back(desk: World) -> None:
    account, pace = desk.accounts["shopify"], timedelta(seconds=90)
    with pytest.raises(RefusedError):
        desk.desk.run("change_pace", account_id=account, pace=pace, pushes_quantities=True,
                      rhythms={"E": "at_once"})  # fmt: skip
    changes = desk.desk.run("change_pace", account_id=account, pace=pace, pushes_quantities=True,
                            rhythms={})  # fmt: skip
    assert changes.undo is not None
    desk.desk.run(changes.undo.operation, **changes.undo.arguments)
    desk.start("shopify")
    assert desk.loops["shopify"].work.account.rhythms == {"C": "near", "D": "daily"}

"""What becomes of very many quantities that a channel takes at once and works through by itself?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from sqlalchemy import select

from app.domain.outgoing import Offer
from app.models.cases import exception_cases
from app.models.exchange import outbox_messages
from app.sync.channels.amazon import telling
from app.sync.live.terms import Bulk
from app.sync.loopback.faults import Does
from app.sync.loopback.shop import Shop
from tests.contracts.reference import CONTRACTS, MISSING
from tests.sync.live.faulty import Killed, killed_at
from tests.sync.live.invariants import broken
from tests.sync.live.world import World, sqlite_url, world

SKUS = 30


@pytest.fixture(params=["amazon", "walmart"])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A desk whose channel shows nothing of what is on the shelf yet."""
    with world(sqlite_url(tmp_path), str(request.param)) as made:
        made.stock_many(SKUS, 50)
        for offered in shop(made).offers.values():
            offered.quantity = 0
        start(made)
        yield made
        assert broken(made) == []


def start(made: World, breaks: Callable[[str], None] | None = None) -> None:
    """Start anew, with so few numbers making a bulk that a test need not have hundreds."""
    (name,) = made.shops
    work = made.start(name, breaks).work
    work.traits = replace(work.traits, bulk=Bulk(20, 1000))


def shop(made: World) -> Shop:
    (found,) = made.shops.values()
    return found


def look(made: World, times: int = 1) -> None:
    (name,) = made.shops
    for _ in range(times):
        made.cycle(name)


def shown(made: World) -> list[int]:
    return sorted(x.quantity for x in shop(made).offers.values())


def asked(made: World, operation: str) -> int:
    return sum(x.operation == operation for x in shop(made).requests)


def test_many_numbers_go_at_once_and_are_looked_for_until_they_are_there(desk: World) -> None:
    shop(desk).offers["SKU-00007"].is_refused = True
    look(desk)
    assert (shown(desk)[-1], asked(desk, "quantity")) == (0, 0)  # it is still being worked through
    look(desk)
    assert shown(desk) == [0, *[50] * (SKUS - 1)]
    assert asked(desk, "quantity") == 0
    look(desk, 3)
    assert asked(desk, "quantity") == 0  # what was refused is not told again and again
    table = exception_cases.c
    cases = desk.desk.read(lambda db: db.execute(select(table.title, table.kind)).all())
    (title,) = [x.title for x in cases if x.kind == "listing_error"]
    assert "SKU-00007" in title


def test_a_sale_meanwhile_is_told_at_once_and_what_is_shown_is_right_at_the_end(
    desk: World,
) -> None:
    look(desk)
    (name,) = desk.shops
    desk.desk.run("adjust", sku="SKU-00003", location="MAIN", quantity=-45, reason="Broken")
    start(desk)  # as after a restart: what is under way stands in the rows
    desk.loops[name].cycle()
    assert desk.shops[name].offers["SKU-00003"].quantity in (0, 5)
    look(desk, 3)
    assert desk.shops[name].offers["SKU-00003"].quantity == 5
    assert shown(desk) == [5, *[50] * (SKUS - 1)]


@pytest.mark.parametrize("place", ["bulk.before_send", "bulk.after_send"])
def test_a_kill_around_a_bulk_loses_no_number(desk: World, place: str) -> None:
    start(desk, killed_at(place, 1))
    with pytest.raises(Killed):
        look(desk)
    desk.clock.pass_by(150)
    start(desk)
    look(desk, 3)
    assert shown(desk) == [50] * SKUS
    states = select(outbox_messages.c.state).where(outbox_messages.c.kind == "quantity")
    left = set(desk.desk.read(lambda db: list(db.execute(states).scalars())))
    assert left <= {"acked", "recalled"}


def test_a_bulk_whose_answer_is_lost_is_handed_in_again(desk: World) -> None:
    (name,) = desk.shops
    desk.shops[name].faults.add(Does.COMMIT_THEN_DROP, "bulk")
    look(desk, 4)
    assert shown(desk) == [50] * SKUS


def test_a_bulk_that_never_ends_is_given_up_and_told_anew(desk: World) -> None:
    (name,) = desk.shops
    look(desk)
    for key in [x for x in desk.shops[name].answered if x.startswith("feed:")]:
        begun, rows = desk.shops[name].answered[key]
        desk.shops[name].answered[key] = (begun.replace(year=begun.year + 1), rows)
    desk.clock.pass_by(3600)
    look(desk, 4)
    assert shown(desk) == [50] * SKUS


@pytest.mark.skipif(not CONTRACTS.exists(), reason=MISSING)
def test_a_feed_of_quantities_is_as_amazon_describes_it() -> None:
    schema = json.loads(
        (CONTRACTS / "amazon/schemas/feeds/listings-feed-schema-v2.json").read_text()
    )
    offers = [Offer(at, f"SKU “{at}”", "", "", "Mug", at * 7) for at in range(3)]
    feed = json.loads(telling.availabilities("A1SELLER", offers))
    assert [x.message for x in Draft7Validator(schema).iter_errors(feed)] == []
    assert [x["messageId"] for x in feed["messages"]] == [1, 2, 3]

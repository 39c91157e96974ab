"""What a verb would do is what it then does, on both engines."""

from __future__ import annotations

import pytest

from app.queries.order_effects import Effects, effects, waiting_parts
from app.queries.orders import matching_ids
from app.services.desk import Desk
from tests.queries import brand


def everything(desk: Desk) -> list[int]:
    return desk.read(matching_ids, now=brand.NOW)


def foreseen(desk: Desk) -> Effects:
    return desk.read(effects, everything(desk), now=brand.NOW)


def test_what_is_selected_adds_up(busy: Desk) -> None:
    found = foreseen(busy)
    assert (found.count, found.units) == (10, 87)
    assert found.worth == {"USD": 87 * 1500}
    assert found.late == 1
    assert sum(found.steps.values()) == 10


@pytest.mark.parametrize(
    ("verb", "operation", "given"),
    [
        ("accept", "accept", {}),
        ("hold", "hold", {"reason": "Wait"}),
        ("release", "release", {"reason": "Go"}),
        ("withdraw", "withdraw", {}),
        ("cancel", "cancel", {"reason": "Gone"}),
    ],
)
def test_a_verb_does_what_was_foreseen(
    busy: Desk, verb: str, operation: str, given: dict[str, str]
) -> None:
    expected = foreseen(busy).verbs[verb]
    done = busy.run(operation, order_ids=everything(busy), **given)
    assert (len(done.done), len(done.skipped)) == (expected.done, sum(expected.left.values()))


def test_accepting_says_how_much_postage_from_where_and_what_is_late(busy: Desk) -> None:
    found = foreseen(busy)
    accept = found.verbs["accept"]
    assert accept.late == 1
    assert accept.left["on hold"] == 2
    assert accept.left["short"] == 1
    parcels = {place.location: (place.parcels, place.cost) for place in found.places}
    assert sum(parcels for parcels, _cost in parcels.values()) >= accept.done
    assert sum(cost for _parcels, cost in parcels.values()) == found.postage["USD"]
    busy.run("accept", order_ids=everything(busy))
    after = foreseen(busy)
    assert after.verbs["accept"].done == 0
    assert after.places == ()


def test_shipping_counts_the_orders_with_a_parcel_that_waits(busy: Desk) -> None:
    waiting = busy.read(waiting_parts, everything(busy))
    assert [part.number for part in waiting] == ["ACCEPTED"]
    assert foreseen(busy).verbs["ship"].done == 1


def test_of_nothing_there_is_nothing_to_say(busy: Desk) -> None:
    found = busy.read(effects, [], now=brand.NOW)
    assert (found.count, found.units, found.worth, found.places) == (0, 0, {}, ())

"""Where the desk stands is read from what is set and what happened; the likeliest trouble comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from app.domain.roles import SYSTEM
from app.domain.whereabouts import Mode, Risk
from app.models.fulfilment import shipments
from app.models.orders import channel_accounts, orders
from app.queries.orders import count_orders
from app.queries.shipments import ParcelRow, count_parcels, matching_parcels, rows_of
from app.queries.whereabouts import whereabouts
from app.services import people, setup
from app.services.desk import Desk
from tests.builders import MONDAY, Shop, an_order
from tests.queries import brand

SLOW = MONDAY - timedelta(hours=9)


def test_the_map_names_how_each_channel_is_worked_and_what_is_done_by_hand(shop: Shop) -> None:
    shop.stocked(TEA=(9, 0))
    setup.account_for(shop.db, "etsy", now=MONDAY)
    people.add_operator(shop.db, SYSTEM, name="Ada", role="approver", now=MONDAY)
    people.add_operator(shop.db, SYSTEM, name="Bob", role="operator", now=MONDAY)
    shop.takes_in(an_order("1", ("TEA", 1)))
    found = whereabouts(shop.db, now=MONDAY + timedelta(hours=1))
    spots = {each.channel: each for each in found.channels}
    assert (spots["shopify"].mode, spots["shopify"].orders) == (Mode.BY_HAND, 1)
    assert spots["shopify"].known_after == timedelta(hours=2)
    assert spots["etsy"].last_in is None
    assert "upload the file of quantities" in spots["etsy"].by_hand
    assert [(each.code, each.skus) for each in found.places] == [("EAST", 1), ("WEST", 0)]
    assert ("Ada", "approver") in found.overriders
    assert "Bob" not in dict(found.overriders)
    assert found.gaps == (), "two hours are no late news"


def test_the_likeliest_trouble_comes_first_each_with_the_place_to_mend_it(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0))
    due = MONDAY + timedelta(days=1)
    shop.takes_in(
        *(replace(an_order(str(n), ("TEA", 1)), placed_at=SLOW, ship_by=due) for n in range(3))
    )
    found = whereabouts(shop.db, now=MONDAY + timedelta(days=2))
    assert [(each.risk, each.count, each.page) for each in found.gaps] == [
        (Risk.OVERSELL, 2, "channels"), (Risk.LATE, 3, "orders"),
    ], "two sales to be cancelled are worse than three that come late"  # fmt: skip
    assert found.gaps[1].query == "channel:shopify is:late"
    assert "never told" in found.gaps[0].why


def test_a_number_counts_exactly_what_its_search_finds(tmp_path: Path) -> None:
    desk = brand.busy_desk(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    now = brand.NOW
    (untold, *_others) = desk.read(matching_parcels, query="is:untold", now=now)
    desk.write(lambda db: db.execute(
        shipments.update().where(shipments.c.id == untold).values(tracking_number="")))  # fmt: skip
    desk.write(partial(sold_in_another_shop, desk.read(rows_of, [untold])[0]))
    found = searched(desk)
    assert {each.split(" ")[1] for each in found} >= {"is:late", "is:untold", "is:unnumbered"}
    desk.write(lambda db: db.execute(
        shipments.update().where(shipments.c.id == untold).values(voided_at=now)))  # fmt: skip
    assert sum(searched(desk).values()) == sum(found.values()) - 2


def sold_in_another_shop(parcel: ParcelRow, db: Connection) -> None:
    """Let an order have come from a second account of its channel."""
    db.execute(insert(channel_accounts).values(
        id=900, channel=parcel.channel, name="Outlet", created_at=brand.NOW))  # fmt: skip
    db.execute(orders.update().where(orders.c.id == parcel.order_id).values(account_id=900))


def searched(desk: Desk) -> dict[str, int]:
    """Return what is counted, by its search, once it was looked for."""
    counts = {"orders": count_orders, "shipments": count_parcels}
    found = [each for each in desk.read(whereabouts, now=brand.NOW).gaps if each.page in counts]
    for each in found:
        assert desk.read(counts[each.page], query=each.query, now=brand.NOW) == each.count, each
    return {each.query: each.count for each in found}

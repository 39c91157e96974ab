"""Does the queue show each order with its step, items, location, cost and tracking?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from app.domain.search_errors import SearchError
from app.models.orders import order_tags, orders
from app.queries.orders import SORTS, count_orders, matching_ids, order_rows
from app.queries.overview import overview
from app.services.desk import Desk
from tests.queries.brand import NOW, order, take_in


def numbers(desk: Desk, query: str) -> list[str]:
    return sorted(row.number for row in desk.read(order_rows, query=query, now=NOW))


def test_each_order_says_its_step_in_the_owner_s_words(busy: Desk) -> None:
    steps = {row.number: row.step for row in busy.read(order_rows, now=NOW)}
    assert steps == {
        "READY": "to decide",
        "HELD": "on hold",
        "SHORT": "short",
        "ACCEPTED": "to ship",
        "SHIPPED": "shipped",
        "GONE": "cancelled",
        "FBA": "channel ships it",
        "LATE": "to decide",
        "APART": "to decide",
        "NEW-CODE": "on hold",
    }


def test_an_order_s_row_says_what_it_holds_and_where_it_would_ship_from(busy: Desk) -> None:
    (row,) = busy.read(order_rows, query="order:APART", now=NOW)
    assert row.items == "25 × TEA-001, 3 × MUG-BLUE"
    assert row.location == "Reno 3PL, Garage"
    assert (row.route_cost, row.route_currency) == (3970, "USD")
    assert (row.buyer_name, row.city, row.state, row.postcode) == (
        "Jane Doe", "New York", "NY", "10001",
    )  # fmt: skip


def test_a_shipped_order_s_row_shows_where_it_left_and_its_tracking_number(busy: Desk) -> None:
    (row,) = busy.read(order_rows, query="order:SHIPPED", now=NOW)
    assert (row.location, row.tracking) == ("Garage", "9400100000000000000001")


def test_an_order_without_a_location_costs_nothing_yet_rather_than_zero(busy: Desk) -> None:
    (row,) = busy.read(order_rows, query="order:SHORT", now=NOW)
    assert row.route_cost is None
    assert row.location == ""


def test_what_must_ship_first_stands_first(busy: Desk) -> None:
    rows = busy.read(order_rows, now=NOW)
    assert rows[0].number == "LATE"
    assert busy.read(order_rows, now=NOW, descending=True)[-1].number == "LATE"


def test_pages_hold_every_order_once_whatever_they_are_sorted_by(busy: Desk) -> None:
    everything = sorted(busy.read(matching_ids, now=NOW))
    assert len(everything) == busy.read(count_orders, now=NOW) == 10
    for sort in SORTS:
        pages = [
            busy.read(order_rows, now=NOW, sort=sort, limit=3, offset=offset)
            for offset in range(0, 12, 3)
        ]
        assert sorted(row.id for page in pages for row in page) == everything, sort


FINDS: tuple[tuple[str, list[str]], ...] = (
    ("ready", ["READY"]),
    ("jane", ["ACCEPTED", "APART", "FBA", "GONE", "HELD", "LATE", "NEW-CODE", "READY",
              "SHIPPED", "SHORT"]),
    ("JANE DOE ready", ["READY"]),
    ("mug-red", ["SHORT"]),
    ("94001000", ["SHIPPED"]),
    ("channel:amazon", ["ACCEPTED", "FBA"]),
    ("channel:etsy,walmart", ["NEW-CODE", "SHIPPED"]),
    ("channel:Etsy", ["SHIPPED"]),
    ("-sku:TEA-001", ["ACCEPTED", "NEW-CODE", "SHORT"]),
    ("sku:MUG-*", ["ACCEPTED", "APART", "SHORT"]),
    ("sku:MUG", []),
    ("qty:>20", ["APART", "SHORT"]),
    ("qty:2..28", ["APART", "READY"]),
    ("total:30", ["READY"]),
    ("total:>400", ["APART", "SHORT"]),
    ("shipby:<now", ["LATE"]),
    ("shipby:<+4h", ["LATE"]),
    ("shipby:today", ["LATE"]),
    ("shipby:2026-10-12", ["LATE"]),
    ("shipby:<2026-10-12", []),
    ("shipby:>today -is:shipped is:ready", ["APART", "READY"]),
    ("age:>7h", []),
    ("age:<7h order:READY", ["READY"]),
    ("placed:today order:READY", ["READY"]),
    ("is:held", ["HELD", "NEW-CODE"]),
    ("is:late", ["LATE"]),
    ("is:short", ["SHORT"]),
    ("is:ready", ["APART", "LATE", "READY"]),
    ("is:split", ["APART"]),
    ("is:routed", ["ACCEPTED", "SHIPPED"]),
    ("is:overridden", []),
    ("is:shipped", ["SHIPPED"]),
    ("is:unscanned", ["SHIPPED"]),
    ("is:toship", ["ACCEPTED"]),
    ("is:bychannel", ["FBA"]),
    ("is:printed", []),
    ("is:unprinted", ["ACCEPTED"]),
    ("status:cancelled", ["GONE"]),
    ("node:RENO", ["APART"]),
    ("location:garage is:ready", ["APART", "LATE", "READY"]),
    ("location:\"Reno 3PL\"", ["APART"]),
    ("hold:address_zip", ["HELD"]),
    ("case:shortfall", ["SHORT"]),
    ("is:late OR is:short", ["LATE", "SHORT"]),
    ("(is:late OR is:short) sku:TEA-*", ["LATE"]),
    ("carrier:usps", ["SHIPPED"]),
    ("tracking:9400*", ["SHIPPED"]),
    ("state:ny zip:100* country:us order:READY", ["READY"]),
    ("email:jane@ order:READY", ["READY"]),
    ("title:\"of MUG-RED\"", ["SHORT"]),
    ("service:standard order:READY", ["READY"]),
    ("note:gift", []),
    ("is:late|short", ["LATE", "SHORT"]),
    ("tag:vip", ["READY"]),
    ("-tag:vip is:ready", ["APART", "LATE"]),
    ("tag:VI*,fragile", ["LATE", "READY"]),
    ("tag:vi", []),
    ("assigned:ann", ["READY"]),
    ("has:note", ["READY"]),
    ("has:tag", ["LATE", "READY"]),
    ("has:assignee", ["READY"]),
    ("has:hold", ["HELD", "NEW-CODE"]),
    ("has:case is:short", ["SHORT"]),
    ("has:tracking", ["SHIPPED"]),
    ("-has:email", []),
    ("why:\"four digits\"", ["HELD"]),
    # every example of the search language in one breath, and each of its alternatives alone
    (("channel:amazon,walmart -tag:vip sku:MUG-* qty:>3 total:50..100 shipby:<+4h age:>2d node:RENO "
     "is:held|late|short|split|unscanned|overridden"), []),
    ("status:open OR status:held (is:late)", ["APART", "FBA", "HELD", "LATE", "NEW-CODE", "READY",
                                              "SHORT"]),
)  # fmt: skip


def mark(desk: Desk) -> None:
    """Tag two orders; give one to Ann, with a note."""
    ids = {row.number: row.id for row in desk.read(order_rows, query="", now=NOW)}
    tags = [
        {"order_id": ids[number], "tag": tag, "added_by": "Owner", "added_at": NOW}
        for number, tag in (("READY", "vip"), ("LATE", "Fragile"))
    ]

    def work(db: Connection) -> None:
        db.execute(order_tags.insert(), tags)
        ready = orders.update().where(orders.c.number == "READY")
        db.execute(ready.values(assigned_to="Ann", note="Ring twice"))

    desk.write(work)


def test_each_search_finds_the_orders_that_it_means(busy: Desk) -> None:
    mark(busy)
    for query, found in FINDS:
        assert numbers(busy, query) == found, query
        assert busy.read(count_orders, query=query, now=NOW) == len(found), query
        assert len(busy.read(matching_ids, query=query, now=NOW)) == len(found), query


def test_an_override_is_found_as_one(busy: Desk) -> None:
    (order_id,) = busy.read(matching_ids, query="order:READY", now=NOW)
    busy.run("override", order_id=order_id, location_id=3, reason="Garage is closed today.")
    assert numbers(busy, "is:overridden") == ["READY"]
    assert numbers(busy, "location:RENO is:routed") == ["READY"]


HOSTILE = ("100%", "a_b", "5* hotel", "O'Brien", "\\", "/", "<img src=x>", "=1+1",
           "'; DROP TABLE orders; --", "NEAR(a b)", "\u202eevil", "🎁")  # fmt: skip


def test_a_search_for_a_strange_name_finds_only_its_order(busy: Desk) -> None:
    take_in(busy, *(order(f"N{at}", ("TEA-001", 1), buyer_name=each)
                    for at, each in enumerate(HOSTILE)))  # fmt: skip
    for name in HOSTILE:
        for query in (f'"{name}"', f'buyer:"{name}"'):
            found = busy.read(order_rows, query=query, now=NOW)
            assert [row.buyer_name for row in found] == [name], query


@pytest.mark.parametrize("sign", ["%", "_", "*"])
def test_a_search_for_a_sign_finds_only_the_order_with_it(busy: Desk, sign: str) -> None:
    take_in(busy, order("SIGN", ("TEA-001", 1), buyer_name=f"Ann {sign} Co"))
    assert numbers(busy, sign) == ["SIGN"]


@pytest.mark.parametrize("query", ["émilie", "ÉMILIE", "Émilie", "E\u0301milie"])
def test_letters_beyond_ascii_are_found_in_either_case(busy: Desk, query: str) -> None:
    take_in(busy, order("ACCENT", ("TEA-001", 1), buyer_name="Émilie Größe"))
    assert numbers(busy, query) == ["ACCENT"]


def test_a_search_that_cannot_be_read_is_refused_with_its_position(busy: Desk) -> None:
    with pytest.raises(SearchError) as refused:
        busy.read(order_rows, query="is:held colour:blue", now=NOW)
    assert refused.value.at == 8


def test_a_total_that_no_channel_states_is_added_up_or_unknown(busy: Desk) -> None:
    take_in(busy, order("UNSTATED", ("TEA-001", 40), total=None))
    pending = order("UNPRICED", ("TEA-001", 1), total=None)
    free = tuple(replace(line, unit_price=0) for line in pending.lines)
    take_in(busy, replace(pending, lines=free))
    assert "UNSTATED" in numbers(busy, "total:600")
    (row,) = busy.read(order_rows, query="order:UNPRICED", now=NOW)
    assert row.total is None
    assert "UNPRICED" in numbers(busy, "-total:>400")


def test_totals_of_other_currencies_are_compared_in_whole_units(busy: Desk) -> None:
    yen = order("YEN", ("TEA-001", 1), currency="JPY", total=60)
    take_in(busy, yen)
    assert numbers(busy, "total:55..65") == ["YEN"]


def test_the_numbers_of_the_navigation_are_those_of_the_searches(busy: Desk) -> None:
    counts = busy.read(overview, now=NOW)
    for word, count in (
        ("ready", counts.to_decide), ("held", counts.held), ("short", counts.short),
        ("nolocation", counts.no_location), ("toship", counts.to_ship), ("late", counts.late),
    ):  # fmt: skip
        assert busy.read(count_orders, query=f"is:{word}", now=NOW) == count, word
    assert (counts.to_decide, counts.held, counts.orders, counts.skus) == (3, 2, 10, 4)
    assert counts.open_cases == 3


def test_an_order_becomes_late_as_time_goes_by(busy: Desk) -> None:
    later = NOW + timedelta(days=3)
    assert busy.read(overview, now=NOW).late == 1
    assert busy.read(overview, now=later).late == 7

"""Which orders does a rule's condition mean?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.rulebook.conditions import compiled, read
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.unmet import unmet, written
from app.domain.search_errors import SearchError
from tests.domain.rulebook.builders import NOON, line, order

MUGS = order(line("MUG-BLUE", 2, price=1800), line("TEA-001", 1, price=900), total=4500)
POT = order(line("POT-TID-900", 1, weight_g=1400, title="Théière"), channel="amazon", state="NY",
            tags=("VIP",), states=("marketplace", "pobox"), total=None)  # fmt: skip
SOON = order(ship_by=NOON + timedelta(hours=3), placed_at=NOON - timedelta(days=3))


def met(condition: str, facts: OrderFacts) -> bool:
    return compiled(read(condition))(facts)


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        ("channel:ETSY", MUGS),
        ("channel:etsy,amazon -channel:amazon", MUGS),
        ("sku:mug-* qty:3 lines:2", MUGS),
        ("total:45 total:>=45 total:40..50", MUGS),
        ("ANY(sku:MUG-* qty:>1)", MUGS),
        ("NONE(sku:POT-*)", MUGS),
        ("ALL(sku:MUG-*,TEA-*)", MUGS),
        ("COUNT=1(sku:MUG-*) COUNT>=2(qty:>0) COUNT<3(price:>5)", MUGS),
        ("(sku:NOTHING OR ANY(worth:36)) -tag:vip", MUGS),
        ("ONLY(sku:POT-*) is:pobox tag:vip state:ny", POT),
        ('title:theiere weight:>1000 -channel:"ama*"', POT),
        ("-total:>50", POT),  # what is not known is not what was excluded
        ("shipby:<+4h shipby:today age:>2d day:mon -day:weekend", SOON),
    ],
)
def test_an_order_meets(condition: str, facts: OrderFacts) -> None:
    assert met(condition, facts), condition


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        ("channel:amazon", MUGS),
        ("ANY(sku:TEA-* qty:>1)", MUGS),  # one line must be both
        ("ONLY(sku:MUG-*)", MUGS),
        ("ALL(sku:MUG-*)", MUGS),
        ("NONE(sku:MUG-*)", MUGS),
        ("total:>45", MUGS),
        ("total:<50", POT),
        ("-tag:vip", POT),
        ("age:<2d", SOON),
        ("deliverby:today", SOON),
    ],
)
def test_an_order_does_not_meet(condition: str, facts: OrderFacts) -> None:
    assert not met(condition, facts), condition


def test_what_is_not_met_is_said_part_by_part() -> None:
    assert unmet(read("channel:etsy ANY(sku:POT-*)"), MUGS) == "ANY(sku:POT-*)"
    assert unmet(read("channel:amazon,ebay"), MUGS) == "channel:amazon OR channel:ebay"
    assert unmet(read("channel:etsy"), MUGS) == ""


@pytest.mark.parametrize("condition", ["mug", "channel:etsy mug", "ANY(mug)", "-(a OR channel:b)"])
def test_a_word_without_a_field_is_no_condition(condition: str) -> None:
    with pytest.raises(SearchError, match="without a field"):
        read(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "channel:etsy OR (tag:vip -state:NY,CA)",
        'city:"new york" COUNT>=2(sku:MUG-* -qty:>3) total:50..100 -(is:pobox OR is:military)',
        "shipby:<+4h age:>2d placed:>2026-10-01 deliverby:today",
    ],
)
def test_a_condition_written_anew_means_the_same(condition: str) -> None:
    again = written(read(condition))
    assert written(read(again)) == again

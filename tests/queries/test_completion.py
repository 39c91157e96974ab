"""What the desk knows is offered while one types, the same on both engines."""

from __future__ import annotations

import pytest

from app.domain.search_fields import Known
from app.models.catalogue import skus
from app.models.orders import order_tags, orders
from app.queries.completion import KnownValue, known_values
from app.queries.order_detail import find_order
from app.services.desk import Desk
from tests.queries import brand


def values(desk: Desk, known: Known, prefix: str = "") -> list[str]:
    return [each.value for each in desk.read(known_values, known, prefix)]


@pytest.mark.parametrize("known", list(Known))
def test_everything_that_a_field_names_can_be_asked(busy: Desk, known: Known) -> None:
    found = values(busy, known)
    assert len(found) == len(set(found))


def test_a_channel_is_found_by_its_code_and_by_its_name_in_any_case(busy: Desk) -> None:
    assert "amazon" in values(busy, Known.CHANNELS, "AMA")
    assert values(busy, Known.LOCATIONS, "ren") == ["RENO"]
    assert busy.read(known_values, Known.LOCATIONS, "reno 3") == [KnownValue("RENO", "Reno 3PL")]


def test_skus_by_code_come_before_those_by_title(busy: Desk) -> None:
    assert values(busy, Known.SKUS, "mug") == ["MUG-BLUE", "MUG-RED"]
    assert values(busy, Known.SKUS, "tea") == ["TEA-001", "GIFT-SET"]


def test_only_so_many_are_offered(busy: Desk) -> None:
    assert len(busy.read(known_values, Known.SKUS, "", limit=2)) == 2


def test_signs_of_the_database_are_only_text(busy: Desk) -> None:
    assert values(busy, Known.SKUS, "100%") == ["MUG-RED"]
    assert values(busy, Known.SKUS, "M_G") == []
    assert values(busy, Known.STATES, "%") == []


def test_places_and_carriers_are_those_of_the_orders_each_once(busy: Desk) -> None:
    assert values(busy, Known.STATES, "n") == ["NY"]
    assert values(busy, Known.CITIES, "new") == ["New York"]
    assert values(busy, Known.COUNTRIES) == ["US"]
    assert values(busy, Known.CARRIERS, "us") == ["USPS"]


def test_tags_and_people_are_offered(busy: Desk) -> None:
    tag(busy, "READY", "vip", "Very late")
    assert set(values(busy, Known.TAGS, "v")) == {"vip", "Very late"}
    assert values(busy, Known.PEOPLE, "o") == ["Owner"]


def test_a_value_without_text_is_not_offered(busy: Desk) -> None:
    busy.write(lambda db: db.execute(skus.update().values(category="")))
    assert values(busy, Known.CATEGORIES) == []
    busy.write(lambda db: db.execute(orders.update().values(service="Express")))
    assert values(busy, Known.SERVICES) == ["Express"]


def tag(desk: Desk, number: str, *tags: str) -> None:
    """Put tags on an order."""
    order_id = desk.read(find_order, number)
    rows = [
        {"order_id": order_id, "tag": each, "added_by": "Owner", "added_at": brand.NOW}
        for each in tags
    ]
    desk.write(lambda db: db.execute(order_tags.insert(), rows))

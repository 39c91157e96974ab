"""Is every order found by what it says now, whether the index has read it yet or not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.orders import Address, IncomingOrder
from app.queries.orders import count_orders, matching_ids, order_rows
from app.services import setup
from app.services.desk import Desk
from app.services.index_keeper import catch_up, store_is_current
from tests.queries import brand
from tests.queries.brand import NOW, order, take_in


@dataclass(frozen=True)
class Searched:
    """A desk that is searched, with an index that keeps up, or with one that has read nothing."""

    desk: Desk
    keeps_up: bool

    def numbers(self, query: str) -> list[str]:
        """Return the numbers of the orders found."""
        rows = self.desk.read(order_rows, query=query, now=NOW)
        assert self.desk.read(count_orders, query=query, now=NOW) == len(rows)
        return sorted(row.number for row in rows)

    def __call__(self, query: str) -> list[str]:
        """Return them, after the index has had its turn."""
        if self.keeps_up:
            catch_up(self.desk.store)
        return self.numbers(query)


@pytest.fixture(params=["read", "not read yet"])
def found(request: pytest.FixtureRequest, database_url: str) -> Iterator[Searched]:
    """Search a desk with orders of many names."""
    desk = brand.stocked_desk(database_url)
    take_in(
        desk,
        named("UML", "Jürgen Müller", "Köln", "50667"),
        named("SHARP", "Anna Groß", "Gießen", "35390"),
        named("STROKE", "Łukasz Sørensen", "Århus", "8000"),
        named("CJK", "田中 太郎", "東京都渋谷区", "150-0002"),
        named("WIDE", "ＷＩＤＥ Ｎａｍｅ", "Ōsaka", "530"),  # noqa: RUF001 (as some forms send it)
        named("EMOJI", "Gift 🎁 Shop", "Reno", "89501"),
        named("SIGNS", '100% O\'Brien_"Bob"*', "Reno", "89501"),
        replace(order("PARTS", ("TEA-001", 1), ("MUG-RED", 1)), external_id="AB-77-XYZ"),
    )
    yield Searched(desk, request.param == "read")
    desk.store.close()


def named(number: str, name: str, city: str, postcode: str) -> IncomingOrder:
    to = Address(name, "", "1 Main St", "", "", city, "", postcode, "US")
    return replace(order(number, ("TEA-001", 1)), ship_to=to, buyer_name=name,
                   buyer_email=f"{number.lower()}.x@example.com")  # fmt: skip


FINDS: tuple[tuple[str, list[str]], ...] = (
    ("muller", ["UML"]), ("MÜLLER", ["UML"]), ("mu\u0308ll", ["UML"]), ("koln", ["UML"]),
    ("gross", ["SHARP"]), ("GROSS", ["SHARP"]), ("GROẞ", ["SHARP"]), ("gießen", ["SHARP"]),
    ("lukasz", ["STROKE"]), ("SØRENSEN", ["STROKE"]), ("arhus", ["STROKE"]),
    ("田中", ["CJK"]), ("渋谷", ["CJK"]), ("東京都渋谷区", ["CJK"]), ("中", ["CJK"]),
    ("wide name", ["WIDE"]), ("osaka", ["WIDE"]),
    ("🎁", ["EMOJI"]), ('"gift 🎁 shop"', ["EMOJI"]),
    ("100%", ["SIGNS"]), ("%", ["SIGNS"]), ("_", ["SIGNS"]), ("o'brien_", ["SIGNS"]),
    ('"*', ["SIGNS"]), ("nobody", []), ("reno%", []),
    ("parts", ["PARTS"]), ("77", ["PARTS"]), ("ab-77", ["PARTS"]), ("b-77-x", ["PARTS"]),
    ("mug-red", ["PARTS"]), ("sku:MUG-*", ["PARTS"]), ("sku:*red", ["PARTS"]),
    ("sku:m*d", ["PARTS"]), ("sku:t*d", []), ("sku:mug", []), ("order:ab-77-xyz", ["PARTS"]),
    ("order:ab-77", []), ("order:ab*", ["PARTS"]), ("zip:8950", []), ("zip:8000", ["STROKE"]),
    ("zip:89501", ["EMOJI", "SIGNS"]), ("zip:15*", ["CJK"]), ("city:reno", ["EMOJI", "SIGNS"]),
    ("buyer:reno", []), ("buyer:m*ller", []), ("buyer:*m*ller", ["UML"]),
    ("email:uml.x@example.com", ["UML"]), ("sharp.x@example.com", ["SHARP"]),
    ("email:sharp.x@example.org", []), ("-example.com", []), ("reno -gift", ["SIGNS"]),
    ("(reno gift) OR muller", ["EMOJI", "UML"]), ("city:os", ["WIDE"]),
)  # fmt: skip


def test_neither_case_nor_accents_nor_signs_keep_an_order_from_being_found(
    found: Searched,
) -> None:
    assert {query: found(query) for query, _numbers in FINDS} == dict(FINDS)


def test_a_corrected_address_is_found_at_once_and_the_old_one_no_more(found: Searched) -> None:
    assert found("koln") == ["UML"]
    (order_id,) = found.desk.read(matching_ids, query="order:UML", now=NOW)
    found.desk.run("correct_address", order_id=order_id, changes={"ship_city": "Zürich"}, reason="")
    for look in (found.numbers, found):
        assert look("city:zurich") == ["UML"]
        assert look("koln") == []


def test_a_tracking_number_is_found_until_the_shipment_is_taken_back(found: Searched) -> None:
    (order_id,) = found.desk.read(matching_ids, query="order:UML", now=NOW)
    assert found("tracking:1z*") == []
    found.desk.run("accept", order_ids=[order_id])
    brand.ship(found.desk, "UML", "1Z 999 AA1")
    for look in (found.numbers, found):
        assert look('"999 aa1"') == look("tracking:1z*") == look("tracking:*") == ["UML"]
    found.desk.run("void_shipments", order_ids=[order_id], reason="Wrong label")
    for look in (found.numbers, found):
        assert look('"999 aa1"') == look("tracking:1z*") == look("tracking:*") == []


def test_an_order_is_found_by_our_own_code_once_the_channel_s_is_linked(found: Searched) -> None:
    take_in(found.desk, order("STRANGE", ("ODD/9", 1)))
    assert (found("odd/9"), found("sku:mug-blue")) == (["STRANGE"], [])
    account = found.desk.write(lambda db: setup.account_for(db, "shopify", now=NOW))
    found.desk.run("link", account_id=account, alias="ODD/9", sku_code="MUG-BLUE")
    for look in (found.numbers, found):
        assert look("sku:mug-blue") == ["STRANGE"]


_TEXTS = st.text(
    st.sampled_from("abAB12 -_%*'\"äÄßẞéøİıσς中🎁/\\.@"), min_size=1, max_size=9
).filter(str.strip)  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(names=st.lists(_TEXTS, min_size=1, max_size=4), wanted=_TEXTS)
def test_the_index_finds_just_what_the_orders_themselves_say(
    every_name: Desk, names: list[str], wanted: str
) -> None:
    desk = every_name
    start = desk.read(count_orders, now=NOW)
    take_in(desk, *(order(f"N{start + at}", ("TEA-001", 1), buyer_name=name)
                    for at, name in enumerate(names)))  # fmt: skip
    part = wanted.replace('"', " ").strip() or "a"
    for query in (f'"{part}"', f'buyer:"{part}"'):
        before = {row.number for row in desk.read(order_rows, query=query, now=NOW)}
        catch_up(desk.store)
        assert store_is_current(desk.store)
        assert {row.number for row in desk.read(order_rows, query=query, now=NOW)} == before


@pytest.fixture
def every_name(database_url: str) -> Iterator[Desk]:
    """Open a desk that gets more and more names."""
    desk = brand.stocked_desk(database_url)
    yield desk
    desk.store.close()

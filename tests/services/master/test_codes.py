"""What channels call things: taught once, in packs, from a day on, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.importing import SkuRow
from app.domain.orders import HoldCode, IncomingLine, MapperHold
from app.domain.recognising import Code, Rung
from app.domain.roles import SYSTEM
from app.errors import RefusedError
from app.models.orders import order_lines, orders
from app.queries.codes import aliases, orders_waiting, suggestions_for, unknown_codes
from app.services import catalogue, deciding, linking
from app.services.checks.orders import reservations
from app.services.master import codes
from tests.builders import MONDAY, Shop, an_order


def reserved(shop: Shop, sku: str) -> int:
    query = text("SELECT reserved FROM network_stock WHERE sku_id = :sku")
    return int(shop.db.execute(query, {"sku": shop.skus[sku]}).scalar() or 0)


def lines_of(shop: Shop, number: str) -> list[tuple[str, int | None, int]]:
    query = (
        select(order_lines.c.claim, order_lines.c.sku_id, order_lines.c.pack)
        .join(orders, orders.c.id == order_lines.c.order_id)
        .where(orders.c.number == number)
        .order_by(order_lines.c.position)
    )
    return [tuple(row) for row in shop.db.execute(query)]


def is_held(shop: Shop, number: str) -> bool:
    query = select(orders.c.is_held).where(orders.c.number == number)
    return bool(shop.db.execute(query).scalar_one())


def link(shop: Shop, alias: str, sku: str, **more: Any) -> Any:
    return linking.link(
        shop.db, SYSTEM, account_id=shop.account, alias=alias, sku_code=sku, now=shop.now, **more
    )


def back(shop: Shop, changes: Any) -> Any:
    assert changes.undo.operation == "unlink"
    return linking.unlink(shop.db, SYSTEM, now=shop.now, **changes.undo.arguments)


def test_linking_a_code_frees_every_order_that_waits_for_it(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0))
    shop.takes_in(*(an_order(str(n), ("mug-blau", 1)) for n in range(14)))
    assert orders_waiting(shop.db, shop.account, "mug-blau") == 14
    changes = link(shop, "mug-blau", "MUG")
    assert changes.label == "Link mug-blau to MUG: 14 orders go on"
    assert reserved(shop, "MUG") == 14
    assert orders_waiting(shop.db, shop.account, "mug-blau") == 0


def test_taking_a_link_back_lets_the_orders_wait_again(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0), TEA=(5, 0))
    shop.takes_in(an_order("1", ("mug-blau", 2), ("TEA", 1)), an_order("2", ("mug-blau", 1)))
    changes = link(shop, "mug-blau", "MUG")
    assert not is_held(shop, "1")
    assert back(shop, changes).skipped == ()
    assert reserved(shop, "MUG") == 0
    assert reserved(shop, "TEA") == 1
    assert lines_of(shop, "1") == [("unmapped", None, 1), ("reserved", shop.skus["TEA"], 1)]
    assert is_held(shop, "1")
    assert is_held(shop, "2")
    assert orders_waiting(shop.db, shop.account, "mug-blau") == 2
    assert aliases(shop.db, "MUG") == []


def test_an_accepted_order_keeps_its_sku_when_the_link_is_taken_back(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0))
    shop.takes_in(an_order("1", ("mug-blau", 2)), an_order("2", ("mug-blau", 1)))
    changes = link(shop, "mug-blau", "MUG")
    deciding.accept(shop.db, SYSTEM, order_ids=[1], now=shop.now)
    left = back(shop, changes).skipped
    assert [(each.subject, each.reason) for each in left] == [("1", "it is accepted already")]
    assert lines_of(shop, "1") == [("reserved", shop.skus["MUG"], 1)]
    assert lines_of(shop, "2") == [("unmapped", None, 1)]


def test_a_link_that_replaced_another_gives_the_old_meaning_back(shop: Shop) -> None:
    link(shop, "blau", "MUG")
    changed = link(shop, "blau", "POT", pack=2)
    assert [(row.sku, row.pack) for row in aliases(shop.db)] == [("POT", 2)]
    back(shop, changed)
    assert [(row.sku, row.pack) for row in aliases(shop.db)] == [("MUG", 1)]


def test_a_link_from_a_day_on_gives_the_whole_time_back(shop: Shop) -> None:
    link(shop, "CUP", "MUG")
    before = aliases(shop.db)
    back(shop, link(shop, "CUP", "TEA", valid_from=MONDAY - timedelta(days=1)))
    assert aliases(shop.db) == before


def test_the_first_of_two_links_is_not_taken_back_under_the_second(shop: Shop) -> None:
    first = link(shop, "CUP", "MUG")
    second = link(shop, "CUP", "TEA")
    with pytest.raises(RefusedError, match="linked anew since"):
        back(shop, first)
    assert [row.sku for row in aliases(shop.db)] == ["TEA"]
    back(shop, second)
    later = link(shop, "CUP", "POT", valid_from=MONDAY)
    with pytest.raises(RefusedError, match="linked anew since"):
        back(shop, first)
    back(shop, later)
    back(shop, first)
    assert aliases(shop.db) == []


def test_no_pack_holds_a_hundred_thousand(shop: Shop) -> None:
    link(shop, "X", "MUG", pack=99_999)
    with pytest.raises(RefusedError, match="at most 99,999"):
        link(shop, "X", "MUG", pack=100_000)


def test_a_pack_of_six_takes_six_units_for_each_that_is_sold(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0))
    link(shop, "MUG-6", "MUG", pack=6)
    shop.takes_in(an_order("1", ("MUG-6", 2)), an_order("2", ("MUG-6", 2)))
    assert reserved(shop, "MUG") == 12
    assert lines_of(shop, "1") == [("reserved", shop.skus["MUG"], 6)]
    assert lines_of(shop, "2") == [("short", shop.skus["MUG"], 6)]
    assert reservations(shop.db).ok


def test_a_pack_may_be_of_a_kit(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0), TEA=(20, 0))
    link(shop, "SET-3", "SET", pack=3)
    shop.takes_in(an_order("1", ("SET-3", 2)))
    assert (reserved(shop, "TEA"), reserved(shop, "MUG")) == (12, 6)
    assert reservations(shop.db).ok


def test_a_code_means_what_it_meant_when_the_order_was_placed(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0), POT=(20, 0))
    link(shop, "BEST", "MUG")
    link(shop, "BEST", "POT", valid_from=MONDAY)
    shop.takes_in(
        an_order("old", ("BEST", 1), placed_at=MONDAY - timedelta(seconds=1)),
        an_order("new", ("BEST", 1), placed_at=MONDAY),
    )
    assert lines_of(shop, "old") == [("reserved", shop.skus["MUG"], 1)]
    assert lines_of(shop, "new") == [("reserved", shop.skus["POT"], 1)]
    with pytest.raises(RefusedError, match="later meaning"):
        link(shop, "BEST", "TEA", valid_from=MONDAY - timedelta(days=1))


def test_a_listing_and_its_variant_say_what_a_line_without_a_code_is(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0), POT=(20, 0))
    link(shop, "", "MUG", listing_id="L-1")
    link(shop, "", "POT", listing_id="L-1", variant="Large")
    held = (MapperHold(HoldCode.MISSING_SKU, "A line has no SKU."),)
    for number, variant in (("1", "Small"), ("2", "Large")):
        line = IncomingLine("1", "", "Something", 1, 1000, listing_id="L-1", variant=variant)
        shop.takes_in(an_order(number, lines=(line,), holds=held))
    assert lines_of(shop, "1")[0][1] == shop.skus["MUG"]
    assert lines_of(shop, "2")[0][1] == shop.skus["POT"]
    assert not is_held(shop, "1")


def test_a_line_without_a_code_waits_until_its_listing_is_linked(shop: Shop) -> None:
    shop.stocked(MUG=(20, 0))
    line = IncomingLine("1", "", "Something", 1, 1000, listing_id="L-9")
    held = (MapperHold(HoldCode.MISSING_SKU, "A line has no SKU."),)
    shop.takes_in(an_order("1", lines=(line,), holds=held))
    assert is_held(shop, "1")
    changes = link(shop, "", "MUG", listing_id="L-9")
    assert not is_held(shop, "1")
    back(shop, changes)
    assert is_held(shop, "1")


def test_a_barcode_is_known_by_its_check_digit_if_one_sku_alone_has_it(shop: Shop) -> None:
    rows = [SkuRow("TEA", barcode="036000291452"), SkuRow("MUG", more_barcodes="4006381333931")]
    catalogue.save_skus(shop.db, rows, now=shop.now)
    known = codes.recognise(
        shop.db, shop.account,
        [Code("0036000291452"), Code("4006381333931"), Code("4006381333932")],
    )  # fmt: skip
    assert {code.text: meant.sku_id for code, meant in known.items()} == {
        "0036000291452": shop.skus["TEA"], "4006381333931": shop.skus["MUG"],
    }  # fmt: skip
    assert {meant.rung for meant in known.values()} == {Rung.BARCODE}
    catalogue.save_skus(shop.db, [SkuRow("POT", barcode="036000291452")], now=shop.now)
    assert codes.recognise(shop.db, shop.account, [Code("036000291452")]) == {}


def test_what_only_looks_alike_is_suggested_and_never_taken(shop: Shop) -> None:
    assert codes.recognise(shop.db, shop.account, [Code("m u g"), Code("MUGG")]) == {}
    first = suggestions_for(shop.db, "m u-g")[0]
    assert (first.sku, first.rung, first.score) == ("MUG", "normalised", 99)
    alike = suggestions_for(shop.db, "TAE")[0]
    assert (alike.sku, alike.rung) == ("TEA", "alike")
    assert alike.score < 99
    by_title = suggestions_for(shop.db, "X-9913", "Title of POT")[0]
    assert (by_title.sku, by_title.why) == (
        "POT",
        "the title is 95 % alike",
    ) or by_title.sku == "POT"


def test_unknown_codes_are_listed_with_what_waits_for_them(shop: Shop) -> None:
    shop.takes_in(an_order("1", ("mug_", 2)), an_order("2", ("mug_", 1)), an_order("3", ("QQQ", 1)))
    rows = unknown_codes(shop.db)
    assert [(row.code, row.orders, row.units) for row in rows] == [("mug_", 2, 3), ("QQQ", 1, 1)]
    assert rows[0].suggestions[0].sku == "MUG"
    assert rows[0].waits_since == MONDAY - timedelta(hours=2)


def test_a_pack_of_nothing_is_refused(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="at least 1 unit"):
        link(shop, "X", "MUG", pack=0)

"""What we keep of SKUs: edited one or many at once, kits of kits, and the same through a file."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from app.domain.changes import Changes
from app.domain.roles import SYSTEM
from app.errors import NotFoundError, RefusedError
from app.models.catalogue import skus
from app.models.kits import contents
from app.queries.inventory import inventory_row, inventory_rows
from app.queries.kit_trees import contentions, kit_tree, used_in
from app.services.checks import master
from app.services.operations import OPERATIONS
from tests.builders import Shop, an_order


def run(shop: Shop, operation: str, **arguments: Any) -> Changes:
    return OPERATIONS[operation](shop.db, SYSTEM, now=shop.now, **arguments)


def undo(shop: Shop, changes: Changes) -> Changes:
    assert changes.undo is not None
    return run(shop, changes.undo.operation, **changes.undo.arguments)


def edit(shop: Shop, *codes: str, **changes: str) -> Changes:
    return run(shop, "edit_skus", sku_ids=[shop.skus[code] for code in codes], changes=changes)


def field(shop: Shop, code: str, name: str) -> Any:
    return shop.db.execute(select(skus.c[name]).where(skus.c.code == code)).scalar_one()


def test_fields_are_read_as_people_write_them(shop: Shop) -> None:
    edit(shop, "TEA", title="  Earl   Grey ", cost="$4.5", weight_g="1,200", velocity="a",
         is_fragile="Yes", lead_time_days="21", minimum_age="")  # fmt: skip
    record = inventory_row(shop.db, "TEA")
    assert record is not None
    assert record.record is not None
    said = {name: record.record.text(name) for name in (
        "title", "cost", "weight_g", "velocity", "is_fragile", "lead_time_days", "minimum_age",
    )}  # fmt: skip
    assert said == {
        "title": "Earl Grey", "cost": "4.50", "weight_g": "1200", "velocity": "A",
        "is_fragile": "yes", "lead_time_days": "21", "minimum_age": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("velocity", "E", "A (sells daily)"),
        ("cost", "free", "an amount such as 4.50"),
        ("weight_g", "-3", "a whole number"),
        ("is_hazmat", "perhaps", "yes or no"),
        ("minimum_age", "121", "up to 120"),
        ("code", "X", "It has: title"),
    ],
)
def test_what_cannot_stand_in_a_field_is_refused(
    shop: Shop, name: str, words: str, why: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        edit(shop, "TEA", **{name: words})
    assert why in str(refused.value)


def test_many_are_changed_at_once_and_all_taken_back(shop: Shop) -> None:
    edit(shop, "TEA", supplier="Leaf & Co")
    changes = edit(shop, "TEA", "MUG", "POT", supplier="Leaf & Co", family="Tide")
    assert changes.label == "Change family, supplier of 3 SKUs"
    assert [row.code for row in inventory_rows(shop.db, query="supplier:leaf")] == [
        "MUG", "POT", "TEA",
    ]  # fmt: skip
    again = undo(shop, changes)
    assert (field(shop, "TEA", "supplier"), field(shop, "MUG", "supplier")) == ("Leaf & Co", "")
    undo(shop, again)
    assert field(shop, "MUG", "family") == "Tide"
    assert edit(shop, "MUG", family="Tide").done == ()


def test_a_new_barcode_is_found_at_once(shop: Shop) -> None:
    edit(shop, "TEA", barcode="036000291452")
    assert master.codes(shop.db).ok
    assert shop.takes_in(an_order("1", ("036000291452", 1))).short_lines == 1  # known, and short


def test_a_sku_is_added_once(shop: Shop) -> None:
    run(shop, "add_sku", code="JAR-1", values={"title": "A jar", "cost": "2"})
    assert field(shop, "JAR-1", "cost") == 200
    with pytest.raises(RefusedError, match="already"):
        run(shop, "add_sku", code="JAR-1")


# ---- kits of kits ---------------------------------------------------------------------------------


def kit(shop: Shop, code: str, **inside: int) -> Changes:
    if code not in shop.skus:
        shop.skus[code] = run(shop, "add_sku", code=code).done[0]
    return run(shop, "set_kit", kit=code, contents=inside)


def test_a_kit_of_kits_takes_what_all_of_them_hold(shop: Shop) -> None:
    shop.stocked(TEA=(20, 0), MUG=(9, 0), POT=(5, 0))
    kit(shop, "PAIR", SET=2)  # SET: 2 × TEA, 1 × MUG
    kit(shop, "FEAST", PAIR=1, SET=1, POT=1)
    assert contents(shop.db, [shop.skus["FEAST"]]) == {
        shop.skus["FEAST"]: {shop.skus["TEA"]: 6, shop.skus["MUG"]: 3, shop.skus["POT"]: 1}
    }
    row = inventory_row(shop.db, "FEAST")
    assert row is not None
    assert row.atp == 3  # 20 // 6 teas, 9 // 3 mugs, 5 pots
    shop.takes_in(an_order("1", ("FEAST", 3)))
    left = inventory_row(shop.db, "FEAST")
    assert left is not None
    assert left.atp == 0
    tree = [(node.depth, node.sku, node.units) for node in kit_tree(shop.db, "FEAST")]
    assert tree == [
        (0, "PAIR", 1), (1, "SET", 2), (2, "MUG", 1), (2, "TEA", 2), (0, "POT", 1), (0, "SET", 1),
        (1, "MUG", 1), (1, "TEA", 2),
    ]  # fmt: skip


def test_no_kit_ever_contains_itself(shop: Shop) -> None:
    kit(shop, "PAIR", SET=2)
    kit(shop, "FEAST", PAIR=1)
    with pytest.raises(RefusedError, match="would contain itself"):
        kit(shop, "SET", FEAST=1)
    with pytest.raises(RefusedError, match="would contain itself"):
        kit(shop, "SET", SET=1)
    with pytest.raises(NotFoundError, match="NOPE"):
        kit(shop, "SET", NOPE=1)
    assert master.kits(shop.db).ok


def test_what_lies_on_a_shelf_is_no_kit(shop: Shop) -> None:
    shop.stocked(POT=(1, 0))
    with pytest.raises(RefusedError, match="stock of its own"):
        kit(shop, "POT", TEA=1)


def test_a_changed_kit_is_taken_back_and_waiting_orders_look_again(shop: Shop) -> None:
    shop.stocked(TEA=(1, 0), MUG=(5, 0))
    shop.takes_in(an_order("1", ("SET", 1)))  # needs two teas
    changed = kit(shop, "SET", TEA=1, MUG=1)
    assert changed.label == "SET holds 1 × TEA, 1 × MUG"
    claim = text("SELECT claim FROM order_lines")
    assert shop.db.execute(claim).scalar_one() == "reserved"
    undo(shop, changed)
    assert contents(shop.db, [shop.skus["SET"]])[shop.skus["SET"]][shop.skus["TEA"]] == 2


def test_kits_that_together_promise_more_than_there_is_are_said_so(shop: Shop) -> None:
    shop.stocked(TEA=(50, 0), MUG=(9, 0), POT=(5, 0))
    kit(shop, "PAIR", MUG=2)
    kit(shop, "TRIO", MUG=1, POT=1)
    (found,) = contentions(shop.db, "MUG")
    # SET offers 9, PAIR 4 of two each, TRIO 5 as there are five pots.
    assert (found.sku, found.asked, found.there) == ("MUG", 9 + 8 + 5, 9)
    assert found.kits == ("PAIR", "SET", "TRIO")
    assert [each.sku for each in contentions(shop.db, "SET")] == ["MUG"]
    assert contentions(shop.db, "POT") == ()
    assert used_in(shop.db, "MUG") == (("PAIR", 2), ("SET", 1), ("TRIO", 1))


def test_what_needs_somebody_stands_first(shop: Shop) -> None:
    shop.stocked(TEA=(5, 0), MUG=(0, 0), POT=(3, 0))
    run(shop, "adjust", sku="POT", location="EAST", quantity=-9, reason="Lost")
    codes = [row.code for row in inventory_rows(shop.db, sort="need")]
    assert codes == ["POT", "MUG", "SET", "TEA"]

"""Each fault that keeps a channel from opening is found, named and given a way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.launching.checklist import SIGNED, Listed, Point, Readiness, Ware, check

TEA = Ware("TEA", ("4006381333931",), False, True)
MUG = Ware("MUG", ("0036000291452",), False, True)
SET = Ware("SET", (), True, False)
READY = Readiness(
    listings=[Listed("TEA", "L-1", "", "TEA"), Listed("SET", "L-2", "", "SET")],
    wares={ware.sku: ware for ware in (TEA, MUG, SET)},
    contents={"SET": {"TEA": 1, "MUG": 2}},
    undecided=(),
    is_chosen=True,
    rules=3,
    shadow=(12, ()),
    signed=frozenset(SIGNED),
)


def left(there: Readiness) -> dict[Point, str]:
    return {each.point: each.findings[0].sentence for each in check(there) if not each.is_fine}


def test_a_channel_that_is_ready_has_nothing_left() -> None:
    assert left(READY) == {}
    assert [each.point for each in check(READY)] == list(Point)


@pytest.mark.parametrize(
    ("planted", "point", "word"),
    [
        (replace(READY, listings=[*READY.listings, Listed("OLD-7", "L-3", "", "")]), Point.CODES, "OLD-7"),
        (replace(READY, listings=[]), Point.LISTINGS, "No listing"),
        (replace(READY, wares={**READY.wares, "TEA": TEA._replace(barcodes=("4006381333932",))}),
         Point.BARCODES, "4006381333932"),
        (replace(READY, wares={**READY.wares, "MUG": MUG._replace(barcodes=TEA.barcodes)}),
         Point.SAME_BARCODE, "MUG and TEA"),
        (replace(READY, listings=[*READY.listings, Listed("TEA-2", "L-9", "", "TEA")]),
         Point.VARIANTS, "2 listings sell TEA"),
        (replace(READY, contents={"SET": {"BOX": 1}, "BOX": {"SET": 1}}), Point.KITS, "contains itself"),
        (replace(READY, contents={}), Point.KITS, "what is in SET"),
        (replace(READY, wares={**READY.wares, "MUG": MUG._replace(is_counted=False)}), Point.KITS, "MUG in SET"),
        (replace(READY, undecided=("price_owner",)), Point.POLICY, "price"),
        (replace(READY, is_chosen=False), Point.ALLOCATION, "every new channel"),
        (replace(READY, rules=None), Point.RULES, "No rules"),
        (replace(READY, shadow=(12, ("1007",))), Point.SHADOW_ORDERS, "1007"),
        (replace(READY, signed=frozenset()), Point.PICTURES, "signed"),
    ],
)  # fmt: skip
def test_each_planted_fault_is_found(planted: Readiness, point: Point, word: str) -> None:
    assert word in left(planted)[point]


def test_what_is_right_as_it_is_can_be_signed_and_what_is_seen_cannot() -> None:
    agreed = replace(READY, is_chosen=False, rules=None,
                     signed=frozenset({*SIGNED, Point.ALLOCATION, Point.RULES}))  # fmt: skip
    assert left(agreed) == {}

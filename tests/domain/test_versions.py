"""Is what a channel changed said line by line?"""

from __future__ import annotations

from typing import Any

from app.domain.explaining import plain_money
from app.domain.versions import differences


def line(key: str, sku: str, units: int, price: int = 1500) -> dict[str, Any]:
    return {"external_id": key, "sku_text": sku, "quantity": units, "unit_price": price}


def version(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"currency": "USD", "lines": list(lines), **more}


def said(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    return differences(before, after, plain_money)


def test_other_units_prices_and_codes_are_said_with_old_and_new() -> None:
    before = version(line("1", "TEA", 1), line("2", "MUG", 2))
    after = version(line("1", "TEA", 3), line("2", "CUP", 2, 1200))
    assert said(before, after) == (
        "TEA: 1 becomes 3.",
        "MUG becomes CUP.",
        "CUP: price 15.00 USD becomes 12.00 USD.",
    )


def test_new_and_gone_lines_are_said() -> None:
    sentences = said(version(line("1", "TEA", 1)), version(line("2", "MUG", 2)))
    assert sentences == ("New: 2 × MUG.", "Gone: 1 × TEA.")


def test_another_address_and_total_are_said() -> None:
    before = version(ship_to={"city": "Reno", "line2": ""}, total=1500)
    after = version(ship_to={"city": "Sparks", "line2": "Apt 4"}, total=None)
    assert said(before, after) == (
        "Address line 2: nothing becomes “Apt 4”.",
        "City: “Reno” becomes “Sparks”.",
        "Total: 15.00 USD becomes not given.",
    )


def test_the_same_version_says_nothing() -> None:
    same = version(line("1", "TEA", 1), ship_to={"city": "Reno"}, total=1500)
    assert said(same, same) == ()

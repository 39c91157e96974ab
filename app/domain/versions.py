"""What did the channel change about an order: each difference in one sentence?

A version is a mapping as ``order_changes`` keeps it: ``lines`` (by ``external_id``), and where it
says so also ``ship_to`` and the amounts in minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

_AMOUNTS = {"total": "Total", "shipping": "Shipping", "tax": "Tax", "discount": "Discount"}
_ADDRESS = {
    "name": "Name", "company": "Company", "line1": "Address", "line2": "Address line 2",
    "line3": "Address line 3", "city": "City", "state": "State", "postcode": "Postcode",
    "country": "Country",
}  # fmt: skip

Version = Mapping[str, Any]
Money = Callable[[int, str], str]


def differences(before: Version, after: Version, money: Money) -> tuple[str, ...]:
    """Return one sentence for each difference, lines first, then address, then amounts."""
    currency = str(after.get("currency") or before.get("currency") or "USD")
    return (
        *_lines(before, after, money, currency),
        *_address(before.get("ship_to"), after.get("ship_to")),
        *_amounts(before, after, money, currency),
    )


def changes_the_parcel(before: Version, after: Version) -> bool:
    """Say whether something else would have to leave, or to somewhere else."""
    return any(_address(before.get("ship_to"), after.get("ship_to"))) or (
        _goods(before) != _goods(after)
    )


def _goods(version: Version) -> dict[str, tuple[str, int]]:
    wanted = ((x["external_id"], _code(x), int(x["quantity"])) for x in version["lines"])
    return {key: (code, units) for key, code, units in wanted if units}


def _lines(before: Version, after: Version, money: Money, currency: str) -> Iterator[str]:
    old = {line["external_id"]: line for line in before["lines"]}
    new = {line["external_id"]: line for line in after["lines"]}
    for key, line in new.items():
        if key not in old:
            yield f"New: {line['quantity']} × {_code(line)}."
        else:
            yield from _line(old[key], line, money, currency)
    for key, line in old.items():
        if key not in new and line["quantity"]:
            yield f"Gone: {line['quantity']} × {_code(line)}."


def _line(old: Version, new: Version, money: Money, currency: str) -> Iterator[str]:
    if _code(old) != _code(new):
        yield f"{_code(old)} becomes {_code(new)}."
    if old["quantity"] != new["quantity"]:
        yield f"{_code(new)}: {old['quantity']} becomes {new['quantity']}."
    if old["unit_price"] != new["unit_price"]:
        prices = money(old["unit_price"], currency), money(new["unit_price"], currency)
        yield f"{_code(new)}: price {prices[0]} becomes {prices[1]}."


def _code(line: Version) -> str:
    return str(line["sku_text"] or line.get("title") or "a line without a code")


def _address(before: Version | None, after: Version | None) -> Iterator[str]:
    if before is None or after is None:
        return
    for part, word in _ADDRESS.items():
        old, new = before.get(part) or "", after.get(part) or ""
        if old != new:
            yield f"{word}: {_shown(old)} becomes {_shown(new)}."


def _shown(text: str) -> str:
    return f"“{text}”" if text else "nothing"


def _amounts(before: Version, after: Version, money: Money, currency: str) -> Iterator[str]:
    for part, word in _AMOUNTS.items():
        old, new = before.get(part), after.get(part)
        if part in before and old != new:
            yield f"{word}: {_amount(old, money, currency)} becomes {_amount(new, money, currency)}."


def _amount(minor: int | None, money: Money, currency: str) -> str:
    return "not given" if minor is None else money(minor, currency)

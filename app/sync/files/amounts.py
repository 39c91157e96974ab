"""How much money does a cell state? Exactly, in minor units; no float ever sees it.

Taken: ASCII digits with at most four decimals, thousands separators that stand where they must,
a currency sign or code before or after. Not taken: signs, exponents, NaN, anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.domain.money import exponent

_SIGNS: Final = {
    "US$": "USD", "US $": "USD", "C $": "CAD", "C$": "CAD", "CA$": "CAD", "AU $": "AUD",
    "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "MX$": "MXN", "R$": "BRL",
    "$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "￥": "JPY", "₹": "INR", "zł": "PLN",
}  # fmt: skip
_UNIT = "|".join([*map(re.escape, sorted(_SIGNS, key=len, reverse=True)), "[A-Z]{3}"])
_AROUND: Final = re.compile(rf"(?P<before>{_UNIT})?[ \u00a0]?(?P<number>[0-9.,' \u00a0]+?)"
                            rf"[ \u00a0]?(?P<after>{_UNIT})?")  # fmt: skip
_POINT: Final = re.compile(r"(?:([0-9]{1,3}(?:,[0-9]{3}){1,3})|([0-9]{1,10}))?(?:\.([0-9]{1,4}))?")
_COMMA: Final = re.compile(
    r"(?:([0-9]{1,3}(?:[. '\u00a0][0-9]{3}){1,3})|([0-9]{1,10}))?(?:,([0-9]{1,4}))?"
)
_SAYS_COMMA: Final = re.compile(r"[^,]*[0-9],(?:[0-9]{1,2}|[0-9]{4})|[^,]*\.[0-9]{3},[0-9]{3}")
_SAYS_POINT: Final = re.compile(r"[^.]*[0-9]?\.(?:[0-9]{1,2}|[0-9]{4})")
TEN_THOUSANDTHS: Final = 10_000
_MOST: Final = 10**10 * TEN_THOUSANDTHS


def ten_thousandths(text: str, decimal: str) -> int | None:
    """Return an amount in ten-thousandths of its currency, or ``None`` if it is no amount."""
    if decimal == "." and _is_plain(text):
        return int(text.replace(".", "")) * 100
    around = _AROUND.fullmatch(text.strip(" \t\u00a0"))
    if not around or (around["before"] and around["after"]):
        return None
    match = (_COMMA if decimal == "," else _POINT).fullmatch(around["number"])
    if not match or not any(match.groups()):
        return None
    whole = "".join(x for x in match[1] or match[2] or "0" if x.isdigit())
    amount = int(whole) * TEN_THOUSANDTHS + int((match[3] or "0").ljust(4, "0"))
    return amount if amount < _MOST else None


def _is_plain(text: str) -> bool:
    """Say whether an amount is like 12.34, which nearly all are: the quick way."""
    return (
        text[-3:-2] == "." and len(text) <= 13 and text.isascii()
        and text[:-3].isdigit() and text[-2:].isdigit()
    )  # fmt: skip


def currency_of(text: str) -> str:
    """Return the currency that an amount names by sign or code; empty if it names none."""
    around = _AROUND.fullmatch(text.strip(" \t\u00a0"))
    unit = (around["before"] or around["after"] or "") if around else ""
    return _SIGNS.get(unit, unit)


def rounded(amount: int, currency: str) -> int:
    """Return ten-thousandths as minor units, half a unit rounded up."""
    unit = TEN_THOUSANDTHS // int(10 ** exponent(currency))
    return (amount + unit // 2) // unit


def decimal_sign(texts: Iterable[str]) -> str:
    """Decide the decimal sign of a whole file from every amount in it.

    One amount alone may not tell (“1,234”); a comma is the sign if some amount proves it
    (“19,99”, “1.234,50”) and none proves a point.
    """
    comma = False
    for text in texts:
        number = text.strip().rstrip(" €£$¥złABCDEFGHIJKLMNOPQRSTUVWXYZ\u00a0")
        if _SAYS_POINT.fullmatch(number):
            return "."
        comma = comma or bool(_SAYS_COMMA.fullmatch(number))
    return "," if comma else "."


def split_line(total: int, quantity: int) -> tuple[int, int]:
    """Return the unit price and discount that give a line's total exactly.

    Channels that state a line's total may state one that its quantity does not divide: 10.00 for
    3 is 3.34 each with 0.02 off, so that 3 x 3.34 - 0.02 is 10.00 again.
    """
    if quantity <= 1:
        return total, 0
    unit = -(-total // quantity)
    return unit, unit * quantity - total

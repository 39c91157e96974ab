"""Can a label be printed as the order stands? If not, which hold says why?

Nothing is repaired here: the reason offers the likely value and a person decides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from app.domain.orders import Address, HoldCode, IncomingOrder, MapperHold

_UNITED_STATES: Final = frozenset(("US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"))
# Countries whose five-digit postcodes may begin with zero, so that a spreadsheet shortens them.
_FIVE_DIGITS: Final = {
    "DE": "Germany", "FR": "France", "ES": "Spain", "IT": "Italy", "FI": "Finland", "MX": "Mexico",
}  # fmt: skip
_FIVE_DIGIT_NAMES: Final = frozenset(
    {*_FIVE_DIGITS, *(x.upper() for x in _FIVE_DIGITS.values()), "DEUTSCHLAND", "ESPAÑA", "ITALIA"}
)
# USPS: every ZIP that begins with a zero, by its first three digits.
_ZERO_ZIPS: Final = {
    "MA": (10, 27), "RI": (28, 29), "NH": (30, 38), "ME": (39, 49), "VT": (50, 59),
    "CT": (60, 69), "NJ": (70, 89), "AE": (90, 99), "PR": (6, 9), "VI": (8, 8), "NY": (5, 5),
}  # fmt: skip
_ZIP: Final = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")
_SHORT_ZIP: Final = re.compile(r"([0-9]{3,4})(?:-([0-9]{4}))?|([0-9]{4})([0-9]{4})")

# The bytes 0x80 to 0xBF, which continue a letter in UTF-8, read as Latin-1 or Windows-1252.
_CONTINUATION: Final = (
    "[\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore") + "]"
)
# UTF-8 read as Windows-1252. Two-byte letters count alone only where they are common (Ã¶, Ä±);
# elsewhere “É™” or “É»” is real text, so two in a row are needed.
MOJIBAKE: Final = re.compile(
    f"[ÂÃÄÅ]{_CONTINUATION}|(?:[Æ-ß]{_CONTINUATION}){{2}}|[à-ï]{_CONTINUATION}{{2}}"
    f"|ð{_CONTINUATION}{{3}}|\ufffd"
)


def missing_sku(order: IncomingOrder) -> tuple[MapperHold, ...]:
    """Hold an order with a line that must be shipped and names no SKU."""
    for line in order.lines:
        if not line.sku_text and line.requires_shipping and line.quantity:
            title = line.title[:60] or "untitled"
            reason = f"The line “{title}” has no SKU. Choose the SKU that it means."
            return (MapperHold(HoldCode.MISSING_SKU, reason),)
    return ()


def address_holds(order: IncomingOrder, look_for_mojibake: bool) -> tuple[MapperHold, ...]:
    """Hold an order whose address cannot be right."""
    address = order.ship_to
    code = address.postcode
    whole = len(code) == 5 and _digits(code)  # right wherever we know what is right
    reason = "" if whole else _postcode_problem(code, address.country, address.state)
    postcode = (MapperHold(HoldCode.ADDRESS_ZIP, reason),) if reason else ()
    return postcode + _mojibake(address, order.buyer_name) if look_for_mojibake else postcode


def _mojibake(address: Address, buyer: str) -> tuple[MapperHold, ...]:
    texts = (
        address.name, address.company, address.line1, address.line2, address.line3, address.city,
        address.state, buyer,
    )  # fmt: skip
    for text in texts:
        if MOJIBAKE.search(text):
            reason = (
                f"“{text[:60]}” looks garbled: it was read in a wrong encoding before it came "
                "here. Compare it with the channel and correct or confirm it."
            )
            return (MapperHold(HoldCode.MOJIBAKE_SUSPECT, reason),)
    return ()


@lru_cache(maxsize=65_536)
def _postcode_problem(postcode: str, country: str, state: str) -> str:
    postcode, country, state = (x.strip().upper() for x in (postcode, country, state))
    if not postcode:
        return ""
    if country in _UNITED_STATES:
        return _zip_problem(postcode, state)
    if country in _FIVE_DIGIT_NAMES and len(postcode) == 4 and _digits(postcode):
        return (
            f"The postcode “{postcode}” has four digits and should have five. "
            f"Probably 0{postcode}: a spreadsheet has dropped the leading zero."
        )
    return ""


def _zip_problem(postcode: str, state: str) -> str:
    if _ZIP.fullmatch(postcode):
        return ""
    short = _SHORT_ZIP.fullmatch(postcode)
    if not short:
        return f"The ZIP “{postcode}” is not five digits. Correct it before a label is bought."
    head, tail = (short[1] or short[3]).zfill(5), short[2] or short[4]
    if not _fits(head, state):
        return f"The ZIP “{postcode}” is too short for {state or 'an address'}. Correct it."
    padded = f"{head}-{tail}" if tail else head
    return (
        f"The ZIP “{postcode}” is too short. Probably {padded} ({state or 'state not given'}): "
        "a spreadsheet has dropped the leading zero."
    )


def _fits(head: str, state: str) -> bool:
    """Say whether a ZIP with its zeros put back lies in the state (unknown states: perhaps)."""
    if len(state) != 2:
        return True
    low, high = _ZERO_ZIPS.get(state, (1000, 0))
    return low <= int(head[:3]) <= high


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()

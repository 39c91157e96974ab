"""Which of our SKUs may a channel's code mean, and how sure is that?

The ladder: the very code; the same but for case, blanks and dashes; the SKU's barcode, if its check
digit is right; something alike, with a score. Only the code itself and a barcode mean a SKU by
themselves. Whatever else differs is shown to a person, who decides once: “123” is not “00123”.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

_GTIN_LENGTHS = (8, 12, 13, 14)


class Rung(StrEnum):
    """How a code was recognised, from surest to least."""

    TAUGHT = "taught"
    EXACT = "exact"
    BARCODE = "barcode"
    NORMALISED = "normalised"
    ALIKE = "alike"


class Code(NamedTuple):
    """What a channel calls something, on a line of an order placed ``at`` some moment."""

    text: str
    listing_id: str = ""
    variant: str = ""
    at: datetime | None = None


class Meant(NamedTuple):
    """The SKU that a code means, and how many units of it are in one that is sold."""

    sku_id: int
    pack: int = 1
    rung: Rung = Rung.EXACT


def plain(code: str) -> str:
    """Return a code without case, blanks, dashes, invisible signs and leading zeros."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    kept = "".join(sign for sign in folded if sign.isalnum())
    return kept.lstrip("0") or kept[-1:]


def gtin(text: str) -> str:
    """Return a barcode as GTIN-14 if it is one and its check digit is right, or nothing."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in _GTIN_LENGTHS):
        return ""
    padded = digits.zfill(14)
    weighed = sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(padded[:-1]))
    if not padded.strip("0") or (weighed + int(padded[-1])) % 10:
        return ""
    return padded


def keys_of(code: str, barcodes: str) -> Iterator[tuple[str, str]]:
    """Yield what a SKU can be recognised by, as (kind, value), each once."""
    if short := plain(code):
        yield "code", short
    for each in dict.fromkeys(map(gtin, barcodes.split())):
        if each:
            yield "gtin", each

"""What do we keep of a SKU, and may a value stand there? One line a field, for grid, file and form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import RefusedError

_MOST: Final = 2_000_000_000
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class SkuField:
    """One field of the record: its name in files, what people call it, and how it is read."""

    name: str
    words: str
    read: Callable[[str], Any]
    hint: str = ""


def _words(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > _LONGEST:
        raise ValueError(f"at most {_LONGEST} letters")
    return found


def _whole(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        digits = text.strip().replace(",", "").replace(" ", "")
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit()) or int(digits) > most:
            raise ValueError(f"a whole number up to {most:,}, or nothing")
        return int(digits)

    return read


def _amount(text: str) -> int | None:
    """Read an amount of two decimals as minor units."""
    found = re.fullmatch(r"\s*\$?\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*", text)
    if not text.strip():
        return None
    if found is None:
        raise ValueError("an amount such as 4.50, or nothing")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _band(text: str) -> str:
    band = text.strip().upper()
    if band not in ("", "A", "B", "C", "D"):
        raise ValueError("A (sells daily), B, C, D (hardly ever), or nothing")
    return band


def _yes(text: str) -> bool:
    said = text.strip().casefold()
    if said in ("yes", "y", "true", "1", "x"):
        return True
    if said in ("", "no", "n", "false", "0"):
        return False
    raise ValueError("yes or no")


# fmt: off
RECORD: Final[tuple[SkuField, ...]] = (
    SkuField("title", "Title", _words),
    SkuField("barcode", "Barcode", _words, "The one on the product"),
    SkuField("more_barcodes", "More barcodes", _words, "Of the carton, or an old one; a blank between them"),
    SkuField("category", "Category", _words),
    SkuField("family", "Family", _words, "What belongs together, such as all sizes of one mug"),
    SkuField("cost", "Cost", _amount, "What one unit costs you"),
    SkuField("weight_g", "Weight, g", _whole(_MOST)),
    SkuField("length_mm", "Length, mm", _whole(_MOST)),
    SkuField("width_mm", "Width, mm", _whole(_MOST)),
    SkuField("height_mm", "Height, mm", _whole(_MOST)),
    SkuField("velocity", "Velocity", _band, "A sells daily, D hardly ever"),
    SkuField("supplier", "Supplier", _words),
    SkuField("lead_time_days", "Lead time, days", _whole(3_650), "From the order to the shelf"),
    SkuField("is_hazmat", "Hazardous", _yes, "Some carriers and channels refuse it"),
    SkuField("is_fragile", "Fragile", _yes),
    SkuField("minimum_age", "Minimum age", _whole(120), "Of whoever may buy it"),
)
# fmt: on
FIELDS: Final[Mapping[str, SkuField]] = {field.name: field for field in RECORD}


def read_field(name: str, text: str) -> Any:
    """Return what a person wrote into a field as it is stored.

    Raises:
        RefusedError: there is no such field, or the words cannot stand there.
    """
    if name not in FIELDS:
        raise RefusedError(f"A SKU has no “{name}”; nothing was changed.",
                           f"It has: {', '.join(FIELDS)}.")  # fmt: skip
    field = FIELDS[name]
    try:
        return field.read(text)
    except ValueError as error:
        raise RefusedError(f"{field.words} cannot be “{text.strip()}”; nothing was changed.",
                           f"Write {error}.") from error  # fmt: skip


def written(value: Any) -> str:
    """Return a stored value as a person would write it into a file; money is not among these."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def amount(minor: int | None) -> str:
    """Return minor units of two decimals as they are written."""
    return "" if minor is None else f"{minor // 100}.{minor % 100:02}"

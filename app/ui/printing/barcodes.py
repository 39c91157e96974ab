"""Which bars does a scanner read as exactly this text?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

LONGEST_LINE = 28  # letters; a longer Code 128 becomes too fine for the scanner at the bench


@dataclass(frozen=True, slots=True)
class Bar:
    """Dark modules side by side, in modules from the top left."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode in modules; one row is bars of any height, several are a square."""

    columns: int
    rows: int
    bars: tuple[Bar, ...]

    @property
    def is_square(self) -> bool:
        """Whether it has to stay as tall as wide."""
        return self.rows > 1


@lru_cache(maxsize=512)
def barcode(text: str) -> Barcode | None:
    """Return the bars of a text: Code 128, or a square code for what that cannot say or hold.

    Quiet zones are left to who places it. An empty text has none.
    """
    if not text.strip():
        return None
    is_line = len(text) <= LONGEST_LINE and text.isascii() and text.isprintable()
    import zxingcpp  # loaded with the first barcode

    kind = zxingcpp.BarcodeFormat.Code128 if is_line else zxingcpp.BarcodeFormat.QRCode
    try:
        made = zxingcpp.create_barcode(text, kind)
    except ValueError:  # longer than any barcode
        return None
    image = memoryview(cast(bytes, made.to_image(scale=1, add_quiet_zones=False)))
    tall, wide = image.shape or (1, 1)
    pixels = image.tobytes()
    rows = [pixels[at * wide : (at + 1) * wide] for at in range(tall if not is_line else 1)]
    return Barcode(
        wide, len(rows), tuple(bar for y, row in enumerate(rows) for bar in _runs(row, y))
    )


def _runs(row: bytes, y: int) -> list[Bar]:
    found, start = [], -1
    for x, pixel in enumerate((*row, 255)):
        if pixel == 0 and start < 0:
            start = x
        elif pixel != 0 and start >= 0:
            found.append(Bar(start, y, x - start))
            start = -1
    return found

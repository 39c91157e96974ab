"""How is text from anywhere shown in a terminal: literally, aligned, and unable to steer it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_NAMES = {
    "\u200e": "LRM", "\u200f": "RLM", "\u061c": "ALM", "\u202a": "LRE", "\u202b": "RLE",
    "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2066": "LRI", "\u2067": "RLI",
    "\u2068": "FSI", "\u2069": "PDI", "\u200b": "ZWSP", "\ufeff": "BOM", "\u2028": "LS",
    "\u2029": "PS",
}  # fmt: skip
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff" + "".join(_NAMES) + "]")


def visible(text: str) -> str:
    """Return text on one line; signs that steer a terminal or turn letters are named instead."""
    return _UNSEEN.sub(_mark, text) if _UNSEEN.search(text) else text


def _mark(found: re.Match[str]) -> str:
    sign = found.group()
    if sign in "\n\r\t":
        return " "
    return f"[{_NAMES.get(sign, f'U+{ord(sign):04X}')}]"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return rows as aligned columns; those whose head begins with ">" stand at the right."""
    cells = [[visible(str(cell)) for cell in row] for row in rows]
    names = [head.removeprefix(">") for head in heads]
    right = [head.startswith(">") for head in heads]
    widths = [
        max(width(name), *(width(row[at]) for row in cells), 0) for at, name in enumerate(names)
    ]
    lines = [names, ["-" * size for size in widths], *cells]
    return ["  ".join(map(_placed, line, widths, right)).rstrip() for line in lines]


def width(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    return sum(_columns(sign) for sign in text) if not text.isascii() else len(text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _placed(text: str, size: int, at_right: bool) -> str:
    gap = " " * (size - width(text))
    return gap + text if at_right else text + gap

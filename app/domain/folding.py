"""When are two words the same to somebody who searches? Neither case nor accents tell them apart."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f]+")
_BLANKS: Final = "\0\r\t\v\f\x1c\x1d\x1e\x1f"
# Letters that carry their stroke within them, and blanks of other kinds.
_OTHERS: Final = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th",
    **dict.fromkeys(_BLANKS + "\x85\u2028\u2029", " "),
})  # fmt: skip
_ASCII_OTHERS: Final = str.maketrans(dict.fromkeys(_BLANKS, " "))


def fold(text: str) -> str:
    """Return a text as it is compared: "Müller" and "MULLER" are both "muller"; lines stay lines."""
    if text.isascii():
        return text.lower().translate(_ASCII_OTHERS)
    return _MARKS.sub("", _apart(_apart(text).casefold())).translate(_OTHERS)


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)

"""Does a text turn its own direction round? Such a name can pretend to be another."""

from __future__ import annotations

import re
from typing import Final

# Every character with the Unicode property Bidi_Control.
_CONTROLS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def holds_bidi_controls(text: str) -> bool:
    """Say whether a text holds invisible characters that change its direction."""
    return not text.isascii() and bool(_CONTROLS.search(text))

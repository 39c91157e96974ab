"""What is wrong with a search, and where?"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from app.errors import RefusedError

_NEAR: Final = 0.65


class SearchError(RefusedError):
    """A search that cannot be read; ``at`` is the position of the first character that is wrong.

    ``instead`` is what was probably meant in place of the ``length`` characters there, if anything comes near.
    """

    def __init__(
        self, title: str, advice: str = "", *, at: int, length: int = 1, instead: str = ""
    ) -> None:
        super().__init__(title, advice)
        self.at = at
        self.length = length
        self.instead = instead


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known word that was probably meant, or nothing."""
    return next(iter(get_close_matches(word.casefold(), known, 1, _NEAR)), "")

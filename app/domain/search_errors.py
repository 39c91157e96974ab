"""What is wrong with a search, and where?"""

from __future__ import annotations

from app.errors import RefusedError


class SearchError(RefusedError):
    """A search that cannot be read; ``at`` is the position of the first character that is wrong."""

    def __init__(self, title: str, advice: str = "", *, at: int, length: int = 1) -> None:
        super().__init__(title, advice)
        self.at = at
        self.length = length

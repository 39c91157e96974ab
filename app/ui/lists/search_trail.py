"""What was looked at before, and what was searched for lately? Back, forward and recent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_TRAIL: Final = 50
MOST_RECENT: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One way in which a list was looked at: a view, and what was typed."""

    view: str
    text: str


class Trail:
    """The steps through a list's filters, with a place among them."""

    def __init__(self, first: Step) -> None:
        self._steps = [first]
        self._at = 0
        self._is_typing = False

    @property
    def here(self) -> Step:
        """The step that is shown."""
        return self._steps[self._at]

    def can_go(self, steps: int) -> bool:
        """Whether there is something before (-1) or after (1)."""
        return 0 <= self._at + steps < len(self._steps)

    def start(self, step: Step) -> None:
        """Begin anew."""
        self._steps, self._at, self._is_typing = [step], 0, False

    def visit(self, step: Step, *, is_typing: bool = False) -> None:
        """Take note of a step; what is typed without a stop is one."""
        if step == self.here:
            return
        replaces = is_typing and self._is_typing and self._at > 0
        kept = self._steps[: self._at + (not replaces)]
        self._steps = [*kept, step][-LONGEST_TRAIL:]
        self._at = len(self._steps) - 1
        self._is_typing = is_typing

    def settle(self) -> None:
        """What is typed from now on is a step of its own."""
        self._is_typing = False

    def go(self, steps: int) -> Step:
        """Go back (-1) or forward (1), as far as there is something."""
        self._at = max(0, min(len(self._steps) - 1, self._at + steps))
        self._is_typing = False
        return self.here


def remembered(recent: Sequence[str], text: str) -> list[str]:
    """Return the recent searches with one more, each once, the newest first."""
    kept = [each for each in recent if each.casefold() != text.casefold()]
    return [text, *kept][:MOST_RECENT]

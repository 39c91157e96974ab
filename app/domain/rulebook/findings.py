"""What may be wrong with a rulebook, and what must be known to find it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Finding(StrEnum):
    """What may be wrong with a rule."""

    BLANK = "blank"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    DEAD = "dead"
    SHADOWED = "shadowed"
    CONTRADICTORY = "contradictory"
    UNSTEADY = "unsteady"
    IDLE = "idle"


# A rulebook with one of these cannot be put in force: nobody could say what it means.
BLOCKING: Final = (Finding.BLANK, Finding.UNREADABLE, Finding.MISSING)
TITLES: Final[Mapping[Finding, str]] = {
    Finding.BLANK: "Says nothing",
    Finding.UNREADABLE: "Cannot be read",
    Finding.MISSING: "Names what is not there",
    Finding.DEAD: "Can never apply",
    Finding.SHADOWED: "Has nothing left to say",
    Finding.CONTRADICTORY: "Disagrees with another",
    Finding.UNSTEADY: "Says something else the second time",
    Finding.IDLE: "Applied to no order",
}


@dataclass(frozen=True, slots=True)
class Lint:
    """One finding about a rule; ``other`` is the rule that it collides with, ``at`` a position."""

    kind: Finding
    rule: str
    sentence: str
    other: str = ""
    at: int = -1

    @property
    def blocks(self) -> bool:
        """Whether the rulebook cannot be put in force with it."""
        return self.kind in BLOCKING


@dataclass(frozen=True, slots=True)
class References:
    """What the desk knows by name, folded; an empty set is not checked."""

    places: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """To how many orders each rule applied, of how many in the last ``days`` days."""

    hits: Mapping[str, int] = field(default_factory=dict)
    orders: int = 0
    days: int = 90


NOTHING_KNOWN: Final = References()
NO_HISTORY: Final = History()

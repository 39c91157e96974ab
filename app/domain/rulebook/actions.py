"""What may a rule do? Each action by its verb, with what follows the verb, as data and as one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.rulebook.effects import Otherwise
from app.errors import RefusedError


class Verb(StrEnum):
    """What a rule may do."""

    SHIP = "ship"
    NEVER = "never"
    PREFER = "prefer"
    SERVICE = "service"
    PARCELS = "parcels"
    NEED = "need"
    PRIORITY = "priority"
    HOLD = "hold"
    TAG = "tag"
    UNTAG = "untag"
    NOTE = "note"
    ASSIGN = "assign"
    CASE = "case"
    STOP = "stop"


class Takes(StrEnum):
    """What follows a verb."""

    TIERS = "tiers"
    PLACES = "places"
    WORDS = "words"
    TEXT = "text"
    NUMBER = "number"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class VerbHelp:
    """What a verb takes and does, and how it is written; ``is_single`` has one answer an order."""

    takes: Takes
    says: str
    example: str
    is_single: bool = False


VERBS: Final[Mapping[Verb, VerbHelp]] = {
    Verb.SHIP: VerbHelp(Takes.TIERS, "Ship from these locations, the first that has everything",
                        "ship RENO, else STUDIO AUSTIN, else anywhere", True),
    Verb.NEVER: VerbHelp(Takes.PLACES, "Never ship from these locations", "never AUSTIN"),
    Verb.PREFER: VerbHelp(Takes.PLACES, "Where nothing else decides, in this order",
                          "prefer RENO STUDIO", True),
    Verb.SERVICE: VerbHelp(Takes.TEXT, "Ship by this service", "service Two-day", True),
    Verb.PARCELS: VerbHelp(Takes.NUMBER, "At most so many parcels; 1 never splits", "parcels 1",
                           True),
    Verb.NEED: VerbHelp(Takes.WORDS, "What the parcel must have", "need signature insurance"),
    Verb.PRIORITY: VerbHelp(Takes.NUMBER, "Served before lower numbers when stock is scarce",
                            "priority 5", True),
    Verb.HOLD: VerbHelp(Takes.TEXT, "Put it on hold, for this reason", "hold Call the buyer first.",
                        True),
    Verb.TAG: VerbHelp(Takes.WORDS, "Put these tags on it", "tag fragile"),
    Verb.UNTAG: VerbHelp(Takes.WORDS, "Take these tags off", "untag rush"),
    Verb.NOTE: VerbHelp(Takes.TEXT, "Write a note on it", "note Wrap twice."),
    Verb.ASSIGN: VerbHelp(Takes.TEXT, "Ask somebody to take care of it", "assign Ann", True),
    Verb.CASE: VerbHelp(Takes.TEXT, "Open a case about it", "case Look at the address"),
    Verb.STOP: VerbHelp(Takes.NOTHING, "Ask no further rule", "stop"),
}  # fmt: skip
NEEDS: Final = ("signature", "insurance", "adult")
LASTING: Final = (Verb.HOLD, Verb.TAG, Verb.UNTAG, Verb.NOTE, Verb.ASSIGN, Verb.CASE)
_ELSE: Final = re.compile(r"\s*,?\s*\belse\b\s*|\s*,\s*", re.IGNORECASE)
_MOST: Final = 10**6


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a rule does; which of the fields count depends on what the verb takes."""

    verb: Verb
    words: tuple[str, ...] = ()
    text: str = ""
    number: int = 0
    tiers: tuple[tuple[str, ...], ...] = ()
    otherwise: Otherwise = Otherwise.ANYWHERE

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of every location that it names."""
        named = self.words if VERBS[self.verb].takes is Takes.PLACES else ()
        return (*named, *(code for tier in self.tiers for code in tier))

    @property
    def is_blank(self) -> bool:
        """Whether nothing follows the verb that needs something."""
        takes = VERBS[self.verb].takes
        return takes is not Takes.NOTHING and not (
            self.words or self.text or self.tiers or takes is Takes.NUMBER
        )

    @property
    def line(self) -> str:
        """The action as it is written."""
        return f"{self.verb.value} {self.value}".strip()

    @property
    def value(self) -> str:
        """What follows the verb."""
        takes = VERBS[self.verb].takes
        if takes is Takes.TIERS:
            written = ", else ".join(" ".join(tier) for tier in self.tiers)
            return f"{written}, else {self.otherwise.value}" if written else ""
        if takes is Takes.NUMBER:
            return str(self.number)
        return self.text if takes is Takes.TEXT else " ".join(map(_quoted, self.words))


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def action(verb: str, value: str) -> Action:
    """Return the action that is written.

    Raises:
        RefusedError: there is no such verb, or it takes something else.
    """
    try:
        known = Verb(verb.casefold())
    except ValueError:
        raise RefusedError(
            f"A rule cannot “{verb}”.", f"It can {', '.join(each.value for each in Verb)}."
        ) from None
    takes, said = VERBS[known].takes, " ".join(value.split())
    if takes is Takes.TIERS:
        return _ship(said)
    if takes is Takes.NUMBER:
        return Action(known, number=_number(known, said))
    if takes is Takes.TEXT:
        return Action(known, text=said)
    if takes is Takes.NOTHING:
        return _nothing(known, said)
    words = re.findall(r'"[^"]+"|[^\s",]+', said)
    return Action(known, words=tuple(dict.fromkeys(word.strip('"') for word in words)))


def _ship(said: str) -> Action:
    tiers = [tuple(dict.fromkeys(part.split())) for part in _ELSE.split(said) if part.strip()]
    otherwise = Otherwise.ANYWHERE
    if len(tiers) > 1 and len(tiers[-1]) == 1 and tiers[-1][0].casefold() in list(Otherwise):
        otherwise = Otherwise(tiers.pop()[0].casefold())
    return Action(Verb.SHIP, tiers=tuple(tiers), otherwise=otherwise)


def _number(verb: Verb, said: str) -> int:
    if (
        not (said.isascii() and said.isdecimal())
        or int(said) > _MOST
        or (verb is Verb.PARCELS and not int(said))
    ):
        raise RefusedError(
            f"“{verb.value}” takes a number, and “{said}” is none.",
            f"Write it as in: {VERBS[verb].example}",
        )
    return int(said)


def _nothing(verb: Verb, said: str) -> Action:
    if said:
        raise RefusedError(f"Nothing follows “{verb.value}”.", "Take the rest of the line away.")
    return Action(verb)

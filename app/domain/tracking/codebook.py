"""What does a carrier's code mean? A table, never a guess.

Asked in this order: the owner's own line for the code with just these words beside it; the owner's own
line for the code; the carrier's table; the code read as words ("OUT_FOR_DELIVERY"); the words beside it,
whole. What none of them knows is *unmapped* and waits in a list
until a person gives it a meaning, which is then read into everything that came before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from app.domain.tracking.statuses import Incident, Meaning, TrackingStatus

ANY_CARRIER = "*"
DESK = "desk"  # whose codes those are that a person chose
UNMAPPED = Meaning(TrackingStatus.UNMAPPED)
_NO_WORD = re.compile(r"[\W_]+")

Code = tuple[str, str]
Said = tuple[str, str, str]
Key = TypeVar("Key")


def folded(text: str) -> str:
    """Return a code or a phrase as it is compared: ``OUT_FOR_DELIVERY`` is "out for delivery"."""
    return _NO_WORD.sub(" ", text.casefold()).strip()


def exact(code: str) -> str:
    """Return a code as a carrier's table has it: spaces and case do not matter, signs do."""
    return " ".join(code.split()).casefold()


@dataclass(frozen=True, slots=True)
class CodeBook:
    """All meanings that are known: by carrier and code, and phrases of any carrier.

    ``own`` are the owner's lines for a code with words beside it, or for words without any code.
    """

    codes: Mapping[Code, Meaning] = field(default_factory=dict)
    phrases: Mapping[str, Meaning] = field(default_factory=dict)
    own: Mapping[Said, Meaning] = field(default_factory=dict)

    def meaning(self, carrier: str, code: str, words: str = "") -> Meaning:
        """Return what a code means; UNMAPPED where nobody has said so yet."""
        mine = self.own.get((carrier, exact(code), folded(words)))
        known = self.codes.get((carrier, exact(code))) if code.strip() else None
        return mine or known or self._said(code) or self._said(words) or UNMAPPED

    def with_own(self, own: Mapping[Said, Meaning]) -> CodeBook:
        """Return the book with the owner's own lines, (carrier, code, words), before the carriers'."""
        codes = {(x, exact(code)): means for (x, code, words), means in own.items() if not words}
        said = {
            (carrier, exact(code), folded(words)): means
            for (carrier, code, words), means in own.items()
            if words
        }
        return CodeBook({**self.codes, **codes}, self.phrases, said)

    def of(self, carrier: str) -> dict[str, Meaning]:
        """Return a carrier's table, by code."""
        return {code: meaning for (name, code), meaning in self.codes.items() if name == carrier}

    def _said(self, text: str) -> Meaning | None:
        return self.phrases.get(folded(text)) if text else None


def read_book(rows: Iterable[Mapping[str, str]]) -> CodeBook:
    """Read lines of ``carrier, status, incident, codes``; codes stand apart by " | ".

    Raises:
        ValueError: a status or an incident that does not exist, or a code with two meanings.
    """
    codes: dict[Code, Meaning] = {}
    phrases: dict[str, Meaning] = {}
    for row in rows:
        carrier, meaning = row["carrier"], _meaning(row)
        for code in filter(None, (each.strip() for each in row["codes"].split("|"))):
            if carrier == ANY_CARRIER:
                _put(phrases, folded(code), meaning)
            else:
                _put(codes, (carrier, exact(code)), meaning)
    return CodeBook(codes, phrases)


def desk_code(meaning: Meaning) -> str:
    """Return the code by which a meaning that a person chose is kept."""
    why = f" {meaning.incident.name.lower()}" if meaning.incident else ""
    return meaning.status.value + why


def desk_codes() -> dict[Code, Meaning]:
    """Return the codes of all that a person can say of a parcel."""
    every = (
        Meaning(status, incident)
        for status in TrackingStatus if status is not TrackingStatus.UNMAPPED
        for incident in (None, *Incident)
    )  # fmt: skip
    return {(DESK, desk_code(meaning)): meaning for meaning in every}


def _meaning(row: Mapping[str, str]) -> Meaning:
    incident = Incident[row["incident"].upper()] if row["incident"] else None
    return Meaning(TrackingStatus(row["status"]), incident)


def _put(table: dict[Key, Meaning], key: Key, meaning: Meaning) -> None:
    if table.setdefault(key, meaning) != meaning:
        raise ValueError(f"{key!r} has two meanings: {table[key]} and {meaning}")

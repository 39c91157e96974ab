"""Which columns does an export have, and what does reading them need to know?

Column names are written here as they compare: trimmed, lower case, single blanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_NO_SPELLINGS: Mapping[str, str] = {}


def column_key(name: str) -> str:
    """Return a header cell as it compares: names differ in case, blanks and a stray BOM."""
    return " ".join(name.strip("\ufeff \t\r\n").casefold().split())


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one export, in the channel's words.

    ``required`` is also its fingerprint. ``optional`` are the others that the mapper reads;
    columns beyond these never matter. ``identity`` are those that name the order: once a
    spreadsheet has rounded them, orders cannot be told apart and the file is refused. ``ids`` are
    other codes that a number format damages. ``month_first`` are dates written 11/21/25; ``dates``
    are those that are read as ISO 8601 and that a person may say are written in another order.
    ``spellings`` maps another spelling to ours. ``unless`` are columns that belong to another
    export with the same fingerprint; ``mostly_known`` asks of a short fingerprint that at least
    half of the columns are ours, lest orders be read as stock.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    month_first: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=lambda: _NO_SPELLINGS)
    mostly_known: bool = False
    quoted_tabs: bool = True
    pads_short_rows: bool = False
    record_footer: bool = False

    def canonical(self, name: str) -> str:
        """Return our name of a header cell."""
        key = column_key(name)
        return self.spellings.get(key, key)

    def matches(self, names: frozenset[str]) -> bool:
        """Say whether a header (column keys) has this export's fingerprint."""
        return self.known_names(names).issuperset(self.required) and self.allows(names)

    def allows(self, names: frozenset[str]) -> bool:
        """Say whether nothing in a header speaks for another export."""
        known = self.known_names(names)
        if not known.isdisjoint(self.unless):
            return False
        strangers = sum(not self.reads(self.spellings.get(x, x)) for x in names)
        return not self.mostly_known or strangers * 2 <= len(names)

    def missing(self, names: frozenset[str]) -> tuple[str, ...]:
        """Return the required columns that a header lacks, in our order."""
        known = self.known_names(names)
        return tuple(x for x in self.required if x not in known)

    def known_names(self, names: frozenset[str]) -> frozenset[str]:
        """Return a header's names in our spelling."""
        if not self.spellings:
            return names
        return names | {self.spellings[x] for x in names if x in self.spellings}

    def reads(self, name: str) -> bool:
        """Say whether the mapper reads the column (our name)."""
        return name in self.required or name in self.optional

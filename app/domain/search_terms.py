"""Of which terms is a search made, and where does each stand? For chips beside the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.search import Node, Reader, clean
from app.domain.search_errors import SearchError
from app.domain.search_fields import SearchField, Vocabulary

_NAMED: Final = re.compile(r"-?([A-Za-z_]+):")


class TermKind(StrEnum):
    """What a term looks like to a person."""

    FIELD = "field"  # channel:amazon
    TEXT = "text"  # "jane doe"
    GROUP = "group"  # (a OR b), or everything around an OR without brackets
    WRONG = "wrong"  # what cannot be read


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a search: ``text`` is exactly what stands from ``at`` to ``end``."""

    kind: TermKind
    text: str
    at: int
    field: SearchField | None = None

    @property
    def end(self) -> int:
        """The position after its last character."""
        return self.at + len(self.text)

    @property
    def is_negated(self) -> bool:
        """Whether it excludes."""
        return self.kind is not TermKind.WRONG and self.text.startswith("-") and len(self.text) > 1

    @property
    def value(self) -> str:
        """What stands after the field's name, or the whole of it."""
        text = self.text.removeprefix("-") if self.is_negated else self.text
        return text if self.field is None else text.partition(":")[2]

    @property
    def label(self) -> str:
        """How a chip reads: "channel: amazon, walmart", "not tag: vip"."""
        value = self.value if self.kind is TermKind.GROUP else _spoken(self.value)
        named = value if self.field is None else f"{self.field.name}: {value}"
        return f"not {named}" if self.is_negated else named


def cut(text: str, fields: Vocabulary) -> tuple[Term, ...]:
    """Cut a search into its terms, however half-typed it is; between them are only blanks.

    With an OR that stands outside of brackets the whole search is one term.
    """
    found, ors = _scan(text, fields)
    return tuple(found) if not ors else (_whole(text, found, ors),)


def _scan(text: str, fields: Vocabulary) -> tuple[list[Term], list[int]]:
    """Return the terms, and where an OR stands between them."""
    reader = Reader(clean(text), fields)
    found: list[Term] = []
    ors: list[int] = []
    while (start := reader.skip_blanks()) < len(text):
        if reader.takes_or():
            ors.append(start)
            continue
        node = _read(reader, start)
        found.append(_term(text[start : reader.at], start, node, fields))
    return found, ors


def _read(reader: Reader, start: int) -> Node | None:
    """Read one term; go behind the word where that is not possible."""
    try:
        return reader.factor(0)
    except SearchError:
        reader.at = reader.end_of_word(start)
        return None


def _term(text: str, at: int, node: Node | None, fields: Vocabulary) -> Term:
    if node is None:
        return Term(TermKind.WRONG, text, at)
    named = _NAMED.match(text)
    if named:
        return Term(TermKind.FIELD, text, at, fields.find(named[1]))
    is_group = text.removeprefix("-").startswith("(")
    return Term(TermKind.GROUP if is_group else TermKind.TEXT, text, at)


def _whole(text: str, found: list[Term], ors: list[int]) -> Term:
    start = min(ors[0], *(term.at for term in found)) if found else ors[0]
    end = max(ors[-1] + 2, *(term.end for term in found)) if found else ors[-1] + 2
    is_wrong = any(term.kind is TermKind.WRONG for term in found)
    return Term(TermKind.WRONG if is_wrong else TermKind.GROUP, text[start:end], start)


def _spoken(value: str) -> str:
    """Return a field's values as one says them: without quotes, a blank after each comma."""
    parts = re.findall(r'"[^"]+"|[^,]+', value)
    return ", ".join(part.strip('"') or part for part in parts) if value.strip('",') else value


def term_at(terms: tuple[Term, ...], position: int) -> Term | None:
    """Return the term that a position lies in or at the end of."""
    return next((term for term in terms if term.at <= position <= term.end), None)


def without(text: str, term: Term) -> str:
    """Return a search without one of its terms."""
    before, after = text[: term.at].rstrip(), text[term.end :].lstrip()
    return f"{before} {after}".strip()


def and_also(text: str, more: str, fields: Vocabulary) -> str:
    """Return a search that asks for two things, each part meaning what it means alone."""
    return f"{_alone(text, fields)} {_alone(more, fields)}".strip()


def _alone(text: str, fields: Vocabulary) -> str:
    """Return a search so that words beside it do not change what it means."""
    found, ors = _scan(text, fields)
    if not ors:
        return text.strip()
    for term in reversed(found):
        text = text[: term.at] + _guarded(term) + text[term.end :]
    return f"({text.strip()})"


def _guarded(term: Term) -> str:
    """Return a term in which no bracket closes what it did not open."""
    is_loose = term.value.count(")") > term.value.count("(") and '"' not in term.value
    if term.kind not in (TermKind.TEXT, TermKind.FIELD) or not is_loose:
        return term.text
    return f'{term.text.removesuffix(term.value)}"{term.value}"'

"""What does a search mean? One parser for the window, the command line and (later) rules.

    channel:amazon,walmart -sku:MUG-* qty:>3 (is:held OR is:late) "jane doe"

Words stand beside each other with "and" between them; ``OR`` and brackets group; ``-`` excludes; a
field takes alternatives with commas. Everything else is text and is taken literally, whatever its
signs mean to a database. ``parse`` is pure: it returns frozen values and knows no table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.search_errors import SearchError, nearest
from app.domain.search_fields import FieldKind, SearchField, Vocabulary
from app.domain.search_values import Leaf, leaf

LONGEST: Final = 1000
DEEPEST: Final = 20
MOST_WORDS: Final = 60

_FIELD = re.compile(r"([A-Za-z_]+):")
_LINES = re.compile(r"(ANY|ALL|NONE|ONLY|COUNT(<=|>=|<|>|=)(\d{1,4}))\(", re.ASCII)
_STOP = re.compile(r'"[^"]+"|[()]|\s')
_OR = "OR"


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition at all."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that must occur, literally, in one of the texts that people search by."""

    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be true."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """What must all be true."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Of what at least one must be true."""

    nodes: tuple[Node, ...]


class Quantifier(StrEnum):
    """Of how many of an order's lines something must be true."""

    ANY = "ANY"  # at least one line
    ALL = "ALL"  # every line
    NONE = "NONE"  # no line
    ONLY = "ONLY"  # the order has one line, and it is true of that
    COUNT = "COUNT"  # so many lines: COUNT>=2(…)


@dataclass(frozen=True, slots=True)
class Lines:
    """What must be true of so many lines; ``compared`` and ``count`` are for ``COUNT`` alone."""

    quantifier: Quantifier
    node: Node
    compared: str = ""
    count: int = 0


Node = Everything | Text | Leaf | Not | And | Or | Lines


def parse(text: str, fields: Vocabulary) -> Node:
    """Return what a search means.

    Raises:
        SearchError: it cannot be read; the error names the position and what would be right.
    """
    if len(text) > LONGEST:
        raise SearchError(f"A search has at most {LONGEST} characters.", at=LONGEST)
    reader = Reader(clean(text), fields)
    found = reader.either(0)
    return Everything() if found is None else found


def clean(text: str) -> str:
    """Return the text without what no database can keep; positions stay the same."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


class Reader:
    """Reads one search from left to right; ``at`` is how far it has come."""

    def __init__(self, text: str, fields: Vocabulary) -> None:
        self._text, self._fields = text, fields
        self.at = self._words = 0

    def either(self, depth: int) -> Node | None:
        """Read terms with OR between them, up to the end or the closing bracket."""
        found: list[Node] = []
        while True:
            at = self.skip_blanks()
            part = self._all(depth)
            if part is not None:
                found.append(part)
            if not self.takes_or():
                if part is None and found:
                    raise _dangling_or(at - 1)
                break
            if part is None:
                raise _dangling_or(at)
        return _joined(found, Or)

    def _all(self, depth: int) -> Node | None:
        """Read terms that stand beside each other."""
        found: list[Node] = []
        while not (self._is_over(depth) or self._sees_or()):
            found.append(self.factor(depth))
        return _joined(found, And)

    def factor(self, depth: int) -> Node:
        """Read one term or bracket, excluded or not; something must stand here."""
        text, at = self._text, self.at
        negated = text[at] == "-" and not self._is_blank(at + 1)
        self.at += negated
        node = self._group(depth) if text[self.at] == "(" else self._term(depth)
        return Not(node) if negated else node

    def _group(self, depth: int) -> Node:
        start = self.at
        if depth >= DEEPEST:
            raise SearchError(f"Brackets go at most {DEEPEST} deep.", at=start)
        self.at += 1
        node = self.either(depth + 1)
        if self.at >= len(self._text):
            raise SearchError(
                "This bracket is never closed.",
                "Add the closing bracket, or put the text in quotes.",
                at=start,
            )
        self.at += 1
        return Everything() if node is None else node

    def _term(self, depth: int) -> Node:
        self._words += 1
        if self._words > MOST_WORDS:
            raise SearchError(f"A search has at most {MOST_WORDS} words.", at=self.at)
        lines = _LINES.match(self._text, self.at) if self._fields.lines else None
        if lines:
            return self._of_lines(lines, depth)
        named = _FIELD.match(self._text, self.at)
        if named:
            return self._field(named, depth)
        start = self.at
        quoted = self._quoted()
        return Text(self._word(depth) if quoted is None else quoted, start)

    def _of_lines(self, found: re.Match[str], depth: int) -> Node:
        """Read what must be true of lines, in the lines' own fields."""
        around = self._fields
        self.at = found.end() - 1
        self._fields = around.lines or around
        try:
            node = self._group(depth)
        finally:
            self._fields = around
        kind = Quantifier.COUNT if found[2] else Quantifier(found[1])
        return Lines(kind, node, found[2] or "", int(found[3] or 0))

    def _field(self, named: re.Match[str], depth: int) -> Node:
        field = self._fields.find(named[1])
        if field is None:
            raise _no_field(named, self._fields)
        self.at = named.end()
        values = self._values(field, depth)
        return _joined([leaf(field, *value) for value in values], Or) or Everything()

    def _values(self, field: SearchField, depth: int) -> list[tuple[str, bool, int]]:
        """Read a field's alternatives as (text, was quoted, position)."""
        found: list[tuple[str, bool, int]] = []
        # A choice is one word, so that the bar of other languages can stand between choices too.
        stops = ",|" if field.kind is FieldKind.CHOICE else ","
        while True:
            start = self.at
            quoted = self._quoted()
            value = self._word(depth, stops) if quoted is None else quoted
            if value:
                found.append((value, quoted is not None, start))
            if self.at >= len(self._text) or self._text[self.at] not in stops:
                break
            self.at += 1
        if not found:
            raise SearchError(f"“{field.name}:” needs a value.", field.help, at=start)
        return found

    def _quoted(self) -> str | None:
        """Read a text in quotes; a quote that is never closed is text like any other."""
        if self._text[self.at : self.at + 1] != '"':
            return None
        end = self._text.find('"', self.at + 1)
        if end < 0 or end == self.at + 1:
            return None
        value = self._text[self.at + 1 : end]
        self.at = end + 1
        return value

    def _word(self, depth: int, stops: str = "") -> str:
        """Read up to a blank, a stop sign, or the bracket that closes the group around it."""
        start, inner = self.at, 0
        while self.at < len(self._text):
            sign = self._text[self.at]
            if sign.isspace() or sign in stops:
                break
            if sign == ")" and depth and not inner:
                break
            inner += (sign == "(") - (sign == ")" and inner > 0)
            self.at += 1
        return self._text[start : self.at]

    def skip_blanks(self) -> int:
        """Go to the next sign that is no blank, and return where it is."""
        while self.at < len(self._text) and self._text[self.at].isspace():
            self.at += 1
        return self.at

    def _is_blank(self, at: int) -> bool:
        return at >= len(self._text) or self._text[at].isspace()

    def _is_over(self, depth: int) -> bool:
        at = self.skip_blanks()
        return at >= len(self._text) or (depth > 0 and self._text[at] == ")")

    def _sees_or(self) -> bool:
        """Return whether the next word is OR."""
        at = self.skip_blanks()
        after = at + len(_OR)
        ends = self._is_blank(after) or self._text[after] in "()"
        return self._text.startswith(_OR, at) and ends

    def end_of_word(self, at: int) -> int:
        """Return where what cannot be read ends: behind its bracket, or at the next blank."""
        inner, blank = 0, len(self._text)
        for found in _STOP.finditer(self._text, at):
            sign = found[0]
            if sign.isspace():
                blank = min(blank, found.start())
            inner += (sign == "(") - (sign == ")")
            if inner <= 0 and (sign.isspace() or sign == ")"):
                return min(blank, found.end()) if inner < 0 or sign != ")" else found.end()
        return blank

    def takes_or(self) -> bool:
        """Read OR if that is the next word."""
        seen = self._sees_or()
        self.at += len(_OR) * seen
        return seen


def _joined(nodes: Sequence[Node], kind: type[And | Or]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes))


def _no_field(named: re.Match[str], fields: Vocabulary) -> SearchError:
    near = nearest(named[1], fields.all_names)
    meant = f"Did you mean {near}:? " if near else ""
    return SearchError(
        f"There is no field “{named[1]}”.",
        f"{meant}Fields: {', '.join(fields.names)}. To search for the text itself, put it in quotes.",
        at=named.start(),
        length=len(named[1]),
        instead=near,
    )


def _dangling_or(at: int) -> SearchError:
    return SearchError(
        "OR needs something on both sides.",
        "To search for the word itself, put it in quotes.",
        at=max(0, at),
        length=len(_OR),
    )

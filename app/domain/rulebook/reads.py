"""What does a condition read of an order? What it names, and what rules themselves may change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.rulebook.conditions import matcher, parts_of
from app.domain.search import Node, Not
from app.domain.search_values import Choice, Match

Polar = tuple[Match | Choice, bool]
WordTest = tuple[Callable[[str], bool], bool]  # what word is meant, and whether it is to be there


@dataclass(frozen=True, slots=True)
class Reads:
    """``named`` are the exact texts that a condition asks for, by field."""

    named: Mapping[str, tuple[str, ...]]
    tag_tests: tuple[WordTest, ...]
    person_tests: tuple[WordTest, ...]
    service: bool

    @property
    def tags(self) -> bool:
        """Whether it asks about tags at all."""
        return bool(self.tag_tests)

    def wants_tag(self, word: str) -> bool | None:
        """Return whether it wants a tag to be there (or not); nothing if it does not ask about it."""
        return _wanted(self.tag_tests, word)

    def wants_person(self, name: str) -> bool | None:
        """Return whether it wants somebody to take care of the order (or not)."""
        return _wanted(self.person_tests, name)


def _wanted(tests: tuple[WordTest, ...], word: str) -> bool | None:
    return next((is_so for is_meant, is_so in tests if is_meant(word)), None)


def reads(node: Node) -> Reads:
    """Return what a condition reads of an order."""
    facts = list(_facts(node, True))
    named: dict[str, dict[str, None]] = {}
    for fact, _is_so in facts:
        if isinstance(fact, Match) and len(fact.parts) == 1 and fact.is_whole:
            named.setdefault(fact.field, {})[fact.parts[0]] = None
    return Reads(
        {name: tuple(values) for name, values in named.items()},
        _tests(facts, "tag", "tag"),
        _tests(facts, "assigned", "assignee"),
        any(fact.field == "service" for fact, _is_so in facts),
    )


def words(node: Node) -> frozenset[str]:
    """Return the states that a condition asks for by a word, such as "duplicate"."""
    return frozenset(fact.value for fact, _is_so in _facts(node, True) if isinstance(fact, Choice))


def _tests(facts: list[Polar], field: str, belonging: str) -> tuple[WordTest, ...]:
    """Return what is asked of words of a kind: of one by its name, or whether there is any."""
    return tuple(
        (matcher(fact) if isinstance(fact, Match) else _any_word, is_so)
        for fact, is_so in facts
        if fact.field == field or (isinstance(fact, Choice) and fact.value == belonging)
    )


def _any_word(_word: str) -> bool:
    return True


def _facts(node: Node, is_so: bool) -> Iterator[Polar]:
    if isinstance(node, Match | Choice):
        yield node, is_so
    turned = not is_so if isinstance(node, Not) else is_so
    for each in parts_of(node):
        yield from _facts(each, turned)

"""What is a rule, and what a rulebook?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.domain.rulebook import conditions
from app.domain.rulebook.actions import Action, Verb
from app.domain.search import Everything, Node
from app.domain.search_errors import SearchError

ALWAYS: Final = "always"


@dataclass(frozen=True)
class Rule:
    """A name, a condition in the search's language ("always" for every order), and what is done then.

    ``about`` is what the owner wrote for themselves; a rule that is not ``is_on`` is kept and not asked.
    """

    name: str
    condition: str
    actions: tuple[Action, ...]
    about: str = ""
    is_on: bool = True

    @cached_property
    def node(self) -> Node:
        """The condition as it is understood.

        Raises:
            SearchError: it cannot be read.
        """
        if self.is_always:
            return Everything()
        return conditions.read(self.condition)

    @property
    def is_always(self) -> bool:
        """Whether it is for every order, and says so."""
        return self.condition.strip().casefold() == ALWAYS

    @property
    def is_blank(self) -> bool:
        """Whether it states no condition, or does nothing: nobody can know what was meant."""
        return not self.condition.strip() or not self.actions

    @property
    def stops(self) -> bool:
        """Whether no rule behind it is asked any more."""
        return any(each.verb is Verb.STOP for each in self.actions)

    @property
    def unreadable(self) -> SearchError | None:
        """What is wrong with its condition."""
        try:
            _ = self.node
        except SearchError as error:
            return error
        return None

    @property
    def is_asked(self) -> bool:
        """Whether it takes part."""
        return self.is_on and not self.is_blank and self.unreadable is None

    def does(self, verb: Verb) -> Iterator[Action]:
        """Return its actions of one kind."""
        return (each for each in self.actions if each.verb is verb)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules in the order in which they are asked. Where two give one answer each, the first counts."""

    rules: tuple[Rule, ...] = ()

    @property
    def asked(self) -> tuple[Rule, ...]:
        """The rules that take part."""
        return tuple(each for each in self.rules if each.is_asked)

    def named(self, name: str) -> Rule | None:
        """Return the rule of this name."""
        wanted = name.casefold()
        return next((each for each in self.rules if each.name.casefold() == wanted), None)


EMPTY: Final = Rulebook()

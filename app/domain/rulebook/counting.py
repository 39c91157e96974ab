"""How many orders does each rule mean, and to how many does it apply?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.rulebook.conditions import compiled
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.rules import Rulebook
from app.domain.rulebook.running import Runner


@dataclass(frozen=True, slots=True)
class RuleCount:
    """``means`` counts orders that meet the condition as they are, ``applies`` those that the rule is
    asked about too: no earlier rule stopped, and none changed what it reads."""

    rule: str
    means: int
    applies: int


def count(book: Rulebook, orders: Iterable[OrderFacts]) -> tuple[RuleCount, ...]:
    """Return the counts of every rule that is asked."""
    runner = Runner(book, {})
    tests = [(rule.name, compiled(rule.node)) for rule in book.asked]
    means = dict.fromkeys((name for name, _test in tests), 0)
    applies = dict(means)
    for facts in orders:
        for name, is_met in tests:
            means[name] += is_met(facts)
        for name in runner.run(facts).rules:
            applies[name] += 1
    return tuple(RuleCount(name, means[name], applies[name]) for name in means)

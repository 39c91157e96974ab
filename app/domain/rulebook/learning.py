"""Which rule would have made a person's overrides unnecessary? What they have in common, as a draft.

Overrides that go from the same place to the same place are looked at together, then the rest by where they go. What
three of them or more share (the channel, a SKU, a state) becomes the condition: of all that could, the
one that tells them best from the orders whose suggestion was accepted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from app.domain.rulebook.actions import Action, Verb
from app.domain.rulebook.conditions import compiled, read
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.rules import Rule
from app.domain.rulebook.text import LONGEST_NAME

ENOUGH: Final = 3
_MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Override:
    """A choice by hand: location codes; money in minor units, days later than suggested if known.

    ``rules`` are those that the suggestion was made by; ``is_late`` says how it ended, if it has.
    """

    order_id: int
    facts: OrderFacts
    suggested: str
    chosen: str
    reason: str
    extra: int = 0
    extra_days: int | None = None
    rules: tuple[str, ...] = ()
    is_late: bool | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What several overrides say together, and the rule that would have said it before.

    ``overruled`` is the rule of the owner's that all of them went against; ``also`` counts orders that
    the rule would have meant too, and whose suggestion was accepted.
    """

    pattern: str
    rule: Rule
    overrides: tuple[Override, ...]
    overruled: str = ""
    also: int = 0

    @property
    def extra(self) -> int:
        """What the overrides cost more than suggested, minor units."""
        return sum(each.extra for each in self.overrides)

    @property
    def late(self) -> int:
        """How many of them left later than they should have."""
        return sum(each.is_late is True for each in self.overrides)


def lessons(
    overrides: Sequence[Override], accepted: Sequence[OrderFacts] = ()
) -> tuple[Lesson, ...]:
    """Return what overrides teach, what is taught most often first."""
    made = [each for each in overrides if each.chosen and each.suggested != each.chosen]
    found = _taught(made, lambda each: (each.suggested, each.chosen), accepted)
    used = {each.order_id for lesson in found for each in lesson.overrides}
    rest = [each for each in made if each.order_id not in used]
    found += _taught(rest, lambda each: ("", each.chosen), accepted)
    return tuple(sorted(found, key=lambda each: (-len(each.overrides), each.pattern)))


def _taught(
    made: Sequence[Override], way: Callable[[Override], tuple[str, str]],
    accepted: Sequence[OrderFacts],
) -> list[Lesson]:  # fmt: skip
    """Return what overrides of one way teach: from one place to another, or from any to one."""
    groups: dict[tuple[str, str], list[Override]] = defaultdict(list)
    for each in made:
        groups[way(each)].append(each)
    lessons_ = (_lesson(*key, group, accepted) for key, group in groups.items())
    return [each for each in lessons_ if each is not None]


def _lesson(
    suggested: str, chosen: str, group: list[Override], accepted: Sequence[OrderFacts]
) -> Lesson | None:
    if len(group) < ENOUGH:
        return None
    best = max(_conditions(group), key=lambda parts: _fit(parts, group, accepted), default=())
    if not best:
        return None
    condition = " ".join(best)
    mine = tuple(_meeting(best, group))
    rule = Rule(_name(chosen, best), condition, (_ship(chosen),), _about(mine))
    overruled = set.intersection(*(set(each.rules) for each in mine))
    pattern = f"{suggested}>{chosen} {condition}"[:200]
    also = sum(map(compiled(rule.node), accepted))
    return Lesson(pattern, rule, mine, min(overruled, default=""), also)


def in_common(told: Sequence[OrderFacts], others: Sequence[OrderFacts] = ()) -> tuple[str, ...]:
    """Return what tells orders best from others, part by part; nothing where three share nothing."""
    group = [Override(at, facts, "", "", "") for at, facts in enumerate(told)]
    return max(_conditions(group), key=lambda parts: _fit(parts, group, others), default=())


def _conditions(group: Sequence[Override]) -> list[tuple[str, ...]]:
    """Return what three of the orders or more share, alone and in twos."""
    features = [frozenset(_features(each.facts)) for each in group]
    counts = Counter(part for each in features for part in each)
    order = {part: n for n, part in enumerate(_in_order(group))}
    parts = sorted((p for p, n in counts.items() if n >= ENOUGH), key=order.__getitem__)
    twos = [
        two
        for two in combinations(parts, 2)
        if sum(set(two) <= each for each in features) >= ENOUGH
    ]
    return [*twos, *((part,) for part in parts)]


def _in_order(group: Sequence[Override]) -> list[str]:
    return list(dict.fromkeys(part for each in group for part in _features(each.facts)))


def _fit(
    parts: tuple[str, ...], group: Sequence[Override], accepted: Sequence[OrderFacts]
) -> tuple[Fraction, int, int]:
    """Return how well a condition tells the overrides from what was accepted as suggested."""
    mine = len(list(_meeting(parts, group)))
    also = sum(map(compiled(read(" ".join(parts))), accepted))
    return Fraction(mine, mine + also), mine, len(parts)  # the narrower is the safer


def _meeting(parts: Sequence[str], group: Iterable[Override]) -> Iterable[Override]:
    is_met = compiled(read(" ".join(parts)))
    return (each for each in group if is_met(each.facts))


def _features(facts: OrderFacts) -> Iterable[str]:
    if facts.channel:
        yield f"channel:{_word(facts.channel)}"
    for line in facts.lines:
        if line.sku:
            yield f"sku:{_word(line.sku)}"
    for tag in facts.tags:
        yield f"tag:{_word(tag)}"
    for line in facts.lines:
        if line.category:
            yield f"category:{_word(line.category)}"
    if facts.state:
        yield f"state:{_word(facts.state)}"


def _word(text: str) -> str:
    is_plain = all(sign.isalnum() or sign in "-_." for sign in text)
    return text if is_plain else f'"{text}"'


def said_of(parts: Sequence[str]) -> str:
    """Return the parts of a condition as a name says them: their values alone."""
    return ", ".join(part.partition(":")[2].strip('"') for part in parts)


def _name(chosen: str, parts: Sequence[str]) -> str:
    return f"{said_of(parts)} from {chosen}"[:LONGEST_NAME]


def _ship(chosen: str) -> Action:
    return Action(Verb.SHIP, tiers=((chosen,),))


def _about(group: Sequence[Override]) -> str:
    reasons = Counter(" ".join(each.reason.split()) for each in group if each.reason.strip())
    said = "; ".join(reason for reason, _count in reasons.most_common(_MOST_REASONS))
    said = said.replace(".;", ";")
    return f"Drafted from {len(group)} overrides: {said}" if said else ""

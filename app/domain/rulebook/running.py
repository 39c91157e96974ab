"""What do the rules ask of one order, and which rule said so?

Rules are asked from the top. Each reads the order as the rules before it left it. What has one answer
(where to ship from, the service) is answered by the first rule that says it; what adds up (tags, where
it may never ship from) adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.rulebook.actions import Action, Verb
from app.domain.rulebook.conditions import compiled, may_be_of
from app.domain.rulebook.effects import NOTHING_ASKED, Barred, Deeds, Effects, Otherwise
from app.domain.rulebook.facts import OrderFacts
from app.domain.rulebook.reads import words
from app.domain.rulebook.rules import Rule, Rulebook
from app.domain.rulebook.unmet import unmet

Places = Mapping[str, Sequence[int]]  # location ids by code, and by "@kind" for all of a kind


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one rule: ``unmet`` is the part of its condition that was not true.

    ``did`` are its actions that counted, ``left`` those that an earlier rule had answered already.
    """

    rule: str
    is_met: bool
    unmet: str = ""
    did: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


class Runner:
    """A rulebook made ready for many orders; ``places`` say which locations a code means."""

    def __init__(self, book: Rulebook, places: Places) -> None:
        self.rules = tuple((rule, compiled(rule.node)) for rule in book.asked)
        self.reads = frozenset(word for rule in book.asked for word in words(rule.node))
        self._by_channel: dict[str, tuple[tuple[Rule, Callable[[OrderFacts], bool]], ...]] = {}
        self._places = {code.casefold(): tuple(ids) for code, ids in places.items()}

    def run(self, facts: OrderFacts) -> Effects:
        """Return what the rules ask of an order."""
        asked = _Asked(facts, self._ids)
        for rule, is_met in self._for(facts.channel):
            if is_met(asked.facts):
                asked.take(rule)
                if rule.stops:
                    break
        return asked.effects() if asked.has_met else NOTHING_ASKED

    def _for(self, channel: str) -> tuple[tuple[Rule, Callable[[OrderFacts], bool]], ...]:
        """Return the rules that an order of a channel could meet: no rule changes a channel."""
        found = self._by_channel.get(channel)
        if found is None:
            found = tuple(each for each in self.rules if may_be_of(each[0].node, channel))
            self._by_channel[channel] = found
        return found

    def trace(self, facts: OrderFacts) -> tuple[Effects, tuple[Step, ...]]:
        """Return the same, with what became of each rule."""
        asked = _Asked(facts, self._ids)
        steps: list[Step] = []
        stopped = ""
        for rule, is_met in self.rules:
            if stopped:
                steps.append(Step(rule.name, False, f"“{stopped}” stopped before it"))
            elif is_met(asked.facts):
                did, left = asked.take(rule)
                steps.append(Step(rule.name, True, "", did, left))
                stopped = rule.name if rule.stops else ""
            else:
                steps.append(Step(rule.name, False, unmet(rule.node, asked.facts)))
        return asked.effects(), tuple(steps)

    def _ids(self, codes: Sequence[str]) -> tuple[int, ...]:
        found = [each for code in codes for each in self._places.get(code.casefold(), ())]
        return tuple(dict.fromkeys(found))


class _Asked:
    """What the rules have asked so far, and the order as they left it."""

    def __init__(self, facts: OrderFacts, ids: Callable[[Sequence[str]], tuple[int, ...]]) -> None:
        self.facts = facts
        self._ids = ids
        self._answered: dict[Verb, tuple[Action, str]] = {}
        self._never: list[Barred] = []
        self._needs: list[str] = []
        self._tags: list[str] = []
        self._untags: list[str] = []
        self._notes: list[str] = []
        self._cases: list[str] = []
        self._rules: list[str] = []

    @property
    def has_met(self) -> bool:
        """Whether any rule applied."""
        return bool(self._rules)

    def take(self, rule: Rule) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Do what a rule says; return what counted, and what was answered before, and by whom."""
        self._rules.append(rule.name)
        did: list[str] = []
        left: list[tuple[str, str]] = []
        for each in rule.actions:
            adds = _ADDS.get(each.verb)
            if adds is not None:
                adds(self, each, rule.name)
            elif each.verb in self._answered:
                left.append((each.line, self._answered[each.verb][1]))
                continue
            elif each.verb is not Verb.STOP:
                self._answer(each, rule.name)
            did.append(each.line)
        return tuple(did), tuple(left)

    def _answer(self, each: Action, by: str) -> None:
        self._answered[each.verb] = (each, by)
        if each.verb is Verb.SERVICE:
            self.facts = replace(self.facts, service=each.text)
        elif each.verb is Verb.ASSIGN:
            self.facts = replace(self.facts, assigned=self.facts.assigned or each.text)

    def bar(self, each: Action, by: str) -> None:
        """Keep locations from shipping it."""
        self._never += [Barred(place, by) for place in self._ids(each.words)]

    def need(self, each: Action, _by: str) -> None:
        """Ask something of the parcel."""
        self._needs += [word for word in each.words if word not in self._needs]

    def tag(self, each: Action, _by: str) -> None:
        """Put tags on it, for the rules behind too."""
        known = {tag.casefold() for tag in self.facts.tags}
        new = tuple(word for word in each.words if word.casefold() not in known)
        self._tags += new
        self._untags = [word for word in self._untags if word not in new]
        self.facts = replace(self.facts, tags=(*self.facts.tags, *new))

    def untag(self, each: Action, _by: str) -> None:
        """Take tags off, for the rules behind too."""
        gone = {word.casefold() for word in each.words}
        off = [tag for tag in self.facts.tags if tag.casefold() in gone]
        self._untags += [tag for tag in off if tag not in self._tags]
        self._tags = [tag for tag in self._tags if tag not in off]
        kept = tuple(tag for tag in self.facts.tags if tag not in off)
        self.facts = replace(self.facts, tags=kept)

    def write(self, each: Action, _by: str) -> None:
        """Write a note on it."""
        self._notes.append(each.text)

    def open_case(self, each: Action, _by: str) -> None:
        """Open a case about it."""
        self._cases.append(each.text)

    def effects(self) -> Effects:
        """Return what was asked."""
        ship, by = self._answered.get(Verb.SHIP, (None, ""))
        tiers = [self._ids(tier) for tier in ship.tiers] if ship else []
        return Effects(
            tiers=tuple(tier for tier in tiers if tier),
            tiers_by=by,
            otherwise=ship.otherwise if ship else Otherwise.ANYWHERE,
            never=tuple(self._never),
            prefer=self._ids(self._said(Verb.PREFER).words),
            service=self._said(Verb.SERVICE).text,
            max_parcels=self._said(Verb.PARCELS).number or None,
            needs=tuple(self._needs),
            priority=self._said(Verb.PRIORITY).number,
            deeds=self._deeds(),
            rules=tuple(self._rules),
        )

    def _deeds(self) -> Deeds:
        return Deeds(
            tuple(self._tags), tuple(self._untags), self._said(Verb.HOLD).text,
            self._said(Verb.ASSIGN).text, tuple(self._notes), tuple(self._cases),
        )  # fmt: skip

    def _said(self, verb: Verb) -> Action:
        return self._answered[verb][0] if verb in self._answered else _NOTHING_SAID


_NOTHING_SAID: Final = Action(Verb.STOP)
_ADDS: Final[Mapping[Verb, Callable[[_Asked, Action, str], None]]] = {
    Verb.NEVER: _Asked.bar,
    Verb.NEED: _Asked.need,
    Verb.TAG: _Asked.tag,
    Verb.UNTAG: _Asked.untag,
    Verb.NOTE: _Asked.write,
    Verb.CASE: _Asked.open_case,
}

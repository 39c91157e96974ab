"""What is wrong with a rulebook, before it decides about orders?

Each finding is proven or counted, never guessed: "can never be true" and "nothing is left for it" by
logic, "these two disagree" with an order that both would meet, "names what is not there" by the
desk's own lists, "did nothing" by the orders of the last weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.rulebook.actions import LASTING, NEEDS, VERBS, Action, Takes, Verb
from app.domain.rulebook.effects import Otherwise
from app.domain.rulebook.examples import example
from app.domain.rulebook.findings import (
    BLOCKING,
    NO_HISTORY,
    NOTHING_KNOWN,
    Finding,
    History,
    Lint,
    References,
)
from app.domain.rulebook.logic import implies, is_covered, is_impossible
from app.domain.rulebook.reads import Reads, reads
from app.domain.rulebook.rules import Rule, Rulebook

_ENOUGH: Final = 30  # fewer orders than these say nothing about a rule
_NAMED: Final = {"sku": "skus", "channel": "channels", "assigned": "people"}
_CALLED: Final = {"skus": "SKU", "channels": "channel", "people": "person"}


def lint(
    book: Rulebook, known: References = NOTHING_KNOWN, history: History = NO_HISTORY
) -> tuple[Lint, ...]:
    """Return what is wrong with the rules, in their order; rules that are off are left alone."""
    found: list[Lint] = []
    rules = [each for each in book.rules if each.is_on]
    for at, rule in enumerate(rules):
        own = [*_blank(rule), *_missing(rule, known), *_dead(rule)]
        if not any(each.kind in (*BLOCKING, Finding.DEAD) for each in own):
            before = [each for each in rules[:at] if each.is_asked]
            own += [*_shadowed(rule, before), *_at_odds_with_itself(rule)]
            if not any(each.kind is Finding.SHADOWED for each in own):
                own += _at_odds(rule, before)
            own += [*_unsteady(rule, rules[at:]), *_idle(rule, history)]
        found += own
    return tuple(found)


def _blank(rule: Rule) -> Iterator[Lint]:
    error = None if not rule.condition.strip() else rule.unreadable
    if not rule.condition.strip():
        yield Lint(
            Finding.BLANK, rule.name, "It says for no order. Write a condition, or “always”."
        )
    elif error is not None:
        yield Lint(
            Finding.UNREADABLE, rule.name, f"{error.title} {error.advice}".strip(), at=error.at
        )
    if not rule.actions:
        yield Lint(Finding.BLANK, rule.name, "It does nothing. Say what it does.")
    for each in rule.actions:
        if each.is_blank:
            example_of = VERBS[each.verb].example
            yield Lint(Finding.BLANK, rule.name,
                       f"“{each.verb.value}” is followed by nothing. Write it as in: {example_of}.")  # fmt: skip


def _missing(rule: Rule, known: References) -> Iterator[Lint]:
    for word, what in _names(rule, known):
        yield Lint(Finding.MISSING, rule.name, f"There is no {what} “{word}”.")


def _names(rule: Rule, known: References) -> Iterator[tuple[str, str]]:
    """Return what a rule names and the desk does not know."""
    for field_name, values in reads(rule.node).named.items() if rule.unreadable is None else ():
        kind = _NAMED.get(field_name, "")
        there: frozenset[str] = getattr(known, kind) if kind else frozenset()
        yield from ((v, _CALLED[kind]) for v in values if there and v.casefold() not in there)
    for each in rule.actions:
        yield from _named_by(each, known)


def _named_by(each: Action, known: References) -> Iterator[tuple[str, str]]:
    places = [code for code in each.places if code.casefold() not in known.places]
    yield from ((code, "location") for code in places if known.places)
    is_known = {Verb.SERVICE: (known.services, "service"), Verb.ASSIGN: (known.people, "person")}
    there, what = is_known.get(each.verb, (frozenset[str](), ""))
    if there and each.text and each.text.casefold() not in there:
        yield each.text, what
    if each.verb is Verb.NEED:
        yield from ((word, "need") for word in each.words if word.casefold() not in NEEDS)


def _dead(rule: Rule) -> Iterator[Lint]:
    if rule.unreadable is None and rule.condition.strip() and is_impossible(rule.node):
        yield Lint(Finding.DEAD, rule.name, "No order can meet all of its condition.")


def _shadowed(rule: Rule, before: Sequence[Rule]) -> Iterator[Lint]:
    """Say whether earlier rules leave nothing to a rule."""
    steady = [each for at, each in enumerate(before) if _stays(each, before[at:])]
    stopping = [each for each in steady if each.stops]
    if stopping and is_covered(rule.node, [each.node for each in stopping]):
        by = _who(rule, stopping)
        yield Lint(Finding.SHADOWED, rule.name,
                   f"{_named(by)} stops at every order that it is for.", by[0].name)  # fmt: skip
        return
    told = [
        _told_already(rule, each, steady) for each in rule.actions if each.verb is not Verb.STOP
    ]
    if told and all(told) and not rule.stops:
        names = tuple(dict.fromkeys(name for several in told for name in several))
        yield Lint(Finding.SHADOWED, rule.name,
                   f"{_said(names)} says it first, for every order that it is for.", names[0])  # fmt: skip


def _stays(rule: Rule, later: Sequence[Rule]) -> bool:
    """Return whether no rule from here on changes what a rule has read of the order."""
    read = reads(rule.node)
    return not any(_writes(action, read) for each in later for action in each.actions)


def _writes(action: Action, read: Reads) -> bool:
    tags = action.verb in (Verb.TAG, Verb.UNTAG)
    return (
        (tags and read.tags)
        or (action.verb is Verb.SERVICE and read.service)
        or (action.verb is Verb.ASSIGN and bool(read.person_tests))
    )


def _who(rule: Rule, covering: Sequence[Rule]) -> Sequence[Rule]:
    """Return the one rule that covers another alone, or all of them."""
    return [each for each in covering if implies(rule.node, each.node)][:1] or covering


def _named(rules: Sequence[Rule]) -> str:
    return _said([each.name for each in rules])


def _said(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _told_already(rule: Rule, action: Action, before: Sequence[Rule]) -> tuple[str, ...]:
    """Return the earlier rules that say what an action says, or answer it otherwise."""
    saying = [each for each in before if any(_says(a, action) for a in each.actions)]
    if not saying or not is_covered(rule.node, [each.node for each in saying]):
        return ()
    return tuple(each.name for each in _who(rule, saying))


def _says(earlier: Action, action: Action) -> bool:
    if earlier.verb is not action.verb:
        return False
    if VERBS[action.verb].is_single:
        return True
    if VERBS[action.verb].takes is Takes.TEXT:
        return earlier.text == action.text
    return {x.casefold() for x in action.words} <= {x.casefold() for x in earlier.words}


def _at_odds_with_itself(rule: Rule) -> Iterator[Lint]:
    barred = {code.casefold() for each in rule.does(Verb.NEVER) for code in each.words}
    for each in rule.does(Verb.SHIP):
        if _leaves_nothing(each, barred):
            yield Lint(Finding.CONTRADICTORY, rule.name,
                       "It ships from nowhere else than where it never ships from.", rule.name)  # fmt: skip
    off = {word.casefold() for each in rule.does(Verb.UNTAG) for word in each.words}
    on = [word for each in rule.does(Verb.TAG) for word in each.words if word.casefold() in off]
    if on:
        yield Lint(Finding.CONTRADICTORY, rule.name,
                   f"It puts “{on[0]}” on and takes it off.", rule.name)  # fmt: skip


def _leaves_nothing(ship: Action, barred: set[str]) -> bool:
    places = {code.casefold() for code in ship.places}
    return bool(places) and ship.otherwise is not Otherwise.ANYWHERE and places <= barred


_DISAGREE: Final = (Verb.SHIP, Verb.SERVICE, Verb.PARCELS, Verb.ASSIGN, Verb.PREFER, Verb.PRIORITY)


def _at_odds(rule: Rule, before: Sequence[Rule]) -> Iterator[Lint]:
    """Say which earlier rules want something else of the same orders, and neither is an exception."""
    found = [(earlier, said) for earlier in before if (said := _quarrel(earlier, rule))]
    if found:
        earlier, said = found[0]
        more = len(found) - 1
        others = f" So it is with {more} more." if more else ""
        yield Lint(Finding.CONTRADICTORY, rule.name, f"{said}{others}", earlier.name)


def _quarrel(earlier: Rule, rule: Rule) -> str:
    """Return what two rules disagree about, if there is an order that shows it."""
    if earlier.stops:
        return ""
    what = _disagreement(earlier, rule)
    said = ""
    if what is not None and not _is_exception(earlier, rule):
        said = (
            f"Some orders are meant by “{earlier.name}” too, which says “{what.line}”. The upper "
            "rule counts; say in one of them which it should be."
        )
    elif _locks_out(earlier, rule):
        said = f"Together with “{earlier.name}” it leaves no location for some orders."
    return said if said and example(earlier.node, rule.node) is not None else ""


def _disagreement(earlier: Rule, rule: Rule) -> Action | None:
    for verb in _DISAGREE:
        theirs, mine = next(earlier.does(verb), None), next(rule.does(verb), None)
        if theirs is not None and mine is not None and theirs != mine:
            return theirs
    return None


def _is_exception(earlier: Rule, rule: Rule) -> bool:
    """Return whether the upper rule is the special case of the lower one."""
    return implies(earlier.node, rule.node) and not implies(rule.node, earlier.node)


def _locks_out(earlier: Rule, rule: Rule) -> bool:
    pairs = ((earlier, rule), (rule, earlier))
    return any(
        _leaves_nothing(ship, {code.casefold() for n in b.does(Verb.NEVER) for code in n.words})
        for a, b in pairs
        for ship in a.does(Verb.SHIP)
    )


def _unsteady(rule: Rule, from_here: Sequence[Rule]) -> Iterator[Lint]:
    """Say whether asking the rules again would give another answer, because of what they did."""
    read = reads(rule.node)
    routes = any(each.verb not in LASTING for each in rule.actions)
    for each in from_here:
        word = next((w for a in each.actions if (w := _touches(a, read, routes=routes))), "")
        if word:
            by = "it does so itself" if each is rule else f"“{each.name}” does so behind it"
            yield Lint(Finding.UNSTEADY, rule.name,
                       f"It asks about {word}, and {by}: the second time it says something else.",
                       each.name)  # fmt: skip
            return


def _touches(action: Action, read: Reads, *, routes: bool) -> str:
    """Return what a later action changes of what a rule has read, if that would matter."""
    if action.verb is Verb.ASSIGN:
        is_changed = _matters(read.wants_person(action.text), sets=True, routes=routes)
        return "who takes care of the order" if is_changed else ""
    if action.verb not in (Verb.TAG, Verb.UNTAG):
        return ""
    sets = action.verb is Verb.TAG
    for word in action.words:
        if _matters(read.wants_tag(word), sets=sets, routes=routes):
            return f"the tag “{word}”"
    return ""


def _matters(wants: bool | None, *, sets: bool, routes: bool) -> bool:
    """Return whether a rule that wants something (or its lack) says something else once it is set."""
    return wants is not None and (wants is sets or routes)


def _idle(rule: Rule, history: History) -> Iterator[Lint]:
    if history.orders >= _ENOUGH and not history.hits.get(rule.name, 0):
        yield Lint(Finding.IDLE, rule.name,
                   f"None of the {history.orders:,} orders of the last {history.days} days met it.")  # fmt: skip

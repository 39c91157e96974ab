"""What does a rule say, in a sentence? For whoever reads rules and does not write the search's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from app.domain.changes import counted
from app.domain.rulebook.actions import Action, Verb
from app.domain.rulebook.effects import Otherwise
from app.domain.rulebook.fields import LINE_FIELDS, RULE_FIELDS
from app.domain.rulebook.learning import Lesson
from app.domain.rulebook.rules import Rule
from app.domain.search import And, Everything, Lines, Node, Not, Or, Quantifier, Text
from app.domain.search_fields import FieldKind, Vocabulary
from app.domain.search_values import Between, Bound, Choice, Match, Today

# What each field asks of an order or of an item, as the subject of a sentence.
_SUBJECTS: Final[Mapping[str, str]] = {
    "channel": "it was sold on", "account": "its account is", "sku": "the SKU",
    "title": "the title", "category": "the category", "supplier": "the supplier",
    "family": "the family", "velocity": "its speed of sale is", "qty": "the number of units",
    "lines": "the number of items", "weight": "the weight in grams", "total": "its total",
    "shipping": "what was paid for shipping", "discount": "its discount", "margin": "its margin",
    "tax": "the tax on it", "rate": "its margin in per cent of the price",
    "currency": "its currency is", "country": "it goes to", "state": "it goes to",
    "city": "its city", "zip": "its ZIP", "service": "its service", "shipby": "it must ship",
    "deliverby": "it must arrive", "placed": "it was ordered", "age": "it was ordered",
    "price": "the price of one", "worth": "the price of all its units", "tag": "its tag",
    "note": "what the buyer wrote", "assigned": "it is assigned to", "order": "its number",
}  # fmt: skip
_DENIED: Final = {
    "it was sold on": "it was not sold on", "it goes to": "it does not go to",
    "it is assigned to": "it is not assigned to",
}  # fmt: skip
_OF_ITEMS: Final = ("sku", "title", "category")


@dataclass(frozen=True, slots=True)
class Called:
    """What codes are called: locations and channels by their names."""

    places: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def place(self, code: str) -> str:
        """Return what a location is called, in whatever case its code is written."""
        known = (name for each, name in self.places.items() if each.casefold() == code.casefold())
        return next(known, code)

    def places_of(self, codes: Sequence[str], last: str = "or") -> str:
        """Return several, as one says them."""
        return listed([self.place(code) for code in codes], last)


def orders_meant(rule: Rule, called: Called) -> str:
    """Say which orders a rule is for; nothing while its condition cannot be read."""
    if not rule.condition.strip() or rule.unreadable is not None:
        return ""
    if rule.is_always:
        return "Whatever the order is:"
    return f"If {said(rule.node, called)}:"


def said(node: Node, called: Called, fields: Vocabulary = RULE_FIELDS) -> str:
    """Say a condition."""
    if isinstance(node, And | Or):
        word = "and" if isinstance(node, And) else "or"
        comma = "," if fields is RULE_FIELDS else ""
        parts = [said(each, called, fields) for each in node.nodes]
        inner = [f"({part})" if isinstance(each, And | Or) else part
                 for each, part in zip(node.nodes, parts, strict=True)]  # fmt: skip
        return f"{comma} {word} ".join(inner)
    if isinstance(node, Not):
        return _denied(node.node, called, fields)
    if isinstance(node, Lines):
        return f"{_of_which(node)} {said(node.node, called, LINE_FIELDS)}"
    if isinstance(node, Everything):
        return "always"
    if isinstance(node, Text):
        return f"“{node.value}”"
    return _leaf(node, called, fields, is_so=True)


def _denied(node: Node, called: Called, fields: Vocabulary) -> str:
    if isinstance(node, Match):
        return _leaf(node, called, fields, is_so=False)
    return f"it is not so that {said(node, called, fields)}"


def _of_which(node: Lines) -> str:
    whole = {Quantifier.ANY: "there is an item of which", Quantifier.NONE: "there is no item of which",
             Quantifier.ALL: "every item is one of which", Quantifier.ONLY: "it has one item, of which"}  # fmt: skip
    signs = {">=": "at least ", "<=": "at most ", ">": "more than ", "<": "fewer than "}
    if node.quantifier is Quantifier.COUNT:
        return f"there are {signs.get(node.compared, 'exactly ')}{node.count} items of which"
    return whole[node.quantifier]


def _leaf(
    node: Match | Choice | Between, called: Called, fields: Vocabulary, *, is_so: bool
) -> str:
    if isinstance(node, Choice):
        known = fields.find(node.field)
        meaning = known.meanings.get(node.value, node.value) if known else node.value
        if meaning.startswith(("it ", "a ", "the ", "some", "looks")):
            return meaning
        return f"it is {meaning}" if node.field == "day" else f"it has {meaning}"
    if isinstance(node, Between):
        return _between(node)
    return _matched(node, called, fields, is_so=is_so)


def _matched(node: Match, called: Called, fields: Vocabulary, *, is_so: bool) -> str:
    subject = _SUBJECTS.get(node.field, node.field)
    if fields is RULE_FIELDS and node.field in _OF_ITEMS:
        subject = subject.replace("the ", "the " if not is_so else "an item's ", 1)
        subject = subject if is_so else f"{subject} of every item"
    how, value = _how(node)
    if subject.endswith((" is", " on", " to")):
        name = called.channels.get(value.casefold(), value) if node.field == "channel" else value
        if how:
            return f"{subject} something that {how if is_so else _negated(how)} “{name}”"
        return f"{subject if is_so else _DENIED.get(subject, subject + ' not')} {name}"
    if not how:
        return f"{subject} {'is' if is_so else 'is not'} {value}"
    return f"{subject} {how if is_so else _negated(how)} “{value}”"


def _how(node: Match) -> tuple[str, str]:
    """Return how a text is compared, and with what."""
    parts = node.parts
    if len(parts) == 1:
        return ("", parts[0]) if node.is_whole else ("has", parts[0])
    if len(parts) == 2 and not parts[1]:
        return "starts with", parts[0]
    if len(parts) == 2 and not parts[0]:
        return "ends with", parts[1]
    return "is like", "…".join(parts)


def _negated(how: str) -> str:
    return {"has": "does not have", "is like": "is not like"}.get(
        how, f"does not {how.replace('starts', 'start').replace('ends', 'end')}"
    )


def _between(node: Between) -> str:
    known = RULE_FIELDS.find(node.field) or LINE_FIELDS.find(node.field)
    is_time = known is not None and known.kind in (FieldKind.MOMENT, FieldKind.AGE)
    subject = _SUBJECTS.get(node.field, node.field)
    say = _saying_ends(is_age=known is not None and known.kind is FieldKind.AGE)
    low, high = node.low, node.high
    if low is not None and high is not None:
        one = "" if is_time else "is "
        return (f"{subject} {one}{say(low)}" if low == high
                else f"{subject} {'' if is_time else 'is '}between {say(low)} and {say(high)}")  # fmt: skip
    end = low or high
    if end is None:
        return subject
    if known is not None and known.kind is FieldKind.AGE:
        return f"{subject} {'more' if low else 'less'} than {say(end)}"
    words = _COMPARED_TIME if is_time else _COMPARED
    return f"{subject} {words[low is not None, end.is_open]} {say(end)}"


_COMPARED: Final = {
    (True, True): "is more than", (True, False): "is at least",
    (False, True): "is less than", (False, False): "is at most",
}  # fmt: skip
_COMPARED_TIME: Final = {
    (True, True): "later than", (True, False): "from", (False, True): "before", (False, False): "by",
}  # fmt: skip


def _saying_ends(*, is_age: bool) -> Callable[[Bound], str]:
    """Return how an end of a range is said; ages count back, other spans ahead."""

    def say(bound: Bound) -> str:
        value = bound.value
        if isinstance(value, timedelta):
            return f"{_span(abs(value))} {'ago' if is_age or value < timedelta() else 'from now'}"
        if isinstance(value, Today):
            return {0: "today", 1: "tomorrow", -1: "yesterday"}[value.days]
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else f"{value}"

    return say


def _span(length: timedelta) -> str:
    """Return a length of time in the largest whole unit: "4 hours", "1 day"."""
    minutes = int(length.total_seconds()) // 60
    for size, word in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0 and minutes >= size:
            return f"{minutes // size} {word}{'' if minutes == size else 's'}"
    return "0 minutes"


def deed(action: Action, called: Called) -> str:
    """Say what a rule does, one action as one clause."""
    return _DEEDS[action.verb](action, called)


def deeds(rule: Rule, called: Called) -> list[str]:
    """Say everything that a rule does."""
    return [deed(each, called) for each in rule.actions if not each.is_blank]


def _ship(action: Action, called: Called) -> str:
    first, *rest = [called.places_of(tier) for tier in action.tiers]
    then = "".join(f", else from {each}" for each in rest)
    return f"Ship it from {first}{then}, else {_OTHERWISE[action.otherwise]}"


_OTHERWISE: Final = {
    Otherwise.ANYWHERE: "from anywhere", Otherwise.WAIT: "let it wait",
    Otherwise.BACKORDER: "promise it for when stock comes in",
}  # fmt: skip


def _parcels(action: Action, _called: Called) -> str:
    return (
        "Ship it in one parcel"
        if action.number == 1
        else f"Ship it in at most {action.number} parcels"
    )


_DEEDS: Final[Mapping[Verb, Callable[[Action, Called], str]]] = {
    Verb.SHIP: _ship,
    Verb.NEVER: lambda a, c: f"Never ship it from {c.places_of(a.words)}",
    Verb.PREFER: lambda a, c: f"Prefer {c.places_of(a.words, 'then')}, where nothing else decides",
    Verb.SERVICE: lambda a, _c: f"Ship it by {a.text}",
    Verb.PARCELS: _parcels,
    Verb.NEED: lambda a, _c: f"Its parcels need {listed(a.words, 'and')}",
    Verb.PRIORITY: lambda a, _c: f"Serve it with priority {a.number} when stock is scarce",
    Verb.HOLD: lambda a, _c: f"Put it on hold: {a.text}",
    Verb.TAG: lambda a, _c: f"Tag it {listed(a.words, 'and')}",
    Verb.UNTAG: lambda a, _c: f"Take the tag {listed(a.words, 'and')} off",
    Verb.NOTE: lambda a, _c: f"Note on it: {a.text}",
    Verb.ASSIGN: lambda a, _c: f"Assign it to {a.text}",
    Verb.CASE: lambda a, _c: f"Open a case: {a.text}",
    Verb.STOP: lambda _a, _c: "Ask no further rule",
}


def taught(lesson: Lesson, called: Called) -> str:
    """Say what people did again and again instead of what was suggested."""
    times = counted(len(lesson.overrides), "time")
    if lesson.overruled:
        return f"The rule “{lesson.overruled}” was overruled {times}"
    chosen = lesson.overrides[0].chosen
    suggested = dict.fromkeys(each.suggested for each in lesson.overrides if each.suggested)
    instead = called.places_of(tuple(suggested)) or "nowhere"
    return f"{times} you sent an order from {called.place(chosen)} instead of {instead}"


def listed(words: Sequence[str], last: str) -> str:
    """Return "a", "a or b", "a, b or c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"

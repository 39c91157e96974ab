"""Is a condition true of an order? The search's own language, asked of one order instead of a database.

A condition is compiled once into a function, because every order that comes in asks all rules.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from app.domain.folding import fold
from app.domain.money import exponent
from app.domain.rulebook.facts import Moment, OrderFacts
from app.domain.rulebook.fields import OF_LINE, OF_LINES, OF_ORDER, RULE_FIELDS, Reading
from app.domain.search import (
    And,
    Everything,
    Lines,
    Node,
    Not,
    Or,
    Quantifier,
    Text,
    parse,
)
from app.domain.search_errors import SearchError
from app.domain.search_values import Between, Bound, Choice, Match, Today

Test = Callable[[Any], bool]
_REMEMBERED: Final = 4096


def read(text: str) -> Node:
    """Return the condition that a rule states.

    Raises:
        SearchError: it cannot be read, or it holds a word without a field.
    """
    node = parse(text, RULE_FIELDS)
    loose = next(_loose(node), None)
    if loose is not None:
        raise SearchError(
            f"“{loose.value}” stands without a field.",
            "A rule says what it means: title:mug, note:gift, city:brooklyn.",
            at=loose.at,
            length=len(loose.value),
        )
    return node


def _loose(node: Node) -> Any:
    if isinstance(node, Text):
        yield node
    for each in parts_of(node):
        yield from _loose(each)


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return the conditions that a condition is made of."""
    if isinstance(node, And | Or):
        return node.nodes
    if isinstance(node, Not | Lines):
        return (node.node,)
    return ()


def compiled(node: Node) -> Callable[[OrderFacts], bool]:
    """Return the condition as a function of an order."""
    return _test(node, OF_ORDER)


def _test(node: Node, by: Reading) -> Test:
    if isinstance(node, And | Or):
        tests = [_test(each, by) for each in sorted(node.nodes, key=_effort)]
        return _all(tests) if isinstance(node, And) else _any(tests)
    if isinstance(node, Not):
        excluded = _test(node.node, by)
        return lambda facts: not excluded(facts)
    if isinstance(node, Lines):
        return _of_lines(node)
    if isinstance(node, Everything):
        return lambda _facts: True
    if isinstance(node, Text):
        raise TypeError("a condition without a field is refused when it is read")
    return _leaf(node, by)


def may_be_of(node: Node, channel: str) -> bool:
    """Return whether an order of a channel could meet a condition, as far as its outermost "and" tells."""
    if isinstance(node, And):
        return all(may_be_of(each, channel) for each in node.nodes)
    if isinstance(node, Or):
        return any(may_be_of(each, channel) for each in node.nodes)
    if isinstance(node, Match) and node.field == "channel":
        return matcher(node)(channel)
    return True


def _effort(node: Node) -> int:
    """Return how much work a test is: what is said of the order itself is asked before its lines."""
    if isinstance(node, Lines) or (isinstance(node, Match) and node.field in OF_LINES):
        return 9
    inner = [_effort(each) for each in parts_of(node)]
    return sum(inner) if inner else 1 + isinstance(node, Between)


def _all(tests: list[Test]) -> Test:
    """Return a test that all tests pass; one call for each, because each order asks hundreds."""
    first, *rest = tests
    if not rest:
        return first
    others = _all(rest)
    return lambda facts: first(facts) and others(facts)


def _any(tests: list[Test]) -> Test:
    first, *rest = tests
    if not rest:
        return first
    others = _any(rest)
    return lambda facts: first(facts) or others(facts)


_COMPARED: Final = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip


def _of_lines(node: Lines) -> Test:
    test = _test(node.node, OF_LINE)
    kind = node.quantifier
    if kind is Quantifier.ANY:
        return lambda order: any(map(test, order.lines))
    if kind is Quantifier.NONE:
        return lambda order: not any(map(test, order.lines))
    if kind is Quantifier.ALL:
        return lambda order: bool(order.lines) and all(map(test, order.lines))
    if kind is Quantifier.ONLY:
        return lambda order: len(order.lines) == 1 and test(order.lines[0])
    compare, count = _COMPARED[node.compared], node.count
    return lambda order: compare(sum(map(test, order.lines)), count)


def _leaf(node: Match | Choice | Between, by: Reading) -> Test:
    if isinstance(node, Match):
        return _text(node, by)
    if isinstance(node, Choice):
        words, value = by.choices[node.field], node.value
        return lambda facts: value in words(facts)
    if node.field in by.numbers:
        number, within = by.numbers[node.field], _range(node)
        return lambda facts: within(number(facts))
    if node.field in by.money:
        return _money(node, by)
    return _moment(node, by)


def _text(node: Match, by: Reading) -> Test:
    if node.field in OF_LINES and by is OF_ORDER:
        of_line = _text(node, OF_LINE)
        return lambda order: any(map(of_line, order.lines))
    get, is_meant = by.texts[node.field], matcher(node)

    def test(facts: Any) -> bool:
        value = get(facts)
        return is_meant(value) if isinstance(value, str) else any(map(is_meant, value))

    return test


def matcher(node: Match) -> Callable[[str], bool]:
    """Return whether a text is what a text field asks for; case and accents do not count."""
    parts = tuple(map(fold, node.parts))

    @lru_cache(maxsize=_REMEMBERED)
    def is_meant(value: str) -> bool:
        return fits(parts, node.is_whole, fold(value))

    return is_meant


def fits(parts: tuple[str, ...], is_whole: bool, value: str) -> bool:
    """Return whether the parts occur in a text, one behind the other, from end to end if ``is_whole``."""
    if is_whole and len(parts) == 1:
        return value == parts[0]
    if not is_whole:
        return _in_order(parts, value)
    first, last = parts[0], parts[-1]
    if len(value) < len(first) + len(last):
        return False
    if not (value.startswith(first) and value.endswith(last)):
        return False
    return _in_order(parts[1:-1], value[len(first) : len(value) - len(last)])


def _in_order(parts: tuple[str, ...], value: str) -> bool:
    at = 0
    for part in parts:
        found = value.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _range(node: Between, scale: int = 1) -> Callable[[int | None], bool]:
    low, low_open = _edge(node.low, scale)
    high, high_open = _edge(node.high, scale)

    def within(value: int | None) -> bool:
        if value is None:
            return False
        if low is not None and (value < low or (low_open and value == low)):
            return False
        return high is None or value < high or (not high_open and value == high)

    return within


def _edge(bound: Bound | None, scale: int) -> tuple[Decimal | None, bool]:
    if bound is None:
        return None, False
    if not isinstance(bound.value, Decimal):
        raise TypeError(f"a range of numbers has {bound.value!r} as an end")
    return bound.value * scale, bound.is_open


def _money(node: Between, by: Reading) -> Test:
    amount = by.money[node.field]

    @lru_cache(maxsize=16)
    def within(currency: str) -> Callable[[int | None], bool]:
        return _range(node, 10 ** exponent(currency))

    return lambda facts: within(facts.currency)(amount(facts))


def _moment(node: Between, by: Reading) -> Test:
    get = by.moments[node.field]
    # Older is earlier: of an age the ends change sides.
    low, high = (_ago(node.high), _ago(node.low)) if node.field == "age" else (node.low, node.high)

    def test(order: OrderFacts) -> bool:
        value = get(order)
        if value is None:
            return False
        if low is not None and not _is_after(order.at, value, low):
            return False
        return high is None or _is_before(order.at, value, high)

    return test


def _ago(bound: Bound | None) -> Bound | None:
    if bound is None or not isinstance(bound.value, timedelta):
        return None
    return Bound(-bound.value, bound.is_open)


def _is_after(at: Moment, value: datetime, low: Bound) -> bool:
    if isinstance(low.value, timedelta):
        edge = at.now + low.value
        return value > edge if low.is_open else value >= edge
    return value >= at.start_of(_day(at, low) + timedelta(days=low.is_open))


def _is_before(at: Moment, value: datetime, high: Bound) -> bool:
    if isinstance(high.value, timedelta):
        edge = at.now + high.value
        return value < edge if high.is_open else value <= edge
    return value < at.start_of(_day(at, high) + timedelta(days=not high.is_open))


def _day(at: Moment, bound: Bound) -> date:
    if isinstance(bound.value, Today):
        return at.day_after(bound.value.days)
    if isinstance(bound.value, date):
        return bound.value
    raise TypeError(f"a range of days has {bound.value!r} as an end")

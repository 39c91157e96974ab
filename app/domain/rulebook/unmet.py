"""Which part of a condition was not true of an order? So that a person sees why a rule kept still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.domain.rulebook.conditions import compiled
from app.domain.rulebook.facts import OrderFacts
from app.domain.search import And, Everything, Lines, Node, Not, Or, Quantifier, Text
from app.domain.search_values import Between, Bound, Choice, Leaf, Match, Today


def unmet(node: Node, facts: OrderFacts) -> str:
    """Return what of a condition an order does not meet; empty if it meets all of it."""
    if isinstance(node, And):
        return next((said for each in node.nodes if (said := unmet(each, facts))), "")
    return "" if compiled(node)(facts) else written(node)


def written(node: Node) -> str:
    """Return a condition in the search's language; read again, it means the same."""
    if isinstance(node, And):
        return " ".join(_grouped(each, Or) for each in node.nodes)
    if isinstance(node, Or):
        return " OR ".join(_grouped(each, And) for each in node.nodes)
    if isinstance(node, Not):
        return f"-{_grouped(node.node, And, Or)}"
    if isinstance(node, Lines):
        return f"{_quantifier(node)}({written(node.node)})"
    return _plain(node)


def _plain(node: Everything | Text | Leaf) -> str:
    if isinstance(node, Everything):
        return "always"
    if isinstance(node, Text):
        return _quoted(node.value)
    return f"{node.field}:{_value(node)}"


def _grouped(node: Node, *kinds: type[And | Or]) -> str:
    return f"({written(node)})" if isinstance(node, tuple(kinds)) else written(node)


def _quantifier(node: Lines) -> str:
    if node.quantifier is Quantifier.COUNT:
        return f"COUNT{node.compared}{node.count}"
    return node.quantifier.value


def _value(node: Match | Choice | Between) -> str:
    if isinstance(node, Choice):
        return node.value
    if isinstance(node, Match):
        return "*".join(node.parts) if len(node.parts) > 1 else _quoted(node.parts[0])
    return _range(node)


def _quoted(text: str) -> str:
    return f'"{text}"' if _is_odd(text) else text


def _is_odd(text: Sequence[str]) -> bool:
    return any(sign.isspace() or sign in ",|()*" for sign in text)


def _range(node: Between) -> str:
    low, high = node.low, node.high
    if low is not None and high is not None:
        return _end(low) if low == high else f"{_end(low)}..{_end(high)}"
    end = low or high
    sign = "" if end is None or end.is_open else "="
    return f"{'>' if low else '<'}{sign}{_end(end)}" if end else ""


def _end(bound: Bound) -> str:
    value = bound.value
    if isinstance(value, Today):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[value.days]
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes:+d}min"
    return str(value)

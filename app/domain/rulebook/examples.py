"""What would an order look like that meets a condition? A witness, so that a finding can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.rulebook.conditions import compiled
from app.domain.rulebook.facts import LineFacts, Moment, OrderFacts
from app.domain.rulebook.logic import Branch, LineBranch, open_branch
from app.domain.search import And, Lines, Node, Not, Quantifier
from app.domain.search_values import Between, Bound, Choice, Match

_NOON: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
_DAYS: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6, "weekend": 5}
_TEXTS: Final = {
    "channel": "channel", "account": "account", "currency": "currency", "country": "country",
    "state": "state", "city": "city", "zip": "postcode", "service": "service", "note": "note",
    "assigned": "assigned", "order": "number",
}  # fmt: skip
_CENTS: Final = {"total": "total", "shipping": "shipping", "discount": "discount",
                 "margin": "margin", "tax": "tax"}  # fmt: skip
_FILLERS: Final = ("", "x")
_MOST_LINES: Final = 12


def example(*nodes: Node) -> OrderFacts | None:
    """Return an order that meets all of the conditions; nothing where none was found."""
    wanted = And(nodes)
    branch = open_branch(wanted, Branch())
    if branch is None:
        return None
    is_met = compiled(wanted)
    return next((each for each in _tried(branch) if is_met(each)), None)


def _tried(branch: Branch) -> Iterator[OrderFacts]:
    at = Moment(_NOON + timedelta(days=_day(branch)), ZoneInfo("UTC"))
    for filler in _FILLERS:
        lines = _lines(branch, filler)
        if lines:
            values = {
                **_order_texts(branch, filler),
                **_order_figures(branch),
                **_moments(branch, at),
            }
            yield _with_rate(replace(_with_units(OrderFacts(at, lines), branch), **values), branch)


def _with_rate(order: OrderFacts, branch: Branch) -> OrderFacts:
    """Return an order whose margin is the share of its price that is asked for."""
    rate = _number(branch, "rate")
    if rate is None:
        return order
    lines = tuple(replace(each, price=each.price or 100) for each in order.lines)
    price = sum(each.worth for each in lines)
    return replace(order, lines=lines, margin=-(-rate * price // 100))


def _day(branch: Branch) -> int:
    so = {each.value for each in branch.so if isinstance(each, Choice) and each.field == "day"}
    not_so = {
        each.value for each in branch.not_so if isinstance(each, Choice) and each.field == "day"
    }
    free = [day for name, day in _DAYS.items() if name not in not_so]
    return _DAYS[min(so, key=len)] if so else min(free, default=0)


def _texts_of(branch: Branch, field: str, filler: str) -> str | None:
    """Return a text that is what all the patterns of a field ask for, as far as the longest tells."""
    found = [each for each in branch.so if isinstance(each, Match) and each.field == field]
    if not found:
        return None
    exact = [each for each in found if len(each.parts) == 1 and each.is_whole]
    best = exact[0] if exact else max(found, key=lambda each: len("".join(each.parts)))
    return filler.join(best.parts)


def _order_texts(branch: Branch, filler: str) -> dict[str, Any]:
    texts = {
        column: text
        for field, column in _TEXTS.items()
        if (text := _texts_of(branch, field, filler)) is not None
    }
    matched = [each for each in branch.so if isinstance(each, Match) and each.field == "tag"]
    words = [each for each in branch.so if isinstance(each, Choice)]
    has = [each.value for each in words if each.field == "has"]
    found: dict[str, Any] = dict(texts)
    found["tags"] = tuple(filler.join(each.parts) or "x" for each in matched)
    found["states"] = tuple(each.value for each in words if each.field == "is")
    if "tag" in has:
        found["tags"] = found["tags"] or ("x",)
    if "note" in has:
        found.setdefault("note", "x")
    if "assignee" in has:
        found.setdefault("assigned", "x")
    return found


def _order_figures(branch: Branch) -> dict[str, Any]:
    figures: dict[str, Any] = {"total": 100}
    for field, column in _CENTS.items():
        value = _number(branch, field, 100)
        if value is not None:
            figures[column] = value
    if any(isinstance(x, Choice) and (x.field, x.value) == ("has", "discount") for x in branch.so):
        figures.setdefault("discount", 100)
    return figures


def _moments(branch: Branch, at: Moment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, column in (
        ("shipby", "ship_by"),
        ("deliverby", "deliver_by"),
        ("placed", "placed_at"),
    ):
        span = _span(branch, field)
        if span is not None:
            found[column] = at.now + span
    age = _span(branch, "age")
    return {**found, "placed_at": at.now - age} if age is not None else found


def _span(branch: Branch, field: str) -> timedelta | None:
    found: timedelta | None = _inside(branch, field, timedelta, timedelta(minutes=1))
    return found


def _number(branch: Branch, field: str, scale: int = 1) -> int | None:
    found = _inside(branch, field, Decimal, Decimal(1) / scale)
    return None if found is None else int(found * scale)


def _inside(branch: Branch, field: str, kind: type[Any], step: Any) -> Any:
    """Return a value that lies in every range of a field."""
    ranges = [each for each in branch.so if isinstance(each, Between) and each.field == field]
    lows = [each.low for each in ranges if each.low and isinstance(each.low.value, kind)]
    highs = [each.high for each in ranges if each.high and isinstance(each.high.value, kind)]
    if lows:
        low = max(lows, key=lambda each: (each.value, each.is_open))
        return low.value + step if low.is_open else low.value
    if highs:
        return _below(highs, step)
    return None


def _below(highs: Sequence[Bound], step: Any) -> Any:
    high = min(highs, key=lambda each: (each.value, not each.is_open))
    edge: Any = high.value
    return edge - step if high.is_open else edge


def _lines(branch: Branch, filler: str) -> tuple[LineFacts, ...]:
    """Return lines that are what is said of some, of every and of how many lines."""
    every = [each for one in branch.lines if (each := _of_every(one)) is not None]
    only = [each.node for each in branch.lines if each.quantifier is Quantifier.ONLY]
    some = [each for each in branch.lines if each.quantifier is Quantifier.ANY]
    if only:
        return _line([*only, *every, *(each.node for each in some)], filler)
    found = [line for each in some for line in _line([each.node, *every], filler)]
    for each in branch.lines:
        if each.quantifier is Quantifier.COUNT and each.compared == ">=":
            found += _line([each.node, *every], filler) * min(each.count, _MOST_LINES)
    return tuple(found) or _line(every, filler)


def _of_every(each: Lines) -> Node | None:
    if each.quantifier is Quantifier.ALL:
        return each.node
    return Not(each.node) if each.quantifier is Quantifier.NONE else None


def _line(nodes: Sequence[Node], filler: str) -> tuple[LineFacts, ...]:
    branch = open_branch(And(tuple(nodes)), LineBranch())
    if branch is None:
        return ()
    texts = {
        field: text
        for field in ("sku", "title", "category")
        if (text := _texts_of(branch, field, filler)) is not None
    }
    words = tuple(each.value for each in branch.so if isinstance(each, Choice))
    line = LineFacts(
        texts.get("sku", "X"), _number(branch, "qty") or 1, texts.get("title", ""),
        texts.get("category", ""), _number(branch, "price", 100) or 0, _number(branch, "weight"),
        states=words, margin=_number(branch, "margin", 100),
    )  # fmt: skip
    worth = _number(branch, "worth", 100)
    return (replace(line, price=-(-worth // line.quantity)) if worth else line,)


def _with_units(order: OrderFacts, branch: Branch) -> OrderFacts:
    """Return an order with as many lines, units and grams as are asked for."""
    wanted = _number(branch, "lines")
    lines = list(order.lines)
    while wanted is not None and len(lines) < min(wanted, _MOST_LINES):
        lines.append(lines[-1])
    units = _number(branch, "qty")
    if units is not None and units > (have := sum(each.quantity for each in lines)):
        lines[-1] = replace(lines[-1], quantity=lines[-1].quantity + units - have)
    grams = _number(branch, "weight")
    if grams is not None:
        each = -(-grams // max(1, sum(line.quantity for line in lines)))
        lines = [replace(line, weight_g=each) for line in lines]
    return replace(order, lines=tuple(lines))

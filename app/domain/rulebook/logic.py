"""Can a condition ever be true? Does one rule leave anything for another?

``is_impossible`` answers yes only where it is proven; where it cannot tell, or the search grows too
long, the answer is no. So what the linter names is so, and what it does not name may still be.
Three facts carry the proofs: a field has one value, which a range or a text cannot leave; of what may
be several (tags) none can be what is excluded; and an order has at least one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.rulebook.facts_apart import Fact, exclude, follows, is_empty
from app.domain.rulebook.fields import OF_LINES
from app.domain.search import And, Everything, Lines, Node, Not, Or, Quantifier
from app.domain.search_values import Between, Bound, Choice, Match

MOST_STEPS: Final = 4000
# These are known of every order or line.
_KNOWN: Final = ("qty", "lines", "shipping", "discount", "price", "worth")


def implies(one: Node, other: Node) -> bool:
    """Return whether it is proven that what meets one condition meets the other."""
    return is_impossible(And((one, Not(other))))


def is_covered(node: Node, by: Sequence[Node]) -> bool:
    """Return whether it is proven that what meets a condition meets at least one of the others."""
    return is_impossible(And((node, *map(Not, by))))


def is_impossible(node: Node) -> bool:
    """Return whether it is proven that nothing can meet a condition."""
    return Search().is_closed([plain(node)], Branch())


def open_branch(node: Node, branch: Branch) -> Branch | None:
    """Return a way of meeting a condition that does not contradict itself as far as is known."""
    search = Search()
    return None if search.is_closed([plain(node)], branch) else search.open


def plain(node: Node, *, negated: bool = False) -> Node:
    """Return a condition with "not" only before single facts."""
    if isinstance(node, Not):
        return plain(node.node, negated=not negated)
    if isinstance(node, And | Or):
        is_and = isinstance(node, And) is not negated
        parts = tuple(plain(each, negated=negated) for each in node.nodes)
        return And(parts) if is_and else Or(parts)
    if isinstance(node, Lines):
        return _plain_lines(node, negated=negated)
    if isinstance(node, Between) and negated and node.field in _KNOWN:
        return Or(_outside(node))
    return Not(node) if negated else node


def _outside(node: Between) -> tuple[Node, ...]:
    """Return what lies outside of a range, where a value is always there."""
    found: list[Node] = []
    if node.low is not None:
        found.append(replace(node, low=None, high=_turned(node.low)))
    if node.high is not None:
        found.append(replace(node, low=_turned(node.high), high=None))
    return tuple(found)


def _turned(bound: Bound) -> Bound:
    return replace(bound, is_open=not bound.is_open)


def _plain_lines(node: Lines, *, negated: bool) -> Node:
    kind = node.quantifier
    if kind is Quantifier.COUNT:
        return _plain_count(node, negated=negated)
    if kind is Quantifier.ONLY:
        return Not(node) if negated else node
    if kind is Quantifier.NONE:
        return _plain_lines(replace(node, quantifier=Quantifier.ANY), negated=not negated)
    if kind is Quantifier.ANY:
        return replace(node, quantifier=Quantifier.NONE) if negated else node
    # Not every line is it: one is not.
    return Lines(Quantifier.ANY, Not(node.node)) if negated else node


_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _plain_count(node: Lines, *, negated: bool) -> Node:
    if node.compared == "=":
        exact = (replace(node, compared=">="), replace(node, compared="<="))
        parts = tuple(_plain_count(each, negated=negated) for each in exact)
        return Or(parts) if negated else And(parts)
    compared = _OPPOSITE[node.compared] if negated else node.compared
    count = node.count + (compared == ">") - (compared == "<")
    compared = ">=" if compared in (">", ">=") else "<="
    if compared == ">=" and count <= 0:
        return Everything()
    if compared == "<=" and count <= 0:
        return Not(Everything()) if count < 0 else Lines(Quantifier.NONE, node.node)
    plain = replace(node, compared=compared, count=count)
    return And((plain, Lines(Quantifier.ANY, node.node))) if compared == ">=" else plain


@dataclass(frozen=True, slots=True)
class Branch:
    """What one way of meeting a condition assumes: facts that are so, and facts that are not."""

    so: tuple[Fact, ...] = ()
    not_so: tuple[Fact, ...] = ()
    lines: tuple[Lines, ...] = ()
    not_only: tuple[Node, ...] = ()

    def contradicts(self) -> bool:
        """Return whether the facts of the order itself exclude each other."""
        return any(map(self._clashes, self.so))

    def _clashes(self, fact: Fact) -> bool:
        same = [each for each in self.so if each.field == fact.field and each is not fact]
        against = [each for each in self.not_so if each.field == fact.field]
        if any(follows(fact, each) for each in against):
            return True
        return any(exclude(fact, each) for each in same) or is_empty([fact, *same])


@dataclass(slots=True)
class Search:
    """Tries every way of meeting a condition, a bounded number of steps; keeps the first open one."""

    steps: int = 0
    open: Branch | None = None

    def is_closed(self, todo: list[Node], branch: Branch) -> bool:
        """Return whether every way of meeting what is still to do contradicts itself."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            return False
        rest = list(todo)
        ors: list[Or] = []
        while rest:
            node = rest.pop()
            if isinstance(node, And):
                rest += node.nodes
            elif isinstance(node, Or):
                ors.append(node)
            elif _is_never(node):
                return True
            else:
                branch = _with(branch, node)
        if branch.contradicts() or _lines_contradict(branch):
            return True
        if ors:
            return self._tries(min(ors, key=lambda each: len(each.nodes)), ors, branch)
        self.open = branch
        return False

    def _tries(self, first: Or, ors: list[Or], branch: Branch) -> bool:
        rest: list[Node] = [each for each in ors if each is not first]
        return all(self.is_closed([each, *rest], branch) for each in first.nodes)


def _is_never(node: Node) -> bool:
    return isinstance(node, Not) and isinstance(node.node, Everything)


def _with(branch: Branch, node: Node) -> Branch:
    """Return a branch that assumes one fact more."""
    fact, is_so = (node.node, False) if isinstance(node, Not) else (node, True)
    if isinstance(fact, Match) and fact.field in OF_LINES and not _is_of_line(branch):
        kind = Quantifier.ANY if is_so else Quantifier.NONE
        fact, is_so = Lines(kind, fact), True
    if isinstance(fact, Lines):
        if is_so:
            return replace(branch, lines=(*branch.lines, fact))
        return replace(branch, not_only=(*branch.not_only, fact.node))
    if not isinstance(fact, Match | Choice | Between):
        return branch
    if is_so:
        return replace(branch, so=(*branch.so, fact))
    return replace(branch, not_so=(*branch.not_so, fact))


@dataclass(frozen=True, slots=True)
class LineBranch(Branch):
    """The same of one line, whose fields have one value each."""


def _is_of_line(branch: Branch) -> bool:
    return isinstance(branch, LineBranch)


def _lines_contradict(branch: Branch) -> bool:
    """Return whether no set of lines, one at least, can be what is said of the lines."""
    if not branch.lines:
        return False
    every = [_of_every(each) for each in branch.lines]
    always = [each for each in every if each is not None]
    only = [each.node for each in branch.lines if each.quantifier is Quantifier.ONLY]
    some = [each.node for each in branch.lines if each.quantifier is Quantifier.ANY]
    if only and _no_line([*always, *only, *some]):
        return True
    if only and any(_no_line([*always, *only, Not(each)]) for each in branch.not_only):
        return True
    if any(_no_line([each, *always]) for each in some) or _no_line(always):
        return True
    return _counts_contradict(branch.lines, is_single=bool(only))


def _of_every(each: Lines) -> Node | None:
    if each.quantifier is Quantifier.ALL:
        return each.node
    return Not(each.node) if each.quantifier is Quantifier.NONE else None


def _no_line(nodes: Sequence[Node]) -> bool:
    return bool(nodes) and Search().is_closed([plain(And(tuple(nodes)))], LineBranch())


def _counts_contradict(lines: Sequence[Lines], *, is_single: bool) -> bool:
    counts = [each for each in lines if each.quantifier is Quantifier.COUNT]
    least = [each for each in counts if each.compared == ">="]
    most = [each for each in counts if each.compared == "<="]
    if is_single and any(each.count > 1 for each in least):
        return True
    return any(
        low.count > high.count and (low.node == high.node or implies_of_line(low.node, high.node))
        for low in least
        for high in most
    )


def implies_of_line(one: Node, other: Node) -> bool:
    """Return whether it is proven that a line that meets one condition meets the other."""
    return _no_line([one, Not(other)])

"""What does a channel take for its service? Its fee schedule, as its own settlements prove it.

Nobody has to type a fee table in: a share of the price plus a fixed amount that explains nearly every fee
of a kind to the cent *is* the schedule. A fee that it does not explain is then worth a look. Fees that no
such formula explains (advertising, storage) are never guessed at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 20  # fees of a kind before anything is concluded from them
FEWEST_OF_ITEM: Final = 10
PROVEN: Final = 95  # of a hundred
BASES: Final = ("sale", "sale and shipping", "sale, shipping and tax")
_FIXED: Final = (0, 20, 25, 30, 40, 45, 49, 99)


@dataclass(frozen=True, slots=True)
class FeeSeen:
    """One fee that was taken, above zero, and what it may be a share of, by :data:`BASES`."""

    label: str
    item_ref: str
    amount: int
    bases: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class FeeRule:
    """So much of a base (in hundredths of a per cent) and so many minor units, for one kind of fee.

    ``item_ref`` is empty where it is the same for everything sold. ``proven`` of ``seen`` fees it gives
    to the cent.
    """

    label: str
    item_ref: str
    basis_points: int
    fixed: int
    base: str
    proven: int
    seen: int

    def fee(self, bases: Sequence[int]) -> int:
        """Return what it takes, above zero: the share rounded half up, as channels do."""
        of = bases[BASES.index(self.base)]
        return _share(of, self.basis_points) + self.fixed


def learnt(seen: Iterable[FeeSeen]) -> tuple[FeeRule, ...]:
    """Return the rules that the fees prove: for a whole kind of fee, or else for its single items."""
    by_label: dict[str, list[FeeSeen]] = defaultdict(list)
    for each in seen:
        by_label[each.label].append(each)
    rules: list[FeeRule] = []
    for label, fees in sorted(by_label.items()):
        whole = _rule(label, "", fees, FEWEST)
        rules += [whole] if whole else _by_item(label, fees)
    return tuple(rules)


def rule_for(rules: Sequence[FeeRule], fee: FeeSeen) -> FeeRule | None:
    """Return the rule that says what a fee should be."""
    for item in (fee.item_ref, ""):
        for rule in rules:
            if rule.label == fee.label and rule.item_ref == item:
                return rule
    return None


def _by_item(label: str, fees: Sequence[FeeSeen]) -> list[FeeRule]:
    items: dict[str, list[FeeSeen]] = defaultdict(list)
    for fee in fees:
        if fee.item_ref:
            items[fee.item_ref].append(fee)
    found = (_rule(label, item, each, FEWEST_OF_ITEM) for item, each in sorted(items.items()))
    return [rule for rule in found if rule]


def _rule(label: str, item: str, fees: Sequence[FeeSeen], fewest: int) -> FeeRule | None:
    if len(fees) < fewest:
        return None
    best: FeeRule | None = None
    for at, base in enumerate(BASES):
        for fixed in _FIXED:
            points = _likeliest([(fee.bases[at], fee.amount - fixed) for fee in fees])
            if points is None:
                continue
            rule = FeeRule(label, item, points, fixed, base, 0, len(fees))
            proven = sum(rule.fee(fee.bases) == fee.amount for fee in fees)
            if best is None or proven > best.proven:
                best = FeeRule(label, item, points, fixed, base, proven, len(fees))
    return best if best and best.proven * 100 >= PROVEN * best.seen else None


def _likeliest(pairs: Sequence[tuple[int, int]]) -> int | None:
    """Return the share, in steps of a twentieth of a per cent, that most of the pairs have."""
    votes: Counter[int] = Counter()
    for of, amount in pairs:
        if of <= 0 or amount < 0:
            return None
        votes[round(amount * 10_000 / of / 5) * 5] += 1
    return votes.most_common(1)[0][0] if votes else None


def _share(of: int, basis_points: int) -> int:
    return (of * basis_points + 5_000) // 10_000


def rules_as_data(rules: Sequence[FeeRule]) -> list[dict[str, object]]:
    """Return rules as JSON can keep them."""
    return [
        {"label": x.label, "item": x.item_ref, "basis_points": x.basis_points, "fixed": x.fixed,
         "base": x.base, "proven": x.proven, "seen": x.seen}
        for x in rules
    ]  # fmt: skip


def rules_from_data(data: Sequence[Mapping[str, object]]) -> tuple[FeeRule, ...]:
    """Return rules that were kept."""
    return tuple(
        FeeRule(str(x["label"]), str(x["item"]), _int(x["basis_points"]), _int(x["fixed"]),
                str(x["base"]), _int(x["proven"]), _int(x["seen"]))
        for x in data
    )  # fmt: skip


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

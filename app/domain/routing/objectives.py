"""What is a routing to be best at, in which order, and how much of one may be given for the next?

The owner reads them as one sentence: "Keep the promise; then least cost within $0.50; then fewest parcels;
then least cost; then nearest; then my ranking." Each keeps, of what the one before has left, the best
and whatever is as good within its tolerance; so nothing is ever weighed in a sum that nobody foresees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple


class Aim(StrEnum):
    """What a routing can be good at."""

    PROMISE = "promise"
    MONEY = "money"
    PARCELS = "parcels"
    DISTANCE = "distance"
    RANKING = "ranking"


class Objective(NamedTuple):
    """One aim; ``within`` is how much dearer (minor units) something may be and still count as good."""

    aim: Aim
    within: int = 0


_WORDS: Final = {
    Aim.PROMISE: "keep the promise",
    Aim.MONEY: "least cost",
    Aim.PARCELS: "fewest parcels",
    Aim.DISTANCE: "nearest",
    Aim.RANKING: "my ranking",
}
DEAREST: Final = 20_000
"""What an aim that comes before money weighs more than: no two ways of an order differ by as much."""
RELUCTANCE: Final = DEAREST // 10
"""What it weighs to send something else than was ordered: more than any postage."""
_SPREAD: Final = {Aim.PROMISE: 2, Aim.PARCELS: 3, Aim.DISTANCE: 30, Aim.RANKING: 30}
"""By how many steps two ways of an order can differ in an aim, at the most that matters."""


@dataclass(frozen=True)
class Objectives:
    """The aims in order. The money is among them, once or twice; any other aim once at most."""

    order: tuple[Objective, ...]

    @cached_property
    def first_money(self) -> int:
        """Return the place of the money among the aims."""
        return next(n for n, each in enumerate(self.order) if each.aim is Aim.MONEY)

    @property
    def within(self) -> int:
        """Return what may be spent on the aims after money, minor units."""
        return self.order[self.first_money].within

    @cached_property
    def after(self) -> tuple[Aim, ...]:
        """Return the aims after money."""
        return tuple(each.aim for each in self.order[self.first_money + 1 :])

    @cached_property
    def parcel_worth(self) -> int:
        """Return what one parcel may cost more than two, where the money decides again after parcels."""
        return self.within if self.after[:2] == (Aim.PARCELS, Aim.MONEY) else 0

    @cached_property
    def tries_others(self) -> bool:
        """Return whether what is nearly as cheap has to be held against the aims that follow."""
        return bool(self.within and not self.parcel_worth and self.after) or (
            Aim.PROMISE in self.after
        )

    @cached_property
    def is_usual(self) -> bool:
        """Return whether one cost for each way, and the nearer of equals, says it all."""
        before = [each.aim for each in self.order[: self.first_money]]
        return before == [Aim.PROMISE] and not self.tries_others and self.ranks_distance_first

    @cached_property
    def ranks_distance_first(self) -> bool:
        """Return whether the nearer of equals comes before the owner's ranking."""
        aims = [each.aim for each in self.order]
        if Aim.RANKING not in aims:
            return True
        return Aim.DISTANCE in aims and aims.index(Aim.DISTANCE) < aims.index(Aim.RANKING)

    @cached_property
    def beyond(self) -> int:
        """Return what is more than all that an order that ships can weigh."""
        steps = {each.aim: _SPREAD[each.aim] for each in self.order[: self.first_money]}
        return sum(self.weight(aim) * spread for aim, spread in steps.items()) or DEAREST

    def weight(self, aim: Aim) -> int:
        """Return what a step of an aim before money weighs in minor units; 0 for any other aim."""
        weight = DEAREST
        for each in reversed(self.order[: self.first_money]):
            if each.aim is aim:
                return 1_000_000 if aim is Aim.PROMISE and weight < 1_000_000 else weight
            weight *= _SPREAD[each.aim]
        return 0

    def sentence(self, money: Callable[[int], str]) -> str:
        """Return the objectives as the owner reads them."""
        said = [
            _WORDS[each.aim] + (f" within {money(each.within)}" if each.within else "")
            for each in self.order
        ]
        text = "; then ".join(said)
        return f"{text[:1].upper()}{text[1:]}."

    def as_said(self) -> list[str]:
        """Return the objectives as they are stored."""
        return [f"{each.aim} within {each.within}" if each.within else str(each.aim)
                for each in self.order]  # fmt: skip


def objectives_from(said: Iterable[str]) -> Objectives:
    """Read objectives such as "money within 50" (minor units).

    Raises:
        ValueError: they cannot be followed.
    """
    order = tuple(_objective(each) for each in said)
    aims = [each.aim for each in order]
    if Aim.MONEY not in aims:
        raise ValueError("money has to be among the objectives; put it where cost is to count")
    for aim in Aim:
        most = 2 if aim is Aim.MONEY else 1
        if aims.count(aim) > most:
            raise ValueError(f"“{aim}” is named {aims.count(aim)} times; once is enough")
    if any(each.within for each in order if each.aim is not Aim.MONEY):
        raise ValueError("only money has a tolerance: money within 50")
    if any(each.within for each in order[aims.index(Aim.MONEY) + 1 :]):
        raise ValueError("only the first “money” has a tolerance; the second settles what is left")
    return Objectives(order)


def _objective(said: str) -> Objective:
    name, _blank, rest = str(said).strip().partition(" ")
    try:
        aim = Aim(name)
    except ValueError:
        known = ", ".join(Aim)
        raise ValueError(f"“{said}” is no objective; known are {known}") from None
    word, _blank, amount = rest.strip().partition(" ")
    if not rest:
        return Objective(aim)
    if word != "within" or not amount.isascii() or not amount.isdigit():
        raise ValueError(f"“{said}” is no objective; a tolerance is written “money within 50”")
    return Objective(aim, int(amount))


def usual_objectives(parcel_worth: int = 50, *, promise_first: bool = True) -> Objectives:
    """Return what a desk aims at before its owner says anything."""
    aims: Sequence[Objective] = (
        Objective(Aim.MONEY, parcel_worth), Objective(Aim.PARCELS), Objective(Aim.MONEY),
        Objective(Aim.DISTANCE), Objective(Aim.RANKING),
    )  # fmt: skip
    return Objectives((*((Objective(Aim.PROMISE),) if promise_first else ()), *aims))


USUAL: Final = usual_objectives()

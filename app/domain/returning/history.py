"""How did a unit come to be where it is, and its money? Its steps replayed, so that both can be proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.returning import custody, owed
from app.domain.returning.custody import Custody, Handling
from app.domain.returning.owed import Account, Settling

CUSTODY, MONEY = "custody", "money"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a unit; ``said`` is the grade seen, or where it was put."""

    machine: str
    verb: str
    at: datetime
    said: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit is, what was seen, where it was put, and when."""

    custody: Custody = Custody.AUTHORISED
    grade: str = ""
    disposition: str = ""
    received_at: datetime | None = None
    graded_at: datetime | None = None
    disposed_at: datetime | None = None


class Past:
    """Where a unit stood after each step that was not taken back, the newest last."""

    def __init__(self, steps: Iterable[Step], start: Standing | None = None) -> None:
        self._stood = [start or Standing()]
        for each in steps:
            if each.machine == CUSTODY:
                self.take(each)

    @property
    def now(self) -> Standing:
        """Where it stands."""
        return self._stood[-1]

    @property
    def can_go_back(self) -> bool:
        """Whether there is a step that can be taken back."""
        return len(self._stood) > 1

    def take(self, step: Step) -> Standing:
        """Let one more thing happen to it.

        Raises:
            RefusedError: it cannot happen to a unit that stands there.
        """
        if step.verb == Handling.TAKE_BACK and self.can_go_back:
            self._stood.pop()
        else:
            self._stood.append(advanced(self.now, step))
        return self.now


def advanced(standing: Standing, step: Step) -> Standing:
    """Return where a unit stands after a step.

    Raises:
        RefusedError: the step cannot happen there.
    """
    handling = Handling(step.verb)
    moved = replace(standing, custody=custody.step(standing.custody, handling))
    if handling is Handling.RECEIVE:
        return replace(moved, received_at=step.at)
    if handling is Handling.GRADE:
        return replace(moved, grade=step.said, graded_at=step.at)
    if handling is Handling.DISPOSE:
        return replace(moved, disposition=step.said, disposed_at=step.at)
    return moved


def account_after(worth: int, steps: Iterable[Step]) -> Account:
    """Return the money for a unit after its steps.

    Raises:
        RefusedError: a step cannot have happened.
    """
    account = Account(worth)
    for each in steps:
        if each.machine == MONEY:
            account = owed.settle(account, Settling(each.verb), each.amount)
    return account

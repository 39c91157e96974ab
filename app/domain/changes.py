"""What did an operation do? Its receipt: the only news that travels upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Flag, auto


class Touched(Flag):
    """Which kinds of record an operation changed; views listen for theirs."""

    NOTHING = 0
    ORDERS = auto()
    STOCK = auto()
    CASES = auto()
    SHIPMENTS = auto()
    FILES = auto()
    SETTINGS = auto()
    VIEWS = auto()
    RULES = auto()
    QUANTITIES = auto()
    ALL = ORDERS | STOCK | CASES | SHIPMENTS | FILES | SETTINGS | VIEWS | RULES | QUANTITIES


@dataclass(frozen=True, slots=True)
class Undo:
    """The compensating operation: a service's name and its arguments.

    ``subjects`` names the argument that lists what it is about, so that much can be taken back a
    part at a time; an opposite without such a list is one whole.
    """

    operation: str
    arguments: dict[str, object] = field(default_factory=dict)
    subjects: str = "order_ids"

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids that it is about; empty if it lists none."""
        listed = self.arguments.get(self.subjects)
        return tuple(listed) if isinstance(listed, list) else ()

    def about(self, ids: Sequence[int]) -> Undo:
        """Return the same opposite for other subjects."""
        return replace(self, arguments={**self.arguments, self.subjects: list(ids)})

    def parts(self, size: int) -> list[Undo]:
        """Return it cut into parts of at most ``size`` subjects."""
        ids = self.ids
        if len(ids) <= size:
            return [self]
        return [self.about(ids[at : at + size]) for at in range(0, len(ids), size)]


@dataclass(frozen=True, slots=True)
class Skipped:
    """One subject that an operation left alone, and why."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The receipt of an operation.

    ``label`` reads as "what was done" ("Accept 12 orders"); ``done`` are the ids that changed.
    """

    label: str
    touched: Touched
    done: tuple[int, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    undo: Undo | None = None


def together(label: str, receipts: Sequence[Changes]) -> Changes:
    """Return several receipts of one operation as one, with one opposite for all its subjects."""
    done = tuple(each for receipt in receipts for each in receipt.done)
    touched = Touched.NOTHING
    for receipt in receipts:
        touched |= receipt.touched
    return Changes(
        label,
        touched,
        done,
        tuple(each for receipt in receipts for each in receipt.skipped),
        _opposite([each.undo for each in receipts if each.undo is not None]),
    )


def _opposite(undos: Sequence[Undo]) -> Undo | None:
    """Return the opposite of several: about all of their subjects, which need not be orders."""
    if len(undos) == 1:
        return undos[0]
    listing = [each for each in undos if each.ids]
    ids = [subject for each in listing for subject in each.ids]
    return listing[0].about(ids) if listing else None


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 order", "12 orders", for a label."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

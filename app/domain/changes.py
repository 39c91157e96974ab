"""What did an operation do? Its receipt: the only news that travels upwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Gathered:
    """Receipts of one operation, each added up as it comes in.

    A hundred thousand orders are a thousand receipts; whoever is there when the last one comes is not
    to wait until all of them are gone through.
    """

    def __init__(self) -> None:
        self.done: list[int] = []
        self._skipped: list[Skipped] = []
        self._touched = Touched.NOTHING
        self._undos = 0
        self._undo: Undo | None = None
        self._undone: list[int] = []  # what the opposites list, which need not be orders

    def add(self, receipt: Changes) -> None:
        """Take one more."""
        self.done.extend(receipt.done)
        self._skipped.extend(receipt.skipped)
        self._touched |= receipt.touched
        if receipt.undo is not None:
            self._add_opposite(receipt.undo)

    def _add_opposite(self, undo: Undo) -> None:
        ids = undo.ids
        if self._undo is None or (ids and not self._undone):
            self._undo = undo
        self._undone.extend(ids)
        self._undos += 1

    def together(self, label: str) -> Changes:
        """Return them as one receipt, with one opposite for all their subjects."""
        opposite = self._undo
        if opposite is not None and self._undos > 1:
            opposite = opposite.about(self._undone) if self._undone else None
        return Changes(label, self._touched, tuple(self.done), tuple(self._skipped), opposite)


def together(label: str, receipts: Iterable[Changes]) -> Changes:
    """Return several receipts of one operation as one."""
    gathered = Gathered()
    for receipt in receipts:
        gathered.add(receipt)
    return gathered.together(label)


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 order", "12 orders", for a label."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

"""What did an operation do? Its receipt: the only news that travels upwards."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    ALL = ORDERS | STOCK | CASES | SHIPMENTS | FILES | SETTINGS


@dataclass(frozen=True, slots=True)
class Undo:
    """The compensating operation: a service's name and its arguments."""

    operation: str
    arguments: dict[str, object] = field(default_factory=dict)


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

"""What would become of each row? A list like any other, over the rows of one preview."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.importing import FileKind, PreviewRow, RowVerdict
from app.ui.importing.views import plain_reason
from app.ui.lists.columns import Column, Pill
from app.ui.tokens import Tone
from app.ui.words import moment, money, number

VERDICTS = {
    RowVerdict.ADD: Pill("Add", Tone.GOOD, "plus"),
    RowVerdict.UPDATE: Pill("Update", Tone.INFO, "change"),
    RowVerdict.SKIP: Pill("Here already", Tone.NEUTRAL, "accept"),
    RowVerdict.LOOK: Pill("Needs a look", Tone.WARN, "hold"),
    RowVerdict.KEPT_BACK: Pill("Kept back", Tone.BAD, "exceptions"),
}
LEFT_OUT = Pill("Left out", Tone.NEUTRAL, "minus")
CHANGEABLE = (RowVerdict.ADD, RowVerdict.UPDATE, RowVerdict.LOOK)
_SUBJECTS = {FileKind.ORDERS: "Order", FileKind.KITS: "Kit", FileKind.SETTLEMENT: "Order",
             FileKind.TRACKING: "Parcel", FileKind.RATES: "Service"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview, and whether a person leaves it out."""

    row: PreviewRow
    is_left_out: bool

    @property
    def id(self) -> int:
        """By which the list knows it."""
        return self.row.id

    @property
    def can_change(self) -> bool:
        """Whether a person may leave it out."""
        return bool(self.row.key) and self.row.verdict in CHANGEABLE


@dataclass(frozen=True, slots=True)
class RowSource:
    """The rows of one preview, of one verdict or of all."""

    all_rows: Sequence[PreviewRow]
    left_out: Collection[str]
    verdict: RowVerdict | None

    def _chosen(self) -> list[PreviewRow]:
        if self.verdict is None:
            return list(self.all_rows[:100])
        return [row for row in self.all_rows if row.verdict is self.verdict]

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self._chosen())

    def page(self, sort: str, descending: bool, limit: int, offset: int) -> Sequence[ShownRow]:
        """Return some of the rows."""
        return self._shown(self._sorted(sort, descending)[offset : offset + limit])

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of the rows, or of all."""
        end = None if limit is None else offset + limit
        return [row.id for row in self._sorted(sort, descending)[offset:end]]

    def rows(self, ids: Sequence[int]) -> Sequence[ShownRow]:
        """Return the rows of these ids."""
        known = {row.id: row for row in self.all_rows}
        return self._shown([known[each] for each in ids if each in known])

    def line_up(self, _sort: str, _descending: bool) -> None:
        """Every row is here anyway."""

    def _sorted(self, sort: str, descending: bool) -> list[PreviewRow]:
        rows = self._chosen()
        if sort:
            rows.sort(key=lambda row: _order(row, sort), reverse=descending)
        return rows

    def _shown(self, rows: Sequence[PreviewRow]) -> list[ShownRow]:
        return [ShownRow(row, row.key in self.left_out) for row in rows]


def _order(row: PreviewRow, sort: str) -> tuple[bool, Any]:
    value = getattr(row, sort)
    return (value is None, value if value is not None else 0)


def columns(kind: FileKind, now: datetime) -> tuple[Column, ...]:
    """Return the columns that a file of this kind fills."""
    subject = _SUBJECTS.get(kind, "SKU")
    first = (
        Column("Line", lambda x: number(x.row.line), 7, "line", is_numeric=True, is_quiet=True),
        Column("What happens", lambda x: _pill(x).text, 17, "verdict", pill=_pill),
        Column(subject, lambda x: x.row.subject, 17, "subject", is_strong=True),
    )
    problem = Column("To look at", lambda x: plain_reason(x.row), 30, stretches=True, tone=_tone,
                     hint=lambda x: x.row.problem)  # fmt: skip
    if kind is FileKind.SETTLEMENT:
        return (
            *first,
            Column(
                "Booked", lambda x: moment(x.row.at, now) if x.row.at else "", 16, "at", leaves=2
            ),
            Column("What", lambda x: x.row.what, 26, "what", stretches=True),
            Column("Payout", lambda x: x.row.who, 20, "who", leaves=1),
            Column("Amount", _total, 11, "amount", is_numeric=True),
            problem,
        )
    if kind is FileKind.TRACKING:
        return (
            *first,
            Column("When", lambda x: moment(x.row.at, now) if x.row.at else "", 16, "at"),
            Column("What happened", lambda x: x.row.what, 26, "what", stretches=True),
            Column("Where", lambda x: x.row.who, 20, "who"),
            problem,
        )
    if kind is not FileKind.ORDERS:
        return (
            *first,
            Column("What", lambda x: x.row.what, 26, "what", stretches=True),
            Column("Where", lambda x: x.row.who, 16, "who"),
            Column("Units", _units, 9, "units", is_numeric=True),
            problem,
        )
    return (
        *first,
        Column("Ordered", lambda x: moment(x.row.at, now) if x.row.at else "", 16, "at", leaves=2),
        Column("Buyer", lambda x: x.row.who, 26, "who"),
        Column("Items", lambda x: x.row.what, 24, leaves=1, is_quiet=True),
        Column("Total", _total, 11, "amount", is_numeric=True),
        problem,
    )


def _pill(shown: ShownRow) -> Pill:
    return LEFT_OUT if shown.is_left_out else VERDICTS[shown.row.verdict]


def _tone(shown: ShownRow) -> Tone | None:
    return Tone.BAD if shown.row.verdict is RowVerdict.KEPT_BACK else Tone.WARN


def _units(shown: ShownRow) -> str:
    return "" if shown.row.units is None else number(shown.row.units)


def _total(shown: ShownRow) -> str:
    row = shown.row
    return "" if row.amount is None else money(row.amount, row.currency)

"""The rows that a number counts, as a list: what went wrong or took longest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from app.analytics.kpis.insights import KINDS
from app.analytics.kpis.rows_behind import Counted, CountedRow, count_rows, counted_rows
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import span
from app.domain.kpis.kinds import Grain, Kpi
from app.services.desk import Desk
from app.ui import statuses
from app.ui.lists.columns import Column, Pill
from app.ui.pages.insights import words
from app.ui.pages.insights.listing import RowList
from app.ui.pages.page import Shell
from app.ui.tokens import Tone
from app.ui.words import exact, moment


@dataclass(frozen=True, slots=True)
class RowsSource:
    """The rows of one number, read on any thread."""

    desk: Desk
    counted: Counted
    now: datetime

    def count(self) -> int:
        """Return how many there are."""
        return self.desk.read(count_rows, self.counted, now=self.now)

    def page(
        self, _sort: str, _descending: bool, limit: int | None, offset: int
    ) -> Sequence[CountedRow]:
        """Return some of them."""
        return self.desk.read(counted_rows, self.counted, now=self.now, limit=limit, offset=offset)

    def ids(
        self, sort: str, descending: bool, limit: int | None = None, offset: int = 0
    ) -> list[int]:
        """Return the ids of some of them, or of all."""
        return [row.id for row in self.page(sort, descending, limit, offset)]

    def rows(self, ids: Sequence[int]) -> Sequence[CountedRow]:
        """Return the rows of these ids, in the order given."""
        found = {row.id: row for row in self.page("", False, None, 0)}
        return [found[each] for each in ids if each in found]

    def line_up(self, _sort: str, _descending: bool) -> None:
        """A number counts few enough rows to find any page of them at once."""


def counted_listing(shell: Shell, counted: Counted, titles: Mapping[str, str]) -> RowList:
    """Return the rows of a number as they are listed; ``titles`` are of the slices it is of."""
    kpi, now, desk = KPIS[counted.measure], shell.operations.now, shell.operations.desk
    return RowList(
        lambda: RowsSource(desk, counted, now()), row_columns(kpi, now),
        lambda count: words.counted_words(counted, {**titles, **KINDS}, count),
        partial(_open, shell, kpi),
    )  # fmt: skip


def _open(shell: Shell, kpi: Kpi, row: CountedRow) -> None:
    """Open the order or the SKU of a row."""
    if row.order_id is not None:
        shell.open_order(row.order_id)
    elif kpi.grain in (Grain.SHELF, Grain.NUMBER):
        shell.open_sku(row.name)
    else:
        shell.go("exceptions", "is:resolved")


def row_columns(kpi: Kpi, now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns for the rows of one figure."""
    has_detail = kpi.grain in (Grain.PARCEL, Grain.LINE, Grain.CASE)
    first = Column(kpi.grain.value.capitalize(), lambda row: row.name, 24, is_strong=True,
                   stretches=not has_detail)  # fmt: skip
    detail = Column("What", lambda row: row.detail, 24, stretches=True, is_quiet=True)
    begin = (first, detail) if has_detail else (first,)
    channel = Column("Channel", lambda row: statuses.channel(row.channel) if row.channel else "",
                     11, leaves=1)  # fmt: skip
    at = Column(kpi.at.replace("the moment ", "").capitalize(), lambda row: moment(row.at, now()), 17,
                hint=lambda row: exact(row.at))  # fmt: skip
    if kpi.is_duration:
        took = Column("Took", lambda row: span(row.seconds), 14, is_numeric=True)
        return *begin, channel, at, took
    counts = Column("Counts as", _verdict(kpi), 16, pill=_pill(kpi),
                    about=f"Counted are {kpi.counts}")  # fmt: skip
    return *begin, channel, at, counts


def _verdict(kpi: Kpi) -> Callable[[Any], str]:
    def said(row: Any) -> str:
        pill = _pill(kpi)(row)
        return pill.text if pill is not None else ""

    return said


def _pill(kpi: Kpi) -> Callable[[Any], Pill | None]:
    good = kpi.good == "high"

    def made(row: Any) -> Pill | None:
        if row.is_hit is None:
            return None
        is_good = row.is_hit == good
        words = "Counted" if row.is_hit else "Not counted"
        return Pill(words, Tone.GOOD if is_good else Tone.BAD, "done" if is_good else "late")

    return made

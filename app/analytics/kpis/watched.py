"""How does one channel do, place by place, since a moment? What is watched in its first two weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from app.analytics.kpis.measuring import Cell, Span, cut
from app.analytics.kpis.populations import rows
from app.analytics.kpis.rows_behind import Counted
from app.domain.kpis.definitions import KPIS
from app.domain.kpis.figures import Figure
from app.domain.kpis.kinds import Dimension, Measure

WATCHED: Final = (
    Measure.ACCEPTANCE_TIME, Measure.LABEL_TIME, Measure.PICK_PACK, Measure.ON_TIME_SHIP,
    Measure.SELLER_CANCEL, Measure.SYNC_LAG,
)  # fmt: skip
ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Watched:
    """One figure of a channel: of all places, and of each by its code."""

    measure: Measure
    by_place: Mapping[str, tuple[Figure, Counted]]


def watched(db: Connection, channel: str, span: Span, *, now: datetime) -> list[Watched]:
    """Return what is watched of a channel; a place without rows is left out."""
    return [_watched(db, measure, channel, span, now) for measure in WATCHED]


def _watched(db: Connection, measure: Measure, channel: str, span: Span, now: datetime) -> Watched:
    source, is_share = rows(measure, now), KPIS[measure].is_share
    joined, place = cut(source, Dimension.LOCATION)
    measured = source.c.hit if is_share else source.c.seconds
    query = (
        select(source.c.id, place.label("place"), measured.label("measured"))
        .select_from(joined)
        .where(span.has(source.c.at), source.c.channel == channel)
        .distinct()
    )
    cells: dict[str, Cell] = defaultdict(Cell)
    seen: set[int] = set()
    for key, name, value in db.execute(query):
        for each in (name or "", *(() if key in seen else (ALL,))):
            cells[each].add(Cell(1, int(value)) if is_share else Cell(1, 0, [value]))
        seen.add(key)
    whole = Counted(measure, span, channel=channel)
    found = {
        name: (cell.figure, whole if name == ALL
               else replace(whole, by=Dimension.LOCATION, slices=(name,)))
        for name, cell in sorted(cells.items())
    }  # fmt: skip
    return Watched(measure, found)

"""Where are the figures kept that are read at a glance, and which of them were not what they have to be?

All of ``kpi_cells``, ``kpi_weeks`` and ``kpi_state`` is derived from the rows that the figures count: it is filled behind everybody's back by
``analytics.kpis.rollup``, left out of copies between engines, and may be emptied at any time.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, Text, text

from app.models.base import Json, UtcDateTime, id_column, metadata, partial_index

DERIVED: Final = {"is_derived": True}

# One figure of one slice in one week. A duration keeps its sample as well, so that weeks and
# channels can be put together and the percentiles stay exact.
kpi_cells = Table(
    "kpi_cells",
    metadata,
    Column("measure", String(24), primary_key=True),
    # By what slices are told apart: channel, kind, location, carrier, family.
    Column("cut", String(12), primary_key=True),
    # Its Monday, as an ISO date.
    Column("week", String(10), primary_key=True),
    Column("slice", Text, primary_key=True),
    Column("counted", Integer, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("median", Integer),
    Column("ninetieth", Integer),
    # Sorted seconds, packed; it stands last, since SQLite walks through it to whatever comes after.
    Column("sample", LargeBinary),
    info=DERIVED,
)

# When each week was counted last.
kpi_weeks = Table(
    "kpi_weeks",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("counted_at", UtcDateTime, nullable=False),
    info=DERIVED,
)

# One row: up to which row of each table everything has been looked at, and in which zone weeks begin.
kpi_state = Table(
    "kpi_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("layout", Integer, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("marks", Json, nullable=False),
    Column("looked_at", UtcDateTime, nullable=False),
    info=DERIVED,
)
LAYOUT: Final = 2  # of what is counted: another number, and it is counted anew


# A standard that was not kept: what it was then, what was done about it, and whether that worked.
kpi_breaches = Table(
    "kpi_breaches",
    metadata,
    id_column(),
    # The standard's code; its words, action and numbers as they were when it broke.
    Column("standard", String(60), nullable=False),
    Column("terms", Json, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("ninetieth", Integer),
    # open (nobody has acted) | acted (it is being tried) | worked | over (it mended itself)
    Column("state", String(8), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("acted_at", UtcDateTime),
    Column("acted_by", String(60)),
    # What was done, in words, and where: count:3, sheet:7
    Column("deed", Text, nullable=False),
    Column("check_at", UtcDateTime),
    # What came of it: each check as {at, rows, hits, ninetieth, worked}.
    Column("checks", Json, nullable=False),
    Column("is_done", Boolean, nullable=False),
)
# One task for a standard, however long it stays broken.
partial_index(
    "uq_kpi_breaches_open",
    kpi_breaches.c.standard,
    unique=True,
    where=text("NOT is_done"),
)

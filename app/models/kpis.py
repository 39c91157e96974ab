"""Where are the figures kept that are read at a glance?

All of it is derived from the rows that the figures count: it is filled behind everybody's back by
``analytics.kpis.rollup``, left out of copies between engines, and may be emptied at any time.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from app.models.base import Json, UtcDateTime, metadata

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
LAYOUT: Final = 1  # of what is counted: another number, and it is counted anew

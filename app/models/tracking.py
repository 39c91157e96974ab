"""How far has each parcel come, when is it expected, and what does the owner read in a carrier's code?"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from app.models.base import Id, Json, UtcDateTime, id_column, metadata, partial_index, reference

# Worked out anew from all reports whenever one comes or a code's meaning changes. A parcel of which
# nothing was reported has no row.
parcel_states = Table(
    "parcel_states",
    metadata,
    Column("shipment_id", Id, ForeignKey("shipments.id"), primary_key=True, autoincrement=False),
    Column("status", String(24), nullable=False),
    Column("incident", String(24), nullable=False, default=""),
    # Since when it is in that state.
    Column("since_at", UtcDateTime, nullable=False),
    # The first time that somebody else than we saw it, and the last.
    Column("accepted_at", UtcDateTime),
    Column("last_scan_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    # What was said last, and where.
    Column("said", Text, nullable=False, default=""),
    Column("place", Text, nullable=False, default=""),
    # When the carrier expects it to arrive, and when it first did.
    Column("expected_at", UtcDateTime),
    Column("first_expected_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("scans", Integer, nullable=False),
    # Between these two scans it was quiet for longest.
    Column("quiet_from_at", UtcDateTime),
    Column("quiet_to_at", UtcDateTime),
)
Index("ix_parcel_states_status", parcel_states.c.status, parcel_states.c.since_at)

# Each time a carrier said when a parcel arrives, and it was news.
arrival_estimates = Table(
    "arrival_estimates",
    metadata,
    id_column(),
    reference("shipment_id", "shipments.id", index=True),
    Column("expected_at", UtcDateTime, nullable=False),
    Column("source", String(60), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

# When anything was last heard of a carrier's parcels: after that, nobody knows how long one is quiet.
carrier_feeds = Table(
    "carrier_feeds",
    metadata,
    Column("carrier", String(30), primary_key=True),
    Column("heard_at", UtcDateTime, nullable=False),
)

# Which carriers are asked over the network, and how far each is; who asks them now has the lease.
carrier_connections = Table(
    "carrier_connections",
    metadata,
    id_column(),
    # One of the carriers that can be talked to: ups | fedex | …
    Column("carrier", String(30), nullable=False, unique=True),
    # Where its API is.
    Column("address", Text, nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("connected_by", String(60), nullable=False),
    Column("connected_at", UtcDateTime, nullable=False),
    # As of an account: up_to_date | syncing | waiting | attention | offline
    Column("state", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("waits_until", UtcDateTime),
    Column("last_good_at", UtcDateTime),
    Column("last_tried_at", UtcDateTime),
    Column("holder", Text, nullable=False),
    Column("held_until", UtcDateTime),
)

# What its carrier was asked about a parcel, and when it is asked again; never, if that is empty.
parcel_questions = Table(
    "parcel_questions",
    metadata,
    Column("shipment_id", Id, ForeignKey("shipments.id"), primary_key=True, autoincrement=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime),
    # How often in a row the carrier did not know the parcel.
    Column("unknown", Integer, nullable=False),
    # What was wrong with the last answer, in words; empty if nothing was.
    Column("problem", Text, nullable=False),
)
Index("ix_parcel_questions_next_at", parcel_questions.c.next_at)

# How long each leg of a lane takes, learnt from the desk's own parcels; empty names mean any.
lane_clocks = Table(
    "lane_clocks",
    metadata,
    # first scan | between scans | to the door
    Column("leg", String(16), primary_key=True),
    Column("carrier", String(30), primary_key=True),
    Column("service", String(60), primary_key=True),
    Column("origin", String(10), primary_key=True),
    Column("region", String(60), primary_key=True),
    # Hours at each of the percentiles that are kept, and of how many parcels.
    Column("points", Json, nullable=False),
    Column("parcels", Integer, nullable=False),
    Column("learnt_at", UtcDateTime, nullable=False),
)

# What the owner reads in a code, before the table that ships with the program. A changed meaning is a
# new row; the old one ends.
code_meanings = Table(
    "code_meanings",
    metadata,
    id_column(),
    Column("carrier", String(30), nullable=False),
    # As it is compared; with ``words`` only where they stand beside it. One of both is not empty.
    Column("code", Text, nullable=False),
    Column("words", Text, nullable=False, default=""),
    Column("status", String(24), nullable=False),
    Column("incident", String(24), nullable=False, default=""),
    Column("actor", String(60), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
partial_index(
    "uq_code_meanings_current",
    code_meanings.c.carrier,
    code_meanings.c.code,
    code_meanings.c.words,
    unique=True,
    where=code_meanings.c.ended_at.is_(None),
)

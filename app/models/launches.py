"""Which channels are about to be opened, who agreed, and how did it go?"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text, UniqueConstraint

from app.models.base import UtcDateTime, id_column, is_state, metadata, partial_index, reference

launches = Table(
    "launches",
    metadata,
    id_column(),
    reference("account_id", "channel_accounts.id"),
    # planned | open | closed | dropped
    Column("state", String(8), nullable=False),
    # So much more than today the channel is expected to sell, in per cent of all channels together.
    Column("uplift", Integer, nullable=False),
    Column("planned_by", String(60), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    # Why it was opened although something was left on the list.
    Column("reason", Text, nullable=False, default=""),
    CheckConstraint("uplift BETWEEN 1 AND 1000", name="uplift_is_sensible"),
    CheckConstraint(
        "(state IN ('planned', 'dropped')) = (opened_at IS NULL)", name="opened_at_some_time"
    ),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_some_time"),
)
# An account is launched once at a time, whoever asks.
partial_index(
    "uq_launches_running",
    launches.c.account_id,
    unique=True,
    where=is_state(launches.c.state, "planned", "open"),
)

# What people said that no machine here can see.
launch_signatures = Table(
    "launch_signatures",
    metadata,
    id_column(),
    reference("launch_id", "launches.id"),
    # pictures | operations_agree | service_agrees
    Column("point", String(20), nullable=False),
    Column("signed_by", String(60), nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    UniqueConstraint("launch_id", "point"),
)

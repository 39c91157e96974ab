"""Reports of carriers as they came, each parcel's state worked out from them, and what codes mean here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, Json, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_UNMAPPED = sa.text("status = 'unmapped'")
_CURRENT = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _reports()
    _states()
    _estimates()
    _meanings()
    _clocks()
    _work_out()


def _reports() -> None:
    with op.batch_alter_table("tracking_events") as table:
        table.add_column(
            sa.Column("carrier", sa.String(length=30), server_default=_EMPTY, nullable=False)
        )
        table.add_column(sa.Column("code", sa.Text(), server_default=_EMPTY, nullable=False))
        table.add_column(sa.Column("stated", sa.Text(), server_default=_EMPTY, nullable=False))
        table.add_column(
            sa.Column("is_zone_known", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        table.add_column(
            sa.Column("incident", sa.String(length=24), server_default=_EMPTY, nullable=False)
        )
        table.add_column(sa.Column("withdrawn_at", UtcDateTime, nullable=True))
        table.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=True))
        table.alter_column(
            "status", existing_type=sa.String(length=20), type_=sa.String(length=24),
            existing_nullable=False,
        )  # fmt: skip
        table.drop_constraint(
            op.f("uq_tracking_events_shipment_id_happened_at_status"), type_="unique"
        )
    # So far they came with a status only, which is read as words.
    op.execute("UPDATE tracking_events SET code = status, fingerprint = 'before 0013: ' || id")
    with op.batch_alter_table("tracking_events") as table:
        table.alter_column("fingerprint", existing_type=sa.String(length=64), nullable=False)
        table.create_unique_constraint(
            op.f("uq_tracking_events_shipment_id_fingerprint"), ["shipment_id", "fingerprint"]
        )
    op.create_index(
        "ix_tracking_events_unmapped", "tracking_events", ["carrier", "code"],
        sqlite_where=_UNMAPPED, postgresql_where=_UNMAPPED,
    )  # fmt: skip


def _states() -> None:
    op.create_table(
        "parcel_states",
        sa.Column("shipment_id", Id, autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("incident", sa.String(length=24), nullable=False),
        sa.Column("since_at", UtcDateTime, nullable=False),
        sa.Column("accepted_at", UtcDateTime, nullable=True),
        sa.Column("last_scan_at", UtcDateTime, nullable=True),
        sa.Column("delivered_at", UtcDateTime, nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("expected_at", UtcDateTime, nullable=True),
        sa.Column("first_expected_at", UtcDateTime, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("quiet_from_at", UtcDateTime, nullable=True),
        sa.Column("quiet_to_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_parcel_states_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_parcel_states")),
    )
    op.create_index("ix_parcel_states_status", "parcel_states", ["status", "since_at"])


def _estimates() -> None:
    op.create_table(
        "arrival_estimates",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("shipment_id", Id, nullable=False),
        sa.Column("expected_at", UtcDateTime, nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"],
            name=op.f("fk_arrival_estimates_shipment_id_shipments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_estimates")),
    )  # fmt: skip
    op.create_index(op.f("ix_arrival_estimates_shipment_id"), "arrival_estimates", ["shipment_id"])


def _meanings() -> None:
    op.create_table(
        "code_meanings",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("carrier", sa.String(length=30), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("incident", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("said_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_meanings")),
    )
    op.create_index(
        "uq_code_meanings_current", "code_meanings", ["carrier", "code", "words"], unique=True,
        sqlite_where=_CURRENT, postgresql_where=_CURRENT,
    )  # fmt: skip


def _clocks() -> None:
    op.create_table(
        "carrier_feeds",
        sa.Column("carrier", sa.String(length=30), nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("carrier", name=op.f("pk_carrier_feeds")),
    )
    op.create_table(
        "lane_clocks",
        sa.Column("leg", sa.String(length=16), nullable=False),
        sa.Column("carrier", sa.String(length=30), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("points", Json, nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("learnt_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint(
            "leg", "carrier", "service", "origin", "region", name=op.f("pk_lane_clocks")
        ),
    )


def _work_out() -> None:
    """Say of the parcels that are here how far they have come: all that was told of them so far."""
    op.execute(
        """
        INSERT INTO parcel_states (shipment_id, status, incident, since_at, accepted_at,
          last_scan_at, delivered_at, said, place, attempts, scans)
        SELECT e.shipment_id, e.status, '', e.happened_at, x.accepted_at, x.last_scan_at,
          x.delivered_at, e.description, e.place, 0, x.scans
        FROM (
          SELECT shipment_id, COUNT(*) AS scans,
            MIN(CASE WHEN status <> 'pre_transit' THEN happened_at END) AS accepted_at,
            MAX(CASE WHEN status <> 'pre_transit' THEN happened_at END) AS last_scan_at,
            MIN(CASE WHEN status = 'delivered' THEN happened_at END) AS delivered_at
          FROM tracking_events GROUP BY shipment_id
        ) AS x JOIN tracking_events e ON e.id = (
          SELECT f.id FROM tracking_events f WHERE f.shipment_id = x.shipment_id
          ORDER BY f.status = 'delivered' DESC, f.happened_at DESC, f.id DESC LIMIT 1
        )
        """
    )

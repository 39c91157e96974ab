"""Remember which channels are being opened, and who agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state IN ('planned', 'open')")


def upgrade() -> None:
    op.create_table(
        "launches",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("uplift", sa.Integer(), nullable=False),
        sa.Column("planned_by", sa.String(60), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("uplift BETWEEN 1 AND 1000", name=op.f("ck_launches_uplift_is_sensible")),
        sa.CheckConstraint("(state IN ('planned', 'dropped')) = (opened_at IS NULL)",
                           name=op.f("ck_launches_opened_at_some_time")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)",
                           name=op.f("ck_launches_closed_at_some_time")),
        sa.ForeignKeyConstraint(["account_id"], ["channel_accounts.id"],
                                name=op.f("fk_launches_account_id_channel_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launches")),
    )  # fmt: skip
    op.create_index("uq_launches_running", "launches", ["account_id"], unique=True,
                    sqlite_where=_RUNNING, postgresql_where=_RUNNING)  # fmt: skip
    op.create_table(
        "launch_signatures",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("launch_id", Id, nullable=False),
        sa.Column("point", sa.String(20), nullable=False),
        sa.Column("signed_by", sa.String(60), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["launch_id"], ["launches.id"],
                                name=op.f("fk_launch_signatures_launch_id_launches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_launch_signatures")),
        sa.UniqueConstraint("launch_id", "point", name=op.f("uq_launch_signatures_launch_id_point")),
    )  # fmt: skip

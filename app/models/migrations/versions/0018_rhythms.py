"""Tell channels of what sells slowly in a rhythm of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NONE = sa.text("'{}'")


def upgrade() -> None:
    op.add_column(
        "channel_connections", sa.Column("rhythms", Json, nullable=False, server_default=_NONE)
    )
    op.add_column("sync_states", sa.Column("bands_told", Json, nullable=False, server_default=_NONE))

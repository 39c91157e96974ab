"""Find at once what became free, and what was sent elsewhere: suggestions before it are outdated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FREEING = sa.text("cause != 'allocation' AND cause != 'reservation' AND cause != 'shipment'")
_OVERRIDDEN = sa.text("kind = 'overridden'")


def upgrade() -> None:
    op.create_index(
        "ix_stock_movements_freeing", "stock_movements", ["recorded_at"],
        sqlite_where=_FREEING, postgresql_where=_FREEING,
    )  # fmt: skip
    op.create_index(
        "ix_routing_decisions_overridden", "routing_decisions", ["decided_at"],
        sqlite_where=_OVERRIDDEN, postgresql_where=_OVERRIDDEN,
    )  # fmt: skip

"""Find what a file brought by the file alone: an entry at the end, where it was one at random."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_NAME = "ix_inbox_messages_import_file_id"
_OF_FILES = sa.text("import_file_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index(_NAME, "inbox_messages")
    op.create_index(
        _NAME, "inbox_messages", ["import_file_id"], sqlite_where=_OF_FILES,
        postgresql_where=_OF_FILES,
    )  # fmt: skip

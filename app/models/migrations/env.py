"""Run by Alembic: bring the connection that it is handed to another revision."""

from __future__ import annotations

from alembic import context

from app.models import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()

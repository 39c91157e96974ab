"""Which rules are in force, which were, and which is somebody writing? And what was made of overrides?"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from app.models.base import UtcDateTime, id_column, metadata, partial_index

rulebooks = Table(
    "rulebooks",
    metadata,
    id_column(),
    Column("version", Integer, nullable=False, unique=True),
    # draft | active | archived
    Column("state", String(10), nullable=False),
    Column("text", Text, nullable=False),
    # Why it is as it is, in the writer's words.
    Column("reason", Text, nullable=False, default=""),
    Column("written_by", String(60), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("activated_by", String(60)),
    Column("activated_at", UtcDateTime),
    Column("archived_at", UtcDateTime),
)
# One rulebook decides, and one is being written, whoever asks.
partial_index(
    "uq_rulebooks_current",
    rulebooks.c.state,
    unique=True,
    where=rulebooks.c.state != "archived",
)

# What was said of a rule that overrides suggest: a pattern that was dismissed is not drafted again.
rule_lessons = Table(
    "rule_lessons",
    metadata,
    id_column(),
    Column("pattern", String(200), nullable=False, unique=True),
    # accepted | dismissed
    Column("state", String(10), nullable=False),
    Column("overrides", Integer, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
)

"""Every case says whose it is, until when, what it costs whom, which cause it shares and where it is settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.base import Id, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_EMPTY = sa.text("''")
_ABOUT = "CASE WHEN sku_id IS NOT NULL THEN 'sku:' || sku_id ELSE subject_kind || ':' || subject_id END"


def upgrade() -> None:
    with op.batch_alter_table("exception_cases") as cases:
        cases.alter_column("subject_kind", existing_type=sa.String(12), type_=sa.String(20))
        cases.add_column(sa.Column("account_id", Id, nullable=True))
        cases.add_column(sa.Column("location_id", Id, nullable=True))
        for name in ("cause", "link"):
            cases.add_column(sa.Column(name, sa.Text(), server_default=_EMPTY, nullable=False))
        for name in ("joined_to", "pattern", "snooze_reason"):
            cases.add_column(sa.Column(name, sa.Text(), server_default=_EMPTY, nullable=False))
        cases.add_column(sa.Column("promised_at", UtcDateTime, nullable=True))
        cases.add_column(
            sa.Column("assigned_to", sa.String(length=60), server_default=_EMPTY, nullable=False)
        )
        cases.add_column(sa.Column("snoozed_until", UtcDateTime, nullable=True))
        cases.add_column(sa.Column("step", sa.Integer(), server_default=sa.text("0"), nullable=False))
        cases.add_column(sa.Column("customer_orders", sa.Integer(), nullable=True))
    _fill()
    with op.batch_alter_table("exception_cases") as cases:
        cases.alter_column("due_at", existing_type=UtcDateTime, nullable=False)
        for name in ("cause", "link"):
            cases.alter_column(name, existing_type=sa.Text(), server_default=None)
        for column, target in (("account_id", "channel_accounts"), ("location_id", "locations")):
            name = op.f(f"fk_exception_cases_{column}_{target}")
            cases.create_foreign_key(name, target, [column], ["id"])
        cases.create_check_constraint(
            op.f("ck_exception_cases_says_whose_and_why"),
            "severity <> '' AND owner <> '' AND title <> '' AND impact <> '' AND cause <> ''"
            " AND link <> ''",
        )
    _notes()


def _fill() -> None:
    """Say of what is there already what a new case says of itself."""
    tomorrow = "opened_at + INTERVAL '24 hours'"
    if op.get_bind().dialect.name == "sqlite":
        tomorrow = "strftime('%Y-%m-%d %H:%M:%f000', opened_at, '+24 hours')"
    op.execute("UPDATE exception_cases SET promised_at = due_at")
    op.execute(f"UPDATE exception_cases SET due_at = {tomorrow} WHERE due_at IS NULL")  # noqa: S608 (fixed words)
    op.execute(
        f"UPDATE exception_cases SET cause = kind || '/' || {_ABOUT}, link = "  # noqa: S608 (fixed words)
        f"CASE WHEN order_id IS NOT NULL THEN 'order:' || order_id ELSE {_ABOUT} END"
    )
    for column in ("severity", "owner", "title", "impact"):
        usual = "high" if column == "severity" else "Operations"
        op.execute(f"UPDATE exception_cases SET {column} = '{usual}' WHERE {column} = ''")  # noqa: S608 (fixed words)


def _notes() -> None:
    op.create_table(
        "case_notes",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["exception_cases.id"], name=op.f("fk_case_notes_case_id_exception_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"], unique=False)

"""What does the inbox say of each case?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.queries.cases import CaseRow
from app.ui import statuses
from app.ui.lists.columns import Column
from app.ui.words import ago, exact, left, money


def case_columns(now: Callable[[], datetime]) -> tuple[Column, ...]:
    """Return the columns; ``now`` is asked each time, because hours left run down."""

    def due(row: CaseRow) -> str:
        return left(row.due_at, now()) if row.due_at else ""

    def risk(row: CaseRow) -> str:
        return money(row.money_at_risk, row.currency) if row.money_at_risk else ""

    return (
        Column("Severity", lambda row: row.severity, 12, "severity",
               pill=lambda row: statuses.SEVERITIES[row.severity]),
        Column("What is wrong", lambda row: row.title, 40, "title", stretches=True, is_strong=True),
        Column("Time left", due, 10, "due_at", tone=lambda row: statuses.urgency(row.due_at, now()),
               hint=lambda row: exact(row.due_at)),
        Column("At risk", risk, 11, "money_at_risk", is_numeric=True, about="What the orders in it are worth"),
        Column("Owner", lambda row: row.owner, 13, "owner", leaves=2),
        Column("What it means", lambda row: row.impact, 30, is_quiet=True, leaves=1),
        Column("Opened", lambda row: ago(row.opened_at, now()), 10, "opened_at", is_quiet=True, leaves=3,
               hint=lambda row: exact(row.opened_at)),
    )  # fmt: skip

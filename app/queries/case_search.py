"""Which cases does a search mean?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, true

from app.models.cases import exception_cases


def case_condition(_db: Connection, query: str, _now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``exception_cases`` that a query means."""
    text = query.strip()
    return exception_cases.c.title.icontains(text, autoescape=True) if text else true()

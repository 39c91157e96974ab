"""Which SKUs does a search mean?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, or_, true

from app.models.catalogue import skus


def sku_condition(_db: Connection, query: str) -> ColumnElement[bool]:
    """Return the condition on ``skus`` (with ``network_stock`` beside it) that a query means."""
    text = query.strip()
    if not text:
        return true()
    return or_(
        skus.c.code.icontains(text, autoescape=True), skus.c.title.icontains(text, autoescape=True)
    )

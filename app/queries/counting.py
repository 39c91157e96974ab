"""How many orders does each of several searches find? For who watches what grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from app.queries.orders import count_orders

Key = TypeVar("Key")


def counts_of(db: Connection, *, queries: Mapping[Key, str], now: datetime) -> dict[Key, int]:
    """Return the count of each search."""
    return {key: count_orders(db, query=query, now=now) for key, query in queries.items()}

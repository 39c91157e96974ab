"""The one place that knows every table module, so that metadata is complete once this is imported."""

from __future__ import annotations

from app.models import (
    cases,
    catalogue,
    exchange,
    fulfilment,
    governance,
    inbound,
    inventory,
    kpis,
    launches,
    messages,
    mismatches,
    orders,
    past,
    payouts,
    published,
    returns,
    rules,
    search,
    sync,
    tracking,
)
from app.models.base import metadata

__all__ = [
    "cases",
    "catalogue",
    "exchange",
    "fulfilment",
    "governance",
    "inbound",
    "inventory",
    "kpis",
    "launches",
    "messages",
    "metadata",
    "mismatches",
    "orders",
    "past",
    "payouts",
    "published",
    "returns",
    "rules",
    "search",
    "sync",
    "tracking",
]

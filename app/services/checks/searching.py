"""Does the search find each order by what it says now?"""

from __future__ import annotations

from sqlalchemy import Connection

from app.services import indexing
from app.services.checks.check import Check, answer


def index(db: Connection) -> Check:
    """Compare what is kept for searching with the orders; it can be made anew from them."""
    faults = [f"{each}: make it anew (orderdeck reindex)" for each in indexing.faults(db)]
    return answer("search", "Orders are found by what they say now.", faults)

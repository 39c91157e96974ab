"""Which buyers want no messages? Known again by a digest of their address or number, and by nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, select

from app.models import house
from app.models.messages import message_opt_outs


def silent(db: Connection) -> set[str]:
    """Return the digests of all who want no messages."""
    return set(db.execute(select(message_opt_outs.c.digest)).scalars())


def wants_none(db: Connection, row: Any) -> bool:
    """Return whether the buyer of an order has said that they want no messages."""
    said = silent(db)
    return bool(said and said & digests(db, row))


def digests(db: Connection, row: Any) -> set[str]:
    """Return by what a buyer's address and number are known again here, and nowhere else."""
    salt = house.named(db, "store_id").get("store_id", "")
    number = "".join(sign for sign in row.ship_phone if sign.isdigit())
    said = (row.buyer_email.strip().casefold(), number)
    return {hashlib.sha256(f"{salt}:{each}".encode()).hexdigest() for each in said if each}

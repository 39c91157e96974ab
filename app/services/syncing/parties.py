"""Who is talked with over the network: every connected account, and every connected carrier."""

from __future__ import annotations

from sqlalchemy import Connection

from app.services.syncing.connections import Connected, connections
from app.services.tracking.connections import ConnectedCarrier, connected_carriers

Party = Connected | ConnectedCarrier


def parties(db: Connection) -> list[Party]:
    """Return every account that is connected, then every carrier."""
    return [*connections(db), *connected_carriers(db)]

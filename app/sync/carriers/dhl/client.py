"""How is DHL asked about a parcel, by its Shipment Tracking (Unified) API?"""

from __future__ import annotations

from typing import Any

from app.sync.carriers.client import Asked, OneByOne, Voice
from app.sync.live.account import KeyAccount
from app.sync.live.adapters import Connection
from app.sync.live.payload import Part


def _told(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal (RFC 7807)."""
    return answer.code("status"), answer.text("detail") or answer.text("title")


class DhlClient(OneByOne):
    """All of DHL's houses, by one key."""

    manner = Voice("DHL", _told)

    def __init__(self, connection: Connection) -> None:
        self._account = KeyAccount(
            connection.door,
            connection.secrets,
            lambda kept: {"DHL-API-Key": kept.get("api_key", "")},
        )

    def check(self) -> None:
        """Ask about a parcel that there is not: a key that is none is refused before that."""
        self._known("/track/shipments", {"trackingNumber": "7777777770"})

    def _one(self, parcel: Asked) -> Any:
        return self._known("/track/shipments", {"trackingNumber": parcel.number})

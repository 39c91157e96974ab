"""What has a channel shown of an order, raw and as far as it could be understood?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.orders import IncomingOrder


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """One order as the channel gave it.

    ``order`` is ``None`` where it could not be understood; then ``problem`` says why, for a person.
    """

    external_id: str
    payload: Mapping[str, Any]
    order: IncomingOrder | None
    problem: str = ""
    changed_at: datetime | None = None


def payload_hash(payload: Mapping[str, Any]) -> str:
    """Return what a raw payload is known by."""
    text = json.dumps(payload, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

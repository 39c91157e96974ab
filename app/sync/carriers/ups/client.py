"""How is UPS asked about a parcel, by its Tracking API (v1)?"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from app.sync.carriers.client import Asked, OneByOne, SignedInClient, Voice
from app.sync.live.account import by_keys
from app.sync.live.client import in_path
from app.sync.live.payload import Part, first


def _told(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    problems = answer.parts("response", "errors")
    return first(x.code("code") for x in problems), first(x.text("message") for x in problems)


class UpsClient(OneByOne, SignedInClient):
    """UPS, in the name of one shipper."""

    manner = Voice("UPS", _told)
    token_path = "/security/v1/oauth/token"

    def _one(self, parcel: Asked) -> Any:
        headers = {"transId": uuid.uuid4().hex, "transactionSrc": "Orderdeck"}
        path = f"/api/track/v1/details/{in_path(parcel.number)}"
        return self._known(path, {"locale": "en_US"}, headers)

    def _keys(self, kept: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        return {}, by_keys(kept, "client_id", "client_secret")

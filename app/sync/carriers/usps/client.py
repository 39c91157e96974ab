"""How is USPS asked about a parcel, by its Tracking API (v3)? In detail, or only the last scan comes."""

from __future__ import annotations

from typing import Any

from app.sync.carriers.client import Asked, OneByOne, SignedInClient, Voice
from app.sync.live.client import in_path
from app.sync.live.payload import Part


def _told(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return answer.code("error", "code"), answer.text("error", "message")


class UspsClient(OneByOne, SignedInClient):
    """USPS, in the name of one app of the owner's."""

    manner = Voice("USPS", _told)
    token_path = "/oauth2/v3/token"

    def _one(self, parcel: Asked) -> Any:
        path = f"/tracking/v3/tracking/{in_path(parcel.number)}"
        return self._known(path, {"expand": "DETAIL"})

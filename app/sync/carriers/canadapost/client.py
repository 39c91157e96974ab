"""How is Canada Post asked about a parcel? By its Tracking service, which answers in XML."""

from __future__ import annotations

from typing import Any, Final

from app.sync.carriers.client import Asked, OneByOne, Voice
from app.sync.live.account import KeyAccount, by_keys
from app.sync.live.adapters import Connection
from app.sync.live.client import in_path
from app.sync.live.door import Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation

_KIND: Final = {"accept": "application/vnd.cpc.track-v2+xml"}


def _told(_answer: Part) -> tuple[str, str]:
    """Its refusals are XML; what follows from one stands in its status."""
    return "", ""


class CanadaPostClient(OneByOne):
    """Canada Post, by the two halves of one key."""

    manner = Voice("Canada Post", _told)

    def __init__(self, connection: Connection) -> None:
        self._account = KeyAccount(
            connection.door, connection.secrets, lambda kept: by_keys(kept, "username", "password")
        )

    def check(self) -> None:
        """Ask about a parcel that there is not: a key that is none is refused before that."""
        self._detail("0000000000000000")

    def _one(self, parcel: Asked) -> Any:
        return self._detail(parcel.number)

    def _detail(self, number: str) -> bytes | None:
        path = f"/vis/track/pin/{in_path(number)}/detail"
        asked = Request(Operation.TRACK, "GET", path, headers=_KIND, expects=(404,), raw=True)
        answer = self._ask(asked)
        return None if answer.status == 404 else answer.body

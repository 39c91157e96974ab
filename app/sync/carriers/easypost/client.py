"""How is EasyPost asked about a parcel? By a tracker, which it makes once and then keeps up to date.

A tracker costs money, so it is looked for before one is made.
"""

from __future__ import annotations

from typing import Any, Final

from app.sync.carriers.client import Asked, OneByOne, Voice
from app.sync.live.account import KeyAccount, answered, by_keys
from app.sync.live.adapters import Connection
from app.sync.live.door import Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation

_TRACKERS: Final = "/v2/trackers"
_UNUSABLE: Final = (422,)  # a number that no carrier has


def _told(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    return answer.code("error", "code"), answer.text("error", "message")


class EasyPostClient(OneByOne):
    """EasyPost, which asks many carriers for us."""

    manner = Voice("EasyPost", _told)

    def __init__(self, connection: Connection) -> None:
        self._account = KeyAccount(
            connection.door, connection.secrets, lambda kept: by_keys(kept, "api_key", "")
        )

    def check(self) -> None:
        """List one tracker: nothing is made."""
        self._get(Operation.CHECK, _TRACKERS, {"page_size": "1"})

    def _one(self, parcel: Asked) -> Any:
        listed = self._get(Operation.TRACK, _TRACKERS, {"tracking_code": parcel.number})
        for each in answered("EasyPost", listed.data, "trackers").parts("trackers"):
            if each.code("tracking_code") == parcel.number:
                return each.data
        return self._made(parcel)

    def _made(self, parcel: Asked) -> Any:
        body = {"tracker": {"tracking_code": parcel.number}}
        asked = Request(Operation.TRACK, "POST", _TRACKERS, json=body, expects=_UNUSABLE)
        answer = self._ask(asked)
        return None if answer.status in _UNUSABLE else answer.data

"""How is FedEx asked about parcels, by its Track API (v1)? Thirty at once, each answered by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from app.sync.carriers.client import Asked, SignedInClient, Voice
from app.sync.live.account import answered
from app.sync.live.door import Request
from app.sync.live.payload import Part, first
from app.sync.live.terms import Operation

AT_ONCE: Final = 30
_PATH: Final = "/track/v1/trackingnumbers"
# A number is used again after a while: only what left about then is meant.
_BEFORE, _AFTER = timedelta(days=10), timedelta(days=120)


def _told(answer: Part) -> tuple[str, str]:
    """Return code and words of a refusal."""
    problems = answer.parts("errors")
    return first(x.code("code") for x in problems), first(x.text("message") for x in problems)


class FedexClient(SignedInClient):
    """FedEx, in the name of one project of the owner's."""

    manner = Voice("FedEx", _told)
    token_path = "/oauth/token"

    def track(self, parcels: Sequence[Asked]) -> Mapping[str, Any]:
        """Return what FedEx answers, by number; what it does not know is left out."""
        body = {"includeDetailedScans": True, "trackingInfo": [_wanted(x) for x in parcels]}
        asked = Request(Operation.TRACK, "POST", _PATH, json=body, is_safe=True)
        told = answered("FedEx", self._ask(asked).data, "output")
        return {
            each.code("trackingNumber"): {"output": {"completeTrackResults": [dict(each.data)]}}
            for each in told.parts("output", "completeTrackResults")
            if any(not result.states("error") for result in each.parts("trackResults"))
        }


def _wanted(parcel: Asked) -> Mapping[str, Any]:
    day = parcel.shipped_at.date()
    return {
        "shipDateBegin": (day - _BEFORE).isoformat(),
        "shipDateEnd": (day + _AFTER).isoformat(),
        "trackingNumberInfo": {"trackingNumber": parcel.number},
    }

"""What do clients of all carriers do alike? They ask where parcels are, and keep the answers as they came.

An answer is kept by the number that was asked for, so that it finds its parcel also where the carrier
calls that by another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from app.sync.live.account import TokenAccount, TokenRequest, renewed
from app.sync.live.adapters import Connection
from app.sync.live.client import Params, Rest
from app.sync.live.door import Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation

ANEW = "Make new keys on the carrier's page for developers and enter them under Channels."


@dataclass(frozen=True, slots=True)
class Voice:
    """Whom one speaks with, and how a refusal is read: its code, and its words."""

    title: str
    told: Callable[[Part], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One parcel that is asked about; numbers are used again, so it matters when it left."""

    number: str
    shipped_at: datetime


class CarrierClient(Rest, ABC):
    """A carrier that is asked about parcels."""

    manner: ClassVar[Voice]

    @abstractmethod
    def check(self) -> None:
        """Make sure that the carrier lets us in; asks about no parcel that costs anything."""

    @abstractmethod
    def track(self, parcels: Sequence[Asked]) -> Mapping[str, Any]:
        """Return what the carrier answers, by number; a parcel that it does not know is left out."""

    def _known(
        self, path: str, params: Params = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Ask about something that may not be known."""
        asked = Request(Operation.TRACK, "GET", path, params, headers=headers, expects=(404,))
        answer = self._ask(asked)
        return None if answer.status == 404 else answer.data


class OneByOne(CarrierClient):
    """A carrier that is asked about one parcel at a time."""

    def track(self, parcels: Sequence[Asked]) -> Mapping[str, Any]:
        """Return what the carrier answers, by number; a parcel that it does not know is left out."""
        found = ((each.number, self._one(each)) for each in parcels)
        return {number: answer for number, answer in found if answer is not None}

    @abstractmethod
    def _one(self, parcel: Asked) -> Any:
        """Return the answer about one parcel; ``None`` if the carrier does not know it."""


class SignedInClient(CarrierClient):
    """A carrier that gives a token for a pair of keys (OAuth 2, client credentials)."""

    token_path: ClassVar[str]
    _account: TokenAccount

    def __init__(self, connection: Connection) -> None:
        self._door = connection.door
        self._account = TokenAccount(
            connection, self._renew, lambda token: {"authorization": f"Bearer {token}"}
        )

    def check(self) -> None:
        """Sign in: who gets a token may ask."""
        self._account.token()

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        form, headers = self._keys(kept)
        asked = {"grant_type": "client_credentials", **form}
        return renewed(self._door, TokenRequest(self.token_path, asked, ANEW, headers))

    def _keys(self, kept: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return how the keys are shown: as fields of a form, or in a header."""
        return {"client_id": kept.get("client_id", ""),
                "client_secret": kept.get("client_secret", "")}, {}  # fmt: skip

"""Hand text messages to a provider, in the one way that most of them take.

The provider's address gets JSON with the number, the words and a key that it may use to send each message
once; the token travels in a header. Everything goes through the one door: encrypted, limited, never logged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.services.messaging.composing import Composed, short
from app.sync.live.clock import Clock
from app.sync.live.door import Door, Request
from app.sync.live.terms import Budget, Operation
from app.sync.live.trouble import ChannelError, InDoubtError, RejectedError
from app.sync.mail.terms import HandedOver, NotTakenError, RefusedByServerError, UnclearError

_BUDGETS: Final = {Operation.CONFIRM: Budget(5.0, 20)}


class WebhookProvider:
    """A provider that takes a JSON document at an address."""

    def __init__(self, address: str, token: str, clock: Clock) -> None:
        self._address, self._token = address, token
        self._door = Door("The text message provider", address, clock, _BUDGETS)

    def hand_over(self, message: Composed, *, begin: Callable[[], bool]) -> HandedOver:
        """Hand one message over.

        Raises:
            RefusedByServerError, NotTakenError, UnclearError: as their names say.
        """
        if not begin():
            return HandedOver(False)
        said = {"to": message.to, "text": short(message.written), "key": message.key}
        headers = {"idempotency-key": message.key}
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        request = Request(Operation.CONFIRM, "POST", self._address, headers=headers, json=said)
        try:
            answer = self._door.ask(request)
        except InDoubtError as doubt:
            raise UnclearError(doubt.title) from doubt
        except RejectedError as refused:
            raise RefusedByServerError(refused.title, "Look at the buyer's number.") from refused
        except ChannelError as trouble:
            raise NotTakenError(trouble.title, trouble.advice) from trouble
        known = answer.data.get("id", "") if isinstance(answer.data, dict) else ""
        return HandedOver(True, str(known)[:80])

    def close(self) -> None:
        """Close the line."""
        self._door.close()

"""How is a channel asked in the name of an account, by access tokens that end after a while?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from app.domain.orders import ChannelState, IncomingOrder
from app.sync.live.adapters import Connection
from app.sync.live.channel import NotReadableError
from app.sync.live.door import Answer, Request
from app.sync.live.payload import Part
from app.sync.live.tokens import AccessToken, Renew
from app.sync.live.trouble import SignInError, TransientError

Understand = Callable[[Mapping[str, Any]], IncomingOrder]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Account:
    """The one way to ask a channel by token.

    ``headers`` says how a token is shown at its door; ``ended`` are the statuses that may mean that
    it has ended, where others mean that something is not allowed at all.
    """

    def __init__(
        self,
        connection: Connection,
        renew: Renew,
        headers: Callable[[str], Mapping[str, str]],
        *,
        ended: Collection[str] = ("401",),
    ) -> None:
        self._door, self._headers, self._ended = connection.door, headers, ended
        self._token = AccessToken(connection.secrets, renew, connection.clock)

    def token(self) -> str:
        """Return a token that is good now."""
        return self._token.value()

    def ask(self, request: Request) -> Answer:
        """Ask with a token that is good; one that ended before its time is renewed once.

        Raises:
            ChannelError: of the class that says what follows.
        """
        token = self._token.value()
        try:
            return self._asked(request, token)
        except SignInError as refused:
            if refused.code not in self._ended:
                raise
            self._token.forget(token)
        return self._asked(request, self._token.value())

    def _asked(self, request: Request, token: str) -> Answer:
        headers = {**self._headers(token), **(request.headers or {})}
        return self._door.ask(replace(request, headers=headers))


def answered(title: str, data: Any, *path: str) -> Part:
    """Return an answer that has what was asked for: one without is an outage, never "nothing".

    Raises:
        TransientError: it is not there.
    """
    if isinstance(data, Mapping) and Part(data).has(*path):
        return Part(data)
    raise _without(title)


def named(title: str, part: Part, name: str) -> str:
    """Return a number or address that the answer must name, for the next step hangs on it.

    Raises:
        TransientError: it is not there.
    """
    found = part.text(name)
    if not found:
        raise _without(title)
    return found


def is_cancelled(payload: Mapping[str, Any], understand: Understand) -> bool:
    """Say whether a channel shows an order as cancelled; one that cannot be read shows nothing."""
    try:
        return understand(payload).state is ChannelState.CANCELLED
    except NotReadableError:
        return False


def _without(title: str) -> TransientError:
    return TransientError(
        f"{title} answered without what it was asked for. Nothing was changed.",
        "The desk tries again by itself.",
    )


def beside(connection: Connection, address: str) -> str:
    """Return an address of the channel's that lies beside its API; in practice all is in one place."""
    if urlsplit(connection.address).hostname in _LOOPBACK:
        return urlsplit(address).path
    return address

"""How is a channel asked in the name of an account: by access tokens that end after a while, or by keys?"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from app.sync.live.adapters import Connection
from app.sync.live.channel import Secrets
from app.sync.live.door import Answer, Door, Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation
from app.sync.live.tokens import AccessToken, Renew
from app.sync.live.trouble import RejectedError, SignInError, TransientError

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Account(Protocol):
    """Asks a channel in an account's name."""

    def ask(self, request: Request) -> Answer:
        """Ask, and show who asks.

        Raises:
            ChannelError: of the class that says what follows.
        """


class KeyAccount:
    """Asks by keys that last until they are withdrawn; ``shown`` says how they are shown at the door."""

    def __init__(
        self,
        door: Door,
        secrets: Secrets,
        shown: Callable[[Mapping[str, str]], Mapping[str, str]],
    ) -> None:
        self._door, self._secrets, self._shown = door, secrets, shown

    def ask(self, request: Request) -> Answer:
        """Ask with the keys as they are kept now."""
        headers = self._shown(self._secrets.read())
        return self._door.ask(replace(request, headers={**headers, **(request.headers or {})}))


class TokenAccount:
    """Asks by a token that ends after a while.

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


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """How an access token is asked for; ``advice`` is for the owner, once it is refused for good."""

    path: str
    form: Mapping[str, str]
    advice: str
    headers: Mapping[str, str] | None = None


def answered(title: str, data: Any, *path: str) -> Part:
    """Return an answer that has what was asked for: one without is an outage, never "nothing".

    Raises:
        TransientError: it is not there.
    """
    if isinstance(data, Mapping) and Part(data).has(*path):
        return Part(data)
    raise without(title)


def named(title: str, part: Part, name: str) -> str:
    """Return a number or address that the answer must name, for the next step hangs on it.

    Raises:
        TransientError: it is not there.
    """
    found = part.text(name)
    if not found:
        raise without(title)
    return found


def by_keys(kept: Mapping[str, str], name: str, password: str) -> dict[str, str]:
    """Return the header that shows a pair of keys (HTTP Basic)."""
    pair = f"{kept.get(name, '')}:{kept.get(password, '')}"
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def renewed(door: Door, request: TokenRequest) -> Mapping[str, str]:
    """Ask for an access token; asked twice, a channel gives two.

    Raises:
        SignInError: the channel takes what was shown to it no more.
    """
    asked = Request(
        Operation.SIGN_IN, "POST", request.path, headers=request.headers, form=request.form,
        is_safe=True,
    )  # fmt: skip
    try:
        fresh = answered(door.title, door.ask(asked).data)
    except RejectedError as refused:
        raise SignInError(
            f"{door.title} has ended the sign-in. Nothing was sent.", request.advice
        ) from refused
    more = {name: fresh.text(name) for name in ("refresh_token", "expires_in")}
    token = named(door.title, fresh, "access_token")
    return {"access_token": token, **{name: x for name, x in more.items() if x}}


def without(title: str) -> TransientError:
    """Return what is said of an answer that lacks what was asked for."""
    return TransientError(
        f"{title} answered without what it was asked for. Nothing was changed.",
        "The desk tries again by itself.",
    )


def beside(connection: Connection, address: str) -> str:
    """Return an address of the channel's that lies beside its API; in practice all is in one place."""
    if urlsplit(connection.address).hostname in _LOOPBACK:
        return urlsplit(address).path
    return address

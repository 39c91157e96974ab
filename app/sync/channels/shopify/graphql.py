"""How does one GraphQL document get its answer from Shopify?

Shopify answers 200 to nearly everything: what went wrong with the question stands in ``errors``,
``THROTTLED`` (too fast) among it. A question's cost is paid from a bucket whose level comes with every
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.sync.channels.shopify import queries
from app.sync.live.account import TokenRequest, renewed
from app.sync.live.bodies import plain
from app.sync.live.channel import Secrets
from app.sync.live.clock import Clock
from app.sync.live.door import Door, Request
from app.sync.live.payload import Part
from app.sync.live.terms import Operation
from app.sync.live.tokens import AccessToken
from app.sync.live.trouble import (
    ChannelError,
    InDoubtError,
    RejectedError,
    SignInError,
    ThrottledError,
    TransientError,
)

_TOO_FAST: Final = "THROTTLED"


class GraphQl:
    """The one way to ask a store."""

    def __init__(self, door: Door, secrets: Secrets, clock: Clock) -> None:
        self._door = door
        self._token = AccessToken(secrets, self._renew, clock)

    def ask(
        self,
        operation: Operation,
        document: str,
        variables: Mapping[str, Any],
        is_safe: bool = True,
    ) -> dict[str, Any]:
        """Ask one document and return its data.

        Raises:
            ChannelError: of the class that its answer means.
        """
        token = self._token.value()
        request = Request(
            operation, "POST", queries.PATH, headers={"x-shopify-access-token": token},
            json={"query": document, "variables": dict(variables)}, is_safe=is_safe,
        )  # fmt: skip
        try:
            answer = self._door.ask(request)
        except SignInError:
            self._token.forget(token)
            raise
        return self._data(operation, answer.data or {}, is_safe=is_safe)

    def _data(self, operation: Operation, answer: Any, *, is_safe: bool) -> dict[str, Any]:
        """Return the data of an answer, or raise what its ``errors`` mean."""
        told = Part(answer if isinstance(answer, Mapping) else {})
        wait = _wait(told.part("extensions", "cost"))
        if told.states("errors"):
            raise self._trouble(told, wait, is_safe=is_safe)
        if wait:
            self._door.buckets.rest(operation, wait)
        data = told.data.get("data")
        if not isinstance(data, dict):
            raise TransientError("Shopify answered without data. Nothing was changed.")
        return data

    def _trouble(self, told: Part, wait: float, *, is_safe: bool) -> ChannelError:
        problem = next(iter(told.parts("errors")), Part({}))
        code = problem.text("extensions", "code")
        words = problem.text("message")[:200]
        if code == _TOO_FAST:
            return ThrottledError("Shopify asked us to slow down.", max(1.0, wait))
        if code == "ACCESS_DENIED":
            return SignInError(
                "Shopify does not allow this with the token that it gave. Nothing was sent.",
                f"Give the app the missing permission, then sign in again: {words}", code=code,
            )  # fmt: skip
        if code == "INTERNAL_SERVER_ERROR":
            kind = TransientError if is_safe else InDoubtError
            return kind("Shopify is having trouble.", "The desk looks again by itself.", code=code)
        return RejectedError(
            f"Shopify did not accept this: {words or 'it gave no reason'}. Nothing was changed.",
            "Look at its answer, correct it, and send it again.", code=code,
            answer={"errors": plain(told.data["errors"])},
        )  # fmt: skip

    def _renew(self, kept: Mapping[str, str]) -> Mapping[str, str]:
        """Renew an expiring token; a store's own token lasts until it is withdrawn."""
        if not kept.get("refresh_token"):
            if not kept.get("access_token"):
                raise SignInError("There is no token for this store. Nothing was sent.",
                                  "Connect the store again under Channels.")  # fmt: skip
            return {"access_token": kept["access_token"], "expires_in": str(10 * 365 * 86_400)}
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"],
                "client_id": kept.get("client_id", ""),
                "client_secret": kept.get("client_secret", "")}  # fmt: skip
        path, again = "/admin/oauth/access_token", "Connect the store again under Channels."
        return renewed(self._door, TokenRequest(path, form, again))


def _wait(cost: Part) -> float:
    """Return the seconds until the bucket holds what such a question costs."""
    level = cost.part("throttleStatus")
    left = level.decimal("currentlyAvailable")
    missing = float(cost.decimal("requestedQueryCost") or 0) - float(
        10_000 if left is None else left
    )
    return max(0.0, missing / float(level.decimal("restoreRate") or 50))

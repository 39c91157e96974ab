"""What do clients of every channel do alike? Written once, so that only what a channel does otherwise is its own.

A client asks for one thing at an address, by ``_get`` and ``_tell``; a refusal comes back in the channel's
own words. From the one question that each channel answers in its own way, what an order is now, follows
what is read of single orders, whether one is cancelled, and what is said of one that is not there any
more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

from app.domain.orders import ChannelState
from app.domain.outgoing import CancelledOrder
from app.sync.live.account import Account, answered
from app.sync.live.channel import OrderRef, Receipt, SeenOrder, seen_in
from app.sync.live.door import Answer, Request
from app.sync.live.payload import Part, opened
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError

Payload = Mapping[str, Any]
Params = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a channel is spoken with.

    ``title`` is what people call it, ``look_in`` where its owner looks by hand. ``seen`` understands
    one order of an answer; ``told`` finds a refusal's code and words in one.
    """

    title: str
    look_in: str
    seen: Callable[[Part], SeenOrder]
    told: Callable[[Part], tuple[str, str]]


class Spoken(Protocol):
    """Whom one speaks with, and how a refusal is read."""

    @property
    def title(self) -> str:
        """Return what people call it."""

    @property
    def told(self) -> Callable[[Part], tuple[str, str]]:
        """Return what finds a refusal's code and words in an answer."""


class Rest:
    """Asks somebody who has an address for each thing, in an account's name."""

    manner: ClassVar[Spoken]
    _account: Account

    def _found(self, operation: Operation, path: str, params: Params = None) -> Part | None:
        """Read something that may not be there."""
        answer = self._get(operation, path, params, expects=(404,))
        return None if answer.status == 404 else answered(self.manner.title, answer.data)

    def _get(
        self, operation: Operation, path: str, params: Params = None, expects: tuple[int, ...] = ()
    ) -> Answer:
        return self._ask(Request(operation, "GET", path, params, expects=expects))

    def _tell(
        self,
        operation: Operation,
        method: str,
        path: str,
        body: Any = None,
        params: Params = None,
        *,
        is_safe: bool = False,
    ) -> Answer:
        return self._ask(Request(operation, method, path, params, json=body, is_safe=is_safe))

    def _ask(self, request: Request) -> Answer:
        """Ask, and turn a refusal into the channel's own words for it."""
        try:
            return self._asks(request).ask(request)
        except RejectedError as refused:
            raise self._in_words(refused) from refused

    def _asks(self, request: Request) -> Account:
        """Return who asks this in the account's name."""
        return self._account

    def _in_words(self, refused: RejectedError) -> RejectedError:
        code, words = self.manner.told(opened(refused.answer))
        if not words:
            return refused
        title = f"{self.manner.title} did not accept this: {words[:300]}"
        return RejectedError(
            title, refused.advice, code=code or refused.code, answer=refused.answer
        )


class RestClient(Rest, ABC):
    """One account at a channel that has an address for each thing."""

    manner: ClassVar[Manner]

    @abstractmethod
    def _order(self, external_id: str) -> Payload | None:
        """Read a single order as it is now; ``None`` if the channel does not know it."""

    def fetch(self, external_ids: Sequence[str]) -> tuple[SeenOrder, ...]:
        """Read single orders."""
        found = map(self._order, external_ids)
        return tuple(self._seen(x) for x in found if x is not None)

    def acknowledge(self, order: OrderRef, key: str) -> Receipt:
        """Nothing to do: only some channels want to hear that an order was seen."""
        return Receipt(order.external_id)

    def find_cancellation(self, order: CancelledOrder) -> Receipt | None:
        """Look whether the channel shows the order as cancelled; one that nobody can read is not."""
        known = self._order(order.external_id)
        read = self._seen(known).order if known is not None else None
        if read is None or read.state is not ChannelState.CANCELLED:
            return None
        return Receipt(order.external_id, is_found=True)

    def _page(self, part: Part, *path: str) -> tuple[SeenOrder, ...]:
        """Understand a list of orders in an answer; some channels give a lone one without its list."""
        return seen_in(part.entries(*path), self._seen)

    def _seen(self, payload: Payload) -> SeenOrder:
        return self.manner.seen(Part(payload))

    def _must_know(self, external_id: str) -> Payload:
        found = self._order(external_id)
        if found is None:
            raise unknown_order(self.manner.title, self.manner.look_in)
        return found


def unknown_order(title: str, look_in: str) -> RejectedError:
    """Return what is said where an order has to be told of that the channel has no more."""
    return RejectedError(
        f"{title} does not know this order any more. It was not told.",
        f"Look for it in {look_in}; it may have been deleted.", code="NOT_FOUND",
    )  # fmt: skip


def in_path(text: str) -> str:
    """Return a text as one part of an address, whatever it holds."""
    return quote(text, safe="")


def in_utc(moment: datetime) -> str:
    """Return a moment as ISO 8601 to the second, in the form that every channel takes."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

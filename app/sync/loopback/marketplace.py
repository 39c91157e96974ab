"""Who answers which request at the loopback marketplace?

Each account has a path of its own, ``/<account>/…``; its dialect answers there. One request at a
time, so that the order of effects is the order of requests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from app.sync.live.bodies import NotJsonError, read_json
from app.sync.loopback.depot import Depot
from app.sync.loopback.faults import Does, Fault, with_a_null
from app.sync.loopback.shop import Noted, Shop, Time


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it reached the marketplace. ``path`` begins after the account's own part."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def data(self) -> Any:
        """The JSON of the body; nothing where there is none."""
        try:
            return read_json(self.body) if self.body else None
        except NotJsonError:
            return None

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {key: found[-1] for key, found in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; ``data`` is sent as JSON, ``body`` as it is."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Dialect(Protocol):
    """How one channel speaks: the only part that each channel adds."""

    @property
    def channel(self) -> str:
        """Return whose language it is."""

    def operation(self, asked: Asked) -> str:
        """Return what a request is about, in the words of ``Operation``; "" for anything else."""

    def answer(self, shop: Shop, asked: Asked) -> Reply:
        """Do what is asked, and answer as the channel would: who comes in is checked here too."""


Witness = Callable[[Shop, str, Asked, Reply], None]


@dataclass(slots=True)
class Marketplace:
    """All accounts of the loopback marketplace. ``witness`` sees every exchange (tests check it)."""

    time: Time
    dialects: Mapping[str, Dialect]
    shops: dict[str, Shop] = field(default_factory=dict)
    witness: Witness | None = None
    _turn: threading.RLock = field(default_factory=threading.RLock)

    def open_shop(self, name: str, channel: str, **more: Any) -> Shop:
        """Open an account."""
        shop = self.shops[name] = Shop(name, channel, self.time, **more)
        return shop

    def open_depot(self, carrier: str, **more: Any) -> Depot:
        """Open an account at a carrier, under the carrier's name."""
        depot = self.shops[carrier] = Depot(carrier, carrier, self.time, **more)
        return depot

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Reply, Fault | None]:
        """Answer one request; the fault says what the server has to do to the bytes."""
        parts = urlsplit(target)
        name, _, rest = parts.path.lstrip("/").partition("/")
        query = {key: found[-1] for key, found in parse_qs(parts.query, True).items()}
        asked = Asked(method, "/" + rest, query, headers, body)
        with self._turn:
            shop = self.shops.get(name)
            if shop is None:
                return Reply(404, {"message": "no such account"}), None
            return self._answered(shop, asked)

    def _answered(self, shop: Shop, asked: Asked) -> tuple[Reply, Fault | None]:
        dialect = self.dialects[shop.channel]
        operation = dialect.operation(asked)
        fault = shop.faults.of_request(operation)
        if fault is not None and fault.does in (Does.STATUS, Does.RESET_BEFORE):
            reply = Reply(fault.status, None, fault.headers, fault.body)
        elif fault is not None and fault.does is Does.ECHO:
            said = f"{asked.body.decode(errors='replace')} {' '.join(asked.headers.values())}"
            reply = Reply(422, dict.fromkeys(("message", "error", "errors"), said[-280:]))
        elif fault is not None and fault.does in (Does.BODY, Does.BOMB):
            reply = Reply(200, None, {}, fault.body)
        else:
            reply = dialect.answer(shop, asked)
            if self.witness is not None:
                self.witness(shop, operation, asked, reply)
            if fault is not None and fault.does is Does.NULL_ROW:
                reply = replace(reply, data=with_a_null(reply.data))
        shop.requests.append(Noted(shop.now(), operation, asked.method, asked.path, reply.status))
        return reply, fault

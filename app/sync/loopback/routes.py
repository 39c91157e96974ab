"""How does a dialect that has one address for each thing find what is asked, and who may ask?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from app.sync.loopback.marketplace import Asked, Reply
from app.sync.loopback.shop import Shop, Sold


@dataclass(frozen=True, slots=True)
class Visit:
    """One request at one shop; ``at`` are the parts of its path that have names."""

    shop: Shop
    asked: Asked
    at: Mapping[str, str]

    @property
    def sold(self) -> Sold | None:
        """The order that the path names."""
        return self.shop.orders.get(self.at.get("order", ""))


Answering = Callable[[Visit], Reply]
LetIn = Callable[[Shop, Asked], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its method, its path with ``{names}``, what it is about, and who answers.

    What it is about may hang on what is asked. ``is_open`` is for where tokens are given out:
    nobody has one yet.
    """

    method: str
    path: str
    operation: str | Callable[[Asked], str]
    answering: Answering
    is_open: bool = False
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        made = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        object.__setattr__(self, "pattern", re.compile(made))

    def match(self, asked: Asked) -> Mapping[str, str] | None:
        """Return the named parts of a path that this route answers."""
        found = self.pattern.fullmatch(asked.path) if asked.method == self.method else None
        return {key: unquote(x) for key, x in found.groupdict().items()} if found else None


@dataclass(frozen=True, slots=True)
class Routed:
    """A language of many addresses."""

    channel: str
    routes: Sequence[Route]
    let_in: LetIn
    refused: Reply
    missing: Reply

    def operation(self, asked: Asked) -> str:
        """Return what a request is about."""
        about = next((x.operation for x in self.routes if x.match(asked) is not None), "")
        return about if isinstance(about, str) else about(asked)

    def answer(self, shop: Shop, asked: Asked) -> Reply:
        """Let the one who has the address answer."""
        for route in self.routes:
            at = route.match(asked)
            if at is not None:
                is_in = route.is_open or self.let_in(shop, asked)
                return route.answering(Visit(shop, asked, at)) if is_in else self.refused
        return self.missing


def is_let_in(shop: Shop, token: str) -> bool:
    """Check a token; one that is given a number of uses dies after them."""
    if not token or token != shop.secrets.get("access_token"):
        return False
    left = shop.secrets.get("uses_left")
    if left is not None:
        shop.secrets["uses_left"] = str(int(left) - 1)
        return int(left) > 0
    return True


def renewed(shop: Shop, *, lasts: int, rotates: bool = False) -> dict[str, Any]:
    """Give a new access token; a refresh token that rotates dies with its use."""
    made = shop.next_number()
    fresh: dict[str, str] = {"access_token": f"access-{made}"}
    if rotates:
        fresh["refresh_token"] = f"refresh-{made}"
    shop.secrets.update(fresh)
    if "uses_each" in shop.secrets:
        shop.secrets["uses_left"] = shop.secrets["uses_each"]
    return {**fresh, "token_type": "Bearer", "expires_in": lasts}


def changed_since(shop: Shop, since: datetime) -> list[Sold]:
    """Return the orders that a list shows and that changed, the oldest order first."""
    found = [x for x in shop.visible() if since <= whole(x.changed_at)]
    return sorted(found, key=lambda x: int(x.id))


def whole(moment: datetime) -> datetime:
    """Return a moment to the second, as channels keep it."""
    return moment.replace(microsecond=0)


def utc(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

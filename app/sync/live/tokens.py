"""Which access token is good now, and who renews it?

Where a channel rotates its refresh token, the old one dies with its use: the new one is kept before
anything is asked with it, and only one renews at a time. A second process may have renewed it: so
before giving up, the safe place is read once more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.sync.live.channel import Secrets
from app.sync.live.clock import Clock
from app.sync.live.trouble import SignInError

Renew = Callable[[Mapping[str, str]], Mapping[str, str]]
_EARLY: Final = timedelta(seconds=60)


@dataclass(slots=True)
class AccessToken:
    """An account's access token. ``renew`` gets the secrets as they are kept and returns what is
    new among them: ``access_token``, ``expires_in`` (seconds), perhaps ``refresh_token``.

    ``renew`` raises ``SignInError`` where the channel does not take the refresh token.
    """

    secrets: Secrets
    renew: Renew
    clock: Clock
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def value(self) -> str:
        """Return a token that is good for a while, renewing it first if need be."""
        with self._lock:
            kept = self.secrets.read()
            return kept["access_token"] if self._is_good(kept) else self._renewed(kept)

    def forget(self, used: str) -> None:
        """The channel refused a token: let the next use renew it, unless somebody has."""
        with self._lock:
            kept = self.secrets.read()
            if kept.get("access_token") == used:
                self.secrets.write({**kept, "expires_at": ""})

    def _is_good(self, kept: Mapping[str, str]) -> bool:
        until = kept.get("expires_at", "")
        if not kept.get("access_token") or not until:
            return False
        return datetime.fromisoformat(until) - _EARLY > self.clock.now()

    def _renewed(self, kept: dict[str, str]) -> str:
        try:
            fresh = dict(self.renew(kept))
        except SignInError:
            again = self.secrets.read()  # another process may have renewed it at the same moment
            if again == kept:
                raise
            if self._is_good(again):
                return again["access_token"]
            kept, fresh = again, dict(self.renew(again))
        lasts = timedelta(seconds=float(fresh.pop("expires_in", "3600")))
        fresh["expires_at"] = (self.clock.now() + lasts).isoformat()
        self.secrets.write({**kept, **fresh})
        return fresh["access_token"]

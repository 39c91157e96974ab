"""What can go wrong between the desk and a channel, and what follows from each kind?

| class | what follows |
|---|---|
| `TransientError` | nothing took effect; the same again, later and later |
| `ThrottledError` | nothing took effect; the same again after the wait that the channel asks for |
| `InDoubtError` | it may have taken effect; looked up before anything is sent again |
| `RejectedError` | the channel refused it for good; a person decides |
| `SignInError` | nobody is signed in any more; a person signs in again |
| `UnsafeError` | the connection cannot be trusted; nothing was sent, and nothing will be |
| `LimitError` | the channel cannot give what was asked, ever (older than its list reaches) |

Each is a title that says what was not done, and advice. None carries an address, a token or a
buyer's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import DeskError


class ChannelError(DeskError):
    """A failure between the desk and a channel. ``code`` is the channel's own word for it."""

    def __init__(
        self,
        title: str,
        advice: str = "",
        *,
        code: str = "",
        answer: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(title, advice)
        self.code = code
        self.answer: Mapping[str, Any] = answer or {}


class TransientError(ChannelError):
    """Nothing took effect, and it may work later: no line, or the channel is in trouble itself."""


class OfflineError(TransientError):
    """No line to the channel at all: this computer may be offline."""


class ThrottledError(ChannelError):
    """The channel asks for patience. ``wait`` is in seconds, ``None`` where it does not say."""

    def __init__(self, title: str, wait: float | None, *, is_absurd: bool = False) -> None:
        super().__init__(title, "Nothing to do: the desk goes on by itself.")
        self.wait = wait
        self.is_absurd = is_absurd


class InDoubtError(ChannelError):
    """What was sent may have taken effect or not; only a look at the channel can tell."""


class RejectedError(ChannelError):
    """The channel refused it, and would again."""


class StaleTokenError(RejectedError):
    """The channel does not know its own page token any more; the window has to start again."""


class SignInError(ChannelError):
    """The channel does not know us any more."""


class UnsafeError(ChannelError):
    """The connection is not safe, so nothing was sent."""


class LimitError(ChannelError):
    """The channel cannot give what was asked, now or later."""

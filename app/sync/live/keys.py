"""What of a request is a key or token, so that an answer that says it again is not kept with it?

What a channel answers is kept, and its words are shown; some say in a refusal how they were asked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Final

_SHOWN_IN: Final = ("authorization", "token", "api-key")
_ASKED_WITH: Final = ("refresh_token", "client_secret", "code", "code_verifier")
_LEAST_CHARS: Final = 8  # a shorter one is a word like Bearer
_IN_ITS_PLACE: Final = b"(a key)"


def without_keys(body: bytes, headers: Mapping[str, str], form: Mapping[str, str]) -> bytes:
    """Return an answer without the keys that its question was asked with."""
    for key in sorted(set(_keys(headers, form)), key=len, reverse=True):
        if len(key) >= _LEAST_CHARS:
            body = body.replace(key.encode(), _IN_ITS_PLACE)
    return body


def _keys(headers: Mapping[str, str], form: Mapping[str, str]) -> Iterator[str]:
    for name, value in headers.items():
        if any(word in name.casefold() for word in _SHOWN_IN):
            *_kind, shown = value.split(" ", 1)
            yield shown
            yield from (_pair(shown) or shown).split(":")
    yield from (form[name] for name in _ASKED_WITH if name in form)


def _pair(shown: str) -> str:
    """Return a name and password that are shown as Basic does; nothing if they are not."""
    try:
        return base64.b64decode(shown, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""

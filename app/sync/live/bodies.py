"""What does an answer's body say, if it can be believed at all?

Numbers with a point become exact decimals. Refused: NaN and Infinity, a key that stands twice in one
object, nesting without end, and more bytes than any channel has a reason to send.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

MOST_BYTES: Final = 64 * 1024 * 1024
_STEP: Final = 1024 * 1024


class TooLargeError(Exception):
    """The answer is larger than any channel has a reason to send."""


class NotJsonError(Exception):
    """The answer is not the data that was asked for; the words say what it is instead."""


def whole(parts: Iterable[bytes], encoding: str, most: int = MOST_BYTES) -> bytes:
    """Return the unpacked body.

    Raises:
        TooLargeError: it is longer than ``most`` bytes, packed or unpacked.
        NotJsonError: it is packed in a way that was not offered, or broken.
    """
    if encoding in ("", "identity"):
        return _gathered(parts, most)
    if encoding not in ("gzip", "deflate"):
        raise NotJsonError(f"packed as {encoding[:20]}")
    try:
        return _gathered(_unpacked(parts), most)
    except zlib.error as broken:
        raise NotJsonError("a damaged package") from broken


def read_json(body: bytes) -> Any:
    """Return what a JSON body holds.

    Raises:
        NotJsonError: it is something else.
    """
    try:
        return json.loads(
            body, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_object
        )
    except NotJsonError:
        raise
    except RecursionError as deep:
        raise NotJsonError("data nested without end") from deep
    except ValueError as broken:
        raise NotJsonError(_what_it_is(body)) from broken


def plain(value: Any) -> Any:
    """Return a payload as it can be kept: exact decimals as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def _gathered(parts: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > most:
            raise TooLargeError
    return bytes(body)


def _unpacked(parts: Iterable[bytes]) -> Iterable[bytes]:
    """Unpack gzip or deflate a step at a time, so that a small package cannot fill the memory."""
    unpacker = zlib.decompressobj(wbits=47)
    for part in parts:
        rest = part
        while rest:
            yield unpacker.decompress(rest, _STEP)
            rest = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise NotJsonError("only a part of it")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJsonError("data that says the same thing twice")
    return found


def _no_number(word: str) -> Any:
    raise NotJsonError(f"“{word}” for a number")


def _what_it_is(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return "nothing at all"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith((b"{", b"[")):
        return "only a part of it"
    return "something that is no data"

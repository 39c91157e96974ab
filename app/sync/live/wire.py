"""How are bytes carried so that a request ends in time, whatever the other side does?

A timeout for each read does not stop a slow drip: one byte now and then never times out. So every
read, write and connect is done in short slices, and between them two questions are asked: is there
time left for the whole request, and was the loop asked to stop?
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import httpcore
import httpx

from app.sync.live.clock import StoppedError

SLICE: Final = 0.2
_TimedOut = (httpcore.ReadTimeout, httpcore.WriteTimeout)


class DeadlineError(Exception):
    """The request took longer than it may in all."""


class Leash:
    """How long the request under way may still take, and whether to go on at all."""

    def __init__(self, is_stopped: Callable[[], bool]) -> None:
        self._is_stopped = is_stopped
        self._until = 0.0
        self.has_written = False

    def begin(self, seconds: float) -> None:
        """Start a request that may take so long."""
        self._until = time.monotonic() + seconds
        self.has_written = False

    def left(self) -> float:
        """Return the seconds until the next look, at most one slice.

        Raises:
            DeadlineError: there is no time left.
            StoppedError: the loop was asked to stop.
        """
        if self._is_stopped():
            raise StoppedError
        left = self._until - time.monotonic()
        if left <= 0:
            raise DeadlineError
        return min(left, SLICE)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is short."""

    def __init__(self, inner: httpcore.NetworkStream, leash: Leash) -> None:
        self._inner, self._leash = inner, leash

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            left = self._leash.left()
            try:
                return self._inner.read(max_bytes, timeout=left)
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._leash.left()
        self._leash.has_written = True
        # A write that was cut off cannot be begun again; so it is given all its time at once.
        self._inner.write(buffer, timeout=timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = _abandonable(
            lambda: self._inner.start_tls(ssl_context, server_hostname, timeout), self._leash
        )
        return _Stream(inner, self._leash)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Makes connections; a name that cannot be found in time is not waited for."""

    def __init__(self, leash: Leash) -> None:
        self._inner, self._leash = httpcore.SyncBackend(), leash

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        inner = _abandonable(
            lambda: self._inner.connect_tcp(host, port, timeout, local_address, socket_options),
            self._leash,
        )
        return _Stream(inner, self._leash)


def _abandonable(
    make: Callable[[], httpcore.NetworkStream], leash: Leash
) -> httpcore.NetworkStream:
    """Connect, which cannot be sliced, on a thread of its own; what comes too late is closed there."""
    made: list[httpcore.NetworkStream] = []
    problems: list[BaseException] = []
    is_left = threading.Event()

    def work() -> None:
        try:
            made.append(make())
        except BaseException as problem:  # noqa: BLE001 - it belongs to the thread that waits
            problems.append(problem)
        if is_left.is_set():
            _close(made)

    thread = threading.Thread(target=work, name="orderdeck-connect", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(leash.left())
    except (DeadlineError, StoppedError):
        is_left.set()
        _close(made)
        raise
    if problems:
        raise problems[0]
    return made[0]


def _close(made: Iterable[httpcore.NetworkStream]) -> None:
    for each in made:
        each.close()


class Wire(httpx.BaseTransport):
    """Carries httpx's requests over connections that are on a leash."""

    def __init__(self, leash: Leash, trusted: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted, network_backend=_Backend(leash), max_connections=2,
            max_keepalive_connections=1, keepalive_expiry=20.0,
        )  # fmt: skip

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its answer, the body still to come."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@lru_cache(maxsize=1)
def trusted_certificates() -> ssl.SSLContext:
    """Return what decides whom to trust: always verified, and there is no switch for it."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

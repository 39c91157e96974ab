"""Through which door does every request of a channel go?

One door an account: it keeps the rate budgets, ends each request in time, reads at most so many
bytes, follows no redirect, trusts only verified certificates and only the channel's own hosts, and
turns whatever happens into one class of trouble. It keeps no cookies, logs no address, and puts
neither a token nor an address into any message.
"""

from __future__ import annotations

import logging
import random
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self

import httpcore
import httpx

from app.sync.live.bodies import MOST_BYTES, NotJsonError, TooLargeError, read_json, whole
from app.sync.live.clock import Clock
from app.sync.live.keys import without_keys
from app.sync.live.pacing import Backoff, Breaker, Buckets, asked_wait
from app.sync.live.terms import Budget, Operation
from app.sync.live.trouble import (
    ChannelError,
    InDoubtError,
    OfflineError,
    RejectedError,
    SignInError,
    ThrottledError,
    TransientError,
    UnsafeError,
)
from app.sync.live.wire import DeadlineError, Leash, Wire, trusted_certificates

DEADLINE: Final = 60.0
_AGENT: Final = "Orderdeck"
_LOOPBACK: Final = frozenset(("127.0.0.1", "::1", "localhost"))
_BUSY: Final = (408, 425, 500, 502, 503, 504, 520, 522, 524)

# httpx writes every address with its query into the log at INFO: tokens and buyers' data among it.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Request:
    """One question. ``path`` is joined to the account's address, unless it is an address itself.

    ``is_safe`` says that asking twice changes nothing; by default so is what is read with GET.
    ``expects`` are statuses of 400 and above that the adapter reads itself. ``raw`` asks for the
    bytes of the body in place of JSON.
    """

    operation: Operation
    method: str
    path: str
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    is_safe: bool | None = None
    expects: Collection[int] = ()
    raw: bool = False

    @property
    def may_repeat(self) -> bool:
        """Say whether asking it twice changes nothing."""
        return self.method in ("GET", "HEAD") if self.is_safe is None else self.is_safe


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``data`` is the JSON, ``body`` the bytes; header names are lower case.

    ``is_whole`` says that the length was announced, so that the body cannot have been cut off.
    """

    status: int
    headers: Mapping[str, str]
    data: Any = None
    body: bytes = b""
    at: datetime | None = None
    is_whole: bool = True


@dataclass(slots=True)
class Limits:
    """How much one request may take: seconds in all, and bytes of the answer."""

    seconds: float = DEADLINE
    connect: float = 15.0
    most_bytes: int = MOST_BYTES


@dataclass(slots=True)
class Door:
    """The one way from an account to its channel. ``title`` is what people call the channel."""

    title: str
    address: str
    clock: Clock
    budgets: Mapping[Operation, Budget] = field(default_factory=dict)
    together: tuple[Budget, ...] = ()
    hosts: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    chance: random.Random = field(default_factory=random.Random)
    skew: float = 0.0
    _leash: Leash = field(init=False)
    _client: httpx.Client = field(init=False)
    buckets: Buckets = field(init=False)
    _breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self._leash = Leash(self.clock.is_stopped)
        self._client = httpx.Client(
            transport=Wire(self._leash, trusted_certificates()),
            headers={"user-agent": _AGENT, "accept": "application/json", "accept-encoding": "gzip"},
            timeout=httpx.Timeout(self.limits.seconds, connect=self.limits.connect),
            follow_redirects=False,
            trust_env=False,
        )
        self.buckets = Buckets(self.budgets, self.together, self.clock)
        self._breaker = Breaker(Backoff(self.chance, first=30.0), self.clock)

    def ask(self, request: Request) -> Answer:
        """Send one request and return its answer.

        Raises:
            ChannelError: of the class that says what follows.
            StoppedError: the loop was asked to stop.
        """
        self._is_closed(request)
        url = self._url(request.path)
        self.buckets.take(request.operation)
        try:
            answer = self._sent(request, url)
        except OfflineError:
            raise  # no line is no fault of the operation's
        except (TransientError, InDoubtError):
            self._breaker.went_wrong(request.operation)
            raise
        self._breaker.went_well(request.operation)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _is_closed(self, request: Request) -> None:
        wait = self._breaker.wait_for(request.operation)
        if wait > 0:
            title = f"{self.title} has not answered several times, so it is left alone for a while."
            raise ThrottledError(title, wait)

    def _url(self, path: str) -> httpx.URL:
        address = self.address.rstrip("/") + "/"
        url = httpx.URL(path) if "://" in path else httpx.URL(address + path.lstrip("/"))
        if not _may_go_to(url, self.hosts or (httpx.URL(self.address).host,)):
            raise UnsafeError(
                f"{self.title} named an address that is not its own. Nothing was sent.",
                "Check the address under Channels.",
            )
        return url

    def _sent(self, request: Request, url: httpx.URL) -> Answer:
        made = self._client.build_request(
            request.method, url, params=dict(request.params) if request.params else None,
            headers=dict(request.headers or {}), json=request.json,
            data=dict(request.form) if request.form else None, content=request.content,
        )  # fmt: skip
        self._leash.begin(self.limits.seconds)
        with self._as_trouble(request):
            response = self._client.send(made, stream=True)
            try:
                body = whole(
                    response.iter_raw(), response.headers.get("content-encoding", ""),
                    self.limits.most_bytes,
                )  # fmt: skip
            finally:
                response.close()
            return self._judged(request, response, body)

    @contextmanager
    def _as_trouble(self, request: Request) -> Iterator[None]:
        """Turn what the network does into what follows from it."""
        try:
            yield
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise self._no_line(error) from error
        except DeadlineError as late:
            raise self._unclear(request, "took too long to answer") from late
        except TooLargeError as large:
            raise self._unclear(request, "sent an answer that is too large") from large
        except NotJsonError as other:
            raise self._unclear(request, f"sent {other} instead of data") from other
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError,
                httpx.TransportError) as error:  # fmt: skip
            raise self._unclear(request, "broke the connection off") from error

    def _unclear(self, request: Request, what: str) -> ChannelError:
        if request.may_repeat:
            return TransientError(
                f"{self.title} {what}. Nothing was changed.", "The desk tries again by itself."
            )
        if not self._leash.has_written:
            return TransientError(
                f"{self.title} {what} before anything was sent.", "The desk tries again by itself."
            )
        return InDoubtError(
            f"{self.title} {what}, so it is not known whether it took what it was told.",
            "The desk looks there before it tells it again.",
        )

    def _no_line(self, error: Exception) -> ChannelError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLError):
                return UnsafeError(
                    f"The connection to {self.title} is not safe: {_why_unsafe(cause)}. "
                    "Nothing was sent.",
                    "Check this computer's date, and the network that it is in. "
                    "If it is your own store, renew its certificate.",
                )
            cause = cause.__cause__ or cause.__context__
        return OfflineError(
            f"{self.title} cannot be reached. Nothing was sent.",
            "Work goes on; what waits is sent when the line is back.",
        )

    def _judged(self, request: Request, response: httpx.Response, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        at = _date(headers.get("date", ""))
        if at is not None:
            self.skew = (at - self.clock.now()).total_seconds()
        status = response.status_code
        if request.operation is not Operation.SIGN_IN or status >= 400:
            body = without_keys(body, request.headers or {}, request.form or {})
        if status >= 400 and status not in request.expects:
            raise self._refused(request, status, headers, body)
        if 300 <= status < 400 and status not in request.expects:
            raise UnsafeError(
                f"{self.title} sent us on to another address. Nothing was sent there.",
                "Check the address under Channels; the shop may have moved.",
            )
        is_whole = "content-length" in headers or "transfer-encoding" in headers
        data = None if request.raw or status == 204 or not body else read_json(body)
        if data is None and not request.raw and request.may_repeat and status == 200:
            raise NotJsonError("nothing at all")
        return Answer(status, headers, data, body, at, is_whole)

    def _refused(
        self, request: Request, status: int, headers: Mapping[str, str], body: bytes
    ) -> ChannelError:
        if status == 429 or (status == 503 and "retry-after" in headers):
            wait, is_absurd = asked_wait(headers.get("retry-after", ""), self.clock.now())
            title = f"{self.title} asked us to slow down."
            return ThrottledError(title, wait, is_absurd=is_absurd)
        if status in _BUSY or status >= 500:
            return self._unclear(request, f"is having trouble ({status})")
        data = _readable(body)
        if status in (401, 403):
            return SignInError(
                f"{self.title} does not let us in any more. Nothing was sent.",
                "Sign in again under Channels.", code=str(status), answer=data,
            )  # fmt: skip
        return RejectedError(
            f"{self.title} did not accept this ({status}).",
            "Look at its answer, correct it, and send it again.", code=str(status), answer=data,
        )  # fmt: skip


def _may_go_to(url: httpx.URL, hosts: tuple[str, ...]) -> bool:
    """Allow the channel's own hosts by TLS; plain HTTP only where it never leaves this computer."""
    if url.userinfo:
        return False
    is_named = any(
        url.host == host or (host.startswith("*.") and url.host.endswith(host[1:]))
        for host in hosts
    )
    if url.host in _LOOPBACK:
        return url.scheme in ("http", "https")
    return is_named and url.scheme == "https"


def _readable(body: bytes) -> Mapping[str, Any]:
    try:
        found = read_json(body[:20_000])
    except NotJsonError:
        return {}
    return found if isinstance(found, dict) else {"answer": found}


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except (TypeError, ValueError):
        return None


def _why_unsafe(problem: ssl.SSLError) -> str:
    words = str(getattr(problem, "verify_message", "") or "").lower()
    if "expired" in words:
        return "its certificate has expired"
    if "hostname" in words or "host name" in words or "ip address" in words:
        return "its certificate belongs to another name"
    if "self" in words or "issuer" in words or words:
        return "nobody whom this computer trusts has signed its certificate"
    return "it could not be made private"

"""What does the door make of everything that a network and a channel can do to a request?"""

from __future__ import annotations

import gzip
import random
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.sync.live.adapters import adapter_of
from app.sync.live.bodies import read_json
from app.sync.live.clock import StoppedError, SystemClock
from app.sync.live.door import Answer, Door, Limits, Request
from app.sync.live.pacing import LONGEST_WAIT, Backoff
from app.sync.live.payload import Part, exact
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
from tests.sync.live.serving import Answering, Handler, serving
from tests.sync.live.times import FakeClock

READ = Request(Operation.ORDERS, "GET", "/orders", headers={"x-api-key": "canary"})
WRITE = Request(Operation.CONFIRM, "POST", "/confirm", json={"tracking": "1Z"})
BAD_CERTIFICATE = "/CN=evil.example"


def door(address: str, clock: FakeClock | None = None, seconds: float = 5.0) -> Door:
    limits = Limits(seconds=seconds, most_bytes=200_000)
    return Door("Shopify", address, clock or FakeClock(), limits=limits, chance=random.Random(1))


def asked(answering: Answering, request: Request = READ, seconds: float = 5.0) -> Answer:
    with serving(answering) as address, door(address, seconds=seconds) as mine:
        return mine.ask(request)


def body(content: bytes, **headers: str) -> Answering:
    return lambda handler: handler.answer(200, content, **headers)


def cut_short(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "900")
    handler.end_headers()
    handler.wfile.write(b'{"orders":')
    handler.close_connection = True


def drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def reset(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(2)


def test_numbers_with_a_point_stay_exact() -> None:
    assert asked(body(b'{"total": 19.99}')).data == {"total": Decimal("19.99")}


def test_a_number_with_more_digits_than_anything_has_is_none() -> None:
    told = Part(read_json(b'{"quantity": 1e5000, "price": 1e-5000}'))
    assert (exact(told.data["quantity"]), exact(told.data["price"])) == (None, None)
    assert (told.units("quantity"), told.unread) == (None, ["quantity"])


def test_a_packed_answer_is_unpacked() -> None:
    assert asked(body(gzip.compress(b'{"a": 1}'), content_encoding="gzip")).data == {"a": 1}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RejectedError), (401, SignInError), (403, SignInError), (404, RejectedError),
     (429, ThrottledError), (500, TransientError), (502, TransientError), (503, TransientError)],
)  # fmt: skip
def test_each_status_is_a_class_of_trouble(status: int, kind: type[ChannelError]) -> None:
    with pytest.raises(kind) as trouble:
        asked(lambda handler: handler.answer(status, b'{"message": "no"}'))
    assert "Shopify" in trouble.value.title


@pytest.mark.parametrize(
    "answering",
    [body(b"<html>We are back soon</html>"), body(b""), body(b'{"a": NaN}'),
     body(b'{"a": 1, "a": 2}'), body(b"[" * 100_000), cut_short, reset,
     body(gzip.compress(b" " * 50_000_000), content_encoding="gzip"),
     body(gzip.compress(b'{"a": 1}')[:-9], content_encoding="gzip")],
    ids=["web page", "nothing", "not a number", "same key twice", "nested without end",
         "cut short", "broken off", "50 MB in a small package", "half a package"],
)  # fmt: skip
def test_what_is_no_answer_is_never_taken_for_no_orders(answering: Answering) -> None:
    with pytest.raises(TransientError):
        asked(answering)


@pytest.mark.parametrize("answering", [cut_short, reset, lambda h: h.answer(502)])
def test_a_write_without_an_answer_is_in_doubt(answering: Answering) -> None:
    with pytest.raises(InDoubtError):
        asked(answering, WRITE)


def test_a_slow_drip_ends_at_the_deadline() -> None:
    begun = time.monotonic()
    with pytest.raises(TransientError, match="took too long"):
        asked(drip, seconds=0.6)
    assert time.monotonic() - begun < 5


def test_stopping_in_the_middle_of_a_slow_drip_is_answered_at_once() -> None:
    clock = SystemClock()
    with serving(drip) as address, Door("Shopify", address, clock) as mine:
        threading.Timer(0.2, clock.stop).start()
        begun = time.monotonic()
        with pytest.raises(StoppedError):
            mine.ask(READ)
    assert time.monotonic() - begun < 2


def test_a_redirect_is_not_followed_and_the_token_stays_here() -> None:
    seen: list[str] = []

    def elsewhere(handler: Handler) -> None:
        seen.append(handler.headers.get("x-api-key", ""))
        handler.answer(200, b"{}")

    with serving(elsewhere) as other, pytest.raises(UnsafeError) as trouble:
        asked(lambda handler: handler.answer(302, location=other))
    assert seen == []
    assert "Nothing was sent there" in trouble.value.title


def test_only_the_channels_own_hosts_are_asked() -> None:
    addresses = ("https://evil.example/x", "http://api.etsy.com/x", "https://a:b@api.etsy.com")
    with Door("Etsy", "https://api.etsy.com", FakeClock(), hosts=("api.etsy.com",)) as mine:
        for address in addresses:
            with pytest.raises(UnsafeError):
                mine.ask(Request(Operation.ORDERS, "GET", address))


def test_a_certificate_that_nobody_trusts_stops_the_channel(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key),
         "-out", str(certificate), "-days", "1", "-subj", BAD_CERTIFICATE],
        check=False, capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("there is no openssl here to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with (
        serving(body(b"{}"), context) as address,
        door(address) as mine,
        pytest.raises(UnsafeError) as trouble,
    ):
        mine.ask(READ)
    assert "nobody whom this computer trusts" in trouble.value.title
    assert "Nothing was sent" in trouble.value.title


def test_a_closed_port_means_offline_and_nothing_was_sent() -> None:
    with serving(body(b"{}")) as address:
        pass
    with door(address) as mine, pytest.raises(OfflineError):
        mine.ask(WRITE)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("30", 30, 30), ("2.0", 2, 2), ("Mon, 23 Nov 2026 09:00:45 GMT", 45, 45),
     ("99999999", LONGEST_WAIT, LONGEST_WAIT), ("0", 1, 1), ("-5", None, None),
     ("soon", None, None), ("", None, None)],
)  # fmt: skip
def test_the_asked_wait_is_understood(header: str, least: float | None, most: float | None) -> None:
    with pytest.raises(ThrottledError) as trouble:
        asked(lambda handler: handler.answer(429, retry_after=header))
    wait = trouble.value.wait
    assert wait is None if least is None else least <= (wait or 0) <= (most or 0)


def test_a_budget_makes_the_loop_wait_on_its_own_clock() -> None:
    clock = FakeClock()
    budgets = {Operation.ORDERS: Budget(per_second=0.5, burst=2)}
    with serving(body(b"{}")) as address, Door("Amazon", address, clock, budgets) as mine:
        for _ in range(4):
            mine.ask(READ)
    assert [round(wait, 3) for wait in clock.waits] == [2.0, 2.0]


def test_what_all_questions_share_is_counted_for_all_of_them() -> None:
    clock, budget = FakeClock(), (Budget(per_second=0.5, burst=2),)
    other = replace(READ, operation=Operation.LISTINGS)
    with serving(body(b"{}")) as address, Door("Etsy", address, clock, {}, budget) as mine:
        for question in (READ, other, READ, other):
            mine.ask(question)
    assert [round(wait, 3) for wait in clock.waits] == [2.0, 2.0]


@pytest.mark.parametrize("channel", ["etsy"])
def test_no_day_asks_more_often_than_the_channel_allows(channel: str) -> None:
    adapter = adapter_of(channel)
    assert adapter is not None
    second, day = adapter.traits.together
    assert second.per_second <= 10
    assert day.burst + day.per_second * 86_400 <= 10_000


def test_a_channel_that_never_answers_is_left_alone_for_a_while() -> None:
    asked_of: list[int] = []

    def broken(handler: Handler) -> None:
        asked_of.append(1)
        handler.answer(500)

    clock = FakeClock()
    with serving(broken) as address, door(address, clock) as mine:
        troubles = [_trouble(lambda: mine.ask(READ)) for _ in range(8)]
        assert len(asked_of) == 5
        assert isinstance(troubles[-1], ThrottledError)
        clock.pass_by(31)
        assert isinstance(_trouble(lambda: mine.ask(READ)), TransientError)
    assert len(asked_of) == 6


def test_waiting_after_trouble_grows_is_never_in_step_and_has_an_end() -> None:
    one, other = Backoff(random.Random(1)), Backoff(random.Random(2))
    waits = [one.wait(n) for n in range(1, 20)]
    assert all(1 <= wait <= LONGEST_WAIT for wait in waits)
    assert waits[6] > waits[0] * 10
    assert waits != [other.wait(n) for n in range(1, 20)]


def _trouble(ask: Callable[[], object]) -> ChannelError | None:
    try:
        ask()
    except ChannelError as trouble:
        return trouble
    return None

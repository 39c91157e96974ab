"""Text messages are handed to a provider's address: encrypted, with a key, each once."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.domain.orders import Address
from app.sync.live.vault import open_vault
from app.sync.live.wire import trusted_certificates
from app.sync.mail.mailer import Mailer
from tests.sync.mail.mailbox import certificates
from tests.sync.mail.shop import Shop

PHONE = "+1 617 555 0100"


class Provider(ThreadingHTTPServer):
    """A provider on this computer; ``status`` is how it answers."""

    taken: list[tuple[dict[str, Any], dict[str, str]]]
    status = 200


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.taken.append((said, {k.lower(): v for k, v in self.headers.items()}))
        if self.server.status == 0:
            self.close_connection = True
            return
        body = b'{"id": "SM1"}'
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    authority, server = certificates(tmp_path)
    monkeypatch.setenv("ORDERDECK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ORDERDECK_VAULT_PASSPHRASE", "only for this test")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    trusted_certificates.cache_clear()
    there = Provider(("127.0.0.1", 0), _Answers)
    there.taken = []
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(server)
    there.socket = trust.wrap_socket(there.socket, server_side=True)
    threading.Thread(target=there.serve_forever, args=(0.02,), daemon=True).start()
    yield there
    there.shutdown()
    there.server_close()
    trusted_certificates.cache_clear()


@pytest.fixture
def shop(provider: Provider, tmp_path: Path) -> Iterator[Shop]:
    """A parcel has left to a buyer with a telephone and without a mail address."""
    shop = Shop(f"sqlite:///{tmp_path / 'desk.db'}").filled().writes("shipped")
    address = f"https://localhost:{provider.server_address[1]}/send"
    shop.desk.run("set_message_rules", changes={"sms_address": address})
    to = Address(
        "Ada", "", "1 Way", city="Boston", state="MA", postcode="02138", country="US", phone=PHONE
    )
    shop.ships(shop.sells(email="", ship_to=to))
    shop.desk.run("draft_messages")
    shop.later(minutes=6)
    yield shop
    shop.desk.store.close()


def test_a_text_message_is_short_and_handed_over_once_with_its_key(
    shop: Shop, provider: Provider
) -> None:
    mailer = Mailer(shop.desk, open_vault)
    mailer.keep_token("t0ken")
    done = mailer.round()
    assert done == {"acked": 1}, [row.problem for row in shop.messages()]
    assert mailer.round() == {}
    [(said, headers)] = provider.taken
    assert said["to"] == PHONE
    assert said["text"] == (
        "Your order 1001 is on its way. https://www.ups.com/track?tracknum=1Z999AA10123456784"
    )
    assert headers["authorization"] == "Bearer t0ken"
    assert headers["idempotency-key"] == said["key"] == "sms:shipped:1"
    assert shop.messages()[0].reference == "SM1"


@pytest.mark.parametrize(("status", "state"), [(400, "rejected"), (0, "in_doubt")])
def test_how_the_provider_answers_decides_what_follows(
    shop: Shop, provider: Provider, status: int, state: str
) -> None:
    provider.status = status
    mailer = Mailer(shop.desk, open_vault)
    mailer.round()
    assert shop.states() == [f"shipped {state}"]
    provider.status = 200
    shop.later(hours=2)
    mailer.round()
    assert len(provider.taken) == 1

"""How does an owner let the desk into an account, in the browser that they trust?

OAuth 2 with an authorisation code: the browser goes to the channel, the channel sends it back to an
address on this computer with a code, and the code is traded for tokens. A secret that never leaves this
program proves that the trade is asked by whoever began it (PKCE); a word of chance proves that the answer
belongs to this question.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from app.sync.live.account import answered, beside, named
from app.sync.live.adapters import Connection, SignIn
from app.sync.live.door import Request
from app.sync.live.terms import Operation
from app.sync.live.trouble import RejectedError, SignInError

# The channel must know the address beforehand, so it is always the same.
PORT: Final = 17643
REDIRECT: Final = f"http://localhost:{PORT}/"
PATIENCE: Final = 180.0
_SLICE: Final = 0.2
_DONE: Final = "You are signed in. Close this page and go back to Orderdeck."
_REFUSED: Final = "You were not signed in. Close this page and go back to Orderdeck."


@dataclass(slots=True)
class Consent:
    """One question to the owner, and how its answer is known."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def address(self, sign_in: SignIn, client_id: str, redirect: str) -> str:
        """Return where the browser has to go."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect,
            "scope": " ".join(sign_in.scopes),
            "state": self.state,
            **sign_in.extra,
        }
        if sign_in.uses_pkce:
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{sign_in.authorise}?{urlencode(asked)}"


def sign_in(
    connection: Connection,
    how: SignIn,
    client_id: str,
    *,
    go_to: Callable[[str], object] = webbrowser.open,
    patience: float = PATIENCE,
    port: int = PORT,
) -> Mapping[str, str]:
    """Let the owner sign in, and return the tokens that came of it.

    Raises:
        SignInError: nobody did, or the channel did not give the tokens.
    """
    consent = Consent()
    with _waiting(port) as waiting:
        redirect = f"http://localhost:{waiting.server_port}/"
        go_to(consent.address(how, client_id, redirect))
        code = _code(waiting, consent, connection, patience)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "code": code,
        "code_verifier": consent.verifier,
    }
    token = beside(connection, how.token)
    request = Request(Operation.SIGN_IN, "POST", token, form=form, is_safe=True)
    try:
        fresh = answered(connection.door.title, connection.door.ask(request).data)
    except RejectedError as refused:
        raise _not_signed_in("the channel did not give the keys that it had promised") from refused
    names = ("access_token", "refresh_token")
    return {name: named(connection.door.title, fresh, name) for name in names}


class _Waiting(HTTPServer):
    """Waits on this computer for the browser to come back."""

    allow_reuse_address = True
    query: Mapping[str, list[str]] | None = None


class _Handler(BaseHTTPRequestHandler):
    server: _Waiting

    def do_GET(self) -> None:
        """Take the one answer that is waited for; a browser also asks for icons."""
        parts = urlsplit(self.path)
        if parts.path != "/":
            self.send_error(404)
            return
        self.server.query = parse_qs(parts.query)
        body = (_DONE if "code" in self.server.query else _REFUSED).encode()
        self.send_response(200)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing: the code is in the address."""


@contextmanager
def _waiting(port: int) -> Iterator[_Waiting]:
    try:
        server = _Waiting(("127.0.0.1", port), _Handler)
    except OSError as taken:
        raise _not_signed_in("another program on this computer is in the way") from taken
    server.timeout = _SLICE
    try:
        yield server
    finally:
        server.server_close()


def _code(waiting: _Waiting, consent: Consent, connection: Connection, patience: float) -> str:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        connection.clock.wait(0)  # whoever stops the program stops this as well
        waiting.handle_request()
        query, waiting.query = waiting.query, None
        if query is None or not hmac.compare_digest(query.get("state", [""])[0], consent.state):
            continue
        if code := query.get("code", [""])[0]:
            return code
        raise _not_signed_in("it was refused in the browser")
    raise _not_signed_in("nobody answered in the browser")


def _not_signed_in(why: str) -> SignInError:
    return SignInError(
        f"You are not signed in: {why}. Nothing was stored.", "Try it again from the first step."
    )

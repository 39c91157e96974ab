"""A real mail server on this computer: TLS with a certificate of its own authority, and faults on request."""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import IO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "shop", "s3cret-word"


def certificates(folder: Path) -> tuple[Path, Path]:
    """Make an authority and a server certificate; return the authority's file and the server's."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    ca = (
        x509.CertificateBuilder().subject_name(ca_name).issuer_name(ca_name).public_key(ca_key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .sign(ca_key, hashes.SHA256())
    )  # fmt: skip
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(ca_name).public_key(key.public_key())
        .serial_number(2).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    authority, server = folder / "ca.pem", folder / "server.pem"
    authority.write_bytes(ca.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server.write_bytes(own.public_bytes(pem) + private)
    return authority, server


class Mailbox(socketserver.ThreadingTCPServer):
    """What was taken in, in ``mails``; ``faults`` makes it behave like servers on a bad day."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate: Path, *, implicit: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.clear_words: list[str] = []
        self.faults: set[str] = set()
        self.on_taken: Callable[[], object] = lambda: None
        self.implicit = implicit
        self.trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.trust.load_cert_chain(certificate)
        super().__init__(("127.0.0.1", 0), _Line)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Line(socketserver.BaseRequestHandler):
    server: Mailbox
    request: socket.socket
    _line: socket.socket
    _read: IO[bytes]

    def handle(self) -> None:
        self._line, self._read = self.request, self.request.makefile("rb")
        with suppress(OSError):
            self._talk()
        self._read.close()
        self._line.close()

    def _talk(self) -> None:
        is_safe = self.server.implicit
        if is_safe:
            self._encrypt()
        self._say("220 localhost")
        while raw := self._read.readline():
            words = raw.decode("ascii", "replace").strip()
            if not is_safe:
                self.server.clear_words.append(words)
            verb = words.split(" ")[0].upper()
            if verb == "STARTTLS" and "no tls" not in self.server.faults:
                self._say("220 go")
                self._encrypt()
                is_safe = True
            elif not self._answer(verb, words, is_safe):
                return

    def _encrypt(self) -> None:
        self._read.close()
        self._line = self.server.trust.wrap_socket(self._line, server_side=True)
        self._read = self._line.makefile("rb")

    def _answer(self, verb: str, words: str, is_safe: bool) -> bool:
        faults = self.server.faults
        if verb == "EHLO":
            offer = (
                "AUTH PLAIN LOGIN" if is_safe else ("SIZE" if "no tls" in faults else "STARTTLS")
            )
            self._say(f"250-localhost\r\n250 {offer}")
        elif verb == "AUTH":
            said = base64.b64decode(words.split(" ")[2]).decode().split("\0")
            self._say("235 hello" if said[1:] == [USER, PASSWORD] else "535 who are you")
        elif verb == "RCPT":
            self._to = words.partition("<")[2].partition(">")[0]
            self._say("550 no such user" if "no such user" in faults else "250 ok")
        elif verb == "DATA":
            return self._take()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _take(self) -> bool:
        faults = self.server.faults
        if "no words" in faults:
            self._say("451 later")
            return True
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self._read.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if "hangs up before it is taken" in faults:
            return False
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.mails.append(mail)
        self.server.receivers.append(self._to)
        self.server.on_taken()
        if "hangs up after it is taken" in faults:
            return False
        self._say("250 taken as 77")
        return True

    def _say(self, words: str) -> None:
        self._line.sendall(words.encode() + b"\r\n")


@contextmanager
def a_mailbox(certificate: Path, *, implicit: bool = False) -> Iterator[Mailbox]:
    """Run a mail server."""
    server = Mailbox(certificate, implicit=implicit)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

"""How does the loopback marketplace reach this computer's network, faults and all?

Bound to 127.0.0.1 only: nobody else can reach it.
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from app.sync.loopback.faults import Does, Fault
from app.sync.loopback.marketplace import Marketplace, Reply

_BOMB: Final = 256 * 1024 * 1024


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, lets the marketplace answer it, and does to the bytes what a fault wants."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    marketplace: Marketplace

    def _any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if length else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply, fault = self.marketplace.handle(self.command, self.path, headers, body)
        try:
            self._send(reply, fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the library's names

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing: what was asked is in the shop's own log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the marketplace's own time."""
        return format_datetime(self.marketplace.time.now(), usegmt=True)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        body = reply.body or (b"" if reply.data is None else json.dumps(reply.data).encode())
        does = fault.does if fault else None
        if does in (Does.RESET_BEFORE, Does.COMMIT_THEN_DROP):
            self.close_connection = True
            return
        if does is Does.DELAY and fault is not None:
            time.sleep(fault.seconds)
        if does is Does.BOMB:
            packer = zlib.compressobj(9, wbits=31)
            body = packer.compress(bytes(_BOMB)) + packer.flush()
        self._head(reply, body, does)
        if does is Does.DRIP and fault is not None:
            self._drip(body, fault.seconds)
        elif does in (Does.TRUNCATE, Does.TRUNCATE_QUIETLY, Does.RESET_AFTER):
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def _head(self, reply: Reply, body: bytes, does: Does | None) -> None:
        self.send_response(reply.status)
        headers = {"content-type": "application/json", **reply.headers}
        if does is Does.TRUNCATE_QUIETLY:
            headers["connection"] = "close"
        else:
            headers["content-length"] = str(len(body))
        if does is Does.BOMB:
            headers["content-encoding"] = "gzip"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _drip(self, body: bytes, seconds: float) -> None:
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()
            time.sleep(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is what some tests are about."""


@contextmanager
def serving(marketplace: Marketplace, port: int = 0) -> Iterator[str]:
    """Serve until the block ends; the address is given, without a slash at its end."""
    kind = type("Handler", (_Handler,), {"marketplace": marketplace})
    server = _Server(("127.0.0.1", port), kind)
    threading.Thread(
        target=server.serve_forever, args=(0.05,), name="orderdeck-loopback", daemon=True
    ).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

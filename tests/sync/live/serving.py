"""A real server on this computer that answers as a test says, for the door's own tests."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answering = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands every request to the test's own function."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answering: Answering

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; names of headers are written with underscores."""
        self.send_response(status)
        for name, value in {"content_length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def _any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        try:
            type(self).answering(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = _any  # noqa: N815 - the library's names


@contextmanager
def serving(answering: Answering, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve until the block ends; the address is given."""
    kind = type("Answering", (Handler,), {"answering": staticmethod(answering)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

"""A web server of the tests' own, on this machine, which odd addresses are tried on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """/ok answers; /status/N says N; /get-only answers GET alone; /to?x leads to x; /drip never ends; /big is large."""

    asked: list[str] = []

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        Handler.asked.append(f"{self.command} {self.path}")
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
        elif self.path.startswith("/status/"):
            self.send_response(int(self.path.removeprefix("/status/")))
        elif self.path == "/get-only" and self.command == "HEAD":
            self.send_response(405)
        elif self.path == "/drip":
            self.drip()
            return
        else:
            self.send_response(200)
        self.end_headers()
        if self.path == "/big" and self.command == "GET":
            self.wfile.write(b"x" * 1_000_000)

    def drip(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            for _turn in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass  # the other side has had enough

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def local_server() -> Iterator[str]:
    """Serve while the body runs; give "host:port"."""
    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

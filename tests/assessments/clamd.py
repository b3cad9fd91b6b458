"""A small daemon that speaks INSTREAM on loopback and knows one signature, in archives and documents as well."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.assessments.samples import EICAR


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: FakeClamd = self.server  # type: ignore[assignment]
        if server.mood == "slow":
            time.sleep(server.pause)
            return
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
            if server.limit and len(data) > server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.seen.append(data)
        self.wfile.write(self._verdict(server, data) + b"\0")

    def _verdict(self, server: FakeClamd, data: bytes) -> bytes:
        if server.mood == "error":
            return b"stream: Can't allocate memory ERROR"
        if server.mood == "encrypted":
            return b"stream: Heuristics.Encrypted.Zip FOUND"
        return b"stream: Win.Test.EICAR_HDB-1 FOUND" if _infected(data) else b"stream: OK"


def _infected(data: bytes) -> bool:
    if EICAR in data:
        return True
    if not data.startswith(b"PK\x03\x04"):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_infected(archive.read(name)) for name in archive.namelist())


class FakeClamd(socketserver.ThreadingTCPServer):
    """`mood` is "well", "error", "encrypted" or "slow"; `seen` holds what was scanned."""

    allow_reuse_address = daemon_threads = True
    mood, pause, limit = "well", 5.0, 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def running() -> Iterator[FakeClamd]:
    """The daemon, listening."""
    with FakeClamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()

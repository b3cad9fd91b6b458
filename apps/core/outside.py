"""Asking an address of the web whether it answers, so that nobody can make this server ask its own network.

The name is resolved once, every address of it must be public, and the connection goes to exactly that address: what the
name says a moment later changes nothing. Each redirect is read and judged like the first address. No proxy, no cookies.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Collection
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from apps.core.addresses import BadAddress, is_public, read_address

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_REDIRECTS = 5
STEP_SECONDS = 6.0
WHOLE_SECONDS = 20.0
AGENT = "Belay link check"
# A server that does not take HEAD, or takes it wrongly, is asked once more with GET.
ASK_AGAIN = frozenset({400, 403, 404, 405, 406, 409, 410, 429, 500, 501, 503})


class Unsafe(Exception):
    """The address, or one that it leads to, is not asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is that of the last answer, 0 when there was none; `url` is where the redirects led."""

    status: int
    url: str
    fault: str = ""


def ask(url: str, *, allowed: Collection[str] = (), seconds: float = WHOLE_SECONDS) -> Reply:
    """Ask for `url` within `seconds`, following redirects; the body of an answer is not read.

    `allowed` names places ("host:port") that are asked although they are not public: a test's own server. Raises
    `Unsafe`; whatever else goes wrong is said in the reply.
    """
    until = time.monotonic() + seconds
    try:
        reply = _follow(url, "HEAD", allowed, until)
        if reply.status in ASK_AGAIN:
            reply = _follow(url, "GET", allowed, until)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return Reply(0, url, type(fault).__name__)
    return reply


def _follow(url: str, method: str, allowed: Collection[str], until: float) -> Reply:
    for _turn in range(MOST_REDIRECTS + 1):
        status, place = _ask_once(url, method, allowed, until)
        if status not in (301, 302, 303, 307, 308) or not place:
            return Reply(status, url)
        url = urljoin(url, place)
    return Reply(0, url, "TooManyRedirects")


def _ask_once(url: str, method: str, allowed: Collection[str], until: float) -> tuple[int, str]:
    """(status, where it leads to) of one request."""
    parts = urlsplit(url)
    exempt = parts.netloc in allowed
    if not exempt:
        try:
            parts = urlsplit(read_address(url))
        except BadAddress as fault:
            raise Unsafe(str(fault)) from fault
    host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    wire = _connect(_place_of(host, port, exempt), port, until)
    with _cut_off(wire, until):
        carrier = (
            ssl.create_default_context().wrap_socket(wire, server_hostname=host)
            if parts.scheme == "https"
            else wire
        )
        line = http.client.HTTPConnection(host, port)
        line.sock = carrier
        try:
            headers = {"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
            line.request(
                method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers
            )
            answer = line.getresponse()
            if time.monotonic() >= until:  # cut off in the middle of what it was saying
                raise TimeoutError("the time is over")
            return answer.status, answer.getheader("Location", "")
        finally:
            line.close()
            carrier.close()


def _place_of(host: str, port: int, exempt: bool) -> str:
    """The IP address to connect to. Raises `Unsafe` when any address of the name is not public."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not exempt and not all(is_public(address) for address in found):
        raise Unsafe(f"{host} is not on the open internet")
    return found[0]


def _connect(address: str, port: int, until: float) -> socket.socket:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return socket.create_connection((address, port), timeout=min(STEP_SECONDS, left))


@contextmanager
def _cut_off(wire: socket.socket, until: float) -> Iterator[None]:
    """End the connection when the time is over, however slowly the other side drips."""
    handle = socket.socket(fileno=os.dup(wire.fileno()))

    def cut() -> None:
        with suppress(OSError):  # it may have ended by itself
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join(timeout=1)
        handle.close()
        wire.close()

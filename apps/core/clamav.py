"""Asking a ClamAV daemon about a file: the INSTREAM command of its protocol, nothing else."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

MOST_REPLY = 4096
# What the daemon finds when it could not look: a password, or more content than its limits let it open.
NOT_LOOKED_AT = re.compile(r"Heuristics\.(Encrypted|Limits\.Exceeded)")
TOO_LONG = "size limit exceeded"


class Unreachable(OSError):
    """The daemon did not answer, answered too late, or answered with an error."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`signature` names what was found; `looked` is false when the daemon could not look inside."""

    looked: bool
    signature: str = ""

    @property
    def clean(self) -> bool:
        return self.looked and not self.signature


def scan(chunks: Iterable[bytes], *, address: str, timeout: float) -> Answer:
    """Send `chunks` to the daemon at `address` ("host:port" or the path of a socket). Raises `Unreachable`.

    `timeout` seconds may pass before each step; what the daemon says is read up to its NUL.
    """
    try:
        with _connect(address, timeout) as wire:
            wire.sendall(b"zINSTREAM\0")
            try:
                for chunk in chunks:
                    if chunk:
                        wire.sendall(struct.pack(">I", len(chunk)) + chunk)
                wire.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it hangs up when its limit is reached, after saying so
            reply = _reply(wire)
    except (OSError, ValueError) as fault:
        raise Unreachable(f"{type(fault).__name__}: {fault}") from fault
    return _read(reply)


def _connect(address: str, timeout: float) -> socket.socket:
    if address.startswith("/"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(timeout)
        try:
            wire.connect(address)
        except OSError:
            wire.close()
            raise
        return wire
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)


def _reply(wire: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < MOST_REPLY and (part := wire.recv(1024)):
        said += part
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _read(reply: str) -> Answer:
    if reply.endswith(" OK"):
        return Answer(looked=True)
    if reply.endswith(" FOUND"):
        signature = reply.removeprefix("stream: ").removesuffix(" FOUND")
        looked = not NOT_LOOKED_AT.match(signature)
        return Answer(looked=looked, signature=signature[:200] if looked else "")
    if TOO_LONG in reply.lower():
        return Answer(looked=False)
    raise Unreachable(reply[:200] or "no answer")

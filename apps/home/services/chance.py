"""Chance that repeats: public ids and random choices that follow from a seed and a name."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

from apps.core.ids import PUBLIC_ID_LENGTH

T = TypeVar("T")


class Chance:
    """Everything drawn here depends on the seed and on what it is drawn for, never on the order of drawing.

    So a member that is added to the files changes nothing about the others.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def id(self, *name: object) -> str:
        """The public id of the thing with this name: twenty lower-case base32 characters."""
        return base64.b32encode(self.digest("id", *name)).decode().lower()[:PUBLIC_ID_LENGTH]

    def digest(self, *name: object) -> bytes:
        """32 bytes for this name."""
        return hashlib.sha256("\x1f".join(map(str, (self.seed, *name))).encode()).digest()

    def at(self, *name: object) -> random.Random:
        """A generator for this name alone."""
        # Invented people and answers: nothing secret depends on it.
        return random.Random(self.digest("chance", *name))  # noqa: S311

    def pick(self, options: Sequence[T], *name: object) -> T:
        """One of `options`, the same one for the same name."""
        return options[int.from_bytes(self.digest("pick", *name)[:4]) % len(options)]

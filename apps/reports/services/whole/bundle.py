"""An archive being written: every file with its SHA-256 and its size, the same input the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from apps.core.filecheck.kinds import EXTENSIONS, clean_name

MOMENT = (1980, 1, 1, 0, 0, 0)
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def as_text(value: Any) -> str:
    """JSON on one line, keys in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def as_file(value: Any) -> bytes:
    """JSON as people read it, keys in order, in UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class Bundle:
    """A ZIP that grows file by file; `files` says of each its SHA-256 and size, `left_out` what is missing and why."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w")
        self.files: dict[str, dict[str, Any]] = {}
        self.left_out: list[dict[str, str]] = []

    def add(self, name: str, content: bytes) -> None:
        """Put in a file that is small enough to be at hand."""
        self.add_parts(name, iter([content]), packed=True)

    def add_parts(self, name: str, parts: Iterable[bytes], *, packed: bool = False) -> None:
        """Put in a file piece by piece; what people sent is packed already, as a rule."""
        info = zipfile.ZipInfo(name, MOMENT)
        info.external_attr, info.create_system = 0o644 << 16, 3
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=not packed) as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self.files[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def leave_out(self, name: str, why: str) -> None:
        """Say that a file is not in it, and why."""
        self.left_out.append({"file": name, "why": why})

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, *fault: object) -> None:
        """Write the directory; nothing can be added afterwards."""
        self._zip.close()


def safe_name(title: str, public_id: str, content_type: str) -> str:
    """A name of plain letters that never comes twice, with the ending of its kind."""
    ending = EXTENSIONS.get(content_type, ("bin",))[0]
    stem = UNSAFE.sub("_", clean_name(re.sub(r"[/\\]+", "-", title)).removesuffix(f".{ending}")).strip("._-")
    return f"{public_id}-{stem[:60]}.{ending}" if stem else f"{public_id}.{ending}"

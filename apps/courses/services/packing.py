"""A course folder as one zip: the same files always give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

EARLIEST = (1980, 1, 1, 0, 0, 0)


def pack_files(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """The files by path as a zip, inside `folder` when it is named."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{path}" if folder else path, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, bytes(files[path]))
    return made.getvalue()


def unpack_files(packed: bytes) -> dict[str, bytes]:
    """The files of a zip that `pack_files` made; for a stranger's there is `apps.core.archives`."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

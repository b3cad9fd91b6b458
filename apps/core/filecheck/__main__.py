"""`python -m apps.core.filecheck NAME [FD]`: judge the file on standard input within hard limits; one JSON line out.

Runs apart from the web process: a file made to exhaust its reader ends this process and nothing else. With FD a picture
is drawn anew into that descriptor.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import IO, Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
LARGEST_OUTPUT = 256 * 1024 * 1024


def limit() -> None:
    """Bound what this process may use; it can start no other."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def judge(source: IO[bytes], name: str, out: IO[bytes] | None) -> dict[str, Any]:
    """{"type", "locked", "rewritten"} or {"refused", "values"}."""
    from apps.core.filecheck import kinds
    from apps.core.filecheck.faults import Fault, Found

    def look(part: IO[bytes], found: Found) -> None:
        if found.content_type == kinds.PDF:
            from apps.core.filecheck.documents import check_pdf

            found.locked = check_pdf(part)
        elif found.content_type in (kinds.PNG, kinds.JPEG):
            from apps.core.filecheck.pictures import check_picture

            check_picture(part, found.content_type)

    try:
        size = kinds.size_of(source)
        found = kinds.identify(source, size, name)
        if found.content_type == kinds.ZIP:
            from apps.core.filecheck.archives import walk

            found = walk(source, size, look=look)
        elif found.content_type in (kinds.PNG, kinds.JPEG) and out is not None:
            from apps.core.filecheck.pictures import redraw

            redraw(source, found.content_type, out)
            out.flush()
            found.rewritten = True
        else:
            look(source, found)
        kinds.check_ending(found.content_type, name)
    except Fault as fault:
        return {"refused": fault.code, "values": fault.values}
    except (MemoryError, RecursionError):
        return {"refused": "bomb", "values": {}}
    return {"type": found.content_type, "locked": found.locked, "rewritten": found.rewritten}


def main() -> None:
    """Read the arguments, judge, print."""
    limit()
    out = os.fdopen(int(sys.argv[2]), "wb", closefd=False) if len(sys.argv) > 2 else None
    sys.stdout.write(json.dumps(judge(os.fdopen(0, "rb", closefd=False), sys.argv[1], out)))


if __name__ == "__main__":
    main()

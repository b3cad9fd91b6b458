"""Worker processes that are copies of one that has everything loaded: run as `python -m tests.reports.workers`.

For each line "start" a child begins to take jobs and its process id is printed; "end" ends this process. The children
take jobs until they are killed or nothing is left to do. Nobody but the caller kills them.
"""

from __future__ import annotations

import os
import signal
import sys
import time

import django


def main() -> None:
    """Load the site and the engine once, then fork at each word."""
    django.setup()
    from apps.reports.pdf import render_pdf

    render_pdf("<p>warm</p>", language="en", title="warm")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's to wait for
    tell("ready")
    for line in sys.stdin:
        if line.strip() == "end":
            return
        tell(os.fork() or work())


def tell(what: object) -> None:
    """One line for the caller."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def work() -> None:
    """Take jobs until all are done."""
    from django.db import connection

    from apps.core.jobs import run_waiting
    from apps.core.models import OutboxMessage

    try:
        while OutboxMessage.objects.exclude(state__in=("done", "dead")).exists():
            if not run_waiting():
                time.sleep(0.1)
        connection.close()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()

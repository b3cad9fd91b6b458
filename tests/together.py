"""Acts that start at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def at_once(*acts: Callable[[], object], database: Path | None = None) -> list[BaseException]:
    """Run all acts in threads that start together, on the database in a file if one is named; return what they raised."""
    start, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        if database:
            connection.settings_dict = {**connection.settings_dict, "NAME": str(database)}
        try:
            start.wait(timeout=60)
            act()
        except BaseException as fault:
            raised.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised

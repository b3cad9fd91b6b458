"""What `/readyz` measures."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.core import jobs

MIN_FREE_BYTES = 200 * 1024 * 1024
MAX_OUTBOX_AGE = 120


def database_answers() -> str:
    """Empty, or a sentence about the fault."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def migrations_are_applied() -> str:
    """Empty, or which migrations are missing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} migrations are not applied" if plan else ""


def outbox_is_young() -> str:
    """Empty, or the age of the oldest waiting job."""
    age = jobs.oldest_waiting_seconds()
    return f"the oldest job has waited {age:.0f} s" if age > MAX_OUTBOX_AGE else ""


def disk_has_room() -> str:
    """Empty, or how little room is left."""
    place = Path(settings.DATA_DIR)
    free = shutil.disk_usage(place if place.exists() else place.parent).free
    return f"{free // 2**20} MB free" if free < MIN_FREE_BYTES else ""


CHECKS = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "outbox": outbox_is_young,
    "disk": disk_has_room,
}


def readiness() -> dict[str, str]:
    """Each check's name with "ok" or what is wrong; a check that raises is a fault too."""
    found = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check() or "ok"
        except Exception as fault:
            found[name] = type(fault).__name__
    return found

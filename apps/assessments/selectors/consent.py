"""Which grants include files: those given since this site shares files at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

from apps.members.models import Grant

LEARNT = {"app": "assessments", "name": "0004_states_and_keys_of_files"}


def shares_files_since() -> datetime:
    """When this site was upgraded to share files; now, and so nothing, when it does not know."""
    rows = MigrationRecorder.Migration.objects.filter(**LEARNT)
    return rows.values_list("applied", flat=True).first() or now()


def with_files(grants: Iterable[Grant]) -> list[Grant]:
    """Those of the grants whose giver agreed to files. Older ones were given for titles and say so to their giver."""
    since = shares_files_since()
    return [grant for grant in grants if grant.with_evidence and grant.given_at >= since]

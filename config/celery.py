"""The Celery application: a doorbell for rows that wait in the outbox."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_after_setup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402

app = Celery("belay")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()
for folder in ("data_folder_in", "control_folder", "processed_folder"):
    if where := settings.CELERY.get("broker_transport_options", {}).get(folder):
        Path(where).mkdir(parents=True, exist_ok=True)


@celeryd_after_setup.connect
def learn_addresses(**_more: Any) -> None:
    """Read every address of the site before the first child begins.

    The first notice of a process names an address and would read them then: inside its transaction, while nobody else writes.
    """
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 - asking for it fills it

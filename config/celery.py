"""The Celery application: a doorbell for rows that wait in the outbox."""

from __future__ import annotations

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402

app = Celery("belay")
app.conf.update(settings.CELERY)
app.autodiscover_tasks()
for folder in ("data_folder_in", "control_folder", "processed_folder"):
    if where := settings.CELERY.get("broker_transport_options", {}).get(folder):
        Path(where).mkdir(parents=True, exist_ok=True)

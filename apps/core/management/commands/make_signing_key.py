"""Print a fresh key for BELAY_SIGNING_KEY."""

import base64
import secrets
from typing import Any

from django.core.management.base import BaseCommand

from apps.core.keys import SEED_BYTES


class Command(BaseCommand):
    help = "Print a fresh key for BELAY_SIGNING_KEY. Keep it apart from the database; keep old public keys published."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode())

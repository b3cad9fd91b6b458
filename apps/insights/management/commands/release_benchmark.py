"""Make the release of the peer benchmark whose cut-off is over, when the scheduler does not run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.insights.services import make_release


class Command(BaseCommand):
    help = (
        "Make the release of the peer benchmark whose cut-off is over. Does nothing when it was made already."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_release()
        if made is None:
            self.stdout.write(
                "There is nothing to release: it was made already, or nobody ever agreed to count."
            )
            return
        self.stdout.write(f"Release {made.number} with the cut-off {made.cut_off} is made.")

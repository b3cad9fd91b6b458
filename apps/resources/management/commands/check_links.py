"""Ask the addresses of the library whether they still answer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.resources.services import plan_checks


class Command(BaseCommand):
    help = "Queue a check of every address that is due (a month after the last one); the worker asks them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that were asked within the month")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            number = plan_checks(every=options["all"])
        except Refused as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{number} addresses are queued.")

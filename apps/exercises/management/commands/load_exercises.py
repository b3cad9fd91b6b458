"""Load the table-top kits."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.exercises.services import load_kits


class Command(BaseCommand):
    help = "Check a folder of table-top kits against their schema and load them, all or nothing. A loaded version never changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=settings.CONTENT_DIR / "exercises")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_kits(actor=None, folder=options["folder"])
        except Refused as error:
            raise CommandError(f"{options['folder']} was not loaded.\n{error.message}") from error
        self.stdout.write(f"{done.added} added, {done.unchanged} as before.")

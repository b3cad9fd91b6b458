"""Load the library of resources."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.resources.services import load_resources


class Command(BaseCommand):
    help = "Check a folder of resources against its schema and load it, all or nothing. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=settings.CONTENT_DIR / "resources")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_resources(actor=None, folder=options["folder"])
        except Refused as error:
            raise CommandError(f"{options['folder']} was not loaded.\n{error.message}") from error
        self.stdout.write(f"{done.added} added, {done.changed} changed, {done.unchanged} as before.")

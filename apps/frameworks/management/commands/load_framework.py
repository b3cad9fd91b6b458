"""Load a framework file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.frameworks.services import load_framework


class Command(BaseCommand):
    help = "Check a framework file against its schema and load it, all or nothing. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--draft", action="store_true", help="Load without publishing; a draft may still change."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = load_framework(actor=None, path=options["file"], draft=options["draft"])
        except Refused as error:
            raise CommandError(f"{options['file']} was not loaded.\n{error.message}") from error
        count = version.indicators.count()
        self.stdout.write(f"{version}: {count} indicators, {version.get_state_display().lower()}.")

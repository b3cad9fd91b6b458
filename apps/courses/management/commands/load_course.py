"""Load a course folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.courses.services import load_course


class Command(BaseCommand):
    help = "Check a course folder and publish it. Nothing is written when there is any fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = load_course(actor=None, folder=options["folder"])
        except Refused as fault:
            raise CommandError(f"{options['folder']} was not loaded.\n{fault.message}") from None
        except OSError as fault:
            raise CommandError(f"{options['folder']} cannot be read: {fault.strerror}.") from None
        self.stdout.write(f"{version.title}, version {version.version} ({version.language}), is published.")

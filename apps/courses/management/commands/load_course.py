"""Load course folders."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.courses.services import load_course


class Command(BaseCommand):
    help = (
        "Check course folders and publish them. Nothing of a folder is written when there is any fault in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", type=Path, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in options["folders"]:
            try:
                version = load_course(actor=None, folder=folder)
            except Refused as fault:
                raise CommandError(f"{folder} was not loaded.\n{fault.message}") from None
            except OSError as fault:
                raise CommandError(f"{folder} cannot be read: {fault.strerror}.") from None
            self.stdout.write(
                f"{version.title}, version {version.version} ({version.language}), is published."
            )

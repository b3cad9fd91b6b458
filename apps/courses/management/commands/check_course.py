"""Check course folders."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.courses.services import check_folder


class Command(BaseCommand):
    help = (
        "Check course folders and print every fault with its place. Nothing is stored; no database is needed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", type=Path, nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for folder in options["folders"]:
            faults, counts = check_folder(folder)
            bad += bool(faults)
            for fault in faults:
                self.stdout.write(str(fault))
            held = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
            self.stdout.write(f"{folder.name}: {len(faults)} faults; {held}.")
        if bad:
            raise CommandError(f"{bad} of {len(options['folders'])} folders cannot be loaded yet.")

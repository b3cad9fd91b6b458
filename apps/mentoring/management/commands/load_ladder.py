"""Give a programme a graduation ladder of its own."""

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.mentoring.services.ladder import load_ladder


class Command(BaseCommand):
    help = "Check a ladder against its schema and give it to a programme. Nobody falls by it before a manager has decided."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, help="The id in the addresses of the programme.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = yaml.safe_load(options["file"].read_text("utf-8"))
            row = load_ladder(actor=None, programme=options["programme"], document=document)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
            raise CommandError(f"{options['file']} cannot be read: {fault}") from fault
        except Refused as fault:
            raise CommandError(f"{options['file']} was not loaded. {fault.message}") from fault
        self.stdout.write(f"The ladder of {row.name} is loaded.")

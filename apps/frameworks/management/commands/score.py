"""Score an answers file against a framework file; needs no database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.frameworks.services import FrameworkFaults, read_framework_file
from apps.scoring import InputFaults, cli


class Command(BaseCommand):
    help = "Score the answers in one file against the framework in another and print the result as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--framework", type=Path, required=True, help="A framework file, YAML or JSON.")
        parser.add_argument("--answers", type=Path, required=True, help="An answers file, YAML or JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            framework = read_framework_file(options["framework"])
            answers = options["answers"].read_text(encoding="utf-8")
            result = cli.run(json.dumps(framework, ensure_ascii=False), answers)
        except FrameworkFaults as error:
            raise CommandError(error.message) from error
        except InputFaults as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['answers']}: it cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['answers']}: not UTF-8 at byte {error.start}") from error
        self.stdout.write(result, ending="")

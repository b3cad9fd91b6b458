"""Read a framework file as a careful reader would and list what is unclear in it; needs no database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.frameworks.services import FrameworkFaults, read_framework_file
from apps.frameworks.services.checking import document_faults
from apps.frameworks.services.linting import Severity, lint_framework


class Command(BaseCommand):
    help = "List what a reader could not answer alone in a framework file: vague words, two conditions, missing proof."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="A framework file, YAML or JSON.")
        parser.add_argument("--strict", action="store_true", help="Fail on advice as well as on faults.")

    def handle(self, *args: Any, **options: Any) -> None:
        path, strict = options["file"], options["strict"]
        try:
            document = read_framework_file(path)
        except FrameworkFaults as error:
            raise CommandError(error.message) from error
        faults = document_faults(document)
        if faults:
            raise CommandError("\n".join([f"{path} cannot be loaded, so it was not read.", *faults]))
        findings = lint_framework(document)
        for finding in findings:
            self.stdout.write(str(finding))
        if any(strict or finding.severity == Severity.FAULT for finding in findings):
            raise CommandError(f"{path}: {_count(findings, 'finding')}.")
        self.stdout.write(
            f"{path}: {_count(findings, 'finding')} in {_count(document['indicators'], 'indicator')}."
        )


def _count(rows: list[Any], name: str) -> str:
    return f"{len(rows)} {name}{'' if len(rows) == 1 else 's'}"

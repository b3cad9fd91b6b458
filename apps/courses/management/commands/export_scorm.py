"""Take a course out as a SCORM 1.2 package."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from apps.courses.services.scorm import take_out_course


class Command(BaseCommand):
    help = (
        "Write a published course, or one module of it, as a SCORM 1.2 package: lessons and practice with every answer explained. "
        "Questions of tests stay here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", help="the course's slug, e.g. c1-cyber-hygiene")
        parser.add_argument("folder", type=Path, help="where the file is written")
        parser.add_argument("--language", default="", help="e.g. fr; without it English, or what there is")
        parser.add_argument("--module", default="", help="e.g. m1; without it the whole course")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            name, content = take_out_course(
                actor=None, course=options["course"], language=options["language"], module=options["module"]
            )
        except Http404:
            raise CommandError("There is no such course, language or module with lessons.") from None
        target = options["folder"] / name
        try:
            options["folder"].mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as fault:
            raise CommandError(f"{target} cannot be written: {fault.strerror}.") from None
        self.stdout.write(f"{target}: {len(content)} bytes.")

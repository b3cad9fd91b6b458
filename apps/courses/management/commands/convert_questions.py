"""Turn question files of other systems into ours, and ours into theirs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.courses.services.reading import StrictLoader
from apps.marking.exchange import (
    Decision,
    Line,
    NotReadable,
    Reading,
    drafts_of,
    read_aiken,
    read_gift,
    read_moodle_xml,
    rows_of,
    write_aiken,
    write_gift,
    write_moodle_xml,
)

READERS = {"gift": read_gift, "aiken": read_aiken, "moodle": read_moodle_xml}
WRITERS = {"gift": write_gift, "aiken": write_aiken, "moodle": write_moodle_xml}


class Command(BaseCommand):
    help = (
        "Read a GIFT, Aiken or Moodle XML file and write a question file of a course, or the other way round. Every question is listed "
        "with its line and what became of it; --dry-run lists and writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("target", type=Path, nargs="?")
        parser.add_argument("--from", dest="source_format", choices=[*READERS, "yaml"], required=True)
        parser.add_argument("--to", dest="target_format", choices=[*WRITERS, "yaml"], default="yaml")
        parser.add_argument("--prefix", default="C0.m1.test", help="what ids begin with, e.g. C3.m1.test")
        parser.add_argument("--objective", default="C0.O1", help="for questions that name no objective")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        reading = self._read(options["source"], options["source_format"])
        for note in reading.notes:
            self.stdout.write(note)
        self._list(reading.lines)
        if options["target_format"] == "yaml":
            rows = rows_of(reading.drafts, options["prefix"], options["objective"])
            text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=110)
        else:
            text, left = WRITERS[options["target_format"]](reading.drafts)
            self._list(left)
        if options["dry_run"] or options["target"] is None:
            return
        if options["target"].exists():
            raise CommandError(f"{options['target']} exists already; choose another name.")
        options["target"].write_text(text, encoding="utf-8")

    def _read(self, source: Path, name: str) -> Reading:
        try:
            if name == "yaml":
                rows = yaml.load(source.read_text(encoding="utf-8"), Loader=StrictLoader)  # noqa: S506  a safe loader
                return Reading(drafts=drafts_of(rows))
            return READERS[name](source.read_bytes())
        except (OSError, NotReadable, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as fault:
            raise CommandError(f"{source} cannot be read: {fault}") from None

    def _list(self, lines: Sequence[Line]) -> None:
        """One line a question, and how many of each decision."""
        for line in lines:
            self.stdout.write(
                f"{line.number}\t{line.decision.value}\t{line.name}\t{' '.join(line.reasons)}".rstrip()
            )
        if lines:
            counts = (f"{sum(line.decision is one for line in lines)} {one.value}" for one in Decision)
            self.stdout.write(", ".join(counts))

"""Import a framework of any kind that is read, from the console of the server."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.frameworks.choices import Scope
from apps.frameworks.services import importing, load_framework

LARGEST_FILE = 5_000_000


class Command(BaseCommand):
    help = (
        "Import a framework from our YAML or JSON, an OSCAL catalogue, a CISO Assistant library or a workbook. "
        "Everything or nothing is stored; with --dry-run nothing is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto", choices=list(importing.KINDS), help="Kind of file.")
        parser.add_argument("--dry-run", action="store_true", help="Show what would be made and stop.")
        parser.add_argument("--publish", action="store_true", help="Publish at once; without it, a draft.")
        parser.add_argument(
            "--scope", default="", choices=["", *Scope.values], help="Who is asked, if the file does not say."
        )
        parser.add_argument(
            "--method", default="", choices=["", *importing.METHODS], help="How it is scored."
        )
        parser.add_argument("--id", default="", help="Id in addresses, in place of the file's.")
        parser.add_argument("--framework-version", default="", help="Version, in place of the file's.")
        parser.add_argument(
            "--unmarked", action="store_true", help="Take in controls that look like leftovers too."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        choices = importing.Choices(
            kind=options["format"], scope=options["scope"], method=options["method"], slug=options["id"],
            version=options["framework_version"], unmarked=options["unmarked"], publish=options["publish"],
        )  # fmt: skip
        try:
            prepared = importing.read_import(_content(path), name=path.name, choices=choices)
            self._show(importing.preview_of(prepared, programme=None, publish=choices.publish))
            if options["dry_run"]:
                self.stdout.write("Nothing was stored: this was a dry run.")
                return
            version = load_framework(
                actor=None, text=importing.as_text(prepared.document), draft=not choices.publish
            )
        except Refused as error:
            faults = getattr(error, "faults", (error.message,))
            raise CommandError("\n".join([f"{path} was not imported.", *faults])) from error
        self.stdout.write(f"{version}: {version.get_state_display().lower()}.")

    def _show(self, preview: importing.Preview) -> None:
        """The tree with its first texts, the counts, what was left out, what would happen."""
        self.stdout.write(
            f"{preview.name} ({preview.slug}) {preview.version}, {preview.language}, read as: {preview.kind}"
        )
        self.stdout.write(
            f"{len(preview.dimensions)} dimensions, {preview.areas} areas, {preview.indicators} indicators "
            f"({preview.national} national, {preview.organisational} organisational), {preview.descriptors} descriptors, "
            f"{preview.prerequisites} prerequisites, {preview.profiles} target profiles"
        )
        self.stdout.write(f"Scored by {preview.method}")
        self.stdout.write(
            "Scale: " + ", ".join(f"{level} {name}" for level, name, _meaning in preview.levels)
        )
        for dimension in preview.dimensions:
            self.stdout.write(f"{dimension.code} {dimension.name}: {dimension.count} indicators")
            for area in dimension.areas:
                first = area.indicators[0]
                self.stdout.write(
                    f"  {area.code} {area.name}: {len(area.indicators)}, first {first[0]} {first[1]}"
                )
        for note in preview.notes:
            self.stdout.write(f"- {note}")
        self.stdout.write(preview.blocked or preview.effect)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({error.strerror}).") from error
    return content

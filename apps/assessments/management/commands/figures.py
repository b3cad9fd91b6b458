"""The short form of results beside their documents: check, mend."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.assessments.models import Result
from apps.assessments.selectors.figures import mistaken
from apps.assessments.services.figures import mend_figures

MOST_NAMED = 20


class Command(BaseCommand):
    help = "Compare what pages about many members read of each result with the result's document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("check", help="Say which results' figures are missing or differ from the document.")
        acts.add_parser("mend", help="Write those anew from the document.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "mend":
            self.stdout.write(f"{mend_figures()} written anew.")
            return
        wrong = [row.public_id for row, _right in mistaken()]
        if wrong:
            named = "\n".join(wrong[:MOST_NAMED])
            raise CommandError(
                f"{len(wrong)} results' figures differ; `figures mend` writes them anew:\n{named}"
            )
        self.stdout.write(f"The figures of {Result.objects.count()} results are what their documents say.")

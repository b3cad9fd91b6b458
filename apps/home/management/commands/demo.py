"""Load the demonstration region, or say who can be entered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.selectors import demo_people
from apps.home.services import LARGEST, SMALLEST, Loaded, NotReady, ask_for_reports, load_demo


class Command(BaseCommand):
    help = "Load the demonstration region. Loading it again changes nothing, unless --reset is given."
    # Checks walk every page; a second run has to answer at once.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, help=f"How many members, {SMALLEST} to {LARGEST}.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same region.")
        parser.add_argument(
            "--reset", action="store_true", help="Remove the demonstration first. Audit rows stay."
        )
        parser.add_argument(
            "--reports",
            action="store_true",
            help="Ask for reports, too; a worker makes them when the site starts.",
        )
        parser.add_argument("--who", action="store_true", help="Print who can be entered, and where.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This site is not a demonstration. Set BELAY_DEMO=1 on one that is.")
        if options["who"]:
            self._say_who()
            return
        size = options["members"]
        if size is not None and not SMALLEST <= size <= LARGEST:
            raise CommandError(f"Choose {SMALLEST} to {LARGEST} members.")
        try:
            loaded = load_demo(seed=options["seed"], members=size, reset=options["reset"])
        except NotReady as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(summary(loaded))
        if options["reports"]:
            ask_for_reports()

    def _say_who(self) -> None:
        people = demo_people(AnonymousUser())
        if not people:
            raise CommandError("Nobody can be entered yet. Load the demonstration first: manage.py demo")
        width = max(len(person.full_name) for person in people)
        for person in people:
            self.stdout.write(f"  {person.full_name:<{width}}  {person.call_name}")
        self.stdout.write(f"Enter as one of them at {settings.SITE_URL}/tour/")


def summary(loaded: Loaded) -> str:
    """What was done, in a sentence or two."""
    if not loaded.fresh:
        return "The demonstration is loaded already; nothing was changed. Use --reset to load it again."
    removed = f"{loaded.removed:,} rows were removed first. " if loaded.removed else ""
    return (
        f"{removed}Loaded {loaded.nations} nations, {loaded.organisations} organisations, {loaded.people} people, "
        f"{loaded.results} results, {loaded.engagements} engagements and {loaded.certificates} certificates."
    )

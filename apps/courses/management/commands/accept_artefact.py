"""Accept a learner's piece of work, so that a certificate of practice can be issued."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import Http404

from apps.core.errors import Refused
from apps.courses.selectors import enrolment_by_address
from apps.courses.services import accept_artefact


class Command(BaseCommand):
    help = "Record that a learner's piece of work was looked at and accepted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("course", help="The course's short name, as in its address.")
        parser.add_argument("--title", required=True, help="What the piece of work is called.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            enrolment = enrolment_by_address(options["email"], options["course"])
            work = accept_artefact(actor=None, enrolment=enrolment, title=options["title"])
        except (Refused, PermissionDenied) as fault:
            raise CommandError(str(fault)) from None
        except Http404:
            raise CommandError("Nobody with this address takes this course.") from None
        self.stdout.write(f"Accepted: {work.title}")

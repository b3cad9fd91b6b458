"""What several pages of courses read from an address, and where they lead."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.accounts.http import Request
from apps.core.errors import Refused
from apps.courses import selectors


def number(text: str | None) -> int | None:
    """A small whole number from the address, or None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 4 else None


def day_of(text: str) -> date | None:
    """A day as a form sends it, or None when none is given. Raises Refused for anything else."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("Give the day as a date."), field="planned_on") from None
    if not 2000 <= found.year <= 2100:
        raise Refused(_("Give a day of this century."), field="planned_on")
    return found


def start_first(request: Request, course: str) -> HttpResponse:
    """Lead somebody who has not enrolled to the course's page; 404 where there is none."""
    selectors.course_page(request.user, course)
    messages.info(request, _("Start the course first. It takes one tap."))
    return redirect("courses:course", course=course)

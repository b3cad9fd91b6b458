"""What terms can be agreed on: checked when a draft is written and again when it is signed. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.members.choices import Tlp
from apps.members.policies import site_day
from apps.members.services.grants import LONGEST_GRANT_DAYS
from apps.mentoring.choices import Mode, WhoPays
from apps.mentoring.models import Engagement
from apps.mentoring.selectors.figures import HIGHEST_LEVEL
from apps.mentoring.selectors.terms import MOST_MILESTONES, MOST_REVIEWS, Terms


def check_terms(engagement: Engagement, held: Terms, terms: Terms) -> None:
    """Raise `Refused`, naming the field, for terms that nobody could keep. `held` are those stored before."""
    if set(terms) != set(held):
        raise Refused(_("Open the page again and try once more."))
    for name in ("purpose", "roles_member", "roles_mentor", "confidentiality", "conflict", "exit"):
        if not terms[name].strip():
            raise Refused(_("An agreement says something here."), field=name)
    if (
        terms["mode"] not in Mode.values
        or terms["who_pays"] not in WhoPays.values
        or terms["tlp"] not in Tlp.values
    ):
        raise Refused(_("Choose one of the choices."))
    for name in ("member_lead", "mentor_lead"):
        if not terms[name]["id"]:
            raise Refused(_("Name who leads the work for this side."), field=name)
    _check_days(engagement, terms)
    _check_results(held, terms)


def _check_days(engagement: Engagement, terms: Terms) -> None:
    starts, ends = date.fromisoformat(terms["starts_on"]), date.fromisoformat(terms["ends_on"])
    if ends <= starts:
        raise Refused(_("The end comes after the start."), field="ends_on")
    if not site_day() <= ends <= site_day() + timedelta(days=LONGEST_GRANT_DAYS):
        raise Refused(_("Choose an end date from today to two years from now."), field="ends_on")
    if starts > engagement.starts_on and engagement.sessions.filter(held_on__lt=starts).exists():
        raise Refused(_("A session was held before this day already."), field="starts_on")
    if not site_day() <= date.fromisoformat(terms["access_until"]) <= ends:
        raise Refused(_("Choose a day from today to the end of the work."), field="access_until")
    if not terms["milestones"]:
        raise Refused(_("Name at least one milestone."), field="milestone_1_title")
    if len(terms["milestones"]) > MOST_MILESTONES or len(terms["reviews"]) > MOST_REVIEWS:
        raise Refused(_("These are too many."))
    _check_inside(((f"milestone_{m['key'][1:]}_on", m["due_on"]) for m in terms["milestones"]), starts, ends)
    _check_inside(((f"review_{n}", day) for n, day in enumerate(terms["reviews"], 1)), starts, ends)


def _check_inside(days: Iterable[tuple[str, str]], starts: date, ends: date) -> None:
    for field, day in days:
        if not starts <= date.fromisoformat(day) <= ends:
            raise Refused(_("Choose a day between the start and the end of the work."), field=field)


def _check_results(held: Terms, terms: Terms) -> None:
    known = {row["indicator"]: row for row in held["results"]}
    for place, row in enumerate(terms["results"], 1):
        before = known.get(row["indicator"])
        if before is None or (row["name"], row["from"]) != (before["name"], before["from"]):
            raise Refused(_("Open the page again and try once more."))
        if not row["from"] < row["to"] <= HIGHEST_LEVEL:
            raise Refused(_("The level to reach lies above the one now."), field=f"result_{place}_to")

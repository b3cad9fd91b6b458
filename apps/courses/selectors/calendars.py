"""A learner's planned days in the form that calendars read."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from apps.accounts.models import User
from apps.courses.selectors.planner import planned_of


def calendar_text(user: User) -> bytes:
    """The person's planned days as an iCalendar file (RFC 5545), in the active language."""
    host = settings.SITE_URL.split("//")[-1].split(":")[0]
    made = Calendar()
    for name, value in (("prodid", "-//Belay//Learning//EN"), ("version", "2.0"), ("method", "PUBLISH")):
        made.add(name, value)
    made.add("x-wr-calname", _("My learning"))
    for one in planned_of(user):
        event = Event()
        event.add("uid", f"{one.key}.{user.public_id}@{host}")
        event.add("dtstamp", now().replace(microsecond=0))
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", one.text)
        event.add("url", settings.SITE_URL + one.url)
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical())

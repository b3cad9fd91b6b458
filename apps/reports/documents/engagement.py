"""What the report of an engagement says: the agreement in short, goals, sessions, what was shared, the review, follow-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.members.choices import Tlp
from apps.mentoring.selectors.story import Story
from apps.reports.documents.parts import DAY, Cover, Entry, Fact, Request, handling, recipient

REACHED = "reached"


@dataclass(frozen=True, slots=True)
class EngagementDocument:
    """A whole report on one engagement."""

    request: Request
    cover: Cover
    contents: tuple[Entry, ...]
    finding: str
    facts: tuple[Fact, ...]
    story: Story


def engagement_document(story: Story, *, reader: str, made_on: date, head: str = "") -> EngagementDocument:
    """Put an engagement in words, in the active language."""
    title = _("Engagement on %(area)s") % {"area": story.area_name}
    request = Request(story.public_id[:11], title, Tlp.AMBER_STRICT, "a4", reader, made_on, head)
    facts = _facts(story)
    return EngagementDocument(request, _cover(story, request), _contents(), _finding(story), facts, story)


def _finding(story: Story) -> str:
    if not story.goals:
        return ngettext("One session was held", "%(n)d sessions were held", len(story.sessions)) % {
            "n": len(story.sessions)
        }
    values = {"reached": sum(goal.result == REACHED for goal in story.goals), "n": len(story.goals)}
    return (
        ngettext(
            "%(reached)d of %(n)d goal is reached", "%(reached)d of %(n)d goals are reached", values["n"]
        )
        % values
    )


def _facts(story: Story) -> tuple[Fact, ...]:
    planned = _("of %(number)d planned") % {"number": story.planned}
    reached = sum(goal.result == REACHED for goal in story.goals)
    return (
        Fact(_("Sessions held"), str(len(story.sessions)), planned, "a"),
        Fact(_("Hours together"), number_format(story.hours.normalize())),
        Fact(_("Goals reached"), str(reached), _("of %(number)d") % {"number": len(story.goals)}, "key"),
        Fact(_("State"), story.state_label),
    )


def _cover(story: Story, request: Request) -> Cover:
    days = {"start": date_format(story.starts_on, DAY), "end": date_format(story.ends_on, DAY)}
    return Cover(
        title=request.title,
        subject=story.learner.name,
        facts=(
            Fact(_("Mentor partner"), story.mentor),
            Fact(_("Time"), _("%(start)s to %(end)s") % days),
            Fact(_("Made on"), date_format(request.made_on, DAY)),
            Fact(_("Reference"), request.reference),
        ),
        handling=handling(request.tlp, story.learner.name),
        recipient=recipient(request),
        seed=story.public_id,
        route="",
    )


def _contents() -> tuple[Entry, ...]:
    return (
        Entry("summary", _("The work at a glance")),
        Entry("goals", _("Goals")),
        Entry("sessions", _("Sessions and hours")),
        Entry("feedback", _("Feedback that was shared")),
        Entry("review", _("Closing review")),
        Entry("after", _("Follow-up")),
        Entry("verify", _("How to check this report")),
    )


def engagement_html(document: EngagementDocument) -> str:
    """The page for the PDF engine; every word in it is escaped."""
    return render_to_string("reports/print/engagement.html", {"doc": document})

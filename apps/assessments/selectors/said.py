"""What was said about each question inside the member: comments of colleagues, questions to them, remarks of reviewers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.assessments.choices import RemarkKind
from apps.assessments.models import Assessment, Comment, Remark


@dataclass(frozen=True, slots=True)
class Saying:
    """One text: of a reviewer who asks back with `remark` (`change`: who requests a change), else a comment, `to` the colleagues who were told of it.

    `asked` is the colleague whom the thread asks, `due_on` until when.
    """

    who: str
    at: datetime
    text: str
    remark: bool = False
    change: bool = False
    to: tuple[str, ...] = ()
    asked: str = ""
    due_on: date | None = None

    @property
    def line(self) -> str:
        """Who wrote, on which day, and to whom, in one line."""
        parts = [self.who, date_format(localdate(self.at), "SHORT_DATE_FORMAT")]
        if self.change:
            parts.append(_("requests a change as reviewer"))
        elif self.remark:
            parts.append(_("asks back as reviewer"))
        if self.asked:
            parts.append(_("asks %(who)s") % {"who": self.asked})
        if self.due_on:
            parts.append(_("until %(day)s") % {"day": date_format(self.due_on, "SHORT_DATE_FORMAT")})
        if self.to:
            parts.append(_("told: %(names)s") % {"names": ", ".join(self.to)})
        return " · ".join(parts)


def said_of(assessment: Assessment) -> dict[str, tuple[Saying, ...]]:
    """Everything that people of the member wrote about the questions, oldest first, by code. 3 queries."""
    found: dict[str, list[Saying]] = defaultdict(list)
    comments = Comment.objects.filter(talk__assessment=assessment).order_by("at", "pk")
    comments = comments.select_related("by", "talk__indicator", "talk__asked").prefetch_related("mentions")
    for row in comments:
        to = tuple(sorted(str(person) for person in row.mentions.all()))
        asked = str(row.talk.asked) if row.talk.asked else ""
        saying = Saying(str(row.by), row.at, row.text, to=to, asked=asked, due_on=row.talk.due_on)
        found[row.talk.indicator.code].append(saying)
    remarks = Remark.objects.filter(response__assessment=assessment)
    for remark in remarks.select_related("by", "response__indicator"):
        saying = Saying(
            str(remark.by), remark.at, remark.text, remark=True, change=remark.kind == RemarkKind.CHANGE
        )
        found[remark.response.indicator.code].append(saying)
    return {code: tuple(sorted(rows, key=lambda row: row.at)) for code, rows in found.items()}

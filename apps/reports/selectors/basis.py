"""What a report is made from, and who agreed to that, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assessments.models import Result
from apps.members.models import Participation, Programme
from apps.mentoring.models import Need, Offer
from apps.reports.choices import ReportKind
from apps.reports.models import Report


@dataclass(frozen=True, slots=True)
class DataLine:
    """One thing that a report is made from: whose or which, what of it, and who agreed."""

    name: str
    what: str
    agreed: str


def data_used(report: Report) -> tuple[DataLine, ...]:
    """The lines of a report that may not be stored yet. A constant number of queries."""
    if report.programme is not None:
        rounds = _round(report.programme) if report.kind == ReportKind.ROUND else None
        return rounds or _programme(report.programme)
    if report.result is not None:
        return _result(report.result)
    return _own(report)


def _result(result: Result) -> tuple[DataLine, ...]:
    assessment = result.assessment
    signer = assessment.submitted_by.full_name if assessment.submitted_by else ""
    day = date_format(localdate(assessment.submitted_at or result.computed_at), "j F Y")
    number = len(result.inputs.get("answers", {}))
    answers = ngettext("%(n)s answer, signed off on %(day)s", "%(n)s answers, signed off on %(day)s", number)
    agreed = _("Signed off by %(who)s. The report stays inside your member.") % {"who": signer}
    return (
        DataLine(assessment.title, answers % {"n": number, "day": day}, agreed if signer else own_words()),
    )


def own_words() -> str:
    """Who agreed where everything is the member's own."""
    return _("Your own data: the report stays inside your member.")


def _own(report: Report) -> tuple[DataLine, ...]:
    assert report.member is not None
    title = report.assessment.title if report.assessment else report.title
    return (DataLine(title, str(ReportKind(report.kind).label), own_words()),)


def _programme(programme: Programme) -> tuple[DataLine, ...]:
    rows = (
        Participation.objects.filter(programme=programme)
        .select_related("member")
        .order_by("member__name", "pk")
    )
    has = set(
        Result.objects.standing().filter(member__programmes=programme).values_list("member_id", flat=True)
    )
    return tuple(
        DataLine(
            row.member.name,
            _("Levels of its newest result") if row.shares_levels and row.member_id in has else _("Its name"),
            _said(row),
        )
        for row in rows
    )


def _said(row: Participation) -> str:
    if not row.shares_levels:
        return _("Does not share its levels: none are shown.")
    day = date_format(localdate(row.joined_at), "j F Y")
    return _("Shares its levels with the programme, in which it has been since %(day)s.") % {"day": day}


def _round(programme: Programme) -> tuple[DataLine, ...]:
    needs = Need.objects.filter(programme=programme).exclude(state="withdrawn").count()
    offers = Offer.objects.filter(programme=programme).exclude(state="withdrawn").count()
    sent = _("Each was sent to the programme by a lead of its member.")
    return (
        DataLine(_("Requests"), ngettext("%(n)s request", "%(n)s requests", needs) % {"n": needs}, sent),
        DataLine(_("Offers"), ngettext("%(n)s offer", "%(n)s offers", offers) % {"n": offers}, sent),
    )

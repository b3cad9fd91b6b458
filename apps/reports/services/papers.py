"""Ask for the national report, a comparison, the one page and action sheets, and put their rows in words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.sharing import strictest
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.members.choices import Tlp
from apps.members.models import Member
from apps.reports import documents
from apps.reports.choices import ReportKind
from apps.reports.models import Report
from apps.reports.policies import may_ask_about, may_ask_for_sheets
from apps.reports.selectors import member_for_reports, result_source
from apps.reports.selectors.comparison import comparison_source
from apps.reports.selectors.national import national_source
from apps.reports.selectors.sheets import EVERYBODY, sheets_source
from apps.reports.services.asking import ask_for

Made = tuple[documents.Printed, str]


@transaction.atomic
def request_national_report(*, actor: User, member: str, edition: int, language: str, paper: str) -> Report:
    """Ask for the report of one edition of a nation's picture; for its people. Raises `Refused`, naming the field."""
    subject = _asker(actor, member)
    try:
        source = national_source(actor, subject.public_id, edition)
    except Http404:
        raise Refused(_("Choose an edition of this nation’s picture."), field="edition") from None
    label = strictest([Tlp.AMBER_STRICT, *((source.own.tlp,) if source.own else ())])
    with translation.override(language):
        title = _("National cybersecurity capacity, edition %(number)s") % {"number": edition}
    return _ask(
        actor, subject, ReportKind.NATIONAL, title, label, language, paper, about={"edition": edition}
    )


@transaction.atomic
def request_comparison(
    *, actor: User, member: str, before: str, result: str, language: str, paper: str
) -> Report:
    """Ask for two results of a member side by side. Raises `Refused`, naming the field."""
    subject = _asker(actor, member)
    rows = _results(actor, subject, before, result)
    if len(rows) < 2 or rows[0].assessment_id == rows[1].assessment_id:
        raise Refused(_("Choose two different results of this member."), field="before")
    label = strictest([row.tlp for row in rows])
    titles = {"then": rows[0].assessment.title, "now": rows[1].assessment.title}
    with translation.override(language):
        title = _("Comparison: %(then)s and %(now)s") % titles
    return _ask(
        actor, subject, ReportKind.COMPARISON, title, label, language, paper, result=rows[1],
        about={"before": rows[0].public_id},
    )  # fmt: skip


def earlier_result(result: Result) -> Result:
    """The result before this one of the same member on the same framework. Raises `Refused` where there is none."""
    rows = Result.objects.standing().filter(
        member=result.member, computed_at__lt=result.computed_at,
        assessment__version_of__framework=result.assessment.version_of.framework_id,
    )  # fmt: skip
    found = rows.latest_first().first()
    if found is None:
        raise Refused(_("There is no earlier result to compare with yet."))
    return found


@transaction.atomic
def request_brief(*, actor: User, member: str, result: str, language: str, paper: str) -> Report:
    """Ask for one result on one page. Raises `Refused`, naming the field."""
    subject = _asker(actor, member)
    rows = _results(actor, subject, result)
    if not rows:
        raise Refused(_("Choose a result of this member."), field="result")
    with translation.override(language):
        title = _("On one page: %(title)s") % {"title": rows[0].assessment.title}
    return _ask(actor, subject, ReportKind.BRIEF, title, rows[0].tlp, language, paper, result=rows[0])


@transaction.atomic
def request_action_sheets(
    *, actor: User, member: str, plan: str, person: str, language: str, paper: str
) -> Report:
    """Ask for the sheets of a plan: one's own, or as its lead those of `person` (public id or "all"). Raises `Refused`."""
    subject = member_for_reports(actor, member)
    require(may_ask_for_sheets(actor, subject, person))
    try:
        source = sheets_source(actor, member, plan, person)
    except Http404:
        raise Refused(_("Nothing in this plan is this person’s."), field="person") from None
    with translation.override(language):
        title = _("Action sheets: %(plan)s") % {"plan": source.plan}
    label = source.tlp or Tlp.AMBER_STRICT
    about = {"plan": source.plan_id, "person": person}
    return _ask(actor, subject, ReportKind.ACTIONS, title, label, language, paper, about=about)


def _asker(actor: User, member: str) -> Member:
    subject = member_for_reports(actor, member)
    require(may_ask_about(actor, subject))
    return subject


def _results(actor: User, member: Member, *ids: str) -> list[Result]:
    """The standing results of the member under these ids, the earlier first."""
    rows = Result.objects.visible_to(actor).standing().filter(member=member, public_id__in=ids)
    return list(rows.select_related("assessment").order_by("computed_at", "pk"))


def _ask(
    actor: User, member: Member, kind: str, title: str, tlp: str, language: str, paper: str,
    *, result: Result | None = None, about: dict[str, Any] | None = None,
) -> Report:  # fmt: skip
    report = Report(
        kind=kind, member=member, result=result, about=about or {}, title=title[:200], language=language, paper=paper,
        tlp=tlp, input_hash=result.input_hash if result else "", asked_by=actor,
    )  # fmt: skip
    return ask_for(actor, report, member)


def _national(row: Report, request: documents.Request) -> Made:
    source = national_source(row.asked_by, _member(row).public_id, int(row.about["edition"]))
    return documents.national_document(source, request), source.page.content_hash


def _comparison(row: Report, request: documents.Request) -> Made:
    source = comparison_source(row.asked_by, str(row.about["before"]), _result(row).public_id)
    both = hashlib.sha256("".join(source.hashes).encode()).hexdigest()
    return documents.comparison_document(source, request), both


def _brief(row: Report, request: documents.Request) -> Made:
    source = result_source(row.asked_by, _result(row).public_id)
    return documents.brief_document(source, request), row.input_hash


def _actions(row: Report, request: documents.Request) -> Made:
    person = str(row.about["person"] or EVERYBODY)
    source = sheets_source(row.asked_by, _member(row).public_id, str(row.about["plan"]), person)
    return documents.actions_document(source, request), hashlib.sha256(repr(source).encode()).hexdigest()


def _member(row: Report) -> Member:
    if row.member is None:
        raise Http404("The report is about no member.")
    return row.member


def _result(row: Report) -> Result:
    if row.result is None:
        raise Http404("The report is about no result.")
    return row.result


MAKERS: dict[str, Callable[[Report, documents.Request], Made]] = {
    ReportKind.NATIONAL: _national,
    ReportKind.COMPARISON: _comparison,
    ReportKind.BRIEF: _brief,
    ReportKind.ACTIONS: _actions,
}

PAPER_ASKS: dict[str, Callable[..., Report]] = {
    ReportKind.NATIONAL: request_national_report,
    ReportKind.COMPARISON: request_comparison,
    ReportKind.BRIEF: request_brief,
    ReportKind.ACTIONS: request_action_sheets,
}

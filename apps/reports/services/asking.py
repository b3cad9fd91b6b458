"""Ask for, make, stop, repeat and take reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments.models import Result
from apps.assessments.selectors.sharing import strictest
from apps.assessments.selectors.sheet import EVERYTHING, sheet_of
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.core.jobs import enqueue
from apps.core.saves import once
from apps.members.choices import Tlp
from apps.members.models import Member, Programme
from apps.reports import documents
from apps.reports.choices import ReportKind, ReportState
from apps.reports.models import Report, ReportSchedule
from apps.reports.policies import may_ask_about, may_change_report
from apps.reports.selectors import (
    matching_source,
    member_for_reports,
    programme_for_reports,
    report_to_change,
)
from apps.reports.services.settling import reopen_batch, settle_batch

MOST_RUNNING = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """How a report is asked for, whatever it is about: under the label `tlp` (`at_least`: or a stricter one), as a `draft`
    that is not stored, or by a `schedule`, which does not wait for others."""

    tlp: str = ""
    at_least: bool = False
    draft: bool = False
    schedule: ReportSchedule | None = None


_wish: ContextVar[Wish | None] = ContextVar("wish", default=None)


@contextmanager
def _wishing(wish: Wish) -> Iterator[None]:
    """Everything asked for inside is asked for in this way."""
    token = _wish.set(wish)
    try:
        yield
    finally:
        _wish.reset(token)


@transaction.atomic
def request_assessment_report(*, actor: User, member: str, result: str, language: str, paper: str) -> Report:
    """Ask for a report about one result of a member. Raises `Refused` when too many are being made."""
    subject = member_for_reports(actor, member)
    require(may_ask_about(actor, subject))
    row = (
        Result.objects.visible_to(actor)
        .filter(public_id=result, member=subject)
        .select_related("assessment")
        .first()
    )
    if row is None:
        raise Refused(_("Choose a result of this member."), field="result")
    with translation.override(language):
        title = _("Cybersecurity maturity: %(title)s") % {"title": row.assessment.title}
    report = Report(
        kind=ReportKind.ASSESSMENT, member=subject, result=row, title=title, language=language, paper=paper,
        tlp=row.tlp, input_hash=row.input_hash, asked_by=actor,
    )  # fmt: skip
    return ask_for(actor, report, subject)


@transaction.atomic
def request_programme_report(
    *,
    actor: User,
    programme: str,
    language: str,
    paper: str,
    round: str = "",  # noqa: A002 - the field of the form
) -> Report:
    """Ask for an overview of a programme, or of its matching `round` (a public id); for its managers.

    Raises `Refused` for a round without an answer, or when too many are being made.
    """
    subject = programme_for_reports(actor, programme)
    require(may_ask_about(actor, subject))
    if round:
        return ask_for(actor, _round_report(actor, subject, round, language, paper), subject)
    with translation.override(language):
        title = _("Programme overview")
    report = Report(
        kind=ReportKind.PROGRAMME, programme=subject, title=title, language=language, paper=paper,
        tlp=Tlp.AMBER_STRICT, asked_by=actor,
    )  # fmt: skip
    return ask_for(actor, report, subject)


def _round_report(actor: User, programme: Programme, round_id: str, language: str, paper: str) -> Report:
    try:
        source = matching_source(actor, programme.public_id, round_id)
    except Http404:
        raise Refused(_("Choose a round that was worked out."), field="round") from None
    with translation.override(language):
        title = _("Matching round: %(name)s") % {"name": source.name}
    return Report(
        kind=ReportKind.ROUND, programme=programme, about={"round": round_id}, title=title[:200], language=language,
        paper=paper, tlp=Tlp.AMBER_STRICT, input_hash=source.certificate.input_hash, asked_by=actor,
    )  # fmt: skip


@transaction.atomic
def request_questionnaire(
    *, actor: User, member: str, assessment: str, areas: list[str], person: str, filled: bool, language: str
) -> Report:
    """Ask for the questionnaire of an assessment on paper: `areas` (codes, none for all) of `person` ("" for everybody).

    For everybody who sees the answers. Raises `Refused`, naming the field, when it would hold no question.
    """
    subject = member_for_reports(actor, member)
    require(may_ask_about(actor, subject))
    about: dict[str, Any] = {"areas": sorted(areas), "person": person or EVERYTHING, "filled": filled}
    sheet = sheet_of(actor, member, assessment, **about)
    if not sheet.areas:
        raise Refused(
            _("None of these areas is given to this person. Choose others, or everybody."), field="person"
        )
    with translation.override(language):
        title = _("Questionnaire: %(title)s") % {"title": sheet.assessment.title}
        if sheet.person:
            title = _("%(title)s, for %(who)s") % {"title": title, "who": sheet.person}
    report = Report(
        kind=ReportKind.SHEET, member=subject, assessment=sheet.assessment, about=about, title=title[:200],
        language=language, tlp=documents.label_of(sheet), asked_by=actor,
    )  # fmt: skip
    return ask_for(actor, report, subject)


def ask_once(*, actor: User, ask: Callable[..., Report], key: str = "", tlp: str = "", **values: Any) -> str:
    """Ask for a report, once for each `key`; return the public id of the report, also when it was asked for before.

    `tlp` is a stricter label than that of what it is about; raises `Refused` for a looser one.
    """

    def act() -> dict[str, Any]:
        with _wishing(Wish(tlp=tlp)):
            return {"report": ask(actor=actor, **values).public_id}

    content = [*sorted(values.items()), *([tlp] if tlp else [])]
    done = once(owner=actor.public_id, scope="report", key=key, act=act, content=content)
    return str(done["report"])


def ask_scheduled(
    *, actor: User, schedule: ReportSchedule, ask: Callable[..., Report], tlp: str = "", **values: Any
) -> Report:
    """Ask for what a schedule makes, as `ask` does, beside however many others are being made."""
    with _wishing(Wish(tlp=tlp, at_least=True, schedule=schedule)):
        return ask(actor=actor, **values)


def ask_anew(*, actor: User, ask: Callable[..., Report], tlp: str, **values: Any) -> Report:
    """Ask as `ask` does for a report like one whose label was `tlp`: never under a looser one."""
    with _wishing(Wish(tlp=tlp, at_least=True)):
        return ask(actor=actor, **values)


def draft_report(*, actor: User, ask: Callable[..., Report], tlp: str = "", **values: Any) -> Report:
    """The report as `ask` would make it, with every check of its own, and nothing stored."""
    with _wishing(Wish(tlp=tlp, draft=True)):
        return ask(actor=actor, **values)


def labelled(own: str, wanted: str) -> str:
    """The label `wanted` for data whose label is `own`. Raises `Refused` where it would be looser."""
    if wanted and strictest([own, wanted]) != wanted:
        raise Refused(
            _("What the report is about is %(label)s: its label can be stricter, not looser.")
            % {"label": own},
            field="tlp",
        )
    return wanted or own


def ask_for(actor: User, report: Report, subject: Member | Programme) -> Report:
    """Keep a new report and queue it. Raises `Refused` while too many of the subject are being made."""
    wish = _wish.get() or Wish()
    # the label was chosen before the data was there: it gives way to a stricter one
    wanted = strictest([report.tlp, wish.tlp]) if wish.at_least and wish.tlp else wish.tlp
    report.tlp = labelled(report.tlp, wanted)
    if wish.draft:
        return report
    about = {"member": subject} if isinstance(subject, Member) else {"programme": subject}
    running = Report.objects.running().filter(**about, batch=None)
    if wish.schedule is None and running.count() >= MOST_RUNNING:
        raise Refused(_("Five reports are being made already. Wait until one is ready, or cancel one."))
    report.schedule = wish.schedule
    report.save(force_insert=True)
    audit.record(
        actor=actor, action="report.asked", on=report, chain=chain_of(report),
        language=report.language, input_hash=report.input_hash or None,
    )  # fmt: skip
    queue_report(report)
    return report


def ask_made(*, actor: User, report: Report) -> Report:
    """Ask for a report whose choices stand already. Raises `Refused` when too many are being made."""
    subject = report.member or report.programme
    assert subject is not None
    require(may_ask_about(actor, subject))
    return ask_for(actor, report, subject)


def queue_report(report: Report) -> None:
    """Have a worker make it; once for each try."""
    enqueue("reports.render", key=report.job_key, report=report.public_id, turn=report.tries)


def chain_of(report: Report) -> str:
    return report.member.public_id if report.member else audit.OPERATOR_CHAIN


@transaction.atomic
def cancel_report(*, actor: User, report: str) -> None:
    """Stop a report that waits or is being made; the worker notices at its next step. Raises `Conflict` when it is over."""
    row = report_to_change(actor, report)
    require(may_change_report(actor, row))
    stopped = (
        Report.objects.running().filter(pk=row.pk).update(state=ReportState.CANCELLED, stage="", percent=0)
    )
    if not stopped:
        raise Conflict(_("This report is no longer being made."))
    audit.record(actor=actor, action="report.cancelled", on=row, chain=chain_of(row))
    settle_batch(row)


@transaction.atomic
def retry_report(*, actor: User, report: str) -> None:
    """Make a failed or cancelled report again. Raises `Conflict` otherwise."""
    row = report_to_change(actor, report)
    require(may_change_report(actor, row))
    again = Report.objects.ended_badly().filter(pk=row.pk)
    if not again.update(state=ReportState.QUEUED, stage="", percent=0, error="", tries=F("tries") + 1):
        raise Conflict(_("This report has not failed."))
    row.refresh_from_db()
    audit.record(actor=actor, action="report.asked_again", on=row, chain=chain_of(row), tries=row.tries)
    if row.batch is not None:
        reopen_batch(row.batch)
    queue_report(row)

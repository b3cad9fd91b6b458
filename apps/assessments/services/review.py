"""Handing an area to its reviewer, who agrees, asks back or decides between two answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.choices import AssessmentState, RemarkKind
from apps.assessments.models import Assessment, Assignment, Draft, EvidenceLink, Remark, Response
from apps.assessments.selectors.home import area_url, question_url
from apps.assessments.selectors.places import Place
from apps.assessments.services.answers import AnswerInput, check_answer, reviewers_of, write_response
from apps.assessments.services.locks import lock_open
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused, Stale
from apps.frameworks.models import Area, Indicator

LONGEST_REMARK = 2000


@transaction.atomic
def send_area(*, actor: User, assessment: Assessment, area: Area) -> Assignment:
    """Send an area to review; open questions may stay open. Raises `Refused` when nothing is answered."""
    require(policies.may_answer(actor, assessment))
    lock_open(assessment)
    if not Response.objects.filter(assessment=assessment, indicator__area=area).exists():
        raise Refused(
            _("Answer at least one question before you send %(area)s to review.") % {"area": area.name}
        )
    given, _created = Assignment.objects.get_or_create(
        member=assessment.member, assessment=assessment, area=area
    )
    given.sent_to_review_at = now()
    given.version += 1
    given.save(update_fields=["sent_to_review_at", "version"])
    chain = assessment.member.public_id
    audit.record(actor=actor, action="area.sent_to_review", on=assessment, chain=chain, area=area.code)
    _in_review_when_all_sent(assessment)
    for reviewer in reviewers_of(Place(assessment, area, Indicator()), but=actor):
        notify(
            actor=actor,
            user=reviewer,
            kind="area_for_review",
            key=f"review:{assessment.public_id}:{area.code}:{given.version}",
            url=area_url(assessment, area.code, "area_review"),
            who=str(actor),
            area=area.name,
            member=assessment.member.name,
        )
    return given


def _in_review_when_all_sent(assessment: Assessment) -> None:
    asked = Indicator.objects.in_scope(assessment.scope).filter(version=assessment.version_of_id)
    sent = Assignment.objects.filter(assessment=assessment, sent_to_review_at__isnull=False).values("area")
    if not asked.exclude(area__in=sent).exists():
        Assessment.objects.filter(pk=assessment.pk).update(state=AssessmentState.IN_REVIEW)


def _judged(actor: User, place: Place, expected: int) -> Response:
    """The answer, locked, if the actor may judge it and saw its newest version."""
    lock_open(place.assessment)
    rows = Response.objects.filter(assessment=place.assessment, indicator=place.indicator)
    row = rows.select_related("member", "answered_by").first()
    if row is None:
        raise Http404
    given = Assignment.objects.filter(assessment=place.assessment, area=place.area).first()
    require(policies.may_judge(actor, row, given))
    if row.version != expected:
        words = _("The answer changed while you were reading. Look at the new one before you decide.")
        raise Stale(words, current=row)
    return row


@transaction.atomic
def agree_answer(*, actor: User, place: Place, expected: int, accepted: Sequence[str] = ()) -> Response:
    """Agree to the answer as seen (version `expected`), and accept the pieces of evidence with these public ids.

    Raises `Conflict` when the answer changed meanwhile, and `Refused` for accepting evidence of one's own.
    """
    require(policies.may_review(actor, place.assessment))
    row = _judged(actor, place, expected)
    row.agreed_by, row.agreed_at = actor, now()
    row.save(update_fields=["agreed_by", "agreed_at"])
    _accept(actor, place, accepted)
    Remark.objects.filter(response=row, resolved_at__isnull=True).update(resolved_at=row.agreed_at)
    Draft.objects.filter(assessment=place.assessment, indicator=place.indicator).update(for_review=False)
    _recorded(actor, place, "answer.agreed", row)
    return row


def _accept(actor: User, place: Place, accepted: Sequence[str]) -> None:
    """Accept these pieces for this question. What nobody could open, nobody can have looked at."""
    links = EvidenceLink.objects.in_force().filter(
        evidence__assessment=place.assessment, indicator=place.indicator, evidence__public_id__in=accepted
    )
    chosen = list(links.select_related("evidence"))
    if {link.evidence.public_id for link in chosen} != set(accepted):
        raise Conflict(_("The answer changed while you were reading. Look at the new one before you decide."))
    if any(actor.pk in (link.attached_by_id, link.evidence.added_by_id) for link in chosen):
        raise Refused(_("You added this evidence yourself. Someone else has to accept it."))
    for link in chosen:
        if not link.evidence.can_be_opened:
            raise Refused(
                _("“%(title)s” cannot be opened yet, so it cannot be accepted.")
                % {"title": link.evidence.title}
            )
    EvidenceLink.objects.filter(pk__in=[link.pk for link in chosen]).update(accepted_by=actor)


@transaction.atomic
def ask_back(
    *, actor: User, place: Place, expected: int, text: str, kind: str = RemarkKind.QUESTION
) -> Remark:
    """Ask the respondent about the answer as seen, or with the kind "change" that it changes.

    Raises `Refused` without words and for another kind, `Conflict` if the answer changed.
    """
    require(policies.may_review(actor, place.assessment))
    said = text.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Say in a sentence what you ask, or what has to change."), field="text")
    if len(said) > LONGEST_REMARK:
        raise Refused(_("Write at most %(limit)s characters.") % {"limit": LONGEST_REMARK}, field="text")
    if kind not in RemarkKind.values:
        raise Refused(_("Ask a question, or request a change."), field="kind")
    row = _judged(actor, place, expected)
    row.agreed_by = row.agreed_at = None
    row.save(update_fields=["agreed_by", "agreed_at"])
    remark = Remark.objects.create(
        member=row.member, response=row, version=row.version, by=actor, text=said, kind=kind
    )
    changes = kind == RemarkKind.CHANGE
    _recorded(actor, place, "answer.change_requested" if changes else "answer.asked_back", row)
    given = (
        Assignment.objects.filter(assessment=place.assessment, area=place.area)
        .select_related("respondent")
        .first()
    )
    notify(
        actor=actor,
        user=given.respondent if given and given.respondent else row.answered_by,
        kind="change_requested" if changes else "asked_back",
        key=f"asked:{remark.public_id}",
        url=question_url(place.assessment, place.area.code, place.indicator.code),
        who=str(actor),
        indicator=f"{place.indicator.code} {place.indicator.name}",
    )
    return remark


@transaction.atomic
def choose_answer(*, actor: User, place: Place, expected: int, draft: int) -> Response:
    """Let the second answer count instead of the stored one: it becomes the next version, agreed by the reviewer.

    Raises `Http404` for a draft that nobody handed over, `PermissionDenied` for one's own.
    """
    require(policies.may_review(actor, place.assessment))
    row = _judged(actor, place, expected)
    rival = Draft.objects.filter(
        pk=draft, assessment=place.assessment, indicator=place.indicator, for_review=True
    ).first()
    if rival is None:
        raise Http404
    if rival.user_id == actor.pk:
        raise Refused(_("This is your own answer. Someone else has to review it."))
    answer = AnswerInput(**rival.content)
    check_answer(place, answer)
    row = write_response(place, row, answer, author=rival.user)
    row.agreed_by, row.agreed_at = actor, now()
    row.save(update_fields=["agreed_by", "agreed_at"])
    rival.delete()
    _recorded(actor, place, "answer.chosen", row)
    return row


def _recorded(actor: User, place: Place, action: str, row: Response) -> None:
    chain, code = place.assessment.member.public_id, place.indicator.code
    audit.record(actor=actor, action=action, on=row, chain=chain, indicator=code, version=row.version)

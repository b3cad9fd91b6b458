"""Merging one open assessment into another of the same member and version, and undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.assessments import policies
from apps.assessments.choices import AssessmentState
from apps.assessments.models import (
    Assessment,
    Assignment,
    CarriedAnswer,
    Draft,
    Evidence,
    EvidenceLink,
    Merge,
    Remark,
    Response,
)
from apps.assessments.selectors.places import Place
from apps.assessments.services.answers import AnswerInput, write_response
from apps.assessments.services.carrying import input_of
from apps.assessments.services.copying import copy_pieces
from apps.assessments.services.destroying import discard_later
from apps.assessments.services.discussions import bring_remarks, bring_talks, take_talks_back, talks_now
from apps.assessments.services.locks import lock_open
from apps.assessments.services.parallel import Plan, answers_of, plan_of
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.members.choices import Role
from apps.members.models import Membership

ANSWERING = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a merge did."""

    merge: Merge
    taken: int
    clashes: int


@transaction.atomic
def merge_assessments(*, actor: User, source: Assessment, into: Assessment, seen: str) -> Joined:
    """Bring the answers of `source` into `into` three ways; two answers to one question are handed on to be decided.

    `seen` is that of the plan which the lead looked at: raises `Conflict` when anything moved since. Raises `Refused`
    for two that do not belong together, `Closed` when either was submitted. `source` is closed and kept as it was.
    """
    require(policies.may_lead(actor, into))
    require(policies.may_lead(actor, source))
    rows = {row.pk: lock_open(row) for row in sorted((source, into), key=lambda row: row.pk)}
    _check_pair(source, into)
    plan = plan_of(source, into)
    if plan.seen != seen:
        raise Conflict(_("Somebody answered in one of the two meanwhile. Look at the plan again."))
    journal = _carry_out(actor, plan)
    done = Merge.objects.create(
        member=into.member,
        into=into,
        source=source,
        by=actor,
        was_state=rows[source.pk].state,
        journal=journal,
    )
    state, version = AssessmentState.MERGED, rows[source.pk].version + 1
    Assessment.objects.filter(pk=source.pk).update(state=state, version=version)
    audit.record(
        actor=actor, action="assessment.merged", on=into, chain=into.member.public_id,
        source=source.public_id, merge=done.public_id, taken=list(plan.take), clashes=list(plan.clash),
        kept=len(plan.keep), same=len(plan.same), talks=len(journal["talks"]),
    )  # fmt: skip
    return Joined(done, len(plan.take), len(plan.clash))


def _check_pair(source: Assessment, into: Assessment) -> None:
    same = ("member_id", "version_of_id", "scope")
    if source.pk == into.pk or any(getattr(source, name) != getattr(into, name) for name in same):
        raise Refused(_("Only two open assessments on the same version of a framework can be merged."))


def _carry_out(actor: User, plan: Plan) -> dict[str, Any]:
    """Write what the plan says, and what is needed to take it back."""
    mine, theirs = answers_of(plan.source), answers_of(plan.into)
    links_before = _links(plan.into)
    taken = {code: _take(mine[code], theirs.get(code), plan.into) for code in plan.take}
    queued = {code: _queue(actor, mine[code], theirs[code], plan.into) for code in plan.clash}
    drafts = _copy_drafts(plan)
    carried = _copy_carried(plan)
    talks = talks_now(bring_talks(plan.source, plan.into))
    remarks = bring_remarks(plan.same, mine, theirs)
    links = EvidenceLink.objects.in_force().filter(evidence__assessment=plan.source)
    copy_pieces(
        actor=actor,
        into=plan.into,
        links=[(link, [link.indicator]) for link in links.select_related("evidence__member", "indicator")],
        accepted=frozenset(mine[code].indicator_id for code in plan.take),
    )
    return {
        "taken": taken,
        "queued": queued,
        "drafts": drafts,
        "carried": carried,
        "talks": talks,
        "remarks": remarks,
        "versions": {code: row.version for code, row in answers_of(plan.into).items()},
        "links_before": links_before,
        "links_after": _links(plan.into),
    }


def _links(assessment: Assessment) -> list[int]:
    rows = EvidenceLink.objects.in_force().filter(evidence__assessment=assessment)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _take(answer: Response, current: Response | None, into: Assessment) -> dict[str, Any]:
    """Let the answer of the other copy count, with the agreement it had; return what was there before."""
    before = _kept(current)
    row = write_response(
        Place(into, answer.indicator.area, answer.indicator),
        current,
        input_of(answer),
        author=answer.answered_by,
    )
    row.agreed_by_id, row.agreed_at = answer.agreed_by_id, answer.agreed_at
    row.save(update_fields=["agreed_by", "agreed_at"])
    for remark in Remark.objects.filter(response=answer, resolved_at__isnull=True).order_by("pk"):
        Remark.objects.create(
            member=into.member,
            response=row,
            version=row.version,
            by_id=remark.by_id,
            at=remark.at,
            text=remark.text,
            kind=remark.kind,
        )
    return before


def _kept(row: Response | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "answer": input_of(row).content,
        "by": row.answered_by_id,
        "agreed_by": row.agreed_by_id,
        "agreed_at": row.agreed_at.isoformat() if row.agreed_at else None,
    }


def _queue(actor: User, answer: Response, current: Response, into: Assessment) -> int:
    """Hand the second answer on: to a reviewer where there is one for both, else to the list of who wrote it."""
    place = {"assessment": into, "indicator": answer.indicator}
    taken = set(Draft.objects.filter(**place).values_list("user", flat=True))
    team = Membership.objects.filter(member=into.member, user__is_active=True)
    roles: dict[int, str] = dict(team.values_list("user", "role"))
    holders = [answer.answered_by_id] if roles.get(answer.answered_by_id, "") in ANSWERING else []
    holder = next((user for user in (*holders, actor.pk) if user not in taken), None)
    if holder is None:
        raise Refused(
            _("Somebody has an unsaved draft on %(code)s in %(title)s. Save or drop it first.")
            % {"code": answer.indicator.code, "title": into.title}
        )
    given = Assignment.objects.filter(assessment=into, area=answer.indicator.area).first()
    judges = {user for user, role in roles.items() if role == Role.LEAD}
    judges |= {given.reviewer_id} if given and given.reviewer_id in roles else set()
    draft = Draft.objects.create(
        member=into.member, user_id=holder, content=input_of(answer).content, base_version=0,
        for_review=bool(judges - {holder, current.answered_by_id}), **place,
    )  # fmt: skip
    return draft.pk


def _copy_drafts(plan: Plan) -> list[int]:
    """Private drafts come along where their writer has none on the same question here; the others stay readable there."""
    held = set(Draft.objects.filter(assessment=plan.into).values_list("indicator", "user"))
    made = []
    for draft in Draft.objects.filter(assessment=plan.source).order_by("pk"):
        if (draft.indicator_id, draft.user_id) not in held:
            draft.pk, draft.assessment, draft.base_version = None, plan.into, 0
            draft.save(force_insert=True)
            made.append(draft.pk)
    return made


def _copy_carried(plan: Plan) -> list[int]:
    held = CarriedAnswer.objects.filter(assessment=plan.into).values("indicator")
    made = []
    for carried in (
        CarriedAnswer.objects.filter(assessment=plan.source).exclude(indicator__in=held).order_by("pk")
    ):
        carried.pk, carried.assessment = None, plan.into
        carried.save(force_insert=True)
        made.append(carried.pk)
    return made


@transaction.atomic
def undo_merge(*, actor: User, merge: Merge) -> Assessment:
    """Take a merge back and open its source again. Raises `Refused` once anything was changed after the merge."""
    require(policies.may_lead(actor, merge.into))
    lock_open(merge.into)
    row = (
        Merge.objects.select_for_update(of=("self",))
        .select_related("source", "into__member")
        .get(pk=merge.pk)
    )
    if row.undone_at is not None:
        raise Refused(_("This merge was undone already."))
    answers = answers_of(row.into)
    if _changed_since(row, answers):
        raise Refused(
            _("Something was changed after the merge, so it cannot be undone. The other copy is kept.")
        )
    for code, before in row.journal["taken"].items():
        _give_back(answers[code], before, row.into)
    made = [*row.journal["queued"].values(), *row.journal["drafts"]]
    Draft.objects.filter(assessment=row.into, pk__in=made).delete()
    CarriedAnswer.objects.filter(assessment=row.into, pk__in=row.journal["carried"]).delete()
    Remark.objects.filter(pk__in=row.journal.get("remarks", [])).delete()
    take_talks_back(row.journal.get("talks", {}))
    _take_evidence_back(actor, row)
    row.undone_at, row.undone_by = now(), actor
    row.save(update_fields=["undone_at", "undone_by"])
    version = row.source.version + 1
    Assessment.objects.filter(pk=row.source_id).update(state=row.was_state, version=version)
    audit.record(
        actor=actor, action="assessment.merge_undone", on=row.into, chain=row.into.member.public_id,
        source=row.source.public_id, merge=row.public_id,
    )  # fmt: skip
    row.source.refresh_from_db()
    return row.source


def _changed_since(row: Merge, answers: dict[str, Response]) -> bool:
    versions = {code: answer.version for code, answer in answers.items()}
    made = [*row.journal["queued"].values(), *row.journal["drafts"]]
    drafts = Draft.objects.filter(pk__in=made, assessment=row.into, saved_at__lte=row.at).count()
    links = EvidenceLink.objects.in_force().filter(evidence__assessment=row.into)
    foreign = links.exclude(pk__in=row.journal["links_after"])
    foreign = foreign.exclude(evidence__copied_from__assessment=row.source)
    later = Merge.objects.filter(into=row.into, undone_at__isnull=True, pk__gt=row.pk)
    talks = row.journal.get("talks", {})
    said = talks_now(int(pk) for pk in talks) != talks
    moved = versions != row.journal["versions"] or drafts != len(made)
    return moved or said or foreign.exists() or later.exists()


def _give_back(answer: Response, before: dict[str, Any], into: Assessment) -> None:
    """What was there before the merge counts again; an answer that there was not is gone here, and kept in the source."""
    if not before:
        answer.delete()
        return
    place = Place(into, answer.indicator.area, answer.indicator)
    author = User.objects.get(pk=before["by"])
    row = write_response(place, answer, AnswerInput(**before["answer"]), author=author)
    row.agreed_by_id = before["agreed_by"]
    row.agreed_at = parse_datetime(before["agreed_at"]) if before["agreed_at"] else None
    row.save(update_fields=["agreed_by", "agreed_at"])


def _take_evidence_back(actor: User, row: Merge) -> None:
    """Pieces that came with the merge are removed, links that it made to others too."""
    pieces = Evidence.objects.in_force().filter(assessment=row.into, copied_from__assessment=row.source)
    before = set(row.journal["links_before"])
    held = EvidenceLink.objects.filter(pk__in=before).values("evidence")
    for piece in list(pieces.exclude(pk__in=held)):
        Evidence.objects.filter(pk=piece.pk).update(removed_at=now())
        discard_later(actor=actor, name=str(piece.file.name or ""))
    fresh = [pk for pk in row.journal["links_after"] if pk not in before]
    EvidenceLink.objects.in_force().filter(pk__in=fresh).delete()

"""Opening an assessment and giving its areas to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import notify
from apps.assessments import policies
from apps.assessments.models import Assessment, Assignment, Response, Round, RoundMember, TargetSet
from apps.assessments.selectors.asked import asked_targets
from apps.assessments.selectors.home import area_url
from apps.assessments.selectors.targets import PREFIX, offered_targets
from apps.assessments.services.locks import lock_open
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused, Stale
from apps.frameworks.models import Area, FrameworkVersion, Indicator
from apps.frameworks.selectors import framework_spec, profiles_of
from apps.members.choices import Role
from apps.members.models import Member, Membership
from apps.members.policies import site_day
from apps.scoring.engine import default_target

ANSWERING = (Role.LEAD, Role.RESPONDENT, Role.REVIEWER)
REVIEWING = (Role.LEAD, Role.REVIEWER)


@transaction.atomic
def open_assessment(
    *,
    actor: User,
    member: Member,
    title: str,
    version: FrameworkVersion,
    profile: str = "",
    review_on: date | None = None,
    asked: Round | None = None,
) -> Assessment:
    """Open an assessment on a version that is offered to the member. People who had an area last time are given it again.

    Raises `Refused` for a title in use, an unknown profile, a past review date, or a round already begun.
    """
    require(policies.may_open(actor, member))
    if not FrameworkVersion.objects.offered_to(member).filter(pk=version.pk).exists():
        raise Refused(_("Choose a published framework."), field="version")
    if review_on and review_on < site_day():
        raise Refused(_("The review date is in the past."), field="review_on")
    if Assessment.objects.filter(member=member, title=title).exists():
        raise Refused(
            _("%(member)s has an assessment with this title.") % {"member": member.name}, field="title"
        )
    if asked and Assessment.objects.filter(member=member, round=asked).exists():
        raise Refused(_("This round was already begun."))
    if asked and RoundMember.objects.filter(round=asked, member=member, declined_at__isnull=False).exists():
        raise Refused(_("Your member declined this round. Say first that it takes part after all."))
    row = Assessment.objects.create(
        member=member,
        version_of=version,
        round=asked,
        title=title,
        scope=member.scope,
        targets=_wanted(actor, member, version, profile, asked),
        review_on=review_on,
        lead=actor,
    )
    audit.record(
        actor=actor, action="assessment.opened", on=row, chain=member.public_id, profile=profile or None
    )
    _same_people(row)
    return row


def _wanted(
    actor: User, member: Member, version: FrameworkVersion, profile: str, asked: Round | None
) -> dict[str, int]:
    """The targets of the round, as far as it has any; else those that the member chose."""
    if asked is None:
        return _begun_with(actor, member, version, profile)
    given = asked_targets(asked, version, member.scope)
    return given.over(_begun_with(actor, member, version, profile) if given.base is None else {})


def targets_of(version: FrameworkVersion, scope: str, profile: str) -> dict[str, int]:
    """The wanted levels of a profile by code, with "default" for the others; three fifths up without a profile."""
    if not profile:
        return {"default": default_target(framework_spec(version, scope))}
    for row in profiles_of(version, scope):
        if row.id == profile:
            return {"default": row.default, **row.targets}
    raise Refused(_("Choose one of the target profiles."), field="profile")


def _begun_with(actor: User, member: Member, version: FrameworkVersion, profile: str) -> dict[str, int]:
    """The targets that the member chose: of a profile, or of a saved set of its own."""
    if not profile.startswith(PREFIX):
        return targets_of(version, member.scope, profile)
    row = TargetSet.objects.filter(member=member, public_id=profile.removeprefix(PREFIX)).first()
    if row is None or profile not in dict(offered_targets(actor, member, version)):
        raise Refused(_("Choose one of the target profiles."), field="profile")
    spec = framework_spec(version, member.scope)
    most = {one.code: spec.scale_of(one).highest for one in spec.indicators}
    fitting = {code: min(level, most[code]) for code, level in row.levels.items() if code in most}
    return {"default": default_target(spec), **fitting}


def _same_people(row: Assessment) -> None:
    """Give areas to those who had them in the assessment before on the same framework, as far as they still may."""
    earlier = Assessment.objects.filter(member=row.member, version_of__framework=row.version_of.framework_id)
    last = earlier.exclude(pk=row.pk).first()
    if last is None:
        return
    roles: dict[int | None, str] = dict(
        Membership.objects.filter(member=row.member).values_list("user", "role")
    )
    areas = {area.code: area for area in Area.objects.filter(version=row.version_of_id)}
    for old in Assignment.objects.filter(assessment=last).select_related("area").order_by("pk"):
        if old.area.code in areas:
            Assignment.objects.create(
                member=row.member,
                assessment=row,
                area=areas[old.area.code],
                respondent_id=old.respondent_id if roles.get(old.respondent_id, "") in ANSWERING else None,
                reviewer_id=old.reviewer_id if roles.get(old.reviewer_id, "") in REVIEWING else None,
            )


@dataclass(frozen=True, slots=True)
class Giving:
    """Who shall answer and review one area (public ids, "" for nobody); `expected` is the version that was shown."""

    area: str
    respondent: str
    reviewer: str
    expected: int


@transaction.atomic
def give_areas(*, actor: User, assessment: Assessment, givings: Sequence[Giving]) -> int:
    """Write who answers and who reviews each area; return how many areas changed. All or nothing.

    Raises `Refused` when someone would review their own answers or lacks the role, `Conflict` when a colleague
    changed the same area meanwhile.
    """
    require(policies.may_lead(actor, assessment))
    lock_open(assessment)
    asked = Indicator.objects.in_scope(assessment.scope).filter(version=assessment.version_of_id)
    areas = {area.code: area for area in Area.objects.filter(pk__in=asked.values("area"))}
    people = _people(assessment)
    authors = set(
        Response.objects.filter(assessment=assessment).values_list("indicator__area__code", "answered_by")
    )
    rows = {a.area.code: a for a in Assignment.objects.filter(assessment=assessment).select_related("area")}
    changed = 0
    for giving in givings:
        if giving.area not in areas:
            raise Refused(_("This framework has no such area."))
        row = rows.get(giving.area)
        respondent, reviewer = _chosen(giving, areas[giving.area], people, authors, row)
        if _is_new(row, respondent, reviewer):
            _give(actor, assessment, areas[giving.area], row, giving, respondent, reviewer)
            changed += 1
    return changed


def _people(assessment: Assessment) -> dict[str, tuple[User, str]]:
    rows = Membership.objects.filter(member=assessment.member, user__is_active=True, role__in=ANSWERING)
    return {row.user.public_id: (row.user, row.role) for row in rows.select_related("user")}


def _chosen(
    giving: Giving,
    area: Area,
    people: dict[str, tuple[User, str]],
    authors: set[tuple[str, int]],
    row: Assignment | None,
) -> tuple[User | None, User | None]:
    """The two people, checked. Raises `Refused` with a reason."""
    found = []
    for wanted in (giving.respondent, giving.reviewer):
        if wanted and wanted not in people:
            raise Refused(_("Choose people of your own team who may answer or review."), field=area.code)
        found.append(people.get(wanted, (None, "")))
    (respondent, _role), (reviewer, role) = found
    if reviewer is None:
        return respondent, None
    values = {"who": str(reviewer), "area": area.name}
    if reviewer == respondent:
        reason = _("%(who)s cannot both answer and review %(area)s: nobody reviews their own answers.")
        raise Refused(reason % values, field=area.code)
    if role not in REVIEWING:
        raise Refused(_("%(who)s does not have the role of a reviewer.") % values, field=area.code)
    if (row is None or row.reviewer_id != reviewer.pk) and (area.code, reviewer.pk) in authors:
        reason = _("%(who)s has answered questions in %(area)s: nobody reviews their own answers.")
        raise Refused(reason % values, field=area.code)
    return respondent, reviewer


def _is_new(row: Assignment | None, respondent: User | None, reviewer: User | None) -> bool:
    now = (row.respondent_id, row.reviewer_id) if row else (None, None)
    return now != (respondent.pk if respondent else None, reviewer.pk if reviewer else None)


def _give(
    actor: User,
    assessment: Assessment,
    area: Area,
    row: Assignment | None,
    giving: Giving,
    respondent: User | None,
    reviewer: User | None,
) -> None:
    if (row.version if row else 0) != giving.expected:
        reason = _("A colleague changed who works on %(area)s meanwhile. Load the page again and look first.")
        stored = (row.respondent, row.reviewer) if row else (None, None)
        given = ("respondent", stored[0], respondent), ("reviewer", stored[1], reviewer)
        raise Stale(
            reason % {"area": area.name},
            current={name: now.public_id if now else "" for name, now, _new in given},
            proposed={name: new.public_id if new else "" for name, _now, new in given},
        )
    if row is None:
        row = Assignment(member=assessment.member, assessment=assessment, area=area, version=0)
    news = respondent is not None and row.respondent_id != respondent.pk
    row.respondent, row.reviewer = respondent, reviewer
    row.version += 1
    row.save()
    chain = assessment.member.public_id
    audit.record(
        actor=actor,
        action="area.given",
        on=assessment,
        chain=chain,
        area=area.code,
        respondent=respondent.public_id if respondent else None,
        reviewer=reviewer.public_id if reviewer else None,
    )
    if news and respondent and respondent != actor:
        notify(
            actor=actor,
            user=respondent,
            kind="area_given",
            key=f"given:{assessment.public_id}:{area.code}:{row.version}",
            url=area_url(assessment, area.code),
            who=str(actor),
            area=area.name,
            member=assessment.member.name,
        )

"""Finding the rows a person may work on: their member, an assessment, a question. Http404 for anything else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.http import Http404

from apps.accounts.models import User
from apps.assessments.choices import RoundState
from apps.assessments.models import Assessment, Evidence, Round
from apps.assessments.selectors import hot
from apps.core import statements
from apps.frameworks.models import Area, Indicator
from apps.members.models import Member
from apps.members.policies import site_day

MemberRef = Member | str


@dataclass(frozen=True, slots=True)
class Place:
    """One question of one assessment: what an answer, a draft or a piece of evidence belongs to.

    `found_by` is the key and the role of the person it was looked up for, where the same read said so.
    """

    assessment: Assessment
    area: Area
    indicator: Indicator
    found_by: tuple[int, str] | None = None

    def role_of(self, user: User) -> str | None:
        """The role in the member that the person had who looked this up; None for anybody else: ask then."""
        return self.found_by[1] if self.found_by and self.found_by[0] == user.pk else None

    @property
    def url_args(self) -> dict[str, str]:
        """The keywords of the question's address."""
        return {
            "member": self.assessment.member.public_id,
            "assessment": self.assessment.public_id,
            "area": self.area.code,
            "indicator": self.indicator.code,
        }


def member_for(user: User, member: MemberRef) -> Member:
    """The member, if the user is in it. Raises Http404."""
    wanted = member.public_id if isinstance(member, Member) else member
    found = Member.objects.of(user).filter(public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def assessment_for(user: User, member: MemberRef, assessment: str) -> Assessment:
    """An assessment of a member that the user is in, with member, framework and lead. Raises Http404."""
    wanted = member.public_id if isinstance(member, Member) else member
    rows = Assessment.objects.visible_to(user).select_related(
        "member", "version_of__framework", "lead", "round"
    )
    rows = rows.defer("version_of__document")
    found = rows.filter(public_id=assessment, member__public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def area_for(user: User, member: MemberRef, assessment: str, area: str) -> tuple[Assessment, Area]:
    """An area that has questions in the assessment. Raises Http404."""
    row = assessment_for(user, member, assessment)
    asked = Indicator.objects.in_scope(row.scope).values("area")
    found = Area.objects.filter(version=row.version_of_id, code=area, pk__in=asked).first()
    if found is None:
        raise Http404
    return row, found


def place_for(user: User, member: MemberRef, assessment: str, area: str, indicator: str) -> Place:
    """A question of the assessment, in its scope. Raises Http404."""
    row = assessment_for(user, member, assessment)
    found = (
        Indicator.objects.in_scope(row.scope)
        .select_related("area")
        .filter(version=row.version_of_id, code=indicator, area__code=area)
        .first()
    )
    if found is None:
        raise Http404
    return Place(row, found.area, found)


def place_to_answer(user: User, member: str, assessment: str, area: str, indicator: str) -> Place:
    """`place_for` with no more columns than a save needs, in one read; others are read when asked for. Raises Http404."""
    found = statements.row(hot.PLACE, user.pk, indicator, area, assessment, member)
    if found is None:
        raise Http404
    columns = iter(found)
    version, of, where, asked, row = (
        statements.part_of(model, names, tuple(islice(columns, len(names))))
        for model, names in hot.PLACE_PARTS
    )
    row.member, row.version_of, asked.area = of, version, where
    return Place(row, where, asked, (user.pk, next(columns)))


def place_of_code(user: User, member: MemberRef, assessment: str, code: str) -> Place:
    """A question of the assessment by its code alone. Raises Http404."""
    row = assessment_for(user, member, assessment)
    rows = Indicator.objects.in_scope(row.scope).select_related("area")
    found = rows.filter(version=row.version_of_id, code=code).first()
    if found is None:
        raise Http404
    return Place(row, found.area, found)


def evidence_for(user: User, place: Place, evidence: str) -> Evidence:
    """A piece of evidence that supports this question and was not removed. Raises Http404."""
    rows = Evidence.objects.in_force().filter(
        assessment=place.assessment, links__indicator=place.indicator, public_id=evidence
    )
    found = rows.first()
    if found is None:
        raise Http404
    found.assessment, found.member = place.assessment, place.assessment.member
    return found


def piece_for(user: User, member: MemberRef, assessment: str, evidence: str) -> tuple[Assessment, Evidence]:
    """A piece of evidence of an assessment that the user may see, whatever it supports. Raises Http404."""
    row = assessment_for(user, member, assessment)
    rows = Evidence.objects.in_force().filter(assessment=row, public_id=evidence)
    found = rows.select_related("added_by", "released_by").first()
    if found is None:
        raise Http404
    found.assessment, found.member = row, row.member
    return row, found


def round_for(user: User, programme: str, assessment_round: str) -> Round:
    """A round of a programme whose office the user belongs to. Raises Http404."""
    rows = Round.objects.visible_to(user).select_related("programme", "version__framework")
    found = (
        rows.defer("version__document")
        .filter(public_id=assessment_round, programme__public_id=programme)
        .first()
    )
    if found is None:
        raise Http404
    return found


def asked_round_for(user: User, member: MemberRef, assessment_round: str) -> tuple[Member, Round]:
    """An open round that asks the user's member, begun or not, declined or not. Raises Http404."""
    row = member_for(user, member)
    rounds = Round.objects.asked_of(row).filter(state=RoundState.OPEN, closes_on__gte=site_day())
    found = rounds.select_related("programme").filter(public_id=assessment_round).first()
    if found is None:
        raise Http404
    return row, found

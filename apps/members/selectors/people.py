"""What a person sees of members, teams, programmes and grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404
from django.utils.timezone import now

from apps.accounts.models import User
from apps.accounts.selectors import has_second_factor
from apps.members import policies
from apps.members.choices import MemberKind, Role
from apps.members.models import (
    Certification,
    Grant,
    GrantReading,
    Invitation,
    Member,
    Membership,
    Participation,
    Programme,
)

NEWEST_READINGS = 10


@dataclass(frozen=True, slots=True)
class Workspace:
    """A place a person can work in: kind is "member" or "programme"."""

    kind: str
    public_id: str
    name: str
    role: str
    is_mentor: bool = False


@dataclass(frozen=True, slots=True)
class TeamRow:
    public_id: str
    name: str
    initials: str
    email: str
    role: str
    role_label: str
    joined_at: datetime
    is_me: bool
    version: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    public_id: str
    email: str
    role_label: str
    expires_at: datetime
    expired: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    member: Member
    people: list[TeamRow]
    invitations: list[InvitationRow]
    can_lead: bool
    only_lead: bool


@dataclass(frozen=True, slots=True)
class GrantRow:
    public_id: str
    reader: str
    kind: str
    kind_label: str
    purpose: str
    areas: list[str]
    with_evidence: bool
    tlp: str
    given_at: datetime
    ends_on: date
    in_force: bool
    readings: int
    version: int


@dataclass(frozen=True, slots=True)
class ReadingRow:
    who: str
    what: str
    at: datetime
    reader: str


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    public_id: str
    name: str
    joined: bool
    shares_levels: bool


@dataclass(frozen=True, slots=True)
class SharingPage:
    member: Member
    grants: list[GrantRow]
    readings: list[ReadingRow]
    read_in_all: int
    programmes: list[ProgrammeRow]
    can_lead: bool
    nation: str = ""


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    public_id: str
    name: str
    kind_label: str
    nation: str
    sector_label: str
    is_mentor: bool
    shares_levels: bool
    people: int


@dataclass(frozen=True, slots=True)
class ParticipantsPage:
    programme: Programme
    rows: list[ParticipantRow] = field(default_factory=list)
    nations: int = 0
    mentors: int = 0


def workspaces(user: User) -> list[Workspace]:
    """Everything the user can switch to, in two queries."""
    rows = Membership.objects.filter(user=user).select_related("member").order_by("member__name")
    members = [
        Workspace("member", r.member.public_id, r.member.name, r.role, r.member.is_mentor) for r in rows
    ]
    programmes = Programme.objects.filter(managers=user).order_by("name")
    return members + [Workspace("programme", p.public_id, p.name, "manager") for p in programmes]


def get_member(user: User, public_id: str) -> Member:
    """A member the user belongs to. Raises Http404 for any other."""
    member = Member.objects.of(user).select_related("nation").filter(public_id=public_id).first()
    if member is None:
        raise Http404
    return member


def get_programme(user: User, public_id: str) -> Programme:
    """A programme whose office the user belongs to. Raises Http404."""
    programme = Programme.objects.visible_to(user).filter(public_id=public_id).first()
    if programme is None:
        raise Http404
    return programme


def colleagues(user: User, member: Member, *roles: Role) -> list[User]:
    """People of a member the user belongs to, by name; only those with one of `roles` when given."""
    rows = User.objects.filter(memberships__member=member, is_active=True).order_by("full_name")
    if roles:
        rows = rows.filter(memberships__role__in=roles, memberships__member=member)
    return list(rows.distinct())


def team_page(user: User, public_id: str) -> TeamPage:
    """The people of a member and the open invitations (seen by leads). Raises Http404."""
    member = get_member(user, public_id)
    rows = list(
        Membership.objects.filter(member=member).select_related("user").order_by("user__full_name", "pk")
    )
    mine = next(r for r in rows if r.user_id == user.pk)
    can_lead = mine.role == Role.LEAD
    people = [
        TeamRow(
            r.public_id,
            str(r.user),
            r.user.initials,
            r.user.email,
            r.role,
            str(Role(r.role).label),
            r.joined_at,
            r.user_id == user.pk,
            r.version,
        )
        for r in rows
    ]
    waiting = Invitation.objects.filter(member=member).unanswered().order_by("created_at") if can_lead else []
    invitations = [
        InvitationRow(i.public_id, i.email, str(Role(i.role).label), i.expires_at, i.expires_at <= now())
        for i in waiting
    ]
    leads = sum(r.role == Role.LEAD for r in rows)
    return TeamPage(member, people, invitations, can_lead, only_lead=can_lead and leads == 1)


@dataclass(frozen=True, slots=True)
class InvitationPage:
    member_name: str
    inviter: str
    role_label: str
    email: str
    state: str  # open | expired | withdrawn | used


def hash_token(token: str) -> str:
    """What is stored of an invitation's token."""
    return sha256(token.encode()).hexdigest()


def invitation_page(user: object, token: str) -> InvitationPage:
    """What the bearer of the token may know. Raises Http404 for a token that never was."""
    row = (
        Invitation.objects.filter(token_hash=hash_token(token)).select_related("member", "invited_by").first()
    )
    if row is None:
        raise Http404
    if row.accepted_at:
        state = "used"
    elif row.withdrawn_at:
        state = "withdrawn"
    else:
        state = "open" if row.expires_at > now() else "expired"
    return InvitationPage(row.member.name, str(row.invited_by), str(Role(row.role).label), row.email, state)


def sharing_page(user: User, public_id: str) -> SharingPage:
    """What a member shares, who read it, and the programmes it takes part in. Raises Http404."""
    member = get_member(user, public_id)
    in_force = set(Grant.objects.filter(member=member).in_force().values_list("pk", flat=True))
    rows = Grant.objects.filter(member=member).select_related("to_member", "to_programme")
    counted = GrantReading.objects.filter(grant__member=member).order_by().values_list("grant")
    reads = dict(counted.annotate(number=Count("pk")))
    grants = [
        GrantRow(
            g.public_id, str(g.to_member or g.to_programme), g.kind, g.get_kind_display(), g.purpose, g.areas, g.with_evidence, g.tlp, g.given_at,
            g.ends_on, g.pk in in_force, reads.get(g.pk, 0), g.version,
        )
        for g in rows
    ]  # fmt: skip
    seen = GrantReading.objects.filter(grant__member=member).select_related(
        "user", "grant__to_member", "grant__to_programme"
    )[:NEWEST_READINGS]
    readings = [
        ReadingRow(str(r.user), r.what, r.at, str(r.grant.to_member or r.grant.to_programme)) for r in seen
    ]
    joined = dict(Participation.objects.filter(member=member).values_list("programme_id", "shares_levels"))
    programmes = [
        ProgrammeRow(p.public_id, p.name, p.pk in joined, joined.get(p.pk, False))
        for p in Programme.objects.filter(is_demo=member.is_demo)
    ]
    return SharingPage(
        member, grants, readings, sum(reads.values()), programmes, bool(policies.may_lead(user, member)),
        nation=member.nation.name if member.nation else "",
    )  # fmt: skip


def possible_readers(user: User, member: Member) -> list[tuple[str, str]]:
    """(value, label) of mentor partners and programmes that `member` may share with: those of its own programmes."""
    programmes = list(Programme.objects.filter(participations__member=member))
    partners = (
        Member.objects.filter(is_mentor=True, participations__programme__in=programmes)
        .exclude(pk=member.pk)
        .distinct()
    )
    return [(f"member:{m.public_id}", m.name) for m in partners] + [
        (f"programme:{p.public_id}", p.name) for p in programmes
    ]


def possible_reviewers(user: User, member: Member) -> list[tuple[str, str]]:
    """(public id, name) of members that `member` may ask for a review: those of its own programmes, by name."""
    common = member.participations.values("programme")
    rows = Member.objects.filter(participations__programme__in=common).exclude(pk=member.pk).distinct()
    return list(rows.order_by("name").values_list("public_id", "name"))


@dataclass(frozen=True, slots=True)
class NarrowPage:
    """One agreement that its owner makes smaller."""

    member: Member
    grant: Grant
    reader: str


def narrow_page(user: User, public_id: str, grant: str) -> NarrowPage:
    """An agreement in force of a member that the user is in. Raises Http404."""
    member = get_member(user, public_id)
    rows = Grant.objects.filter(member=member, public_id=grant).in_force()
    row = rows.select_related("member", "to_member", "to_programme").first()
    if row is None:
        raise Http404
    return NarrowPage(member, row, str(row.to_member or row.to_programme))


@dataclass(frozen=True, slots=True)
class CertifiedRow:
    public_id: str
    name: str
    email: str
    given_by: str
    given_at: datetime
    ends_on: date
    in_force: bool


@dataclass(frozen=True, slots=True)
class CertifiedPage:
    programme: Programme
    rows: list[CertifiedRow]


def certified_page(user: User, public_id: str) -> CertifiedPage:
    """Who may verify results for a programme, for its office. Raises Http404. 3 queries."""
    programme = get_programme(user, public_id)
    held = Certification.objects.filter(programme=programme)
    now_held = set(held.in_force().values_list("pk", flat=True))
    rows = [
        CertifiedRow(
            c.public_id, str(c.user), c.user.email, str(c.given_by), c.given_at, c.ends_on, c.pk in now_held
        )
        for c in held.select_related("user", "given_by")
    ]
    return CertifiedPage(programme, rows)


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A member that shares its result with the reader: who, which areas (none: all), under which label, until when."""

    public_id: str
    name: str
    areas: list[str]
    tlp: str
    ends_on: date


def shared_with(user: User) -> list[SharedRow]:
    """What others share with this person now, as a mentor or as a programme's office; one query."""
    rows = Grant.objects.readable_by(user).select_related("member").order_by("member__name", "ends_on")
    return [SharedRow(g.member.public_id, g.member.name, g.areas, g.tlp, g.ends_on) for g in rows]


def participants_page(user: User, public_id: str) -> ParticipantsPage:
    """The members of a programme, for its office. Raises Http404."""
    programme = get_programme(user, public_id)
    rows = (
        Participation.objects.filter(programme=programme)
        .select_related("member__nation")
        .annotate(people=Count("member__memberships"))
        .order_by("member__name", "pk")
    )
    participants = [
        ParticipantRow(
            p.member.public_id, p.member.name, p.member.get_kind_display(), p.member.nation.name if p.member.nation else "",
            p.member.get_sector_display(), p.member.is_mentor, p.shares_levels, p.people,
        )
        for p in rows
    ]  # fmt: skip
    nations = sum(p.member.kind == MemberKind.NATION for p in rows)
    return ParticipantsPage(programme, participants, nations, sum(r.is_mentor for r in participants))


def nation_choices(user: User) -> list[tuple[str, str]]:
    """Nations an organisation may belong to, by name."""
    rows = Member.objects.filter(kind=MemberKind.NATION, left_at=None).order_by("name")
    return [(m.public_id, m.name) for m in rows]


def has_harmful_role(user: User) -> bool:
    """Whether the user manages a programme, leads or mentors for a member, or administers the site."""
    if user.is_staff:
        return True
    return user.memberships.filter(role__in=(Role.LEAD, Role.MENTOR)).exists() or user.programmes.exists()


def lacks_second_factor(user: Any) -> bool:
    """Whether this person may not work yet: a role that can do harm, and no second step. The demonstration asks for none."""
    if settings.DEMO or not user.is_authenticated:
        return False
    return has_harmful_role(user) and not has_second_factor(user)

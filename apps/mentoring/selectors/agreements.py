"""The agreement as its two sides read it: the version shown, what changed, who signed, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.seals import content_hash
from apps.members.choices import Role
from apps.members.models import Member, Membership
from apps.members.selectors import get_member
from apps.mentoring import policies
from apps.mentoring.choices import OPEN_AGREEMENTS, AgreementState, EngagementState, Side
from apps.mentoring.models import Agreement, AgreementSignature, Engagement
from apps.mentoring.selectors.terms import Change, Part, Terms, changes_between, document_of, parts_of

KINDS = {
    AgreementState.DRAFT: "you",
    AgreementState.WAITING: "going",
    AgreementState.IN_FORCE: "ok",
    AgreementState.REPLACED: "done",
    AgreementState.SET_ASIDE: "none",
}


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side and its signature; `at` is None until it has signed. `can_end` when this reader may withdraw consent."""

    name: str
    by: str
    at: datetime | None
    measurement: bool
    publication: bool
    publication_ended_at: datetime | None
    can_end: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    public_id: str
    number: int
    state_label: str
    state_kind: str
    on: datetime
    shown: bool


@dataclass(frozen=True, slots=True)
class Space:
    """What the head and the tabs of every page of an engagement need."""

    member: Member
    public_id: str
    learner: str
    mentor: str
    area_name: str
    for_mentor: bool
    over: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """`shown` is None while nobody has opened a first draft. `newer` is the id of an open version beside the one shown."""

    space: Space
    public_id: str
    number: int
    state: str
    state_label: str
    state_kind: str
    changed_by: str
    changed_at: datetime | None
    in_force_at: datetime | None
    parts: tuple[Part, ...]
    changes: tuple[Change, ...]
    before: int
    hash: str
    tlp: str
    sides: tuple[SideRow, ...]
    versions: tuple[VersionRow, ...]
    newer: str
    can_edit: bool
    can_sign: bool
    can_open: bool
    can_drop: bool

    @property
    def exists(self) -> bool:
        """Whether there is any version."""
        return bool(self.number)

    @property
    def is_open(self) -> bool:
        """Whether this version may still be signed."""
        return self.state in OPEN_AGREEMENTS


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """The form of the draft: what it holds, and who may lead the work on either side as (public id, name).

    `frozen` when one side has signed it meanwhile, so that nothing in it changes any more.
    """

    space: Space
    terms: Terms
    number: int
    version: int
    changed_by: str
    member_people: tuple[tuple[str, str], ...]
    mentor_people: tuple[tuple[str, str], ...]
    frozen: bool
    document: dict[str, Any]


def engagement_for(user: User, member_id: str, public_id: str) -> tuple[Member, Engagement]:
    """The engagement for one of its two sides. Raises Http404 for anybody else. Three queries."""
    member = get_member(user, member_id)
    rows = Engagement.objects.visible_to(user).select_related(
        "member", "mentor", "programme", "baseline__assessment", "grant"
    )
    row = rows.filter(public_id=public_id).first()
    if row is None or member.pk not in (row.member_id, row.mentor_id):
        raise Http404
    return member, row


def space_of(member: Member, row: Engagement) -> Space:
    """The head of the pages of an engagement as `member` sees it."""
    return Space(
        member, row.public_id, row.member.name, row.mentor.name, row.area_name, row.mentor_id == member.pk,
        row.state == EngagementState.CLOSED,
    )  # fmt: skip


def agreement_page(user: User, member_id: str, engagement_id: str, agreement_id: str = "") -> AgreementPage:
    """The version asked for, or the newest that matters: the open one, else the one in force. Raises Http404."""
    member, row = engagement_for(user, member_id, engagement_id)
    space = space_of(member, row)
    versions = list(row.agreements.select_related("changed_by").prefetch_related("signatures__by"))
    shown = _shown(versions, agreement_id)
    may_sign = bool(policies.may_sign(user, row, for_mentor=space.for_mentor))
    may_steer = not space.over and bool(policies.may_steer(user, row))
    if shown is None:
        return _none_yet(space, may_steer)
    shown.engagement = row
    document = document_of(shown)
    before = next((v for v in versions if v.number < shown.number and v.document), None)
    state, open_one = (
        AgreementState(shown.state),
        next((v for v in versions if v.state in OPEN_AGREEMENTS), None),
    )
    own = Side.MENTOR if space.for_mentor else Side.MEMBER
    signed = {s.side for s in shown.signatures.all()}
    return AgreementPage(
        space=space,
        public_id=shown.public_id,
        number=shown.number,
        state=shown.state,
        state_label=str(state.label),
        state_kind=KINDS[state],
        changed_by=shown.changed_by.get_full_name(),
        changed_at=shown.changed_at,
        in_force_at=shown.in_force_at,
        parts=parts_of(document),
        changes=changes_between(before.document, document) if before and before.document else (),
        before=before.number if before else 0,
        hash=content_hash(document),
        tlp=document["terms"]["tlp"],
        sides=_sides(row, shown, own, may_sign),
        versions=tuple(_version(v, shown) for v in versions),
        newer=open_one.public_id if open_one and open_one.pk != shown.pk else "",
        can_edit=may_steer and state == AgreementState.DRAFT,
        can_sign=may_sign and not space.over and shown.state in OPEN_AGREEMENTS and own not in signed,
        can_open=may_steer and (open_one is None or open_one.state == AgreementState.WAITING),
        can_drop=may_steer
        and open_one is not None
        and any(v.state == AgreementState.IN_FORCE for v in versions),
    )


def _shown(versions: list[Agreement], wanted: str) -> Agreement | None:
    if wanted:
        found = next((v for v in versions if v.public_id == wanted), None)
        if found is None:
            raise Http404
        return found
    for states in (OPEN_AGREEMENTS, (AgreementState.IN_FORCE,)):
        for row in versions:
            if row.state in states:
                return row
    return versions[0] if versions else None


def _none_yet(space: Space, may_steer: bool) -> AgreementPage:
    return AgreementPage(
        space,
        "",
        0,
        "",
        "",
        "",
        "",
        None,
        None,
        (),
        (),
        0,
        "",
        "",
        (),
        (),
        "",
        False,
        False,
        may_steer,
        False,
    )


def _version(row: Agreement, shown: Agreement) -> VersionRow:
    state = AgreementState(row.state)
    on = row.in_force_at or row.changed_at
    return VersionRow(row.public_id, row.number, str(state.label), KINDS[state], on, row.pk == shown.pk)


def _sides(row: Engagement, shown: Agreement, own: Side, may_sign: bool) -> tuple[SideRow, ...]:
    signed: dict[str, AgreementSignature] = {s.side: s for s in shown.signatures.all()}
    return tuple(
        _side_row(name, signed.get(side), may_end=may_sign and side == own)
        for side, name in ((Side.MEMBER, row.member.name), (Side.MENTOR, row.mentor.name))
    )


def _side_row(name: str, put: AgreementSignature | None, *, may_end: bool) -> SideRow:
    if put is None:
        return SideRow(name, "", None, False, False, None, False)
    can_end = may_end and put.publication and put.publication_ended_at is None
    return SideRow(
        name, put.by.get_full_name(), put.at, put.measurement, put.publication, put.publication_ended_at, can_end
    )  # fmt: skip


def agreement_draft(user: User, member_id: str, engagement_id: str) -> AgreementDraft:
    """What the form of the open version starts with. Raises `PermissionDenied` for readers, Http404 without one."""
    member, row = engagement_for(user, member_id, engagement_id)
    decision = policies.may_steer(user, row)
    if not decision:
        raise PermissionDenied(decision.reason)
    draft = row.agreements.filter(state__in=OPEN_AGREEMENTS).select_related("changed_by").first()
    if draft is None or row.state == EngagementState.CLOSED:
        raise Http404(_("There is no draft to change."))
    draft.engagement = row
    return AgreementDraft(
        space_of(member, row), draft.terms, draft.number, draft.version, draft.changed_by.get_full_name(),
        _people(row.member, (Role.LEAD,)), _people(row.mentor, policies.MENTOR_SIDE),
        draft.state == AgreementState.WAITING, document_of(draft),
    )  # fmt: skip


def _people(member: Member, roles: tuple[Role, ...]) -> tuple[tuple[str, str], ...]:
    rows = Membership.objects.filter(member=member, role__in=roles, user__is_active=True).select_related(
        "user"
    )
    return tuple((r.user.public_id, r.user.get_full_name()) for r in rows.order_by("user__full_name", "pk"))


def agreement_file(
    user: User, member_id: str, engagement_id: str, agreement_id: str
) -> tuple[str, dict[str, Any]]:
    """A frozen version with its signatures, as a name and plain data to keep and check. Raises Http404 for a draft."""
    _member, row = engagement_for(user, member_id, engagement_id)
    found = row.agreements.filter(public_id=agreement_id, document__isnull=False).first()
    if found is None:
        raise Http404
    signatures = [{"statement": s.statement, "proof": s.proof} for s in found.signatures.all()]
    data = {"document": found.document, "sha256": found.document_hash, "signatures": signatures}
    return f"agreement-{row.public_id}-{found.number}.json", data


def signed_agreement(engagement: Engagement) -> Agreement | None:
    """The version in force, with its frozen document; None before both have signed. For reports of what was agreed."""
    return engagement.agreements.filter(state=AgreementState.IN_FORCE).first()


def may_publish(engagement: Engagement) -> bool:
    """Whether both sides consent to publication today: both signed for it in the version in force and none took it back."""
    given = AgreementSignature.objects.filter(
        agreement__engagement=engagement, agreement__state=AgreementState.IN_FORCE,
        publication=True, publication_ended_at__isnull=True,
    )  # fmt: skip
    return given.count() == len(Side)

"""Members, programmes, memberships, invitations and grants."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicModel
from apps.members.choices import Criticality, GrantKind, MemberKind, Role, Sector, Tlp
from apps.members.querysets import (
    CertificationQuerySet,
    GrantQuerySet,
    InvitationQuerySet,
    MemberQuerySet,
    ProgrammeQuerySet,
)


class Member(PublicModel):
    """A nation or an organisation that takes part; an organisation belongs to a nation."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=MemberKind)
    nation = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="organisations")
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.GOVERNMENT)
    criticality = models.CharField(
        _("criticality"), max_length=10, choices=Criticality, default=Criticality.OTHER
    )
    languages = models.JSONField(_("working languages"), default=list)
    legal_tradition = models.CharField(_("legal tradition"), max_length=20, blank=True, default="")
    region = models.CharField(_("region"), max_length=60, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC")
    is_mentor = models.BooleanField(_("mentor partner"), default=False)
    in_picture = models.BooleanField(
        _("in the national picture"), default=False, help_text=_("The organisation’s own consent.")
    )
    is_designated = models.BooleanField(
        _("designated operator"), default=False, help_text=_("The nation’s word on the organisation.")
    )
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now)
    leaves_at = models.DateTimeField(
        null=True, blank=True, help_text="When its deletion, which two people confirmed, is carried out."
    )
    left_at = models.DateTimeField(null=True, blank=True, help_text="Since then the row is empty.")
    version = models.PositiveIntegerField(default=1)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="one_nation_per_name", condition=Q(nation__isnull=True)
            ),
            models.UniqueConstraint(fields=["nation", "name"], name="one_organisation_per_name"),
            models.CheckConstraint(
                condition=Q(kind=MemberKind.NATION, nation__isnull=True)
                | Q(kind=MemberKind.ORGANISATION, nation__isnull=False),
                name="organisation_has_a_nation",
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """Which indicators the member answers: "national" or "organisational"."""
        return "national" if self.kind == MemberKind.NATION else "organisational"


class Programme(PublicModel):
    """A community of members with a manager's office."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    purpose = models.TextField(_("purpose"), blank=True, default="")
    is_demo = models.BooleanField(default=False)
    members = models.ManyToManyField(Member, through="Participation", related_name="programmes")
    managers = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Manager", related_name="programmes")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """A member in a programme; `shares_levels` lets the office see levels per area, never answers."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="participations")
    member = models.ForeignKey(Member, models.CASCADE, related_name="participations")
    shares_levels = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "member"], name="one_participation")]


class Manager(models.Model):
    """A programme manager."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "user"], name="one_manager_row")]


class Membership(PublicModel):
    """A person in a member, with one role."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    joined_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "user"], name="one_membership")]


class Invitation(PublicModel):
    """A single-use, expiring invitation by e-mail; only the hash of its token is stored."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "email"], name="one_open_invitation",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]  # fmt: skip


class Grant(PublicModel):
    """Consent to see: who, what, why, until when, under which label. Withdrawing takes effect at once."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="grants")
    to_member = models.ForeignKey(
        Member, models.CASCADE, null=True, blank=True, related_name="received_grants"
    )
    to_programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="received_grants"
    )
    kind = models.CharField(max_length=12, choices=GrantKind, default=GrantKind.READING)
    purpose = models.CharField(_("purpose"), max_length=300)
    areas = models.JSONField(
        _("areas"), default=list, help_text=_("Area codes; an empty list means all areas.")
    )
    with_evidence = models.BooleanField(_("evidence too"), default=False)
    tlp = models.CharField(_("label"), max_length=20, choices=Tlp, default=Tlp.AMBER_STRICT)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=now)
    ends_on = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_member__isnull=False, to_programme__isnull=True)
                | Q(to_member__isnull=True, to_programme__isnull=False),
                name="grant_names_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(kind=GrantKind.READING) | Q(to_member__isnull=False),
                name="only_members_review",
            ),
        ]
        ordering = ["-given_at", "-pk"]


class Certification(PublicModel):
    """A programme's office certifies a person to verify results of its members, until a day."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="certifications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="certifications")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=now)
    ends_on = models.DateField(_("until"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user"],
                name="one_certification",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]
        ordering = ["-given_at", "-pk"]


class GrantReading(models.Model):
    """Someone read something under a grant; the owner sees each reading."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=120)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-pk"]

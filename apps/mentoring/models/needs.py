"""What members ask for, what partners give, and who never meets."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from apps.core.models import PublicModel
from apps.mentoring.choices import (
    Mode,
    NeedState,
    OfferState,
    Pays,
    Period,
    Readiness,
)
from apps.mentoring.querysets import (
    NeedQuerySet,
    OfferQuerySet,
)


def all_may_pay() -> list[str]:
    """A request that says nothing of costs is content with whoever bears them."""
    return [Pays.MEMBER.value, Pays.PROGRAMME.value]


class Need(PublicModel):
    """What a member asks for in an area.

    `indicators` holds [{"code", "name", "level"}]; `languages` codes, most wanted first; `readiness` holds
    "sponsor" and "counterpart" as names, "staff_time" and "legal_basis" as true or false. `priority` is the sum
    of the priorities of the area's indicators in the result. `waits_since` is set when an earlier wait counts.
    `hours_per_month` 0 means that any number will do; `pays` holds who may bear the costs besides the mentor. `wished` is the
    partner that the member would like; only its own people and the programme office read it.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="needs")
    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="+")
    result = models.ForeignKey("assessments.Result", models.PROTECT, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    indicators = models.JSONField(default=list)
    now_level = models.PositiveSmallIntegerField()
    wanted_level = models.PositiveSmallIntegerField()
    priority = models.DecimalField(max_digits=9, decimal_places=2)
    note = models.TextField(blank=True, default="", max_length=2000)
    languages = models.JSONField(default=list)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.EITHER)
    readiness = models.JSONField(default=dict)
    hours_per_month = models.PositiveSmallIntegerField(default=0)
    pays = models.JSONField(default=all_may_pay)
    wished = models.ForeignKey("members.Member", models.SET_NULL, null=True, blank=True, related_name="+")
    wished_why = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.SENT)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    waits_since = models.DateTimeField(null=True, blank=True)
    again_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "programme", "area"], name="one_open_need_per_area",
                condition=~Q(state__in=[NeedState.WITHDRAWN, NeedState.DONE]),
            )
        ]  # fmt: skip
        ordering = ["-priority", "area", "pk"]

    @property
    def missing(self) -> tuple[str, ...]:
        """The readiness questions that are not answered with yes, in the order of the form."""
        return tuple(name for name in Readiness.values if not self.readiness.get(name))

    @property
    def waiting_from(self) -> datetime:
        """The moment from which its waiting counts."""
        return self.waits_since or self.asked_at


class Offer(PublicModel):
    """What a mentor partner can give in an area: `places` at one time, or begun with in any `period_months`.

    `sectors` are those it knows besides its own. `likes` are sectors of members that it would like to work with; only
    its own people and the programme office read them.
    """

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="offers")
    programme = models.ForeignKey("members.Programme", models.CASCADE, related_name="+")
    area = models.CharField(max_length=20)
    area_name = models.CharField(max_length=150)
    level = models.PositiveSmallIntegerField()
    track_record = models.CharField(max_length=500, blank=True, default="")
    languages = models.JSONField(default=list)
    mode = models.CharField(max_length=6, choices=Mode, default=Mode.EITHER)
    places = models.PositiveSmallIntegerField(default=1)
    period_months = models.PositiveSmallIntegerField(choices=Period, default=Period.AT_ONCE)
    hours_per_month = models.PositiveSmallIntegerField(default=8)
    pays = models.CharField(max_length=9, choices=Pays, default=Pays.MENTOR)
    sectors = models.JSONField(default=list)
    likes = models.JSONField(default=list)
    likes_why = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(default=1)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "programme", "area"], name="one_open_offer_per_area",
                condition=Q(state=OfferState.OPEN),
            )
        ]  # fmt: skip
        ordering = ["area", "pk"]


class Exclusion(models.Model):
    """A private wish never to be paired; no page, count or explanation reveals it."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="exclusions")
    other = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "other"], name="one_exclusion"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="nobody_excludes_itself"),
        ]

"""Who comes to a run, and which invitations to play wait for a person's answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.exercises.choices import Coming, RunState
from apps.exercises.models import Player, Run
from apps.members.policies import site_day


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation to play: a sentence, where to answer, and the member one plays for."""

    text: str
    url: str
    member: str


def players_coming(run: Run) -> int:
    """How many people hold a role and have not said that they cannot come; observers do not play."""
    rows = Player.objects.filter(run=run, observer=False, parts__isnull=False).exclude(coming=Coming.DECLINED)
    return rows.distinct().count()


def waiting_for(user: User) -> list[Invited]:
    """Planned exercises to which a person was invited and has not answered, the next first. One query."""
    rows = Player.objects.filter(
        user=user, coming=Coming.INVITED, run__state=RunState.PLANNED, run__held_on__gte=site_day(),
        member__in=user.memberships.values("member"),
    )  # fmt: skip
    found = []
    for row in (
        rows.select_related("run__kit", "member").defer("run__kit__document").order_by("run__held_on", "pk")
    ):
        url = reverse("exercises:run", args=[row.member.public_id, row.run.public_id])
        values = {"title": row.run.kit.title, "day": date_format(row.run.held_on)}
        text = _("Say whether you play “%(title)s” on %(day)s") % values
        found.append(Invited(text, url, row.member.public_id))
    return found

"""What waits for a person, and a programme's matching at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.members.choices import Role
from apps.members.models import Programme
from apps.members.selectors import get_programme
from apps.mentoring.choices import Decision, NeedState, Reply, RoundKind, RoundState, UrgencyState
from apps.mentoring.models import Engagement, MatchingRound, Need, Offer, Proposal, Urgency
from apps.mentoring.policies import MENTOR_SIDE
from apps.mentoring.selectors.calls import waiting_calls
from apps.mentoring.selectors.due import due_after_work
from apps.mentoring.selectors.plans import my_actions
from apps.mentoring.selectors.todo import agreements_to_sign, open_tasks


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: a sentence and where to do it. `kind` and `member` where it is an action."""

    text: str
    url: str
    kind: str = "mentoring"
    member: str = ""


@dataclass(frozen=True, slots=True)
class MatchingOverview:
    """Counts of one programme. `round_*` tell of the newest round and are empty before the first."""

    programme: Programme
    round_id: str
    round_name: str
    requests: int
    ready: int
    offers: int
    places: int
    accepted: int
    engagements: int


def waiting_for(user: User) -> list[Waiting]:
    """Invitations, agreements, tasks, calls, what is asked around the end, rounds, one's own actions. Ten or eleven queries."""
    roles = list(user.memberships.values_list("member_id", "role"))
    led = {member for member, role in roles if role == Role.LEAD}
    mentored = {member for member, role in roles if role in MENTOR_SIDE}
    asked = Q(need__member__in=led, member_reply=Reply.WAITING) | Q(
        offer__member__in=mentored, mentor_reply=Reply.WAITING
    )
    rows = (
        Proposal.objects.pending()
        .filter(asked)
        .select_related("need__member", "offer__member")
        .order_by("reply_by", "pk")
    )
    found = []
    for row in rows:
        as_member = row.need.member_id in led and row.member_reply == Reply.WAITING
        side = row.need.member if as_member else row.offer.member
        text = _("Answer the invitation: %(member)s and %(mentor)s on %(area)s")
        values = {"member": row.need.member.name, "mentor": row.offer.member.name, "area": row.need.area_name}
        found.append(
            Waiting(text % values, reverse("mentoring:invitation", args=[side.public_id, row.public_id]))
        )
    found += [Waiting(text, url) for text, url in agreements_to_sign(led, mentored)]
    found += [Waiting(text, url) for text, url in open_tasks(user, {member for member, _role in roles})]
    found += [Waiting(text, url) for text, url in due_after_work(led, mentored)]
    mine = [Waiting(text, url, "action", member) for text, url, member in my_actions(user)]
    calls = [
        Waiting(text, reverse("mentoring:calls", args=[member]))
        for text, member in waiting_calls(led, mentored)
    ]
    return found + calls + _rounds(user) + _urgent(user) + mine


def _urgent(user: User) -> list[Waiting]:
    rows = Urgency.objects.filter(state=UrgencyState.ASKED, need__programme__in=user.programmes.values("pk"))
    return [
        Waiting(
            _("%(member)s says that its request on %(area)s is urgent.")
            % {"member": row.need.member.name, "area": row.need.area_name},
            reverse("mentoring:urgency", args=[row.need.programme.public_id, row.public_id]),
        )
        for row in rows.select_related("need__member", "need__programme").order_by("asked_at", "pk")
    ]


def _rounds(user: User) -> list[Waiting]:
    rows = Proposal.objects.filter(
        round__programme__in=user.programmes.values("pk"),
        round__state=RoundState.PROPOSED,
        decision=Decision.OPEN,
    )
    counts: dict[tuple[str, str, str], int] = {}
    for key in rows.order_by("round").values_list(
        "round__programme__public_id", "round__public_id", "round__name"
    ):
        counts[key] = counts.get(key, 0) + 1
    return [
        Waiting(
            ngettext("%(round)s: %(n)s proposal to decide", "%(round)s: %(n)s proposals to decide", n)
            % {"round": name, "n": n},
            reverse("mentoring:board", args=[programme, round_id]),
        )
        for (programme, round_id, name), n in counts.items()
    ]


def programme_matching_overview(user: User, programme_id: str) -> MatchingOverview:
    """The matching of a programme in numbers, for its office. Raises Http404 for others."""
    programme = get_programme(user, programme_id)
    round_ = (
        MatchingRound.objects.filter(programme=programme, kind=RoundKind.ROUND)
        .defer("problem", "answer")
        .first()
    )
    needs = list(Need.objects.filter(programme=programme, state=NeedState.SENT))
    offers = Offer.objects.open().filter(programme=programme)
    decisions = list(round_.proposals.values_list("decision", flat=True)) if round_ else []
    return MatchingOverview(
        programme=programme,
        round_id=round_.public_id if round_ else "",
        round_name=round_.name if round_ else "",
        requests=len(needs),
        ready=sum(not need.missing for need in needs),
        offers=offers.count(),
        places=offers.aggregate(all=Sum("places"))["all"] or 0,
        accepted=decisions.count(Decision.ACCEPTED),
        engagements=Engagement.objects.going_on().filter(programme=programme).count(),
    )

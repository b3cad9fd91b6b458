"""What the people of the tour were told, and the acts that stand in the audit record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import now

from apps.accounts.emails import sentence
from apps.accounts.models import Notification, User
from apps.assessments.models import Assessment, Remark, Response, Result, Round
from apps.assessments.selectors.home import area_url, question_url
from apps.assessments.services import sign_result
from apps.core import audit
from apps.courses.models import Certificate
from apps.home.services.chance import Chance
from apps.home.services.engagements import noon
from apps.home.services.people import Cast
from apps.members.models import Member, Programme
from apps.mentoring.models import Engagement, MatchingRound, Need, Proposal, Session

NEWEST_NEEDS = 5


class News:
    """Writes notifications without mail: nobody's address is real."""

    def __init__(self, cast: Cast, members: dict[str, Member], programme: Programme, chance: Chance) -> None:
        self.cast, self.members, self.programme, self.chance = cast, members, programme, chance
        self.rows: list[Notification] = []

    def make(self, newest: Round, certificates: list[Certificate]) -> None:
        """Tell everybody of the tour what concerns them."""
        self._agency(newest)
        self._mentoring()
        for need in (
            Need.objects.waiting().filter(programme=self.programme).order_by("-asked_at", "pk")[:NEWEST_NEEDS]
        ):
            self._tell(
                "manager", "need_sent", f"need:{need.public_id}", need.asked_at,
                reverse("mentoring:rounds", args=[self.programme.public_id]),
                member=need.member.name, area=need.area_name,
            )  # fmt: skip
        self._certificates(certificates)
        Notification.objects.bulk_create(self.rows)

    def _tell(
        self,
        person: str | User,
        kind: str,
        key: str,
        at: datetime,
        url: str,
        /,
        *,
        read: bool = False,
        **values: Any,
    ) -> None:
        sentence(kind, values)
        user = self.cast.tour[person] if isinstance(person, str) else person
        self.rows.append(
            Notification(
                public_id=self.chance.id("notification", user.email, key), user=user, key=key, kind=kind,
                values=values, url=url, created_at=at, read_at=at + timedelta(hours=5) if read else None,
            )
        )  # fmt: skip

    def _agency(self, newest: Round) -> None:
        """What happened in the running assessment of the agency."""
        agency = self.members["cert"]
        running = Assessment.objects.select_related("member").get(member=agency, round=newest)
        lead, respondent = self.cast.tour["lead"], self.cast.tour["respondent"]
        self._tell(
            "lead", "round_opened", f"round:{newest.public_id}:{agency.public_id}", running.opened_at,
            reverse("assessments:list", args=[agency.public_id]), read=True, programme=self.programme.name,
            member=agency.name, until=newest.closes_on.isoformat(),
        )  # fmt: skip
        rows = running.assignments.select_related("area").order_by("area__position")
        for given in [row for row in rows if row.respondent_id == respondent.pk][:3]:
            self._tell(
                "respondent", "area_given", f"area:{running.public_id}:{given.area.code}", running.opened_at,
                area_url(running, given.area.code), read=True, who=str(lead), area=given.area.name,
                member=agency.name,
            )  # fmt: skip
        for given in rows:
            waits = running.responses.filter(indicator__area=given.area, agreed_at=None).exists()
            if given.sent_to_review_at and waits:
                self._tell(
                    "reviewer", "area_for_review", f"review:{running.public_id}:{given.area.code}",
                    given.sent_to_review_at, area_url(running, given.area.code, "area_review"),
                    who=str(respondent), area=given.area.name, member=agency.name,
                )  # fmt: skip
        for remark in Remark.objects.filter(response__assessment=running).select_related(
            "response__indicator__area"
        ):
            self._asked(running, remark)

    def _asked(self, running: Assessment, remark: Remark) -> None:
        response: Response = remark.response
        indicator = response.indicator
        self._tell(
            response.answered_by, "asked_back", f"asked:{remark.public_id}", remark.at,
            question_url(running, indicator.area.code, indicator.code), who=str(remark.by),
            indicator=f"{indicator.code} {indicator.name}",
        )  # fmt: skip

    def _mentoring(self) -> None:
        """Starts and notes of the engagements that people of the tour are in."""
        tour = {
            self.members["cert"].pk: "lead",
            self.members["veldara"].pk: "coordinator",
            self.members["arvandel"].pk: "mentor",
        }
        self._invited(tour)
        rows = Engagement.objects.filter(programme=self.programme).select_related("member", "mentor")
        for row in rows.order_by("pk"):
            started = noon(row.starts_on)
            last = row.sessions.order_by("held_on").last()
            for side in (row.member, row.mentor):
                if who := tour.get(side.pk):
                    url = reverse("mentoring:engagement", args=[side.public_id, row.public_id])
                    self._tell(
                        who, "engagement_started", f"started:{row.public_id}", started, url, read=True,
                        member=row.member.name, mentor=row.mentor.name, area=row.area_name,
                    )  # fmt: skip
                    self._noted(who, last, url)

    def _invited(self, tour: dict[int, str]) -> None:
        """Invitations that wait for an answer."""
        rows = Proposal.objects.pending().filter(need__programme=self.programme).order_by("pk")
        for row in rows.select_related("need__member", "offer__member", "round"):
            at = row.round.published_at or now()
            for side in (row.need.member, row.offer.member):
                if who := tour.get(side.pk):
                    self._tell(
                        who, "proposal", f"proposal:{row.public_id}:{side.public_id}", at,
                        reverse("mentoring:invitation", args=[side.public_id, row.public_id]),
                        member=row.need.member.name, mentor=row.offer.member.name, area=row.need.area_name,
                    )  # fmt: skip

    def _noted(self, who: str, last: Session | None, url: str) -> None:
        if last is None or last.written_by == self.cast.tour[who]:
            return
        recent = last.written_at > now() - timedelta(days=30)
        self._tell(
            who, "session_logged", f"session:{last.public_id}", last.written_at, url, read=not recent,
            who=last.written_by.get_full_name(), date=date_format(last.held_on),
        )  # fmt: skip

    def _certificates(self, certificates: list[Certificate]) -> None:
        for row in certificates:
            at = row.enrolment.completed_at or now()
            self._tell(
                row.enrolment.user, "certificate", f"certificate:{row.public_id}", at,
                reverse("courses:certificate", kwargs={"certificate": row.public_id}), read=True,
                course=row.enrolment.version_of.title,
            )  # fmt: skip


def record_acts(
    cast: Cast, members: dict[str, Member], programme: Programme, certificates: list[Certificate]
) -> None:
    """Put some of the acts on record as their services would have, in the order in which they happened."""
    shown = [members[slug] for slug in ("veldara", "kestrin", "cert")]
    results = Result.objects.filter(member__in=shown).select_related(
        "assessment__lead", "assessment__version_of__framework", "member"
    )
    for result in results.order_by("computed_at", "pk"):
        statement = sign_result(actor=result.assessment.lead, result=result)
        audit.record(
            actor=result.assessment.lead, action="assessment.submitted", on=result.assessment,
            chain=result.member.public_id, result=result.public_id, input_hash=result.input_hash,
            statement=statement, answers=len(result.inputs["answers"]),
        )  # fmt: skip
    for row in Engagement.objects.filter(programme=programme, member__in=shown).select_related("grant"):
        chain = row.member.public_id
        if row.grant is not None:
            audit.record(
                actor=row.grant.given_by,
                action="grant.given",
                on=row.grant,
                chain=chain,
                areas=row.grant.areas,
            )
        audit.record(
            actor=row.grant.given_by if row.grant else None, action="engagement.started", on=row, chain=chain,
            mentor=row.mentor.public_id,
        )  # fmt: skip
        for session in row.sessions.all():
            audit.record(actor=session.written_by, action="session.logged", on=session, chain=chain)
    for round_ in MatchingRound.objects.filter(programme=programme, answer__isnull=False).order_by(
        "opened_at"
    ):
        answer: dict[str, Any] = round_.answer or {}
        audit.record(
            actor=cast.tour["manager"], action="matching_round.solved", on=round_,
            input=answer["certificate"]["input_hash"], pairs=len(answer["pairs"]),
        )  # fmt: skip
    for certificate in certificates[:3]:
        audit.record(actor=certificate.enrolment.user, action="certificate.issued", on=certificate)

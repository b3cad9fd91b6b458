"""Members with results, requests, offers and a round, made for the tests of mentoring."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.assessments.models import Assessment, Result
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from apps.mentoring import services
from apps.mentoring.models import Agreement, Engagement, MatchingRound, Need, Offer, Proposal
from apps.mentoring.selectors.agreements import agreement_page
from apps.scoring.cli import run
from tests.factories import SMALL, OrganisationFactory, UserFactory, join, small_version, take_part
from tests.people import Cast

READY = {
    "sponsor": "Deputy minister",
    "counterpart": "Head of the team",
    "staff_time": True,
    "legal_basis": True,
}
INDICATORS = {"GOV.1": ("GOV.1.1", "GOV.1.2"), "GOV.2": ("GOV.2.1",), "RES.1": ("RES.1.1", "RES.1.2")}


def result_for(
    member: Member, user: User, levels: dict[str, int], version: FrameworkVersion, grade: str = "E3"
) -> Result:
    """A result as the scoring engine computes it; `levels` is area → level of all its indicators."""
    dated = localdate().isoformat()
    answers = {
        code: {"level": level, "evidence": grade, "dated": dated}
        for area, level in levels.items()
        for code in INDICATORS[area]
    }
    inputs = {
        "framework": "small", "version": "1.0", "scope": "organisational", "on": dated, "targets": {}, "answers": answers,
    }  # fmt: skip
    document = json.loads(run(json.dumps(SMALL), json.dumps(inputs)))
    title = f"Assessment {Assessment.objects.filter(member=member).count() + 1}"
    assessment = Assessment.objects.create(
        member=member, version_of=version, title=title, scope="organisational", state="submitted", lead=user
    )
    return Result.objects.create(
        member=member, assessment=assessment, method="shared-mean", method_version=1,
        input_hash=document["input_hash"], inputs=inputs, document=document,
    )  # fmt: skip


@dataclass
class World:
    """The cast with results: the agency and the other are weak, the partner is strong."""

    cast: Cast
    version: FrameworkVersion

    def need(
        self, member: Member | None = None, user: User | None = None, area: str = "GOV.1", **wishes: Any
    ) -> Need:
        given = {
            "wanted_level": 3,
            "note": "Please help.",
            "languages": ["en"],
            "mode": "either",
            "readiness": READY,
            **wishes,
        }
        member, user = member or self.cast.agency, user or self.cast.lead
        return services.send_need(
            actor=user, member=member, programme=self.cast.programme.public_id, area=area, **given
        )

    def offer(
        self, member: Member | None = None, user: User | None = None, area: str = "GOV.1", **terms: Any
    ) -> Offer:
        given = {"places": 2, "hours_per_month": 6, "languages": ["en"], "mode": "either", **terms}
        member, user = member or self.cast.mentor_partner, user or self.cast.mentor
        return services.make_offer(
            actor=user, member=member, programme=self.cast.programme.public_id, area=area, **given
        )

    def round(self, name: str = "Round 1") -> MatchingRound:
        return services.open_round(actor=self.cast.manager, programme=self.cast.programme, name=name)

    def solve(self, round_: MatchingRound) -> MatchingRound:
        return services.solve_round(
            actor=self.cast.manager, programme=self.cast.programme, public_id=round_.public_id
        )

    def decide(self, proposal: Proposal, choice: str) -> Proposal:
        return services.decide_proposal(
            actor=self.cast.manager, programme=self.cast.programme, round_id=proposal.round.public_id,
            public_id=proposal.public_id, choice=choice, version=proposal.version,
        )  # fmt: skip

    def publish(self, round_: MatchingRound) -> MatchingRound:
        round_.refresh_from_db()
        return services.publish_round(
            actor=self.cast.manager,
            programme=self.cast.programme,
            public_id=round_.public_id,
            version=round_.version,
        )

    def invited(self) -> Proposal:
        """One pair, solved, accepted by the office and invited."""
        self.need()
        self.offer()
        round_ = self.solve(self.round())
        proposal = round_.proposals.get()
        self.decide(proposal, "accept")
        self.publish(round_)
        proposal.refresh_from_db()
        return proposal

    def engagement(self, *, signed: bool = True) -> Engagement:
        """One pair that both sides accepted, with an agreement that both have signed unless `signed` is False."""
        proposal = self.invited()
        services.accept_invitation(
            actor=self.cast.lead, member=self.cast.agency, public_id=proposal.public_id
        )
        made = services.accept_invitation(
            actor=self.cast.mentor, member=self.cast.mentor_partner, public_id=proposal.public_id
        )
        assert made is not None
        if signed:
            self.sign(made, self.cast.lead, self.cast.agency)
            self.sign(made, self.cast.mentor, self.cast.mentor_partner)
            made.refresh_from_db()
        return made

    def sign(
        self,
        engagement: Engagement,
        user: User,
        member: Member,
        *,
        measurement: bool = True,
        publication: bool = False,
    ) -> Agreement:
        """Sign the agreement as its page shows it."""
        page = agreement_page(user, member.public_id, engagement.public_id)
        return services.sign_agreement(
            actor=user, member=member, engagement=engagement.public_id, seen=page.hash, measurement=measurement,
            publication=publication,
        )  # fmt: skip

    def another(
        self, name: str, levels: dict[str, int], *, mentor: bool = False, **fields: Any
    ) -> tuple[Member, User]:
        """One more member of the programme with a lead (or mentor) and a result."""
        member = OrganisationFactory(name=name, is_mentor=mentor, **fields)
        user = UserFactory()
        join(member, user, "mentor" if mentor else "lead")
        take_part(self.cast.programme, member)
        result_for(member, user, levels, self.version)
        return member, user


def make_world(cast: Cast, version: FrameworkVersion | None = None) -> World:
    """Results for the agency, the other agency and the mentor partner, on the small framework or on `version`."""
    version = version or small_version()
    weak = {"GOV.1": 1, "GOV.2": 2, "RES.1": 0}
    result_for(cast.agency, cast.lead, weak, version)
    result_for(cast.other, cast.other_lead, {"GOV.1": 0, "GOV.2": 1, "RES.1": 1}, version)
    result_for(cast.mentor_partner, cast.mentor, {"GOV.1": 4, "GOV.2": 5, "RES.1": 3}, version)
    return World(cast, version)


LATER = timedelta(days=30)

"""Answers, their history, evidence, reviewers' remarks and who had which area: gathered, then written at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.choices import EvidenceKind, EvidenceState, ResponseKind
from apps.assessments.models import (
    Assessment,
    Assignment,
    Evidence,
    EvidenceLink,
    Remark,
    Response,
    ResponseRevision,
)
from apps.frameworks.models import Area, Indicator
from apps.home.services.answers import Answer
from apps.home.services.chance import Chance
from apps.home.services.content import Content, MemberPlan
from apps.home.services.writing import Writer

# agreed: reviewed and done; review: waits for the reviewer; asked: the reviewer asked something; part: half answered.
AreaState = Literal["agreed", "review", "asked", "part", "open"]
CHANGED_CHANCE = 0.07
AT_ONCE = 2000


class ResponseRows:
    """Gathers the rows of several assessments; `save` writes them in as few statements as there are tables."""

    def __init__(
        self, content: Content, areas: dict[str, Area], indicators: dict[str, Indicator], chance: Chance
    ) -> None:
        self.content, self.areas, self.indicators, self.chance = content, areas, indicators, chance
        self.responses: list[Response] = []
        self.revisions: list[ResponseRevision] = []
        self.evidence: list[Evidence] = []
        self.links: list[EvidenceLink] = []
        self.assignments: list[Assignment] = []
        self.remarks: list[Remark] = []

    def add_area(
        self, plan: MemberPlan, row: Assessment, code: str, state: AreaState, on: date,
        respondent: User, reviewer: User, answers: dict[str, Answer],
    ) -> None:  # fmt: skip
        """Add one area of an assessment in its state, drawn for the day `on`."""
        dice = self.chance.at("area", plan.slug, on, code)
        end = row.submitted_at or now()
        at = row.opened_at + (end - row.opened_at) * dice.uniform(0.1, 0.8)
        sent = None if state in ("part", "open") else at + timedelta(hours=dice.randint(3, 30))
        if not plan.light:
            self.assignments.append(
                Assignment(
                    member=row.member, assessment=row, area=self.areas[code], respondent=respondent,
                    reviewer=reviewer, sent_to_review_at=min(sent, end) if sent else None,
                )
            )  # fmt: skip
        codes = list(answers)
        shown = {"part": max(1, len(codes) // 2), "open": 0}.get(state, len(codes))
        writer = Writer(self.content, plan, on, self.chance)
        for place, indicator in enumerate(codes[:shown]):
            moment = min(at + timedelta(minutes=7 * place), end)
            response = self._response(row, indicator, answers[indicator], writer, respondent, moment)
            if state == "agreed":
                response.agreed_by, response.agreed_at = reviewer, min(moment + timedelta(days=2), end)
            self._keep(plan, response, answers[indicator], writer, respondent, reviewer)
        if state == "asked" and shown:
            self._ask(row, self.responses[-1], reviewer, min(at + timedelta(days=1), end))

    def _response(
        self, row: Assessment, code: str, answer: Answer, writer: Writer, by: User, at: datetime
    ) -> Response:
        kind = ResponseKind.LEVEL if answer.level is not None else ResponseKind.UNKNOWN
        return Response(
            public_id=self.chance.id("response", row.public_id, code), member=row.member, assessment=row,
            indicator=self.indicators[code], kind=ResponseKind.NOT_APPLICABLE if answer.reason else kind,
            level=answer.level, reason=answer.reason, why=writer.why(code, answer), answered_by=by, answered_at=at,
        )  # fmt: skip

    def _keep(
        self, plan: MemberPlan, response: Response, answer: Answer, writer: Writer, by: User, reviewer: User
    ) -> None:
        self.responses.append(response)
        if not plan.light:
            self._remember(response, by)
        if answer.grade:
            self.evidence.append(self._paper(plan, response, answer, writer, by, reviewer))

    def _remember(self, response: Response, by: User) -> None:
        """The history of an answer: now and then it was lower before somebody found the paper."""
        dice = self.chance.at("history", response.public_id)
        if response.level and dice.random() < CHANGED_CHANCE:
            response.version = 2
            earlier = response.answered_at - timedelta(days=dice.randint(1, 4))
            text = self.content.phrases["earlier"]
            self.revisions.append(
                _revision(response, by, 1, level=response.level - 1, why=dice.choice(text), at=earlier)
            )
        self.revisions.append(_revision(response, by, response.version))

    def _paper(
        self, plan: MemberPlan, response: Response, answer: Answer, writer: Writer, by: User, reviewer: User
    ) -> Evidence:
        """Evidence of the answer's grade: described (1), a dated link (2), a link that the reviewer accepted (3)."""
        code = response.indicator.code
        words = writer.paper(response.indicator.area.code, code)
        public_id = self.chance.id("evidence", response.public_id)
        linked = answer.grade >= 2
        piece = Evidence(
            public_id=public_id, member=response.member, assessment=response.assessment,
            kind=EvidenceKind.LINK if linked else EvidenceKind.DESCRIBED,
            title=words.title, shows=words.shows, owner=words.owner, place="" if linked else words.place,
            url=f"https://files.{plan.slug}.meridian.example/{code.lower()}/{public_id[:6]}" if linked else "",
            dated=answer.dated, state=EvidenceState.NOT_SCANNED, added_by=by, added_at=response.answered_at,
        )  # fmt: skip
        self.links.append(
            EvidenceLink(
                member=response.member, evidence=piece, indicator=response.indicator, attached_by=by,
                attached_at=response.answered_at, accepted_by=reviewer if answer.grade == 3 else None,
            )
        )  # fmt: skip
        return piece

    def _ask(self, row: Assessment, response: Response, reviewer: User, at: datetime) -> None:
        text = self.chance.pick(self.content.phrases["asked"], "asked", response.public_id)
        self.remarks.append(
            Remark(
                public_id=self.chance.id("remark", response.public_id), member=row.member, response=response,
                version=response.version, by=reviewer, at=at, text=text,
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write everything that was gathered."""
        Response.objects.bulk_create(self.responses, batch_size=AT_ONCE)
        ResponseRevision.objects.bulk_create(self.revisions, batch_size=AT_ONCE)
        Evidence.objects.bulk_create(self.evidence, batch_size=AT_ONCE)
        EvidenceLink.objects.bulk_create(self.links, batch_size=AT_ONCE)
        Assignment.objects.bulk_create(self.assignments, batch_size=AT_ONCE)
        Remark.objects.bulk_create(self.remarks)


def _revision(response: Response, by: User, version: int, **earlier: Any) -> ResponseRevision:
    """One saved state of an answer; `earlier` replaces what was different then."""
    columns = {
        "kind": response.kind, "level": response.level, "reason": response.reason, "why": response.why,
        "at": response.answered_at,
    }  # fmt: skip
    return ResponseRevision(response=response, version=version, by=by, **{**columns, **earlier})

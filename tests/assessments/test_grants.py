"""Whatever is given, narrowed, ended and withdrawn, in whatever order: readers see what the grants say, and no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, ReviewRequest
from apps.assessments.selectors.desk import desk_page, desk_rows
from apps.assessments.selectors.sharing import result_under_grant
from apps.core.errors import Refused
from apps.members import services as members
from apps.members.models import Grant
from tests.assessments.flow import answer, at, begin
from tests.assessments.reviewing import begun, reviewer_of
from tests.factories import small_version
from tests.people import Cast, make_cast

AREAS = ("GOV.1", "GOV.2", "RES.1")
SOME = st.lists(st.sampled_from(AREAS), unique=True)
DAYS = st.integers(0, 20)


class Sharing(RuleBasedStateMachine):
    """A model of the grants, {id: (areas, evidence, end, withdrawn, kind)}, beside what readers really get."""

    grants: Any = Bundle("grants")
    cast: Cast
    reva: User
    row: Assessment

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(target=grants, areas=SOME, evidence=st.booleans(), days=DAYS)
    def give(self, areas: list[str], evidence: bool, days: int) -> str:
        until = localdate() + timedelta(days)
        grant = members.give_grant(
            actor=self.cast.lead, member=self.cast.agency, reader=f"member:{self.cast.mentor_partner.public_id}",
            purpose="Mentoring", areas=areas, with_evidence=evidence, tlp="TLP:AMBER", ends_on=until,
        )  # fmt: skip
        return self._keep(grant, "")

    @rule(target=grants, areas=SOME, evidence=st.booleans(), days=DAYS)
    def ask(self, areas: list[str], evidence: bool, days: int) -> str:
        found = services.ask_review(
            actor=self.cast.lead, assessment=self.row, kind="peer", reviewer=self.cast.other.public_id, areas=areas,
            with_evidence=evidence, tlp="TLP:AMBER", ends_on=localdate() + timedelta(days),
        )  # fmt: skip
        request = ReviewRequest.objects.get(public_id=found)
        begun(self.reva, request)
        return self._keep(request.grant, found)

    def _keep(self, grant: Grant, request: str) -> str:
        self.model[grant.public_id] = {
            "areas": set(grant.areas or AREAS), "evidence": grant.with_evidence, "end": grant.ends_on, "gone": False,
            "request": request,
        }  # fmt: skip
        return grant.public_id

    @rule(grant=grants, areas=SOME, evidence=st.booleans(), days=DAYS)
    def narrow(self, grant: str, areas: list[str], evidence: bool, days: int) -> None:
        row, kept = Grant.objects.get(public_id=grant), self.model[grant]
        until = localdate() + timedelta(days)
        try:
            with transaction.atomic():
                members.narrow_grant(
                    actor=self.cast.lead, member=self.cast.agency, public_id=grant, version=row.version, areas=areas,
                    with_evidence=evidence, ends_on=until,
                )  # fmt: skip
        except Refused:
            return
        assert set(areas or AREAS) <= kept["areas"] and evidence <= kept["evidence"] and until <= kept["end"]
        kept |= {"areas": set(areas or AREAS), "evidence": evidence, "end": until}

    @rule(grant=grants)
    def withdraw(self, grant: str) -> None:
        members.withdraw_grant(actor=self.cast.lead, member=self.cast.agency, public_id=grant)
        self.model[grant]["gone"] = True

    @rule(grant=grants)
    def expire(self, grant: str) -> None:
        """Its last day was yesterday."""
        day: date = localdate() - timedelta(1)
        Grant.objects.filter(public_id=grant).update(ends_on=day)
        self.model[grant]["end"] = day

    def _open(self, *, review: bool) -> list[dict[str, Any]]:
        held = [kept for kept in self.model.values() if bool(kept["request"]) is review]
        return [kept for kept in held if not kept["gone"] and kept["end"] >= localdate()]

    @invariant()
    def readers_see_what_is_given_and_no_more(self) -> None:
        held = self._open(review=False)
        seen = result_under_grant(self.cast.mentor, self.cast.agency)
        assert (seen is not None) is bool(held)
        if seen:
            assert {part.code for part in seen.areas} == set().union(*(kept["areas"] for kept in held))
            shown = {piece.code.rpartition(".")[0] for piece in seen.evidence}
            assert shown == set().union(*(kept["areas"] for kept in held if kept["evidence"]))
        assert result_under_grant(self.reva, self.cast.agency) is None

    @invariant()
    def reviewers_see_what_is_asked_and_no_more(self) -> None:
        assert {row.public_id for row in desk_rows(self.reva)} == {
            kept["request"] for kept in self._open(review=True)
        }
        for kept in self.model.values():
            if not kept["request"]:
                continue
            if kept not in self._open(review=True):
                with pytest.raises(Http404):
                    desk_page(self.reva, kept["request"])
                continue
            page = desk_page(self.reva, kept["request"])
            assert {area.code for area in page.areas} == kept["areas"]
            papers = {piece.code for area in page.areas for item in area.items for piece in item.evidence}
            assert bool(papers) is kept["evidence"]
            with pytest.raises(Http404):
                desk_page(self.cast.mentor, kept["request"])


def a_result() -> type[Sharing]:
    """The machine over one submitted result with evidence in three areas; each history is undone after its end."""
    cast = make_cast()
    reviewer = reviewer_of(cast)
    row = begin(cast.lead, cast.agency, version=small_version())
    for code in ("GOV.1.1", "GOV.2.1", "RES.1.1"):
        answer(cast.respondent, row, code, "2")
        item = services.EvidenceInput("link", title=f"Paper {code}", url="https://example.org/p")
        services.add_evidence(actor=cast.lead, place=at(cast.lead, row, code), item=item)
    services.submit_assessment(actor=cast.lead, assessment=row)
    Sharing.cast, Sharing.reva, Sharing.row = cast, reviewer, row
    return Sharing


@pytest.mark.django_db(transaction=False)
def test_every_history_of_grants_shows_only_what_is_granted() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        a_result(),
        settings=settings(
            max_examples=15, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

"""Whatever is given, narrowed, ended and withdrawn, in whatever order: readers see what the grants say, and no more.

By every door: pages, files, reviewers' desks, levels beside outside systems, and the API.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, ReviewRequest
from apps.assessments.selectors.desk import desk_page, desk_rows
from apps.assessments.selectors.sharing import result_under_grant
from apps.assessments.services.sharing import read_levels
from apps.core.errors import Refused
from apps.members import services as members
from apps.members.models import Grant, GrantReading
from tests.assessments.flow import answer, at, begin
from tests.assessments.reviewing import begun, reviewer_of
from tests.core.api import Program
from tests.factories import small_version
from tests.people import Cast, make_cast

AREAS = ("GOV.1", "GOV.2", "RES.1")
CONTENT = b"Minutes of May."
SOME = st.lists(st.sampled_from(AREAS), unique=True)
DAYS = st.integers(0, 20)


def area_of(code: str) -> str:
    """The area of a question."""
    return code.rpartition(".")[0]


class Sharing(RuleBasedStateMachine):
    """A model of the grants, {id: (areas, evidence, end, withdrawn, kind)}, beside what readers really get."""

    grants: Any = Bundle("grants")
    cast: Cast
    reva: User
    row: Assessment
    files: dict[str, str]  # area → the id of a file that supports an answer there
    mentor: Program
    reviewer: Program

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model: dict[str, dict[str, Any]] = {}

    def teardown(self) -> None:
        try:
            self._programs_get_what_pages_show()
        finally:
            self._undo()

    def _undo(self) -> None:
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
    def files_open_within_the_grants_and_nowhere_else(self) -> None:
        """Each file by each door, in words and by a program: within an agreement with evidence in force, or not at all."""
        held = self._open(review=False)
        open_areas = set().union(*(kept["areas"] for kept in held if kept["evidence"]))
        asked = {kept["request"]: kept for kept in self._open(review=True)}
        for code, piece in self.files.items():
            self._door(
                code in open_areas,
                services.read_shared_file,
                self.cast.mentor,
                member=self.cast.agency.public_id,
                evidence=piece,
            )
            self._door(
                False, services.read_shared_file, self.reva, member=self.cast.agency.public_id, evidence=piece
            )
            for kept in self.model.values():
                if request := kept["request"]:
                    opens = request in asked and kept["evidence"] and code in kept["areas"]
                    self._door(
                        opens, services.read_review_file, self.reva, review_request=request, evidence=piece
                    )
                    self._door(
                        False,
                        services.read_review_file,
                        self.cast.mentor,
                        review_request=request,
                        evidence=piece,
                    )

    def _door(self, opens: bool, service: Any, actor: User, **where: str) -> None:
        """A file is whole and on record with the owner, or looks as if it were not there."""
        before = GrantReading.objects.filter(user=actor).count()
        if not opens:
            with pytest.raises(Http404):
                service(actor=actor, **where)
            assert GrantReading.objects.filter(user=actor).count() == before
            return
        assert b"".join(service(actor=actor, **where).parts) == CONTENT
        assert GrantReading.objects.filter(user=actor).count() > before

    @invariant()
    def levels_beside_outside_systems_are_those_of_the_grants(self) -> None:
        held = self._open(review=False)
        given = set().union(*(kept["areas"] for kept in held))
        where = {"member": self.cast.agency.public_id, "assessment": self.row.public_id}
        for actor, areas in ((self.cast.mentor, given), (self.reva, set())):
            if not areas:
                with pytest.raises(Http404):
                    read_levels(actor=actor, **where)
                continue
            assert {row.area for row in read_levels(actor=actor, **where).rows.values()} == areas

    def _programs_get_what_pages_show(self) -> None:
        """At the end of each history, since every request costs as much as a whole step."""
        held = self._open(review=False)
        given = set().union(*(kept["areas"] for kept in held))
        shown = set().union(*(kept["areas"] for kept in held if kept["evidence"]))
        client = Client()
        client.force_login(self.cast.mentor, backend="allauth.account.auth_backends.AuthenticationBackend")
        url = reverse("home:related", args=[self.cast.agency.public_id, self.row.public_id])
        assert client.get(url).status_code == (200 if held else 404)
        at = f"shared/{self.cast.agency.public_id}/"
        told = self.mentor.get(f"{at}result/", 200 if held else 404)
        if held:
            assert {area["code"] for area in told["areas"]} == given
            assert {area_of(piece["code"]) for piece in told["evidence"]} == shown
        listed = self.mentor.get("shared/")["results"]
        assert len(listed) == len(held) and all(row["id"] == self.cast.agency.public_id for row in listed)
        for code, piece in self.files.items():
            answer = self.mentor.ask("GET", f"{at}evidence/{piece}/")
            assert answer.status_code == (200 if code in shown else 404)
            if answer.status_code == 200:
                assert answer.getvalue() == CONTENT
        self.reviewer.get(f"{at}result/", 404)
        open_now = {kept["request"]: kept for kept in self._open(review=True)}
        assert {row["id"] for row in self.reviewer.get("reviews/")["results"]} == set(open_now)
        for kept in self.model.values():
            if request := kept["request"]:
                self.reviewer.get(f"reviews/{request}/", 200 if request in open_now else 404)
                self.mentor.get(f"reviews/{request}/", 404)
                for code, piece in self.files.items():
                    opens = request in open_now and kept["evidence"] and code in kept["areas"]
                    status = self.reviewer.ask("GET", f"reviews/{request}/files/{piece}/").status_code
                    assert status == (200 if opens else 404)

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
    files: dict[str, str] = {}
    for code in ("GOV.1.1", "GOV.2.1", "RES.1.1"):
        answer(cast.respondent, row, code, "2")
        item = services.EvidenceInput("link", title=f"Paper {code}", url="https://example.org/p")
        services.add_evidence(actor=cast.lead, place=at(cast.lead, row, code), item=item)
        item = services.EvidenceInput("file", title=f"File {code}", data=CONTENT, file_name="f.txt")
        files[area_of(code)] = services.add_evidence(
            actor=cast.lead, place=at(cast.lead, row, code), item=item
        )
    services.submit_assessment(actor=cast.lead, assessment=row)
    Sharing.cast, Sharing.reva, Sharing.row, Sharing.files = cast, reviewer, row, files
    Sharing.mentor, Sharing.reviewer = Program(cast.mentor), Program(reviewer)
    return Sharing


@pytest.mark.django_db(transaction=False)
def test_every_history_of_grants_shows_only_what_is_granted() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        a_result(),
        settings=settings(
            max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

"""The review ladder: submitted, peer-reviewed, verified, void, expired; who may do what, and what each step binds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils.timezone import localdate, now

from apps.accounts.models import Notification, User
from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Judgement, PeerReview, Response, Result
from apps.assessments.selectors.desk import desk_page, desk_rows, request_for
from apps.assessments.selectors.home import waiting_for
from apps.assessments.selectors.ladder import findings_page, reviewers_page
from apps.assessments.selectors.results import trust_of
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.core.seals import content_hash
from apps.members import services as members
from apps.members.models import Grant, GrantReading
from tests.assessments.flow import answer, at, begin, submitted
from tests.assessments.reviewing import ask, begun, certify, judged, reviewer_of, signed
from tests.factories import OrganisationFactory, join, share, small_version, take_part
from tests.people import Cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def result_of(row: Assessment) -> Result:
    return Result.objects.filter(assessment=row).order_by("-pk")[0]


@pytest.fixture
def row(cast: Cast) -> Assessment:
    return submitted(cast, "3", "2", "4", "1", "2", version=small_version())


@pytest.fixture
def reva(cast: Cast) -> User:
    return reviewer_of(cast)


def test_a_result_climbs_from_submitted_to_peer_reviewed_to_verified(
    cast: Cast, row: Assessment, reva: User
) -> None:
    assert trust_of(result_of(row)) == "submitted"
    signed(reva, ask(cast, row))
    assert trust_of(result_of(row)) == "peer_reviewed"
    certify(cast, reva)
    signed(reva, ask(cast, row, kind="verification"), "with_findings", GOV_1_1="1")
    assert trust_of(result_of(row)) == "verified"
    page = client_of(cast.lead).get(f"/o/{cast.agency.public_id}/results/{row.public_id}/").content.decode()
    assert "Verified" in page
    code = selectors.result_code(result_of(row).public_id)
    assert "verified by a certified reviewer" in Client().get(f"/verify/result/{code}/").content.decode()
    Result.objects.update(computed_at=now() - timedelta(days=800))
    assert trust_of(result_of(row)) == "expired"


def test_a_review_of_some_areas_or_one_that_does_not_confirm_lifts_nothing(
    cast: Cast, row: Assessment, reva: User
) -> None:
    signed(reva, ask(cast, row, areas=["GOV.1"]))
    assert trust_of(result_of(row)) == "submitted"
    signed(reva, ask(cast, row), "not_confirmed", GOV_2_1="0")
    assert trust_of(result_of(row)) == "submitted"


def test_nothing_of_the_member_changes_by_a_review(cast: Cast, row: Assessment, reva: User) -> None:
    before = list(Response.objects.order_by("pk").values()), result_of(row).document
    signed(reva, ask(cast, row), "with_findings", GOV_1_1="1")
    assert (list(Response.objects.order_by("pk").values()), result_of(row).document) == before
    assert Judgement.objects.get(indicator__code="GOV.1.1").level == 1


def test_the_signature_binds_what_was_shown(cast: Cast, row: Assessment, reva: User) -> None:
    review = signed(reva, ask(cast, row))
    statement = review.statement
    assert statement["result"]["statement"] == content_hash(result_of(row).statement)
    assert statement["seen"] == review.seen_hash and len(review.seen_hash) == 64
    rows = AuditEntry.objects.filter(action="review.signed")
    assert {entry.chain_id for entry in rows} == {cast.agency.public_id, cast.other.public_id}
    assert {entry.detail["statement"] for entry in rows} == {content_hash(statement)}


def test_what_changes_while_the_reviewer_reads_stops_the_signature(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    begun(reva, request)
    page = judged(reva, request)
    grant = request.grant
    members.narrow_grant(
        actor=cast.lead, member=cast.agency, public_id=grant.public_id, version=1, areas=["GOV.1"],
        with_evidence=False, ends_on=grant.ends_on,
    )  # fmt: skip
    assert page.review is not None
    with pytest.raises(Conflict, match="changed while you were reading"):
        services.sign_review(
            actor=reva, review=page.review, decision="confirmed", summary="", seen=page.seen_hash,
            expected=page.review.version,
        )  # fmt: skip
    assert [area.code for area in desk_page(reva, request.public_id).areas] == ["GOV.1"]


def test_nothing_is_shown_before_interests_are_declared_and_a_conflict_ends_it(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    client, place = client_of(reva), f"/reviews/{request.public_id}/"
    page = client.get(place).content.decode()
    assert "are you free to judge" in page and "GOV.1" not in page
    assert not GrantReading.objects.exists() and client.get(f"{place}GOV.1/").status_code == 404
    assert client.post(place, {}).status_code == 422
    assert client.post(place, {"conflict": "yes", "words": ""}).status_code == 422
    client.post(place, {"conflict": "yes", "words": "My brother runs it."})
    page = client.get(place).content.decode()
    assert "You declared that interests conflict" in page and "GOV.1" not in page
    with pytest.raises(Refused):
        services.declare_interests(actor=reva, request=request_for(reva, request.public_id), conflict="no")
    assert PeerReview.objects.get().state == "declined" and trust_of(result_of(row)) == "submitted"
    owner = reviewers_page(cast.lead, cast.agency, row.public_id)
    assert owner.requests[0].declined == 1


def test_reviewers_are_found_told_and_their_reading_is_on_record(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    told = Notification.objects.filter(kind="review_asked")
    assert {n.user for n in told} == {reva, cast.other_lead}
    assert [w.url for w in waiting_for(reva)] == [f"/reviews/{request.public_id}/"]
    assert [r.member for r in desk_rows(reva)] == [cast.agency.name]
    begun(reva, request)
    client_of(reva).get(f"/reviews/{request.public_id}/GOV.1/")
    assert GrantReading.objects.get().user == reva
    judged(reva, request)
    assert len(waiting_for(reva)) == 1


@pytest.mark.parametrize("person", ["mentor", "viewer", "respondent", "outsider", "manager", "staff", "lead"])
def test_nobody_else_finds_the_desk(cast: Cast, row: Assessment, reva: User, person: str) -> None:
    request = ask(cast, row)
    with pytest.raises(Http404):
        desk_page(cast.people[person], request.public_id)


def test_a_review_grant_shows_the_desk_and_nothing_beside_it(cast: Cast, row: Assessment, reva: User) -> None:
    ask(cast, row)
    for person in (reva, cast.other_lead):
        assert selectors.result_under_grant(person, cast.agency) is None


def test_nobody_reviews_their_own_member(cast: Cast, row: Assessment, reva: User) -> None:
    request = ask(cast, row)
    join(cast.agency, reva, "viewer")
    with pytest.raises(PermissionDenied, match="belong to"):
        begun(reva, request)


def test_only_certified_people_verify(cast: Cast, row: Assessment, reva: User) -> None:
    request = ask(cast, row, kind="verification")
    with pytest.raises(PermissionDenied, match="certified"):
        begun(reva, request)
    certify(cast, reva)
    begun(reva, request)
    held = reva.certifications.get()  # type: ignore[attr-defined]
    members.withdraw_certification(actor=cast.manager, programme=cast.programme, public_id=held.public_id)
    assert desk_page(reva, request.public_id).areas == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "reading"}, "kind"),
        ({"reviewer": "x" * 20}, "reader"),
        ({"ends_on": localdate() - timedelta(1)}, "ends_on"),
        ({"ends_on": localdate() + timedelta(9999)}, "ends_on"),
    ],
)
def test_a_request_that_cannot_be_says_why(
    cast: Cast, row: Assessment, reva: User, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as fault:
        ask(cast, row, **change)
    assert fault.value.field == field and not Grant.objects.exists()


def test_a_member_of_no_common_programme_and_an_unsigned_result_are_refused(
    cast: Cast, row: Assessment
) -> None:
    with pytest.raises(Refused):
        ask(cast, row, reviewer=OrganisationFactory().public_id)
    with pytest.raises(Refused):
        ask(cast, row, reviewer=cast.agency.public_id)
    Result.objects.update(statement={})
    with pytest.raises(Refused, match="signed"):
        ask(cast, row)


@pytest.mark.parametrize(
    ("decision", "levels", "said"),
    [
        ("confirmed", {"GOV_1_1": "1"}, "with findings"),
        ("nonsense", {}, "Choose a decision"),
        ("", {}, "Choose a decision"),
    ],
)
def test_a_decision_follows_from_the_findings(
    cast: Cast, row: Assessment, reva: User, decision: str, levels: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        signed(reva, ask(cast, row), decision, **levels)


def test_a_level_that_differs_needs_a_finding_and_everything_needs_a_judgement(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row, areas=["GOV.2"])
    begun(reva, request)
    for choice, decision, said in (
        ("", "confirmed", "Judge every"),
        ("4", "", "decide on every"),
        ("0", "confirmed", "say why"),
    ):
        page = desk_page(reva, request.public_id)
        assert page.review is not None
        services.judge_area(
            actor=reva, page=page, area=page.area("GOV.2"), rows=[services.JudgementInput("GOV.2.1", choice)],
            expected=page.review.version, decision=decision,
        )  # fmt: skip
        page = desk_page(reva, request.public_id)
        assert page.review is not None
        with pytest.raises(Refused, match=said):
            services.sign_review(
                actor=reva, review=page.review, decision="confirmed", summary="", seen=page.seen_hash,
                expected=page.review.version,
            )  # fmt: skip


def test_two_windows_of_one_reviewer_conflict_with_both_texts(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row, areas=["GOV.2"])
    begun(reva, request)
    client, place = client_of(reva), f"/reviews/{request.public_id}/GOV.2/"
    first = {"i-GOV.2.1-level": "2", "i-GOV.2.1-finding": "First words", "version": "1", "decision": ""}
    assert client.post(place, first).status_code == 302
    page = client.post(place, {**first, "i-GOV.2.1-finding": "Second words"})
    shown = page.content.decode()
    assert page.status_code == 409 and "First words" in shown and "Second words" in shown
    assert Judgement.objects.get().finding == "First words"
    again = {**first, "i-GOV.2.1-finding": "Second words", "version": "2", "idempotency": "k"}
    assert [client.post(place, again).status_code for _ in range(2)] == [302, 302]
    assert PeerReview.objects.get().version == 3


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"version": "1", "i-GOV.2.1-level": "9"}, 422),
        ({"version": "x"}, 422),
        ({}, 422),
        ({"version": "1", "decision": "maybe"}, 422),
        ({"version": "1", "i-GOV.2.1-finding": "x" * 3001}, 422),
        ({"version": "1", "i-GOV.2.1-level": "2", "i-GOV.2.1-finding": "a\x00b"}, 422),
        ({"version": str(2**70)}, 422),
    ],
)
def test_bad_judgements_are_refused_and_nothing_is_written(
    cast: Cast, row: Assessment, reva: User, data: dict[str, str], status: int
) -> None:
    request = ask(cast, row, areas=["GOV.2"])
    begun(reva, request)
    assert client_of(reva).post(f"/reviews/{request.public_id}/GOV.2/", data).status_code == status
    assert not Judgement.objects.exists()


def test_a_signed_review_does_not_change(cast: Cast, row: Assessment, reva: User) -> None:
    request = ask(cast, row)
    signed(reva, request)
    page = desk_page(reva, request.public_id)
    with pytest.raises(Conflict, match="signed"):
        services.judge_area(actor=reva, page=page, area=page.areas[0], rows=[], expected=99)


def test_the_owner_reads_findings_and_answers_them(cast: Cast, row: Assessment, reva: User) -> None:
    request = ask(cast, row)
    review = signed(reva, request, "with_findings", GOV_1_1="1")
    place = f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reviewers/{review.public_id}/"
    client = client_of(cast.respondent)
    page = client.get(place).content.decode()
    assert "The decree is a draft." in page and "Weighted kappa" in page and "Reva Tolland" in page
    assert client.post(f"{place}GOV.1.1/reply/", {"text": " ", "version": "1"}).status_code == 422
    assert (
        client.post(f"{place}GOV.1.1/reply/", {"text": "It was signed in May.", "version": "1"}).status_code
        == 302
    )
    clash = client.post(f"{place}GOV.1.1/reply/", {"text": "No.", "version": "1"})
    assert clash.status_code == 409 and "It was signed in May." in clash.content.decode()
    assert Notification.objects.get(kind="review_answered").user == reva
    assert (
        "It was signed in May."
        in client_of(reva).get(f"/reviews/{request.public_id}/GOV.1/").content.decode()
    )
    assert (
        client_of(cast.viewer).post(f"{place}GOV.1.1/reply/", {"text": "x", "version": "2"}).status_code
        == 403
    )


def test_the_draft_of_a_review_is_its_writers_alone(cast: Cast, row: Assessment, reva: User) -> None:
    request = ask(cast, row)
    begun(reva, request)
    judged(reva, request, GOV_1_1="0")
    review = PeerReview.objects.get()
    with pytest.raises(Http404):
        findings_page(cast.lead, cast.agency, row.public_id, review.public_id)
    page = client_of(cast.lead).get(f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reviewers/")
    assert "The decree is a draft." not in page.content.decode()
    assert desk_page(cast.other_lead, request.public_id).review is None


def test_statistics_compare_only_what_both_rated(cast: Cast, row: Assessment, reva: User) -> None:
    signed(reva, ask(cast, row), "with_findings", GOV_1_1="2", GOV_1_2="cannot", GOV_2_1="1")
    short = reviewers_page(cast.lead, cast.agency, row.public_id).signed[0]
    assert (short.agreement.n, short.figures.mean, short.figures.near) == (4, "-1.00", "75 %")


# --- reopening ------------------------------------------------------------------------------------


def reopen(cast: Cast, row: Assessment, reason: str = "A ministry was missing.") -> Result:
    row.refresh_from_db()
    return services.reopen_assessment(actor=cast.lead, assessment=row, reason=reason)


def test_reopening_voids_the_result_and_its_reviews_for_all_to_see(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    review = signed(reva, request)
    share(cast.agency, cast.lead, cast.mentor_partner)
    services.read_shared_result(actor=cast.mentor, member=cast.agency.public_id)
    result = reopen(cast, row)
    assert trust_of(result) == "void"
    inside = client_of(cast.viewer)
    page = inside.get(f"/o/{cast.agency.public_id}/results/{row.public_id}/").content.decode()
    assert "This result is void" in page and "A ministry was missing." in page and "Leila Marwan" in page
    code = selectors.result_code(result.public_id)
    assert "is void" in Client().get(f"/verify/result/{code}/").content.decode()
    told = {n.user for n in Notification.objects.filter(kind="result_void")}
    assert told == {cast.viewer, cast.respondent, cast.mentor, reva}
    assert selectors.result_under_grant(cast.mentor, cast.agency) is None
    assert "This result is void" in client_of(reva).get(f"/reviews/{request.public_id}/").content.decode()
    owner = inside.get(
        f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reviewers/{review.public_id}/"
    )
    assert "void" in owner.content.decode()
    assert selectors.latest_result(cast.lead, cast.agency) is None


def test_submitting_again_makes_a_new_result_and_the_old_one_stays_void(cast: Cast, row: Assessment) -> None:
    old = reopen(cast, row)
    answer(cast.respondent, row, "GOV.1.1", "5")
    new = services.submit_assessment(actor=cast.lead, assessment=row)
    old.refresh_from_db()
    assert new.public_id != old.public_id and old.voided_at and not new.voided_at
    assert new.statement["hashes"]["answers"] != old.statement["hashes"]["answers"]
    assert selectors.latest_result(cast.lead, cast.agency) == new and trust_of(new) == "submitted"
    assert Notification.objects.filter(kind="submitted", user=cast.viewer).count() == 2


def test_the_result_that_was_replaced_stands_again(cast: Cast, row: Assessment) -> None:
    newer = submitted(cast, "4", title="2027", version=row.version_of)
    row.refresh_from_db()
    assert row.state == "replaced"
    with pytest.raises(Conflict, match="newest"):
        reopen(cast, row)
    reopen(cast, newer)
    row.refresh_from_db()
    assert row.state == "submitted"
    latest = selectors.latest_result(cast.lead, cast.agency)
    assert latest is not None and latest.assessment == row


def test_a_review_under_way_cannot_be_signed_once_the_result_is_void(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    begun(reva, request)
    page = judged(reva, request)
    reopen(cast, row)
    assert page.review is not None
    with pytest.raises(Conflict, match="void"):
        services.sign_review(
            actor=reva, review=page.review, decision="confirmed", summary="", seen=page.seen_hash,
            expected=page.review.version,
        )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_reopening_needs_a_reason_of_bounded_length(cast: Cast, row: Assessment, reason: str) -> None:
    place = f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reopen/"
    assert client_of(cast.lead).post(place, {"reason": reason}).status_code == 422
    assert result_of(row).voided_at is None


def test_only_the_lead_reopens_and_only_once(cast: Cast, row: Assessment) -> None:
    place = f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reopen/"
    assert client_of(cast.respondent).post(place, {"reason": "x"}).status_code == 403
    assert client_of(cast.lead).post(place, {"reason": "x"}).status_code == 302
    assert client_of(cast.lead).post(place, {"reason": "x"}).status_code == 409


# --- certifying, narrowing ------------------------------------------------------------------------


def test_the_office_certifies_reviewers_of_its_members_only(cast: Cast, reva: User) -> None:
    client, place = client_of(cast.manager), f"/p/{cast.programme.public_id}/reviewers/"
    until = (localdate() + timedelta(30)).isoformat()
    for email in ("nobody@example.org", "viewer@example.org", "bad"):
        assert client.post(place, {"email": email, "ends_on": until}).status_code == 422
    assert client.post(place, {"email": reva.email, "ends_on": "2001-01-01"}).status_code == 422
    for _ in range(2):
        assert client.post(place, {"email": reva.email.upper(), "ends_on": until}).status_code == 302
    assert reva.certifications.in_force().count() == 1  # type: ignore[attr-defined]
    assert "Reva Tolland" in client.get(place).content.decode()


def test_a_grant_can_only_be_narrowed(cast: Cast, row: Assessment) -> None:
    grant = share(cast.agency, cast.lead, cast.mentor_partner, areas=["GOV.1", "RES.1"])
    client = client_of(cast.lead)
    place = f"/o/{cast.agency.public_id}/sharing/{grant.public_id}/narrow/"
    until = grant.ends_on.isoformat()
    wider = (grant.ends_on + timedelta(1)).isoformat()
    assert client.get(place).status_code == 200
    for data in (
        {"areas": ["GOV.1", "GOV.2"], "ends_on": until, "version": "1"},
        {"areas": [], "ends_on": until, "version": "1"},
        {"areas": ["GOV.1"], "ends_on": wider, "version": "1"},
        {"areas": ["GOV.1"], "ends_on": "2001-01-01", "version": "1"},
        {"areas": ["GOV.1"], "ends_on": until},
    ):
        assert client.post(place, data).status_code == 422
    assert client.post(place, {"areas": ["GOV.1"], "ends_on": until, "version": "1"}).status_code == 302
    shown = selectors.result_under_grant(cast.mentor, cast.agency)
    assert shown is not None and [part.code for part in shown.areas] == ["GOV.1"]
    assert client.post(place, {"areas": ["GOV.1"], "ends_on": until, "version": "1"}).status_code == 409


def test_a_grant_for_all_areas_is_narrowed_to_chosen_ones(cast: Cast, row: Assessment) -> None:
    grant = share(cast.agency, cast.lead, cast.mentor_partner)
    client = client_of(cast.lead)
    place = f"/o/{cast.agency.public_id}/sharing/{grant.public_id}/narrow/"
    page = client.get(place).content.decode()
    for label in ("GOV.1 Direction", "GOV.2 Mandates", "RES.1 Threats"):
        assert label in page
    assert page.count("checked") == 3
    until = grant.ends_on.isoformat()
    everything = {"areas": ["GOV.1", "GOV.2", "RES.1"], "ends_on": until, "version": "1"}
    assert client.post(place, everything).status_code == 302
    grant.refresh_from_db()
    assert grant.areas == []  # all stay all: of versions to come too
    assert client.post(place, {"ends_on": until, "version": "2"}).status_code == 422
    assert client.post(place, {"areas": ["ZZZ.9"], "ends_on": until, "version": "2"}).status_code == 422
    assert client.post(place, {"areas": ["GOV.2"], "ends_on": until, "version": "2"}).status_code == 302
    shown = selectors.result_under_grant(cast.mentor, cast.agency)
    assert shown is not None and [part.code for part in shown.areas] == ["GOV.2"]


def test_a_request_for_review_is_narrowed_to_areas_of_its_result(
    cast: Cast, row: Assessment, reva: User
) -> None:
    request = ask(cast, row)
    begun(reva, request)
    place = f"/o/{cast.agency.public_id}/sharing/{request.grant.public_id}/narrow/"
    data = {"areas": ["RES.1"], "ends_on": request.grant.ends_on.isoformat(), "version": "1"}
    assert client_of(cast.lead).post(place, data).status_code == 302
    assert [area.code for area in desk_page(reva, request.public_id).areas] == ["RES.1"]


# --- files and queries ----------------------------------------------------------------------------


def test_files_open_on_the_desk_only_within_the_grant(cast: Cast, reva: User) -> None:
    version = small_version()
    row = begin(cast.lead, cast.agency, version=version)
    ids = {}
    for code in ("GOV.1.1", "RES.1.1"):
        answer(cast.respondent, row, code, "2")
        item = services.EvidenceInput("file", title=f"Paper {code}", data=b"Minutes.", file_name="a.txt")
        ids[code] = services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, code), item=item)
    services.submit_assessment(actor=cast.lead, assessment=row)
    shut, wide = ask(cast, row), ask(cast, row, areas=["GOV.1"], with_evidence=True)
    client = client_of(reva)
    place = f"/reviews/{wide.public_id}/files/"
    assert client.get(f"{place}{ids['GOV.1.1']}/").status_code == 404  # nothing before the declaration
    begun(reva, shut)
    begun(reva, wide)
    opened = client.get(f"{place}{ids['GOV.1.1']}/")
    assert opened.status_code == 200 and b"".join(opened.streaming_content) == b"Minutes."  # type: ignore[attr-defined]
    assert GrantReading.objects.filter(what="Paper GOV.1.1").exists()
    assert client.get(f"{place}{ids['RES.1.1']}/").status_code == 404
    assert client.get(f"/reviews/{shut.public_id}/files/{ids['GOV.1.1']}/").status_code == 404
    assert "Paper GOV.1.1" not in client.get(f"/reviews/{shut.public_id}/GOV.1/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_the_ladder_cost_the_same(
    cast: Cast, reva: User, django_assert_num_queries: Any, count: int
) -> None:
    version = small_version()
    row = submitted(cast, *["2"] * (count + 2), version=version)
    for n in range(count):
        person = reviewer_of(cast, f"r{n}@example.org")
        request = ask(cast, row)
        signed(person, request, "with_findings", GOV_1_1="1")
        take_part(cast.programme, OrganisationFactory())
    begun(reva, request)
    desk_page(reva, request.public_id)
    with django_assert_num_queries(6):
        desk_page(reva, request.public_id)
    with django_assert_num_queries(2):
        assert len(desk_rows(reva)) == count
    with django_assert_num_queries(10):
        reviewers_page(cast.lead, cast.agency, row.public_id)
    review = PeerReview.objects.signed()[0]
    with django_assert_num_queries(11):
        findings_page(cast.lead, cast.agency, row.public_id, review.public_id)

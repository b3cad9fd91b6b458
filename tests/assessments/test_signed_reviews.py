"""Signed reviews: their file checks without the site, alone, against the result that was reviewed, and against the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from apps.assessments import selectors, services
from apps.assessments.models import Assessment, Judgement, PeerReview
from apps.core import audit, seals
from apps.members.services import narrow_grant
from tests.assessments.flow import submitted
from tests.assessments.reviewing import ask, begun, certify, reviewer_of, signed
from tests.core.test_verify import keys, run, verify, written
from tests.factories import small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def row(cast: Cast) -> Assessment:
    return submitted(cast, "3", "2", "4", "1", "2", version=small_version())


@pytest.fixture
def review(cast: Cast, row: Assessment) -> PeerReview:
    return signed(reviewer_of(cast), ask(cast, row), "with_findings", GOV_1_1="1", RES_1_2="cannot")


def exported(cast: Cast, review: PeerReview) -> Document:
    assessment = review.request.result.assessment.public_id
    return json.loads(  # as it is read from the file
        json.dumps(selectors.review_file(cast.lead, cast.agency, assessment, review.public_id))
    )


def check(folder: Path, document: Document, *more: str | Path, published: Document | None = None) -> Any:
    files = [
        written(folder / "review.json", document),
        "--keys",
        written(folder / "k.json", published or keys()),
    ]
    return run("review", *files, *more)


def test_the_file_checks_alone_against_the_result_and_against_either_record(
    cast: Cast, row: Assessment, review: PeerReview, tmp_path: Path
) -> None:
    document = exported(cast, review)
    assert [one["indicator"] for one in document["judgements"]][:2] == ["GOV.1.1", "GOV.1.2"]
    result = written(tmp_path / "result.json", selectors.result_file(cast.lead, cast.agency, row.public_id))
    for member in (cast.agency, cast.other):
        record = written(tmp_path / "record.json", audit.record_document(member.public_id))
        code, said = check(tmp_path, document, "--result", result, "--record", record)
        assert code == 0, said
        for words in ("Reva Tolland", "with_findings", "is of this result", "names this statement"):
            assert words in said
    assert seals.content_hash(review.statement) in said


def test_a_verification_has_a_file_too(cast: Cast, row: Assessment, tmp_path: Path) -> None:
    person = reviewer_of(cast)
    certify(cast, person)
    document = exported(cast, signed(person, ask(cast, row, kind="verification")))
    assert document["statement"]["review"] == "verification"
    assert check(tmp_path, document)[0] == 0


@pytest.mark.parametrize("part", ["judgements", "decisions", "summary"])
def test_a_changed_part_is_named(cast: Cast, review: PeerReview, tmp_path: Path, part: str) -> None:
    document = exported(cast, review)
    document[part] = [document[part]]
    code, said = check(tmp_path, document)
    assert code == 1 and f"the part `{part}` is not the one that was signed" in said
    del document[part]
    assert f"the part `{part}` is missing" in check(tmp_path, document)[1]


def test_a_changed_decision_in_the_statement_is_noticed(
    cast: Cast, review: PeerReview, tmp_path: Path
) -> None:
    document = exported(cast, review)
    document["statement"]["decision"] = "confirmed"
    code, said = check(tmp_path, document)
    assert code == 1 and "the statement is not the one that was signed" in said


def test_one_flipped_byte_anywhere_is_noticed(cast: Cast, review: PeerReview, tmp_path: Path) -> None:
    document = exported(cast, review)
    text, file = json.dumps(document).encode(), tmp_path / "flipped.json"
    for place in range(0, len(text), 23):
        changed = bytearray(text)
        changed[place] ^= 1
        file.write_bytes(bytes(changed))
        try:
            found = verify.read(str(file), "belay-review")
            verify.check_review(found, keys())
        except (verify.NotIntact, verify.Unreadable):
            continue
        assert found == document, f"a flipped byte at {place} went unnoticed"
    file.write_bytes(bytes(changed))
    code, said = run("review", file, "--keys", written(tmp_path / "k.json", keys()))
    assert code in (1, 2) and "Traceback" not in said


def test_a_review_of_another_result_is_named_with_both_statements(
    cast: Cast, row: Assessment, review: PeerReview, tmp_path: Path
) -> None:
    before = review.statement["result"]["statement"]
    row.refresh_from_db()
    services.reopen_assessment(actor=cast.lead, assessment=row, reason="A figure was wrong.")
    row.refresh_from_db()
    services.submit_assessment(actor=cast.lead, assessment=row)
    later = selectors.result_file(cast.lead, cast.agency, row.public_id)
    document = exported(cast, review)
    code, said = check(tmp_path, document, "--result", written(tmp_path / "later.json", later))
    assert code == 1 and before in said and seals.content_hash(later["statement"]) in said


def test_an_unknown_key_is_named(cast: Cast, review: PeerReview, tmp_path: Path) -> None:
    document, nobody = exported(cast, review), {"format": "belay-keys", "version": 1, "keys": []}
    code, said = check(tmp_path, document, published=nobody)
    assert code == 1 and document["proof"]["key"] in said and "not one of the published keys" in said


def test_a_result_is_no_review_and_a_review_no_result(
    cast: Cast, row: Assessment, review: PeerReview, tmp_path: Path
) -> None:
    document = exported(cast, review)
    result = selectors.result_file(cast.lead, cast.agency, row.public_id)
    assert check(tmp_path, dict(result))[0] == 2
    assert check(tmp_path, {**document, "statement": result["statement"], "proof": result["proof"]})[0] == 2
    as_result = written(tmp_path / "r.json", {**document, "format": "belay-result"})
    assert run("result", as_result, "--keys", written(tmp_path / "k.json", keys()))[0] == 1


def test_a_narrower_grant_and_a_reply_leave_the_file_as_it_was_signed(
    cast: Cast, review: PeerReview, tmp_path: Path
) -> None:
    before = exported(cast, review)
    grant = review.request.grant
    narrow_grant(
        actor=cast.lead, member=cast.agency, public_id=grant.public_id, version=grant.version,
        areas=["GOV.1"], with_evidence=False, ends_on=grant.ends_on,
    )  # fmt: skip
    judged = Judgement.objects.get(review=review, indicator__code="GOV.1.1")
    services.answer_finding(
        actor=cast.lead, assessment=review.request.result.assessment, peer_review=review.public_id,
        indicator="GOV.1.1", text="We see it otherwise.", expected=judged.version,
    )  # fmt: skip
    assert exported(cast, review) == before and check(tmp_path, before)[0] == 0


def test_a_draft_has_no_file_and_others_get_none(cast: Cast, row: Assessment) -> None:
    request, person = ask(cast, row), reviewer_of(cast)
    page = begun(person, request)
    assert page.review is not None
    for reader in (cast.lead, cast.manager, person):
        with pytest.raises(Http404):
            selectors.review_file(reader, cast.agency, row.public_id, page.review.public_id)


def test_the_page_of_a_review_leads_to_its_file(cast: Cast, row: Assessment, review: PeerReview) -> None:
    client = Client()
    client.force_login(cast.viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    place = f"/o/{cast.agency.public_id}/assessments/{row.public_id}/reviewers/{review.public_id}/"
    assert f'href="{place}file/"' in client.get(place).content.decode()
    answer = client.get(f"{place}file/")
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert answer.json() == exported(cast, review)

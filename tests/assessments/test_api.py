"""An assessment by a program: opened, answered, proved, submitted; conflicts with both texts; repeated requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from django.utils.timezone import now

from apps.accounts.models import ApiToken
from apps.assessments.models import Assessment, Draft, Evidence, Response, Result
from apps.core.models import AuditEntry
from tests.assessments.flow import CODES, answer, begin
from tests.core.api import Program
from tests.factories import small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db


def root(assessment: Assessment) -> str:
    return f"members/{assessment.member.public_id}/assessments/{assessment.public_id}/"


def test_program_answers_proves_and_submits(cast: Cast) -> None:
    small_version()
    lead, home = Program(cast.lead), f"members/{cast.agency.public_id}/"
    options = lead.get(f"{home}assessments/options/")
    made = lead.post(
        f"{home}assessments/", {"title": options["title"], "profile": options["profiles"][0]["id"]}, 201
    )
    at = lead.last["Location"].removeprefix("http://testserver")
    assert at.endswith(f"/assessments/{made['id']}/") and lead.get(at)["counts"]["not_started"] == 5

    area = lead.get(f"{at}areas/GOV.1/")
    assert lead.last["ETag"] == '"0"' and area["respondent"] == ""
    given = lead.put(f"{at}areas/GOV.1/", {"respondent": cast.respondent.public_id, "reviewer": ""}, 0)
    assert given["respondent"] == cast.respondent.public_id and lead.last["ETag"] == '"1"'

    colleague = Program(cast.respondent)
    for code in CODES:
        found = colleague.get(f"{at}answers/{code}/")
        assert colleague.last["ETag"] == '"0"' and found["saved"] is None and found["levels"][3]["text"]
        saved = colleague.put(f"{at}answers/{code}/", {"answer": "3", "why": "The decree.\r\nOf May."}, 0)
        assert saved["answer"] == "3" and saved["why"] == "The decree.\nOf May." and saved["version"] == 1
    listed = colleague.get(f"{at}answers/?area=GOV.1")["results"]
    assert [(row["code"], row["answer"], row["who"]) for row in listed] == [
        (code, "3", "Tomas Ekwe") for code in CODES[:2]
    ]

    link = {
        "kind": "link",
        "title": "The decree",
        "url": "https://gov.example.org/decree",
        "dated": "2026-01-02",
    }
    piece = colleague.post(f"{at}answers/GOV.1.1/evidence/", link, 201)["id"]
    shown = colleague.get(f"{at}evidence/{piece}/")
    assert shown["title"] == "The decree" and [row["code"] for row in shown["links"]] == ["GOV.1.1"]
    colleague.post(f"{at}evidence/{piece}/attach/", {"indicator": "GOV.1.2"})
    colleague.post(f"{at}areas/GOV.1/send/")
    assert lead.get(f"{at}checks/")["coverage"]["answered"] == 5

    result = lead.post(f"{at}submit/", status=201)
    document = lead.get(f"results/{result['id']}/")
    assert document == Result.objects.get().document
    assert lead.get(f"{home}results/")["results"][0]["id"] == result["id"]
    late = colleague.put(f"{at}answers/GOV.1.1/", {"answer": "4"}, 1, 409)
    assert late["code"] == "conflict" and "submitted" in late["detail"]


def test_two_programs_get_both_texts_and_lose_none(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    one, other, at = Program(cast.lead), Program(cast.respondent), f"{root(row)}answers/GOV.1.1/"
    one.put(at, {"answer": "2", "why": "Mine."}, 0)
    told = other.put(at, {"answer": "3", "why": "Theirs."}, 0, 412)
    assert told["code"] == "stale"
    assert (told["current"]["answer"], told["current"]["why"], told["current"]["version"]) == (
        "2",
        "Mine.",
        1,
    )
    assert told["proposed"] == {"answer": "3", "reason": "", "why": "Theirs."}
    assert Draft.objects.get(user=cast.respondent).content["why"] == "Theirs."
    assert other.get(at)["draft"]["why"] == "Theirs."
    assert other.put(at, {"answer": "3", "why": "Theirs."}, 1)["version"] == 2
    assert [row["why"] for row in other.get(f"{at}history/")["results"]] == ["Theirs.", "Mine."]
    again = other.put(at, {"answer": "3", "why": "Theirs."}, 1)
    assert again["version"] == 2, "the same answer sent again is saved already"


def test_a_change_without_its_version_is_refused(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    program = Program(cast.respondent)
    answered = program.ask("PUT", f"{root(row)}answers/GOV.1.1/", {"answer": "2"})
    assert answered.status_code == 428 and answered.json()["code"] == "version_missing"
    assert not Response.objects.exists()


def test_area_given_meanwhile_shows_both(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    program, at = Program(cast.lead), f"{root(row)}areas/GOV.1/"
    program.put(at, {"respondent": cast.respondent.public_id, "reviewer": ""}, 0)
    told = program.put(at, {"respondent": cast.lead.public_id, "reviewer": ""}, 0, 412)
    assert told["current"]["respondent"] == cast.respondent.public_id
    assert told["proposed"]["respondent"] == cast.lead.public_id


def test_a_repeated_request_has_one_effect_and_one_answer(cast: Cast) -> None:
    small_version()
    program, path = Program(cast.lead), f"members/{cast.agency.public_id}/assessments/"
    sent = {"title": "Once", "profile": "baseline"}
    first = program.post(path, sent, 201, key="the-same-key")
    place = program.last["Location"]
    assert program.post(path, sent, 201, key="the-same-key") == first and program.last["Location"] == place
    assert Assessment.objects.count() == 1
    at = f"{path}{first['id']}/answers/GOV.1.1/evidence/"
    link = {"kind": "link", "title": "The decree", "url": "https://gov.example.org/decree"}
    made = [program.post(at, link, 201, key="another-key") for _ in range(2)]
    assert made[0] == made[1] and Evidence.objects.count() == 1
    missing = program.ask("POST", path, sent)
    assert missing.status_code == 400 and missing.json()["code"] == "idempotency_key_missing"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"answer": "9"}, "answer"),
        ({"answer": ""}, "answer"),
        ({"answer": "not_applicable"}, "answer"),
        ({"answer": "3", "why": "x" * 20_001}, "why"),
        ({"answer": {"a": 1}}, "answer"),
        ({"answer": "3", "level": 3}, "level"),
        ({"answer": "not_applicable", "reason": "bored"}, "reason"),
    ],
)
def test_an_answer_that_cannot_be_names_its_field(cast: Cast, sent: dict[str, Any], field: str) -> None:
    row = begin(cast.lead, cast.agency)
    told = Program(cast.respondent).put(f"{root(row)}answers/GOV.1.1/", sent, 0, 400)
    assert told["field"] == field and told["detail"]
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b'{"answer": "2", "answer": "3"}', b'{"answer": NaN}', b"[]", b'{"why": "\\ud800"}', b"{" * 5000, b""],
)
def test_broken_json_changes_nothing(cast: Cast, body: bytes) -> None:
    row = begin(cast.lead, cast.agency)
    program = Program(cast.respondent)
    answered = program.ask("PUT", f"{root(row)}answers/GOV.1.1/", body, If_Match='"0"')
    assert answered.status_code == 400 and answered["Content-Type"] == "application/problem+json"
    assert not Response.objects.exists()


def test_a_larger_body_than_the_site_reads_is_said(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    told = Program(cast.respondent).put(f"{root(row)}answers/GOV.1.1/", {"why": "x" * 1_000_001}, 0, 413)
    assert told["code"] == "too_large"


def test_reader_is_told_why_not_and_stranger_finds_nothing(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    at = f"{root(row)}answers/GOV.1.1/"
    assert "role" in Program(cast.viewer).put(at, {"answer": "2"}, 0, 403)["detail"]
    Program(cast.other_lead).put(at, {"answer": "2"}, 0, 404)
    Program(cast.other_lead).get(at, 404)


def test_submitting_needs_a_token_made_just_now_to_sign(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    answer(cast.respondent, row, "GOV.1.1", "2")
    without = Program(cast.lead, "assessments:write").post(f"{root(row)}submit/", status=403)
    assert "sign" in without["detail"]
    program = Program(cast.lead)
    ApiToken.objects.update(created_at=now() - timedelta(minutes=6))
    assert "five minutes" in program.post(f"{root(row)}submit/", status=403)["detail"]
    assert not Result.objects.exists()
    key = "sign-once-only"
    fresh = Program(cast.lead)
    first = fresh.post(f"{root(row)}submit/", status=201, key=key)
    assert fresh.post(f"{root(row)}submit/", status=201, key=key) == first and Result.objects.count() == 1
    assert fresh.post(f"{root(row)}reopen/", {"reason": "A ministry was missing."})["void"] == first["id"]


def upload(program: Program, path: str, name: str, content: bytes, **fields: str) -> Any:
    body = encode_multipart("frontier", {**fields, "file": SimpleUploadedFile(name, content)})
    heads = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "a-file-once", "If-Match": '"1"'}
    return program.client.generic(
        "POST", f"/api/v1/{path}", body, content_type="multipart/form-data; boundary=frontier", headers=heads
    )


def test_file_goes_in_is_replaced_and_comes_out(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    program, at = Program(cast.respondent), root(row)
    made = upload(program, f"{at}answers/GOV.1.1/evidence/", "minutes.txt", b"Minutes of May.", kind="file")
    assert made.status_code == 201
    piece = f"{at}evidence/{made.json()['id']}/"
    file = program.ask("GET", f"{piece}file/")
    assert b"".join(file.streaming_content) == b"Minutes of May."
    assert file["Content-Disposition"].startswith("attachment")
    assert upload(program, f"{piece}file/", "minutes.txt", b"Minutes of June.").status_code == 200
    assert upload(program, f"{piece}file/", "minutes.txt", b"Minutes of July.").status_code == 412
    assert b"".join(program.ask("GET", f"{piece}file/").streaming_content) == b"Minutes of June."
    assert AuditEntry.objects.filter(action="evidence.read").count() == 2
    refused = upload(program, f"{at}answers/GOV.1.1/evidence/", "run.exe", b"MZ" + b"\0" * 90, kind="file")
    assert refused.status_code == 400 and refused.json()["field"] == "file"
    mended = program.put(piece, {"title": "Minutes of June"}, 2)
    assert mended["title"] == "Minutes of June"
    assert program.put(piece, {"title": "Older"}, 2, 412)["current"]["title"] == "Minutes of June"
    gone = program.post(f"{piece}detach/", {"indicator": "GOV.1.1"})
    assert gone["removed"] and program.get(f"{at}evidence/")["count"] == 0
    program.get(piece, 404)


def test_a_file_larger_than_any_is_refused_unread(cast: Cast, settings: Any) -> None:
    row = begin(cast.lead, cast.agency)
    program = Program(cast.respondent)
    settings.EVIDENCE_MAX_BYTES = 1000
    path = f"{root(row)}answers/GOV.1.1/evidence/"
    assert upload(program, path, "a.txt", b"x" * 2000, kind="file").status_code == 413
    assert upload(program, path, "a.txt", b"x" * 3_000_000, kind="file").status_code == 413
    assert not Evidence.objects.exists()


def test_reviewer_agrees_to_what_was_read_only(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    answer(cast.respondent, row, "GOV.1.1", "2")
    lead, at = Program(cast.lead), f"{root(row)}answers/GOV.1.1/"
    for version, status in ((0, 412), (1, 200)):
        told = lead.ask(
            "POST", f"{at}agree/", {}, If_Match=f'"{version}"', Idempotency_Key=f"agree-{version}-"
        )
        assert told.status_code == status
    asked = lead.ask("POST", f"{at}ask/", {"text": "Which?"}, If_Match='"1"', Idempotency_Key="ask-once-")
    assert asked.status_code == 200
    assert Program(cast.respondent).get(f"{root(row)}answers/")["results"][0]["asked"] == "Which?"


@pytest.mark.parametrize("count", [1, 3])
def test_answers_cost_the_same_for_one_and_for_three(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    row = begin(cast.lead, cast.agency)
    for code in CODES[:count]:
        answer(cast.respondent, row, code, "2")
    program = Program(cast.lead)
    program.get(f"{root(row)}answers/")
    with django_assert_num_queries(11):
        program.get(f"{root(row)}answers/")

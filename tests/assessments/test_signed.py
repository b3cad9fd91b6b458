"""Signed results: the file checks without the site, and a code tells a stranger nothing more than its state."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.assessments import selectors, services
from apps.assessments.models import Result
from apps.core import audit, seals
from tests.assessments.flow import answer, at, begin
from tests.core.test_verify import keys, run, written
from tests.factories import small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def result(cast: Cast) -> Result:
    row = begin(cast.lead, cast.agency, title="2026", version=small_version())
    answer(cast.respondent, row, "GOV.1.1", "2")
    item = services.EvidenceInput("file", title="Minutes", data=b"Minutes of May.", file_name="minutes.txt")
    services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, "GOV.1.1"), item=item)
    return services.submit_assessment(actor=cast.lead, assessment=row)


def exported(cast: Cast, result: Result) -> dict[str, Any]:
    return selectors.result_file(cast.lead, cast.agency, result.assessment.public_id)


def test_the_file_checks_away_from_the_site_with_the_row_that_names_it(
    cast: Cast, result: Result, tmp_path: Path
) -> None:
    files = [
        written(tmp_path / "result.json", exported(cast, result)), "--keys", written(tmp_path / "k.json", keys()),
        "--record", written(tmp_path / "record.json", audit.record_document(cast.agency.public_id)),
    ]  # fmt: skip
    code, said = run("result", *files)
    assert code == 0, said
    assert "Leila Marwan" in said and "names this statement" in said


def test_what_was_signed_names_evidence_by_the_hash_of_its_file(cast: Cast, result: Result) -> None:
    document = exported(cast, result)
    piece = document["evidence"][0]
    assert len(piece["sha256"]) == 64 and piece["supports"] == [{"indicator": "GOV.1.1", "accepted": False}]
    assert document["statement"]["hashes"]["evidence"] == seals.content_hash(document["evidence"])


@pytest.mark.parametrize("part", ["answers", "evidence", "result", "statement"])
def test_a_byte_changed_in_any_part_is_noticed(cast: Cast, result: Result, tmp_path: Path, part: str) -> None:
    document = json.loads(json.dumps(exported(cast, result)))
    target = document[part][0] if isinstance(document[part], list) else document[part]
    target["added"] = 1
    code, said = run(
        "result", written(tmp_path / "a.json", document), "--keys", written(tmp_path / "k.json", keys())
    )
    assert code == 1 and part in said


def test_the_same_result_gives_the_same_file_every_time(cast: Cast, result: Result) -> None:
    assert exported(cast, result) == exported(cast, result)


def test_a_stranger_learns_the_state_and_nothing_else(cast: Cast, result: Result) -> None:
    page = Client().get(f"/verify/result/{selectors.result_code(result.public_id)}/").content.decode()
    assert "was signed and is in force" in page and seals.content_hash(result.statement) in page
    for secret in (cast.agency.name, "Leila", "GOV.1.1", result.assessment.public_id):
        assert secret not in page


@pytest.mark.parametrize("code", ["x", "0" * 400, "%00", "<b>", "AAAAA-AAAAA-AAAAA-AAAAA"])
def test_an_unknown_code_is_said_to_be_none(code: str) -> None:
    page = Client().get(f"/verify/result/{code}/")
    assert page.status_code == 404 and b"<b>" not in page.content.replace(b"<bdi>", b"")


def test_replaced_and_expired_results_say_so(cast: Cast, result: Result) -> None:
    code = selectors.result_code(result.public_id)
    later = begin(cast.lead, cast.agency, title="2027", version=result.assessment.version_of)
    answer(cast.respondent, later, "GOV.1.1", "3")
    services.submit_assessment(actor=cast.lead, assessment=later)
    assert b"a later one has replaced it" in Client().get(f"/verify/result/{code}/").content
    Result.objects.filter(pk=result.pk).update(computed_at=now() - timedelta(days=800))
    assert b"has expired" in Client().get(f"/verify/result/{code}/").content


def test_results_from_before_signatures_have_no_file_and_no_code(cast: Cast, result: Result) -> None:
    Result.objects.filter(pk=result.pk).update(statement={})
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    place = f"/o/{cast.agency.public_id}/results/{result.assessment.public_id}/"
    assert client.get(f"{place}file/").status_code == 404
    assert b"Verification code" not in client.get(place).content
    assert Client().get(f"/verify/result/{selectors.result_code(result.public_id)}/").status_code == 404


def test_the_printed_report_carries_code_statement_and_row(
    cast: Cast, result: Result, tmp_path: Path
) -> None:
    from apps.reports.selectors import result_source

    seal = result_source(cast.lead, result.public_id).seal
    assert seal is not None
    assert (seal.code, seal.statement) == (
        selectors.result_code(result.public_id),
        seals.content_hash(result.statement),
    )
    heads = tmp_path / "heads.txt"
    heads.write_text(seal.row)
    record = written(tmp_path / "record.json", audit.record_document(cast.agency.public_id))
    assert "1 kept heads fit" in run("record", record, "--anchors", heads)[1]

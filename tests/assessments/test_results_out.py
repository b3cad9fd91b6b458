"""Results on their way to other programs: the JSON against its published schema, and OSCAL assessment-results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client

from apps.assessments.selectors.oscal import oscal_file
from apps.frameworks.services.exporting.oscal import oscal_catalog
from apps.frameworks.services.source import read_framework_file
from apps.scoring import parse_answers, parse_framework, score
from tests.factories import SMALL
from tests.people import Cast
from tests.reports.rows import small_result
from tests.reports.samples import result_document

OSCAL_SCHEMA = json.loads((Path(__file__).parent / "oscal_results.schema.json").read_text("utf-8"))


def judge(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{fault.json_path}: {fault.message[:120]}" for fault in checker.iter_errors(document)]


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    path = settings.CONTENT_DIR / "schemas" / "score.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


@pytest.mark.parametrize(
    ("seed", "missing", "full"), [(0, 0, False), (1, 5, False), (2, 18, False), (3, 9, True)]
)
def test_results_keep_to_the_published_schema(
    published: dict[str, Any], seed: int, missing: int, full: bool
) -> None:
    assert judge(result_document(seed, missing=missing, full=full), published) == []


@pytest.mark.parametrize("scope", ["national", "organisational"])
def test_results_on_the_shared_framework_keep_to_it(published: dict[str, Any], scope: str) -> None:
    """With every state that an answer can have, and with none."""
    spec = parse_framework(
        read_framework_file(settings.CONTENT_DIR / "framework" / "shared.yaml"), scope=scope
    )
    states: list[Any] = [
        {"level": 3, "evidence": "E2", "dated": "2025-11-01"},
        {"unknown": True},
        {"level": 5, "evidence": "E0"},
    ]
    for codes in (spec.by_code, ()):
        answers = {code: states[n % 3] for n, code in enumerate(codes)}
        sheet = {
            "framework": spec.id,
            "version": spec.version,
            "scope": scope,
            "on": "2026-05-06",
            "answers": answers,
        }
        parsed = parse_answers(sheet, spec)
        document = score(spec, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()
        assert judge(document, published) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("input_hash",), "abc"),
        (("scope",), "regional"),
        (("evidenced", "overall", "value"), 45.8),
        (("evidenced", "overall", "value", "exact"), "45.8"),
        (("indicators", 0, "state"), "maybe"),
        (("format", "name"), "other"),
    ],
)
def test_schema_refuses_what_is_no_result(
    published: dict[str, Any], place: tuple[Any, ...], value: Any
) -> None:
    document = result_document(1)
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert judge(document, published) != []


@pytest.mark.django_db
def test_schema_is_served_to_everybody(published: dict[str, Any]) -> None:
    answer = Client().get("/schemas/score.schema.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    assert json.loads(answer.content) == published


@pytest.mark.django_db
def test_oscal_keeps_to_the_model_and_is_the_same_each_time(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, level=2)
    place = cast.agency.public_id, result.assessment.public_id
    document = oscal_file(cast.lead, *place)
    assert judge(document, OSCAL_SCHEMA) == []
    assert oscal_file(cast.viewer, *place) == document
    inner = document["assessment-results"]
    ids = [
        inner["uuid"],
        *(row["uuid"] for kind in ("observations", "findings") for row in inner["results"][0][kind]),
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.django_db
def test_oscal_points_into_our_own_catalogue(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, level=2)
    found = oscal_file(cast.lead, cast.agency, result.assessment.public_id)["assessment-results"]
    catalogue = json.dumps(oscal_catalog(SMALL, published_at=result.computed_at))
    one = found["results"][0]
    chosen = one["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert len(chosen) == len(one["findings"]) == len(result.document["indicators"])
    for row in chosen:
        assert f'"id": "{row["control-id"]}"' in catalogue
    for row in one["findings"]:
        assert f'"id": "{row["target"]["target-id"]}"' in catalogue
    address = found["back-matter"]["resources"][0]["rlinks"][0]["href"]
    reader = Client()
    reader.force_login(cast.lead)
    assert reader.get(address.removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.django_db
def test_oscal_says_satisfied_only_where_evidence_reaches_the_target(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, level=2)
    rows = {row["code"]: row for row in result.document["indicators"]}
    for finding in oscal_file(cast.lead, cast.agency, result.assessment.public_id)["assessment-results"][
        "results"
    ][0]["findings"]:
        row = rows[finding["title"]]
        satisfied = row["evidenced"] is not None and row["evidenced"] >= row["target"]
        assert (finding["target"]["status"]["state"] == "satisfied") is satisfied


@pytest.mark.django_db
def test_oscal_leaves_out_what_does_not_apply_and_what_people_wrote(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    spec = parse_framework(SMALL, scope=cast.agency.scope)
    codes = [*(i.code for i in spec.indicators if i.key), *(i.code for i in spec.indicators if not i.key)]
    answers: dict[str, Any] = {code: {"unknown": True} for code in codes}
    answers[codes[-1]] = {"not_applicable": "canary-of-a-reason"}
    sheet = {
        "framework": "small",
        "version": "1.0",
        "scope": cast.agency.scope,
        "on": "2026-05-06",
        "answers": answers,
    }
    parsed = parse_answers(sheet, spec)
    result.document = score(spec, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()
    result.save()
    document = oscal_file(cast.lead, cast.agency, result.assessment.public_id)
    assert judge(document, OSCAL_SCHEMA) == []
    one = document["assessment-results"]["results"][0]
    assert [row["title"] for row in one["findings"]] == [code for code in spec.by_code if code != codes[-1]]
    assert {row["target"]["status"]["reason"] for row in one["findings"]} == {"other"}
    assert len(one["reviewed-controls"]["control-selections"][0]["exclude-controls"]) == 1
    assert "canary" not in json.dumps(document)


@pytest.mark.django_db
def test_oscal_keeps_to_the_model_with_nothing_answered_and_titles_of_several_lines(cast: Cast) -> None:
    """The model knows no empty list and no title of two lines."""
    result = small_result(cast.agency, cast.lead)
    spec = parse_framework(SMALL, scope=cast.agency.scope)
    sheet = {"framework": "small", "version": "1.0", "scope": cast.agency.scope, "on": "2026-05-06", "answers": {}}  # fmt: skip
    parsed = parse_answers(sheet, spec)
    result.document = score(spec, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()
    result.save()
    result.assessment.title = "  Of the\nyear [2026] " + "W" * 50
    result.assessment.save()
    document = oscal_file(cast.lead, cast.agency, result.assessment.public_id)
    assert judge(document, OSCAL_SCHEMA) == []
    assert document["assessment-results"]["metadata"]["title"].startswith("Of the year \\[2026\\] W")


@pytest.mark.django_db
def test_oscal_leaves_by_page_and_api_for_the_member_only(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    inside = f"{cast.agency.public_id}/results/{result.assessment.public_id}"
    reader = Client()
    reader.force_login(cast.lead)
    page = reader.get(f"/o/{inside}/").content.decode()
    assert f"/o/{inside}/oscal/" in page
    file = reader.get(f"/o/{inside}/oscal/")
    assert file["Content-Disposition"].startswith("attachment")
    assert file.json() == reader.get(f"/api/v1/members/{inside}/oscal/").json()
    other = Client()
    other.force_login(cast.other_lead)
    assert other.get(f"/o/{inside}/oscal/").status_code == 404

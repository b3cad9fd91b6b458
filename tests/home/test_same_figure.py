"""One figure: the page, the PDF, the API and `manage.py score` say the same for ten generated assessments."""

from __future__ import annotations

import io
import json
import random
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.test import Client

from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response, Result
from apps.assessments.services import open_assessment, submit_assessment
from apps.frameworks.selectors import published_version
from apps.reports.models import Report
from apps.reports.services import render_report, request_assessment_report
from tests.people import Cast

FRAMEWORK = Path("content/framework/shared.yaml")


def answer(assessment: Assessment, cast: Cast, seed: int) -> None:
    """Seeded answers with a character of their own: levels, unknown, not applicable, gaps and evidence of all kinds."""
    dice = random.Random(seed)
    middle = dice.uniform(0.5, 4.5)
    for indicator in assessment.version_of.indicators.in_scope(assessment.scope):
        roll = dice.random()
        if roll < 0.06:
            continue
        kind = (
            "unknown" if roll < 0.12 else "not_applicable" if roll < 0.18 and not indicator.key else "level"
        )
        level = min(5, max(0, round(dice.gauss(middle, 1)))) if kind == "level" else None
        Response.objects.create(
            member=cast.agency, assessment=assessment, indicator=indicator, kind=kind, level=level,
            reason="no_mandate" if kind == "not_applicable" else "", why="Generated.", answered_by=cast.lead,
        )  # fmt: skip
        if kind == "level" and dice.random() < 0.7:
            piece = Evidence.objects.create(
                member=cast.agency, assessment=assessment, kind=dice.choice(["described", "link"]),
                title="Record", url="https://files.example/x", dated=date(2026, dice.randint(1, 6), 1), added_by=cast.lead,
            )  # fmt: skip
            EvidenceLink.objects.create(
                member=cast.agency, evidence=piece, indicator=indicator, attached_by=cast.lead,
                accepted_by=cast.viewer if dice.random() < 0.2 else None,
            )  # fmt: skip


def command_says(result: Result, place: Path) -> dict[str, Any]:
    answers = place / "answers.json"
    answers.write_text(json.dumps(result.inputs))
    out = StringIO()
    call_command("score", framework=FRAMEWORK, answers=answers, stdout=out)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


@pytest.mark.django_db
def test_figure_is_the_same_on_page_pdf_api_and_command(cast: Cast, tmp_path: Path) -> None:
    call_command("load_framework", str(FRAMEWORK), stdout=StringIO())
    version = published_version(cast.lead)
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    seen = set()
    for seed in range(10):
        assessment = open_assessment(
            actor=cast.lead, member=cast.agency, title=f"Generated {seed}", version=version
        )
        answer(assessment, cast, seed)
        result = submit_assessment(actor=cast.lead, assessment=assessment)
        api = client.get(f"/api/v1/results/{result.public_id}/").json()
        command = command_says(result, tmp_path)
        assert api == command == result.document
        overall = command["evidenced"]["overall"]
        shown, claimed = overall["value"]["display"], command["claimed"]["overall"]["value"]["display"]
        page = client.get(f"/o/{cast.agency.public_id}/results/{assessment.public_id}/").content.decode()
        assert f"{shown} of 100 points" in page and f"{claimed} were claimed" in page
        assert f"Level {overall['label']['level']}: {overall['label']['name']}" in page
        seen.add(shown)
        if seed < 2:  # a PDF takes seconds; two show that it prints what the document says
            asked = request_assessment_report(
                actor=cast.lead,
                member=cast.agency.public_id,
                result=result.public_id,
                language="en",
                paper="a4",
            )
            render_report(report=asked.public_id)
            report = Report.objects.get(result=result)
            assert report.state == "ready", report.error
            with report.file.open() as file:
                pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
            text = " ".join(one.extract_text() for one in pages)
            assert shown in text and claimed in text
            for part in command["evidenced"]["dimensions"]:
                assert part["value"]["display"] in text
    assert len(seen) > 5, "the ten assessments are different ones"

"""What programs were missing: taking back what was carried over, a signed review as a file, a round as a table."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate

from apps.assessments import services
from apps.assessments.models import CarriedAnswer
from tests.assessments.flow import answer, begin, submitted
from tests.assessments.reviewing import ask, reviewer_of, signed
from tests.core.api import Program
from tests.core.test_verify import keys, run, written
from tests.factories import small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_what_was_carried_over_is_taken_back_until_somebody_confirms_it(cast: Cast) -> None:
    version = small_version()
    old = submitted(cast, "2", "3", title="2024", version=version)
    new = begin(cast.lead, cast.agency, version=version)
    lead, at = Program(cast.lead), f"members/{cast.agency.public_id}/assessments/{new.public_id}/"
    came = lead.post(f"{at}carry/", {"assessment": old.public_id})["answers"]
    Program(cast.respondent).post(f"{at}carry/undo/", status=403)
    Program(cast.other_lead).post(f"{at}carry/undo/", status=404)
    lead.post(f"{at}carry/undo/", {"x": 1}, status=400)
    assert lead.post(f"{at}carry/undo/", key="undone-once") == {"answers": came}
    assert lead.post(f"{at}carry/undo/", key="undone-once") == {"answers": came}
    assert not CarriedAnswer.objects.exists()
    assert lead.post(f"{at}carry/undo/", status=400)["detail"] == "Nothing is carried over here."
    lead.post(f"{at}carry/", {"assessment": old.public_id})
    answer(cast.respondent, new, "GOV.1.1", "2")
    assert "answered" in lead.post(f"{at}carry/undo/", status=400)["detail"]


def test_a_signed_review_is_a_file_that_the_script_checks(cast: Cast, tmp_path: Path) -> None:
    row, person = submitted(cast, "2", "3", "1", "2", "2"), reviewer_of(cast)
    review = signed(person, ask(cast, row), GOV_1_1="1", decision="with_findings")
    at = f"members/{cast.agency.public_id}/assessments/{row.public_id}/reviewers/{review.public_id}/file/"
    document = Program(cast.viewer).get(at)
    assert document["format"] == "belay-review"
    file, published = written(tmp_path / "r.json", document), written(tmp_path / "k.json", keys())
    assert run("review", file, "--keys", published)[0] == 0
    document["summary"] = "Excellent."
    assert run("review", written(file, document), "--keys", published)[0] == 1
    for stranger in (cast.other_lead, cast.mentor, cast.manager, cast.staff):
        Program(stranger).get(at, 404)
    Program(cast.lead, "results:read").get(at, 403)


def test_the_progress_of_a_round_is_a_table_without_answers(cast: Cast) -> None:
    version = small_version()
    opened = services.open_round(
        actor=cast.manager, programme=cast.programme, name="R", version=version.public_id, opens_on=localdate(),
        closes_on=localdate() + timedelta(9),
    )  # fmt: skip
    row = begin(cast.lead, cast.agency, version=version, asked=opened)
    answer(cast.respondent, row, "GOV.1.1", "2", "Secret.")
    at = f"programmes/{cast.programme.public_id}/rounds/{opened.public_id}/progress/"
    response = Program(cast.manager).ask("GET", at)
    text = response.getvalue().decode("utf-8-sig")
    assert cast.agency.name in text and "Secret." not in text and response["Content-Type"] == "text/csv"
    for stranger in (cast.lead, cast.other_lead, cast.staff):
        Program(stranger).get(at, 404)
    assert "rounds:read" in json.dumps(Program(cast.manager, "results:read").get(at, 403))

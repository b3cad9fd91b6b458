"""Eleven levels, 0 to 10, are the most: the file, the engine and the database agree, and a longer scale is refused in words."""

from __future__ import annotations

from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from apps.assessments import services
from apps.assessments.models import Response
from apps.core.errors import Refused
from apps.frameworks.models import Framework, FrameworkVersion
from apps.frameworks.services.checking import document_faults, framework_schema
from apps.scoring.framework_file import MOST_LEVELS
from tests.assessments.flow import answer, begin
from tests.factories import SMALL
from tests.people import Cast

pytestmark = pytest.mark.django_db


def with_levels(number: int) -> dict[str, Any]:
    """The small framework on a scale of so many levels, without texts of its own for each."""
    document = deepcopy(SMALL)
    document["scale"] = {
        "levels": [{"level": n, "name": f"L{n}", "meaning": f"Meaning {n}."} for n in range(number)]
    }
    for row in document["indicators"]:
        row.pop("levels", None)
    return document


def loaded(document: dict[str, Any], folder: Path) -> FrameworkVersion:
    path = folder / "framework.yaml"
    path.write_text(yaml.safe_dump(document))
    call_command("load_framework", str(path), stdout=StringIO())
    return FrameworkVersion.objects.get(framework__slug=document["id"])


def test_the_highest_level_of_the_longest_scale_is_answered_and_scored(cast: Cast, tmp_path: Path) -> None:
    version = loaded(with_levels(11), tmp_path)
    row = begin(cast.lead, cast.agency, version=version)
    for code in ("GOV.1.1", "GOV.1.2", "GOV.2.1", "RES.1.1", "RES.1.2"):
        answer(cast.respondent, row, code, "10", "All of it.")
    result = services.submit_assessment(actor=cast.lead, assessment=row)
    assert result.document["claimed"]["overall"]["value"]["display"] == "100.0"
    found = Response.objects.get(assessment=row, indicator__code="GOV.1.1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=found.pk).update(level=11)
    with pytest.raises(Refused), transaction.atomic():
        answer(cast.respondent, begin(cast.lead, cast.agency, title="2", version=version), "GOV.1.1", "11")


def test_a_longer_scale_is_refused_at_import_with_its_place(tmp_path: Path) -> None:
    faults = document_faults(with_levels(12))
    assert any(fault.startswith("scale.levels: ") and "11" in fault for fault in faults), faults
    with pytest.raises(CommandError, match=r"scale\.levels"):
        loaded(with_levels(12), tmp_path)
    assert not Framework.objects.exists()
    other = with_levels(6)
    other["scales"] = [{"id": "long", **with_levels(12)["scale"]}]
    assert any("11" in fault for fault in document_faults(other))


def test_file_engine_and_database_name_the_same_limit() -> None:
    kinds = framework_schema()["$defs"]
    assert kinds["scaleLevels"]["maxItems"] == MOST_LEVELS
    assert kinds["level"]["maximum"] == MOST_LEVELS - 1
    limit = next(c for c in Response._meta.constraints if c.name == "only_a_level_answer_has_a_level")
    assert f"('level__lte', {MOST_LEVELS - 1})" in str(limit.condition)

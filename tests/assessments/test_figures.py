"""The short form of results: written with them, never different from their documents, checked and mended."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from apps.assessments.models import Result, ResultFigures
from apps.assessments.selectors import yardstick_of
from apps.assessments.selectors.figures import figures_of, mistaken, stored
from tests.assessments.flow import submitted
from tests.people import Cast

pytestmark = pytest.mark.django_db
MIGRATION = import_module("apps.assessments.migrations.0015_fill_result_figures")


def said(part: Mapping[str, Any]) -> tuple[int, float]:
    return part["label"]["level"], float(part["value"]["display"])


@pytest.fixture
def result(cast: Cast) -> Result:
    return Result.objects.get(assessment=submitted(cast, "3", "4", "1", "2", "0"))


def test_figures_are_written_with_the_result_and_are_those_of_its_document(result: Result) -> None:
    found = stored(ResultFigures.objects.get(result=result))
    document = result.document["evidenced"]
    assert (found.overall.rank, found.overall.exact) == (
        document["overall"]["label"]["level"],
        document["overall"]["value"]["exact"],
    )
    for part in document["areas"]:
        level, points = said(part)
        assert found.areas[part["code"]].rank == found.areas[part["code"]].step == level
        assert found.areas[part["code"]].text == str(level)
        assert found.levels["evidenced"][part["code"]] == pytest.approx(points / 20, abs=0.0026)
    for part in result.document["claimed"]["areas"]:
        assert found.levels["claimed"][part["code"]] == pytest.approx(said(part)[1] / 20, abs=0.0026)
    assert found == figures_of(result.document, yardstick_of(result.document, result.assessment.version_of))


def test_check_names_what_differs_and_mending_writes_it_anew(result: Result) -> None:
    out = StringIO()
    call_command("figures", "check", stdout=out)
    assert "1 results" in out.getvalue()
    right = ResultFigures.objects.get(result=result).areas
    ResultFigures.objects.update(areas="[]")
    with pytest.raises(CommandError, match=result.public_id):
        call_command("figures", "check")
    call_command("figures", "mend", stdout=out)
    assert ResultFigures.objects.get(result=result).areas == right
    ResultFigures.objects.all().delete()
    with pytest.raises(CommandError, match="1 results"):
        call_command("figures", "check")
    call_command("figures", "mend", stdout=out)
    assert not list(mistaken())


def test_results_from_before_get_their_figures_by_migration_once(result: Result) -> None:
    right = ResultFigures.objects.get(result=result)
    ResultFigures.objects.all().delete()
    for _again in range(2):
        MIGRATION.fill(apps, SimpleNamespace(connection=connection))
        assert stored(ResultFigures.objects.get(result=result)) == stored(right)

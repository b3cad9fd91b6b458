"""The workbook in a real office program: opened, filled, saved and brought back."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from apps.assessments.models import Assessment, Evidence, Response
from tests.assessments.flow import answer, begin
from tests.assessments.paper import brought, offered, taken
from tests.people import Cast

FILLER = Path(__file__).parent.parent / "office_fill.py"
pytestmark = pytest.mark.skipif(
    not shutil.which("soffice") and "BELAY_TEST_SERVICES" not in os.environ,
    reason="needs LibreOffice, which the run on real services installs",
)


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def edited(content: bytes, folder: Path, *edits: tuple[str, str, str]) -> tuple[bytes, list[list[str]]]:
    """The workbook after LibreOffice typed into it and saved it, and the edits that it refused."""
    source, target = folder / "taken.xlsx", folder / "filled.xlsx"
    source.write_bytes(content)
    command = ["/usr/bin/python3", str(FILLER), str(source), str(target), json.dumps(edits)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return target.read_bytes(), json.loads(done.stdout)


def test_libreoffice_saves_what_it_was_given(cast: Cast, running: Assessment, tmp_path: Path) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2", "Line one\n  =x\nend")
    answer(cast.lead, running, "RES.1.1", "unknown")
    saved, refused = edited(taken(cast.respondent, running), tmp_path)
    assert refused == []
    assert {line.fate for line in brought(cast.respondent, running, saved).lines} == {"unchanged"}


def test_libreoffice_fills_what_is_open_and_nothing_else(
    cast: Cast, running: Assessment, tmp_path: Path
) -> None:
    locked = ("Answers", "D3", "Another question?")
    saved, refused = edited(
        taken(cast.respondent, running), tmp_path,
        ("Answers", "F3", "3 – Step 3"), ("Answers", "G3", "'=1+1 is no formula"), ("Answers", "F4", "4"), locked,
        ("Evidence", "C3", "GOV.1.1"), ("Evidence", "D3", "Link"), ("Evidence", "E3", "The decree"),
        ("Evidence", "I3", "2026-03-01"), ("Evidence", "K3", "https://example.org/decree"),
    )  # fmt: skip
    assert refused == [list(locked)]
    plan = brought(cast.respondent, running, saved)
    assert plan.counts["clean"] == 3 and plan.counts["invalid"] == 0
    assert dict(Response.objects.values_list("indicator__code", "level")) == {"GOV.1.1": 3, "GOV.1.2": 4}
    assert Response.objects.get(indicator__code="GOV.1.1").why == "=1+1 is no formula"
    piece = Evidence.objects.get()
    assert (piece.title, str(piece.dated), piece.url) == (
        "The decree", "2026-03-01", "https://example.org/decree",
    )  # fmt: skip


def test_libreoffice_keeps_an_arabic_workbook(cast: Cast, running: Assessment, tmp_path: Path) -> None:
    with translation.override("ar"):
        content = taken(cast.respondent, running)
        choice = offered(content, "GOV.1.2")[-1]
        sheet = openpyxl.load_workbook(io.BytesIO(content)).sheetnames[1]
        saved, refused = edited(content, tmp_path, (sheet, "F4", choice), (sheet, "G4", "سبب"))
        plan = brought(cast.respondent, running, saved)
    assert refused == [] and plan.counts["clean"] == 1
    row = Response.objects.get()
    assert (row.kind, row.reason, row.why) == ("not_applicable", "other", "سبب")

"""Every page with a table of figures offers it as a file; a page that does not is named here with the reason."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.test import Client

from apps.core.workbooks import read_workbook
from tests.people import Cast
from tests.reports.rows import small_result

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TABLE = re.compile(r'<table class="[^"]*\btbl\b')
FILE = re.compile(r"csv|xlsx|_file'", re.IGNORECASE)
PARTS = (
    "reports/print/",
    "components/",
    "allauth/",
    "core/style_guide.html",
)  # paper, parts of pages, samples
# Pages from before this rule whose table has no file yet. The list may only become shorter.
WITHOUT = frozenset(
    ["assessments/_plan.html", "assessments/_round_members.html", "assessments/desks.html", "assessments/evidence.html", "assessments/evidence_piece.html", "assessments/list.html", "assessments/people.html", "assessments/question.html", "assessments/review.html", "assessments/reviewers.html", "assessments/what_if.html", "courses/_ending.html", "courses/_roles.html", "courses/cohort_board.html", "courses/cohort_invite.html", "courses/extra_time.html", "courses/write/upload.html", "exercises/_control.html", "exercises/_people.html", "exercises/findings.html", "exercises/handout.html", "frameworks/_edit_two.html", "frameworks/crosswalk.html", "frameworks/edit_trial.html", "frameworks/profiles.html", "home/_work.html", "home/programme.html", "home/readings.html", "home/related.html", "home/results.html", "home/sharing.html", "home/tokens.html", "insights/uplift.html", "members/certified.html", "members/participants.html", "members/team.html", "mentoring/_engagement_rows.html", "mentoring/board.html", "mentoring/endings.html", "mentoring/engagement.html", "mentoring/ladder.html", "mentoring/ledger.html", "mentoring/needs.html", "mentoring/offers.html", "mentoring/programme_feedback.html", "mentoring/programme_follow_ups.html", "mentoring/programme_ledger.html", "mentoring/publish.html", "mentoring/replay.html", "mentoring/review.html", "mentoring/roadmap.html", "mentoring/roadmap_new.html", "mentoring/rounds.html", "mentoring/shortlists.html", "mentoring/waiting.html", "mentoring/why_not.html", "reports/list.html"]
)


def without_a_file() -> set[str]:
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        name, text = str(path.relative_to(TEMPLATES)), path.read_text("utf-8")
        if TABLE.search(text) and not FILE.search(text) and not name.startswith(PARTS):
            found.add(name)
    return found


def test_new_table_comes_with_a_file() -> None:
    assert without_a_file() - WITHOUT == set(), (
        "offer the table by core.downloads.table_file, with a link on the page"
    )


def test_list_of_pages_without_a_file_only_becomes_shorter() -> None:
    assert WITHOUT - without_a_file() == set(), "take these off the list: they have a file now, or are gone"


@pytest.mark.django_db
def test_comparison_and_trend_leave_as_the_pages_show_them(cast: Cast) -> None:
    first = small_result(cast.agency, cast.lead, title="=1+1", level=1, days_ago=90)
    small_result(cast.agency, cast.lead, title="Second", level=3, version=first.assessment.version_of)
    client = Client()
    client.force_login(cast.lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    for place in ("compare", "trend"):
        home = f"/o/{cast.agency.public_id}/assessments/{place}/"
        page = client.get(home).content.decode()
        assert f"{home}csv/" in page and f"{home}xlsx/" in page
        table = list(csv.reader(io.StringIO(client.get(f"{home}csv/").content.decode("utf-8-sig"))))
        assert len(table) > 4 and any("'=1+1" in row for row in table)
        book = next(iter(read_workbook(client.get(f"{home}xlsx/").content, name="table").values()))
        assert len(book) == len(table)
        assert client.get(f"{home}ods/").status_code == 404
    changes = {row[0]: row[4] for row in table_of(client, cast)}
    assert changes["GOV.1.1"] == "2"


def table_of(client: Client, cast: Cast) -> list[list[str]]:
    content = client.get(f"/o/{cast.agency.public_id}/assessments/compare/csv/").content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))

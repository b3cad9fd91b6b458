"""Frameworks with other methods and scales: asked, scored, shown and printed with the same figures everywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.assessments import services
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response, Result
from apps.assessments.selectors.places import Place, place_for
from apps.assessments.selectors.what_if import scored_with
from apps.core.errors import Refused
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Member
from apps.reports.models import Report
from apps.reports.services import render_report, request_assessment_report
from tests.factories import join
from tests.people import Cast

pytestmark = pytest.mark.django_db
EXAMPLES = Path("content/examples")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

PROFILES = """
id: example-gates
version: "1.0"
language: en
name: Example of profiles
scale: {levels: [{level: 0, name: No, meaning: No.}, {level: 1, name: Half, meaning: Half.}, {level: 2, name: Yes, meaning: Yes.}]}
scales: [{id: yn, levels: [{level: 0, name: Absent there, meaning: No.}, {level: 1, name: Present there, meaning: Yes.}]}]
method: {name: threshold-profile, version: 1, parameters: {profiles: [low, high]}}
dimensions: [{id: A, name: Alpha}]
areas: [{id: A.1, dimension: A, name: First area}]
indicators:
  - {id: A.1.1, area: A.1, scope: organisational, key: false, effort: 1, name: Lock, intent: A lock is there., question: Is there a lock?}
  - {id: A.1.2, area: A.1, scope: organisational, key: false, effort: 1, name: Register, intent: A register is there., question: Is there a register?, scale: yn}
profiles:
  - {id: low, name: Low bar, scope: organisational, targets: {default: 1}}
  - {id: high, name: High bar, scope: organisational, targets: {default: 2}}
translations:
  fr: {name: Exemple, indicators: {A.1.1: {name: Serrure, question: Y a-t-il une serrure ?}}}
"""


def load(source: Path | str, tmp_path: Path) -> FrameworkVersion:
    """A published framework: a file of the examples, or YAML text."""
    path = source if isinstance(source, Path) else tmp_path / "framework.yaml"
    if isinstance(source, str):
        path.write_text(source.replace("name: No,", 'name: "No",').replace("name: Yes,", 'name: "Yes",'))
    call_command("load_framework", str(path), stdout=StringIO())
    version = FrameworkVersion.objects.order_by("-pk").first()
    assert version is not None
    return version


def place_of(cast: Cast, row: Assessment, code: str) -> Place:
    area = next(i["area"] for i in row.version_of.document["indicators"] if i["id"] == code)
    return place_for(cast.lead, row.member, row.public_id, area, code)


def submit(cast: Cast, member: Member, version: FrameworkVersion, levels: Mapping[str, int | str]) -> Result:
    """A submitted assessment with these levels, each accepted by someone independent."""
    if member == cast.nation:
        join(member, cast.lead, "lead")
    row = services.open_assessment(
        actor=cast.lead, member=member, title=version.framework.name, version=version
    )
    for code, level in levels.items():
        place = place_of(cast, row, code)
        given = services.AnswerInput(str(level), "", "Seen.")
        services.save_answer(actor=cast.lead, place=place, answer=given, expected=0)
        Evidence.objects.create(
            member=member, assessment=row, kind="link", title=code, url="https://files.example/x", dated="2026-10-01", added_by=cast.respondent,
        )  # fmt: skip
    for item in Evidence.objects.filter(assessment=row):
        answer = Response.objects.get(assessment=row, indicator__code=item.title)
        EvidenceLink.objects.create(
            member=member,
            evidence=item,
            indicator=answer.indicator,
            attached_by=cast.respondent,
            accepted_by=cast.viewer,
        )
    return services.submit_assessment(actor=cast.lead, assessment=row)


def page_of(cast: Cast, result: Result, name: str = "home:result", **more: str) -> str:
    client = Client()
    client.force_login(cast.lead, backend=BACKEND)
    keys = {"member": result.member.public_id, "assessment": result.assessment.public_id, **more}
    page = client.get(reverse(name, kwargs=keys))
    assert page.status_code == 200
    return page.content.decode()


def printed(cast: Cast, result: Result) -> str:
    asked = request_assessment_report(
        actor=cast.lead, member=result.member.public_id, result=result.public_id, language="en", paper="a4"
    )
    render_report(report=asked.public_id)
    report = Report.objects.get(result=result)
    assert report.state == "ready", report.error
    with report.file.open() as file:
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.read())).pages)
    return " ".join(text.split())


def says_the_same(cast: Cast, result: Result, tmp_path: Path) -> dict[str, Any]:
    """API and command give the stored document."""
    answers, framework = tmp_path / "answers.json", tmp_path / "as-published.json"
    answers.write_text(json.dumps(result.inputs))
    framework.write_text(json.dumps(result.assessment.version_of.document))
    out = StringIO()
    call_command("score", framework=framework, answers=answers, stdout=out)
    client = Client()
    client.force_login(cast.lead, backend=BACKEND)
    api = client.get(f"/api/v1/results/{result.public_id}/").json()
    assert api == json.loads(out.getvalue()) == result.document
    return dict(result.document)


def words(html: str) -> str:
    return " ".join(html.split())


def test_a_sum_of_pillars_shows_its_tier_and_its_points(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "pillars.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, {c: 1 if c.endswith("3") else 2 for c in codes})
    document = says_the_same(cast, result, tmp_path)
    assert document["evidenced"]["overall"]["value"]["display"] == "83.33"
    shown = words(page_of(cast, result))
    assert "Establishing: 83.33" in shown
    assert "83.33 of 100.00 possible points are supported by evidence" in shown
    assert "of 100 points" not in shown and "A level is 20 points" not in shown
    assert "never rounded on the way" in shown and "16.67" in shown
    paper = printed(cast, result)
    assert (
        "83.33" in paper and "Establishing" in paper and "16.67" in paper and "20 for each level" not in paper
    )


def test_means_show_the_values_of_their_scale(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "stages.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, dict.fromkeys(codes, 1) | {"D1.1.1": 2})
    figure = says_the_same(cast, result, tmp_path)["evidenced"]["overall"]["value"]["display"]
    shown = words(page_of(cast, result))
    assert f"{figure}: Forming" in shown and f"On the scale from 1.0 to 5.0, {figure} is supported" in shown
    assert "Renewing" in shown and "Adaptive" not in shown
    paper = printed(cast, result)
    assert f"{figure}: Forming" in paper and "Adaptive" not in paper


def test_a_ratio_of_points_is_a_percentage(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "points.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, dict.fromkeys(codes, 1) | {"B.1.11": 0})
    assert says_the_same(cast, result, tmp_path)["evidenced"]["overall"]["value"]["display"] == "89.17"
    assert "89.17 % of the points are supported by evidence; 89.17 % were claimed" in words(
        page_of(cast, result)
    )
    assert "89.17" in printed(cast, result)


def test_stages_stand_by_domain_and_name_what_is_missing(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "domains.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.agency, version, dict.fromkeys(codes, 3) | {"RISK.1b": 1})
    says_the_same(cast, result, tmp_path)
    shown = words(page_of(cast, result))
    assert "2 of 3 domains have reached a stage" in shown
    assert "0 Not yet" in shown and "3 Managed" in shown and "Found risks are written down" in shown
    assert "This method gives none for the whole" in shown and "of 100" not in shown
    paper = printed(cast, result)
    assert "2 of 3 domains have reached a stage" in paper and "0 Not yet" in paper and "RISK.1b" in paper
    rows = words(page_of(cast, result, "home:result"))
    assert "“Largely implemented” or better" in rows


def test_profiles_say_what_fails_them_each_on_its_own_scale(cast: Cast, tmp_path: Path) -> None:
    result = submit(cast, cast.agency, load(PROFILES, tmp_path), {"A.1.1": 1, "A.1.2": 1})
    says_the_same(cast, result, tmp_path)
    shown = words(page_of(cast, result))
    assert "Passed: Low bar" in shown and "level 1, asked is 2" in shown and "Present there" in shown
    paper = printed(cast, result)
    assert "Passed: Low bar" in paper and "not passed" in paper


def tried(cast: Cast, result: Result, **levels: int) -> str:
    """The what-if page after these levels (codes with "_" for ".") were chosen."""
    client = Client()
    client.force_login(cast.lead, backend=BACKEND)
    keys = {"member": result.member.public_id, "assessment": result.assessment.public_id}
    chosen = {f"l-{code.replace('_', '.')}": str(level) for code, level in levels.items()}
    page = client.post(reverse("assessments:what_if", kwargs=keys), chosen)
    assert page.status_code == 200
    return words(page.content.decode())


def test_what_if_speaks_in_points_and_tiers_of_a_sum(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "pillars.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, {c: 1 if c.endswith("3") else 2 for c in codes})
    first = next(code for code in codes if code.endswith("3"))
    shown = tried(cast, result, **{first.replace(".", "_"): 2})
    then = scored_with(result, {first: 2})["evidenced"]["overall"]["value"]["display"]
    assert f"83.33 → {then}" in shown and "Establishing" in shown and "Tier" in shown
    assert "<dt>Level</dt>" not in shown and "+3.33" in shown


def test_what_if_speaks_in_percent_of_a_ratio(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "points.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, dict.fromkeys(codes, 1) | {"B.1.11": 0})
    shown = tried(cast, result, B_1_11=1)
    assert "89.17 % → 100.00 %" in shown and "+10.83" in shown and "<dt>Level</dt>" not in shown


def test_what_if_speaks_in_levels_of_a_mean(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "stages.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.nation, version, dict.fromkeys(codes, 1))
    now = result.document["evidenced"]["overall"]["value"]["display"]
    shown = tried(cast, result, **{code.replace(".", "_"): 4 for code in codes})
    assert f"{now} → 5.0" in shown and "Renewing" in shown and "Adaptive" not in shown


def test_what_if_speaks_in_stages_by_domain(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "domains.yaml", tmp_path)
    codes = [row["id"] for row in version.document["indicators"]]
    result = submit(cast, cast.agency, version, dict.fromkeys(codes, 3) | {"RISK.1b": 1, "RISK.1c": 1})
    shown = tried(cast, result, RISK_1b=3)
    assert "2 of 3 domains have reached a stage" in shown and "3 of 3 domains have reached a stage" in shown
    assert '<td class="n"><bdi>0 Not yet</bdi></td><td class="n"><bdi>1 ' in shown
    assert "Still missing then" in shown and "A method for finding risks is used" in shown
    assert (
        "<dt>Score</dt>" not in shown
        and "Change" not in shown.partition("Parts of the score, now and then")[2]
    )


def test_what_if_speaks_in_profiles(cast: Cast, tmp_path: Path) -> None:
    result = submit(cast, cast.agency, load(PROFILES, tmp_path), {"A.1.1": 1, "A.1.2": 1})
    shown = tried(cast, result, A_1_1=2)
    assert "Passed: Low bar" in shown and "Passed: High bar" in shown and "Still missing then" not in shown
    lower = tried(cast, result, A_1_1=0)
    assert (
        "No profile is passed yet" in lower
        and "Still missing then" in lower
        and "<bdi>Low bar</bdi>" in lower
    )


def test_questions_take_levels_of_their_own_scale_only(cast: Cast, tmp_path: Path) -> None:
    version = load(PROFILES, tmp_path)
    row = services.open_assessment(actor=cast.lead, member=cast.agency, title="T", version=version)
    place = place_of(cast, row, "A.1.2")
    for wrong in ("2", "5", "٣", "1.0", "-1"):
        with pytest.raises(Refused):
            services.save_answer(actor=cast.lead, place=place, answer=services.AnswerInput(wrong), expected=0)
    client = Client()
    client.force_login(cast.lead, backend=BACKEND)
    page = client.get(reverse("assessments:question", kwargs=place.url_args)).content.decode()
    assert "Present there" in page and 'value="1"' in page and 'value="2"' not in page
    services.save_answer(actor=cast.lead, place=place, answer=services.AnswerInput("1"), expected=0)
    keys = {"member": cast.agency.public_id, "assessment": row.public_id, "area": "A.1"}
    assert "1 Present there" in words(client.get(reverse("assessments:area", kwargs=keys)).content.decode())


def test_questions_are_asked_in_the_language_of_the_reader(cast: Cast, tmp_path: Path) -> None:
    row = services.open_assessment(
        actor=cast.lead, member=cast.agency, title="T", version=load(PROFILES, tmp_path)
    )
    client = Client(headers={"accept-language": "fr"})
    client.force_login(cast.lead, backend=BACKEND)
    client.cookies["django_language"] = "fr"
    page = client.get(reverse("assessments:question", kwargs=place_of(cast, row, "A.1.1").url_args))
    assert 'lang="fr" dir="auto">Y a-t-il une serrure ?' in page.content.decode()


def test_practices_of_stages_always_apply(cast: Cast, tmp_path: Path) -> None:
    version = load(EXAMPLES / "domains.yaml", tmp_path)
    row = services.open_assessment(actor=cast.lead, member=cast.agency, title="T", version=version)
    answer = services.AnswerInput("not_applicable", "no_mandate", "None.")
    with pytest.raises(Refused, match="asks everybody"):
        services.save_answer(actor=cast.lead, place=place_of(cast, row, "RISK.1a"), answer=answer, expected=0)


def test_results_on_several_frameworks_are_not_mixed(cast: Cast, tmp_path: Path) -> None:
    shared = load(Path("content/framework/shared.yaml"), tmp_path)
    codes = [row["id"] for row in shared.document["indicators"] if row["scope"] != "national"]
    first = submit(cast, cast.agency, shared, dict.fromkeys(codes[:12], 2))
    other = submit(cast, cast.agency, load(PROFILES, tmp_path), {"A.1.1": 2, "A.1.2": 1})
    first.assessment.refresh_from_db()
    assert first.assessment.state == "submitted", "another framework replaces nothing"
    client = Client()
    client.force_login(cast.lead, backend=BACKEND)
    home = client.get(reverse("home:member", kwargs={"member": cast.agency.public_id})).content.decode()
    assert first.assessment.public_id in home and "First area" not in home
    listed = client.get(reverse("home:results", kwargs={"member": cast.agency.public_id})).content.decode()
    assert "Passed: High bar" in listed and other.assessment.public_id in listed
    needs = client.get(reverse("mentoring:needs", kwargs={"member": cast.agency.public_id})).content.decode()
    assert "First area" not in needs

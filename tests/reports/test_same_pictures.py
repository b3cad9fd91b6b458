"""The picture of a nation and the region of a programme say one figure in every channel, over generated worlds, for whoever may read."""

from __future__ import annotations

import csv
import io
import random
import re
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.assessments.models import Assessment, Result
from apps.core.workbooks import read_workbook
from apps.insights.models import NationalPicture
from apps.insights.services import make_picture
from apps.members.models import Member, Participation
from apps.reports import services
from apps.reports.models import Report
from apps.reports.services.rendering import report_html
from apps.scoring.display import rounded
from tests.factories import OrganisationFactory, join, small_version
from tests.mentoring.test_flow import signed_in
from tests.people import PEOPLE, Cast
from tests.reports.generated import scored

pytestmark = pytest.mark.django_db
SEEDS = (1, 2, 3)
AREAS = ("GOV.1", "GOV.2", "RES.1")
SECTORS = ("energy", "energy", "energy", "health", "health", "water")
WEIGHT = {"essential": 3, "important": 2, "other": 1}
OTHERS = tuple(role for role in PEOPLE if role not in ("lead", "viewer"))
TAGS = re.compile(r"<[^>]+>")


def results_of(members: list[Member], cast: Cast, seed: int) -> list[Result]:
    """A generated result for each member."""
    version, made = small_version(), []
    for number, member in enumerate(members):
        sheet, document = scored(1000 * seed + number)
        assessment = Assessment.objects.create(
            member=member, version_of=version, title="Generated", scope="organisational", state="submitted",
            lead=cast.lead, submitted_at=now(), submitted_by=cast.lead,
        )  # fmt: skip
        made.append(
            Result.objects.create(
                member=member, assessment=assessment, method="shared-mean", method_version=1, tlp="TLP:AMBER+STRICT",
                input_hash=document["input_hash"], inputs=sheet, document=document,
            )
        )  # fmt: skip
    return made


def shown_in(content: bytes | str, mark: str) -> list[list[str]]:
    """The rows of the table that stands behind `mark` in a page, cell by cell."""
    page = unescape(content.decode() if isinstance(content, bytes) else content)
    page = re.sub("[\u2066-\u2069]", "", page)  # what keeps a sign beside its number in Arabic
    table = page[page.index(mark) :]
    table = table[table.index("<tbody>") : table.index("</tbody>")]
    return [
        [re.sub(r"\s+", " ", TAGS.sub(" ", cell)).strip() for cell in re.split(r"</t[hd]>", row)[:-1]]
        for row in table.split("<tr>")[1:]
    ]


def tables(client: Client, address: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of an address as CSV and as XLSX, as text."""
    rows = list(csv.reader(io.StringIO(client.get(f"{address}csv/").content.decode("utf-8-sig"))))
    book = next(iter(read_workbook(client.get(f"{address}xlsx/").content, name="table").values()))
    return rows, [["" if cell is None else str(cell) for cell in row] for row in book]


# --- a nation


@pytest.fixture(params=SEEDS)
def picture(request: pytest.FixtureRequest, cast: Cast) -> NationalPicture:
    """A nation with some thirty organisations over three sectors; some are named operators, some take no part."""
    dice = random.Random(request.param)
    join(cast.nation, cast.lead, "lead")
    join(cast.nation, cast.viewer, "viewer")
    bodies = [
        OrganisationFactory(
            nation=cast.nation, name=f"canary-body-{n}", sector=dice.choice(SECTORS), criticality=dice.choice(list(WEIGHT)),
            is_designated=dice.random() < 0.5, in_picture=dice.random() < 0.85,
        )
        for n in range(30)
    ]  # fmt: skip
    results_of([*bodies, cast.nation], cast, request.param)
    return make_picture(actor=cast.lead, nation=cast.nation)


def by_hand(nation: Member, code: str) -> int:
    """The figure of the framework's text: in each sector the mean by criticality, then the mean of the sectors."""
    sectors: dict[str, list[tuple[int, Fraction]]] = {}
    for result in Result.objects.filter(member__nation=nation, member__in_picture=True).select_related(
        "member"
    ):
        part = next(row for row in result.document["evidenced"]["areas"] if row["code"] == code)
        row = (WEIGHT[result.member.criticality], Fraction(part["value"]["exact"]))
        sectors.setdefault(result.member.sector, []).append(row)
    means = [sum(c * points for c, points in rows) / sum(c for c, _ in rows) for rows in sectors.values()]
    return int(rounded(Fraction(sum(means), len(means)), 0))


def test_picture_says_one_figure_everywhere(cast: Cast, picture: NationalPicture) -> None:
    nation = picture.nation
    base = f"/o/{nation.public_id}/picture/1/"
    wanted = {area["code"]: area for area in picture.document["areas"]}
    own = Result.objects.get(member=nation).document["evidenced"]["areas"]
    assert {part["code"]: int(rounded(Fraction(part["value"]["exact"]), 0)) for part in own} == {
        code: area["own"] for code, area in wanted.items()
    }
    for role in ("lead", "viewer"):
        client = signed_in(cast.people[role])
        told = client.get(f"/api/v1/nations/{nation.public_id}/pictures/1/").json()
        assert told == picture.document == client.get(f"{base}json/").json()
        page = client.get(base).content
        assert "canary-body" not in page.decode()
        lines = {row[0].split()[0]: row for row in shown_in(page, 'aria-labelledby="h-areas"')}
        csv_rows, xlsx_rows = tables(client, base)
        for code, area in wanted.items():
            shown = area["organisations"]
            assert shown["points"] == by_hand(nation, code)
            whole = [
                area["own"],
                shown["points"],
                shown["lower_quartile"],
                shown["percent_at_60"],
                shown["counted"],
                area["gap"],
            ]
            for table in (csv_rows, xlsx_rows):
                assert next(row for row in table if row and row[0] == code)[2:8] == [
                    str(value) for value in whole
                ]
            assert lines[code][1:] == [
                str(area["own"]), f"{shown['points']} {shown['counted']} counted", str(shown["lower_quartile"]),
                f"{shown['percent_at_60']} %", signed(area["gap"]),
            ]  # fmt: skip
        heat = {row[0].split()[0]: row[1:] for row in shown_in(page, 'aria-labelledby="h-heat"')}
        assert heat.keys() == wanted.keys()
        for code, cells in heat.items():
            said = [
                "not shown" if "withheld" in cell else str(cell["points"])
                for _sector, cell in sorted(wanted[code]["sectors"].items())
            ]
            assert [cell.replace("not shared", "not shown") for cell in cells] == said
            assert next(row for row in reversed(csv_rows) if row and row[0].startswith(code))[1:] == said


def signed(value: int) -> str:
    return f"−{-value}" if value < 0 else str(value)


def test_report_of_the_nation_says_the_figures_of_its_edition(cast: Cast, picture: NationalPicture) -> None:
    services.request_national_report(
        actor=cast.viewer, member=picture.nation.public_id, edition=1, language="en", paper="a4"
    )
    html, _hash = report_html(Report.objects.get())
    assert "canary-body" not in html
    found = {row[0].split()[0]: row for row in shown_in(html, 'id="summary"')}
    for area in picture.document["areas"]:
        shown = area["organisations"]
        assert found[area["code"]][1:] == [
            str(area["own"]), str(shown["points"]), str(shown["lower_quartile"]), f"{shown['percent_at_60']} %", signed(area["gap"]),
        ]  # fmt: skip
    reach = [[row[0].lower(), *row[1:3]] for row in shown_in(html, "How much of each sector")]
    assert reach == [
        [s["code"], str(s["designated"]), str(s["answered"])] for s in picture.document["sectors"]
    ]


def test_picture_is_for_its_nation_alone(cast: Cast, picture: NationalPicture) -> None:
    place = picture.nation.public_id
    base = f"/o/{place}/picture/"
    addresses = [
        base,
        *(f"{base}1/{tail}" for tail in ("", "csv/", "xlsx/", "json/")),
        f"/api/v1/nations/{place}/pictures/1/",
    ]
    for role in OTHERS:
        client = Client() if role == "anonymous" else signed_in(cast.people[role])
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in (302, 401, 404), (role, address)


# --- the region of a programme


@pytest.fixture(params=SEEDS)
def shared(request: pytest.FixtureRequest, cast: Cast) -> list[Result]:
    """Twelve members with a result; the last three do not share theirs."""
    bodies = [OrganisationFactory(name=f"Body {n:02}") for n in range(12)]
    Participation.objects.bulk_create(
        Participation(programme=cast.programme, member=one, shares_levels=n < 9)
        for n, one in enumerate(bodies)
    )
    return results_of(bodies, cast, request.param)


def levels_of(result: Result) -> dict[str, str]:
    return {part["code"]: str(part["label"]["level"]) for part in result.document["evidenced"]["areas"]}


def area_by_hand(results: list[Result], code: str) -> list[str]:
    """The lower middle level, how many are at level 3 or more, and of how many."""
    found = sorted(int(levels_of(result)[code]) for result in results)
    return [str(found[(len(found) - 1) // 2]), str(sum(level >= 3 for level in found)), str(len(found))]


def test_region_says_one_figure_everywhere(cast: Cast, shared: list[Result]) -> None:
    sharing, hidden = shared[:9], {result.member.name for result in shared[9:]}
    client, place = signed_in(cast.manager), cast.programme.public_id
    page = client.get(f"/p/{place}/region/").content
    told = client.get(f"/api/v1/programmes/{place}/region/").json()
    csv_rows, xlsx_rows = tables(client, f"/p/{place}/region/file/")
    services.request_programme_report(actor=cast.manager, programme=place, language="en", paper="a4")
    report, _hash = report_html(Report.objects.get())
    heat = {
        row[0].split(" mentor")[0]: row[1:]
        for row in shown_in(page, '<caption class="sr">Level of each member')
    }
    printed = {row[0].split(" mentor")[0]: row[1:] for row in shown_in(report, 'id="levels"')}
    programs = {row["name"]: row for row in told["members"]}
    for result in sharing:
        name, levels = result.member.name, levels_of(result)
        overall = str(result.document["evidenced"]["overall"]["label"]["level"])
        assert heat[name][0] == overall and heat[name][2:] == [levels[code] for code in AREAS]
        assert printed[name] == [levels[code] for code in AREAS]
        assert (programs[name]["overall"], programs[name]["levels"]) == (overall, levels)
        for table in (csv_rows, xlsx_rows):
            row = next(row for row in table if row and row[0] == name)
            assert [row[5], *row[9:]] == [overall, *(levels[code] for code in AREAS)]
    for name in hidden:
        assert set(heat[name][2:]) == {"not shared"} and not any(printed[name])
        assert (programs[name]["overall"], programs[name]["levels"]) == ("", {})
        for table in (csv_rows, xlsx_rows):
            assert set(next(row for row in table if row and row[0] == name)[9:]) == {"not shared"}
    areas = {row[0].split()[0]: row for row in shown_in(page, 'aria-labelledby="h-areas"')}
    papers = {row[0].split()[0]: row for row in shown_in(report, 'id="areas"')}
    data = {row["code"]: row for row in told["areas"]}
    for code in AREAS:
        level, reached, counted = area_by_hand(sharing, code)
        assert (
            [areas[code][1], areas[code][2]]
            == [papers[code][1], papers[code][2]]
            == [level, f"{reached} of {counted}"]
        )
        assert [str(data[code][key]) for key in ("level", "reached", "counted")] == [level, reached, counted]
        for table in (csv_rows, xlsx_rows):
            assert next(row for row in table if row and row[0] == code)[2:5] == [level, reached, counted]
        behind = client.get(f"/p/{place}/region/areas/{code}/").content
        assert f"{reached} of {counted} are at level 3 or more" in TAGS.sub("", unescape(behind.decode()))
        rows = {row[0]: row[1].split()[0] for row in shown_in(behind, 'aria-labelledby="h-who"')}
        assert rows == {result.member.name: levels_of(result)[code] for result in sharing}


def test_region_is_for_its_office_alone(cast: Cast, shared: list[Result]) -> None:
    place = cast.programme.public_id
    base = f"/p/{place}/region/"
    addresses = [
        base,
        f"{base}areas/GOV.1/",
        f"{base}file/csv/",
        f"{base}file/xlsx/",
        f"/api/v1/programmes/{place}/region/",
    ]
    for role in PEOPLE:
        if role == "manager":
            continue
        client = Client() if role == "anonymous" else signed_in(cast.people[role])
        for address in addresses:
            answer: Any = client.get(address)
            assert answer.status_code in (302, 401, 404), (role, address)

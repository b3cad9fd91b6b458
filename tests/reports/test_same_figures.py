"""One figure in every channel, over 200 generated members and all roles; nobody finds a word of anybody else's there.

For each of 200 members its own lead asks for the page (with its chart), the API, CSV, XLSX and OSCAL, and the report is
laid out as HTML; figures of an area are looked for in its own row. For some the PDF itself is made and its text read, for all
of them where `BELAY_ALL_PDFS` is set. At each 40th every role of the cast asks for each address. Every member's name and
assessment carry a word of their own, which must appear at no other member.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from typing import Any, NamedTuple

import pypdf
import pytest
from django.test import Client
from django.utils.timezone import now

from apps.accounts.models import User
from apps.assessments.models import Assessment, Result
from apps.core.workbooks import read_workbook
from apps.insights.selectors import region
from apps.members.models import Member, Membership, Participation
from apps.reports import documents
from apps.reports.pdf import render_pdf
from apps.reports.selectors import report_code, result_source
from tests.factories import SMALL, NationFactory, small_version
from tests.people import PEOPLE, Cast
from tests.reports.generated import scored

MEMBERS, SAMPLE = 200, 40
PRINTED = 1 if os.environ.get("BELAY_ALL_PDFS") else 25
CANARY = re.compile(r"zq[a-j]{4}qz")
INSIDE = ("viewer", "respondent", "lead")
FIGURES = re.compile(r"evidenced ([\d.]+), claimed ([\d.]+) of")
CODE = re.compile(r'<span class="code">([^<]+)</span>')
NAMES = {row["id"]: row["name"] for row in SMALL["areas"]}


class Figures(NamedTuple):
    """What is shown of a part: the evidenced figure with its level, and the claimed figure."""

    shown: str
    level: int
    claimed: str


@dataclass(frozen=True)
class Place:
    """One generated member with its result; `word` is what appears nowhere but at this member."""

    member: Member
    lead: User
    result: Result
    word: str

    @property
    def address(self) -> str:
        return f"{self.member.public_id}/results/{self.result.assessment.public_id}"

    @property
    def shown(self) -> str:
        return str(self.result.document["evidenced"]["overall"]["value"]["display"])

    @property
    def claimed(self) -> str:
        return str(self.result.document["claimed"]["overall"]["value"]["display"])

    @property
    def areas(self) -> dict[str, Figures]:
        """Code → what the stored document says of each area."""
        return self._parts("areas")

    @property
    def dimensions(self) -> dict[str, Figures]:
        return self._parts("dimensions")

    def _parts(self, kind: str) -> dict[str, Figures]:
        claimed, evidenced = (self.result.document[basis][kind] for basis in ("claimed", "evidenced"))
        return {
            now["code"]: Figures(now["value"]["display"], now["label"]["level"], said["value"]["display"])
            for now, said in zip(evidenced, claimed, strict=True)
        }


def word_of(number: int) -> str:
    return "zq" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}") + "qz"


@pytest.fixture
def places(cast: Cast) -> list[Place]:
    """200 members with a lead and a result each, in one programme; written in bulk."""
    version, nation, moment = small_version(), NationFactory(name="Ostvale"), now()
    numbers = range(MEMBERS)
    members = Member.objects.bulk_create(
        Member(name=f"Agency {word_of(n)}", kind="organisation", nation=nation, languages=["en"])
        for n in numbers
    )
    leads = User.objects.bulk_create(
        User(email=f"{word_of(n)}@example.org", full_name=f"Lead {word_of(n)}", password="!") for n in numbers
    )
    rows = list(zip(members, leads, strict=True))
    Membership.objects.bulk_create(Membership(member=m, user=u, role="lead") for m, u in rows)
    for member in members[::SAMPLE]:
        for role in ("viewer", "respondent"):
            Membership.objects.create(member=member, user=cast.people[role], role=role)
    Participation.objects.bulk_create(Participation(programme=cast.programme, member=m) for m in members)
    assessments = Assessment.objects.bulk_create(
        Assessment(member=m, version_of=version, title=f"Round {word_of(n)}", scope="organisational", state="submitted",
                   lead=u, submitted_at=moment, submitted_by=u)
        for n, (m, u) in enumerate(rows)
    )  # fmt: skip
    figures = [scored(n) for n in numbers]
    results = Result.objects.bulk_create(
        Result(member=a.member, assessment=a, method="shared-mean", method_version=1, input_hash=document["input_hash"],
               inputs=sheet, document=document, tlp="TLP:AMBER+STRICT", computed_at=moment)
        for a, (sheet, document) in zip(assessments, figures, strict=True)
    )  # fmt: skip
    return [Place(r.member, r.assessment.lead, r, word_of(n)) for n, r in enumerate(results)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def channels(client: Client, place: Place) -> Iterator[tuple[str, bytes]]:
    """Every address that shows the result, with what it answers. Fails on any that does not answer 200."""
    for name, address in addresses(place).items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)
        yield name, answer.content


def addresses(place: Place) -> dict[str, str]:
    return {
        "page": f"/o/{place.address}/", "api": f"/api/v1/results/{place.result.public_id}/",
        "csv": f"/o/{place.address}/table/csv/", "xlsx": f"/o/{place.address}/table/xlsx/",
        "oscal": f"/o/{place.address}/oscal/",
    }  # fmt: skip


def check(name: str, content: bytes, place: Place) -> str:
    """Hold one channel to the stored document; returns its text."""
    if name == "xlsx":
        rows = next(iter(read_workbook(content, name="result").values()))
        return held(rows, place)
    text = content.decode("utf-8-sig")
    if name == "csv":
        return held(list(csv.reader(io.StringIO(text))), place)
    if name == "page":
        page = unescape(text)
        assert f"{place.shown} of 100 points" in page
        assert f"{place.claimed} were claimed" in page
        assert drawn(page) == {code: part.level for code, part in place.areas.items()}
    elif name == "api":
        assert told(text) == {
            "overall": (place.shown, place.claimed),
            **{code: (part.shown, part.claimed) for code, part in place.areas.items()},
        }
    else:
        assert observed(text) == expected_of(place)
    return text


def observed(text: str) -> dict[str, tuple[str, ...]]:
    """The whole and each indicator as OSCAL says them: it carries no areas, but all that they are made of."""
    (found,) = json.loads(text)["assessment-results"]["results"]
    values = {row["name"]: row["value"] for row in found["props"]}
    names = ("state", "claimed-level", "evidenced-level")
    rows = {
        row["title"]: tuple(said.get(name, "") for name in names)
        for row in found["observations"]
        if (said := {prop["name"]: prop["value"] for prop in row["props"]})
    }
    return {
        "overall": (values["evidenced-value"], values["claimed-value"], values["evidenced-level"]),
        **rows,
    }


def expected_of(place: Place) -> dict[str, tuple[str, ...]]:
    def level(value: int | None) -> str:
        return "" if value is None else str(value)

    document = place.result.document
    rows = {
        row["code"]: (row["state"], level(row["claimed"]), level(row["evidenced"]))
        for row in document["indicators"]
    }
    whole = document["evidenced"]["overall"]["label"]["level"]
    return {"overall": (place.shown, place.claimed, str(whole)), **rows}


def told(text: str) -> dict[str, Any]:
    """Overall and areas as the API says them."""
    document = json.loads(text)
    both = zip(document["evidenced"]["areas"], document["claimed"]["areas"], strict=True)
    return {
        "overall": tuple(
            document[basis]["overall"]["value"]["display"] for basis in ("evidenced", "claimed")
        ),
        **{now["code"]: (now["value"]["display"], said["value"]["display"]) for now, said in both},
    }


def drawn(page: str) -> dict[str, int]:
    """Area → level as the chart of areas and its table say, read from the page."""
    chart = page[page.index('<table class="strip">') :]
    rows = re.findall(
        r'<th scope="row"><span class="code">([^<]+)</span>.*?<td class="v">(\d|–)</td>', chart[: chart.index("</table>")], re.S
    )  # fmt: skip
    return {code: int(level) for code, level in rows}


def held(rows: list[list[Any]], place: Place) -> str:
    by_code = {str(row[1]): row for row in rows[1:] if len(row) > 4}
    overall = by_code["overall"]
    assert float(overall[3]) == float(place.shown)
    assert float(overall[5]) == float(place.claimed)
    for code, part in (place.areas | place.dimensions).items():
        row = by_code[code]
        said = (float(row[3]), int(row[4]), float(row[5]))
        assert said == (float(part.shown), part.level, float(part.claimed)), code
    return "\n".join(str(cell) for row in rows for cell in row)


def only_own(text: str, place: Place) -> None:
    assert set(CANARY.findall(text)) <= {place.word}


def paper(place: Place) -> tuple[str, str]:
    """The report of the result as HTML, and its title."""
    code = report_code(place.result.public_id)
    request = documents.Request(
        reference=code, title=place.result.assessment.title, tlp=place.result.tlp, paper="a4",
        reader=place.lead.full_name, made_on=date(2026, 5, 7),
    )  # fmt: skip
    document = documents.assessment_document(result_source(place.lead, place.result.public_id), request)
    return documents.document_html(document), request.title


def laid_out(html: str, place: Place) -> None:
    """Hold the page of the report to the document: the whole, each dimension and area in its own row, each drawing."""
    page = unescape(html)
    said = FIGURES.findall(page)
    assert said == printed_order(place)
    blocks = {block.split("</span>", 1)[0]: block for block in page.split('<div class="area-part">')[1:]}
    blocks = {CODE.search(block)[1]: block for block in blocks.values()}  # type: ignore[index]
    made = {CODE.search(block)[1]: block for block in page.split('<div class="made made--area">')[1:]}  # type: ignore[index]
    for code, part in place.areas.items():
        assert FIGURES.findall(blocks[code])[0] == (part.shown, part.claimed), code
        assert re.search(r'<span class="chip lv\d">(\d)</span>', blocks[code])[1] == str(part.level)  # type: ignore[index]
        assert re.search(r'<tr class="sum">.*?<b>([\d.]+)</b>', made[code], re.S)[1] == part.shown  # type: ignore[index]
    strip = page[page.index('<table class="strip">') :]
    rows = re.findall(
        r'<span class="code">([^<]+)</span>.*?<td class="v">(\d)</td>', strip[: strip.index("</table>")], re.S
    )
    assert {code: int(level) for code, level in rows} == {c: part.level for c, part in place.areas.items()}
    trust = re.sub(r"<[^>]+>", " ", page[page.index('id="summary"') : page.index('class="fig fig--long"')])
    assert re.search(rf"{re.escape(place.shown)}\s+.*claimed {re.escape(place.claimed)}\b", trust, re.S)


def printed_order(place: Place) -> list[tuple[str, str]]:
    """Evidenced and claimed as the chapters have them: each dimension, then its areas."""
    return [
        (part.shown, part.claimed)
        for dimension, whole in place.dimensions.items()
        for part in (whole, *(row for code, row in place.areas.items() if code.startswith(f"{dimension}.")))
    ]


def printed(html: str, title: str, place: Place) -> str:
    """The text of the PDF, held to the document row by row."""
    content = render_pdf(html, language="en", title=title).content
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert FIGURES.findall(text) == printed_order(place)
    for code, part in place.areas.items():
        row = rf"{re.escape(code)} {NAMES[code]} {part.level} L{part.level} evidenced {re.escape(part.shown)}, claimed {re.escape(part.claimed)} of"
        assert re.search(row, text), row
    assert re.search(
        rf"Evidenced score {re.escape(place.shown)} of \S+; claimed {re.escape(place.claimed)}\b", text
    )
    return text


@pytest.mark.django_db
def test_figures_of_200_members_are_the_same_in_every_channel(cast: Cast, places: list[Place]) -> None:
    kinds = {(place.shown, place.claimed, *place.areas.values()) for place in places}
    assert len(kinds) > MEMBERS // 2, "the members are different ones"
    for number, place in enumerate(places):
        for name, content in channels(signed_in(place.lead), place):
            only_own(check(name, content, place), place)
        html, title = paper(place)
        laid_out(html, place)
        only_own(html, place)
        if number % PRINTED == 0:
            only_own(printed(html, title, place), place)


@pytest.mark.django_db
def test_every_role_sees_the_figure_or_nothing(cast: Cast, places: list[Place]) -> None:
    """Inside: the same figure for lead, respondent and viewer. Everybody else: no figure and no word of it."""

    @cache
    def client_of(role: str) -> Client:
        return Client() if role == "anonymous" else signed_in(cast.people[role])

    for place in places[::SAMPLE]:
        for role in PEOPLE:
            client = signed_in(place.lead) if role == "lead" else client_of(role)
            if role in INSIDE:
                for name, content in channels(client, place):
                    check(name, content, place)
                continue
            for name, address in addresses(place).items():
                answer = client.get(address)
                assert answer.status_code in (302, 401, 404), (role, name)
                assert place.word not in answer.content.decode()


@pytest.mark.django_db
def test_office_sees_the_levels_that_the_members_see(cast: Cast, places: list[Place]) -> None:
    found = region(cast.manager, cast.programme.public_id)
    rows = {row.public_id: row for row in found.rows}
    for place in places:
        row = rows[place.member.public_id]
        parts = {part["code"]: part for part in place.result.document["evidenced"]["dimensions"]}
        names = [(row["name"], parts[row["id"]]["label"]["level"]) for row in SMALL["dimensions"]]
        assert [(name, cell.level) for name, cell in zip(found.columns, row.cells, strict=True)] == names
        assert row.overall == place.result.document["evidenced"]["overall"]["label"]["level"]

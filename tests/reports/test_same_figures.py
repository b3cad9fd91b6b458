"""One figure in every channel, over 200 generated members and all roles; nobody finds a word of anybody else's there.

For each of 200 members its own lead asks for the page (with its chart), the API, CSV, XLSX and OSCAL. For each 4th the
report is laid out as HTML, for two of them the PDF itself is made and its text read, and at each 40th every role of the
cast asks for each address: the sizes that stay near one minute of one core. Every member's name and assessment carry a
word of their own, which must appear at no other member.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from typing import Any

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
from apps.scoring import parse_answers, parse_framework, score
from tests.factories import SMALL, NationFactory, small_version
from tests.people import PEOPLE, Cast

MEMBERS, SAMPLE, LAID_OUT, PRINTED = 200, 40, 4, 100
CANARY = re.compile(r"zq[a-j]{4}qz")
SPEC = parse_framework(SMALL, scope="organisational")
INSIDE = ("viewer", "respondent", "lead")


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
    def areas(self) -> dict[str, tuple[str, int]]:
        """Code → the figure and the level of each area, as the stored document says."""
        parts = self.result.document["evidenced"]["areas"]
        return {part["code"]: (part["value"]["display"], part["label"]["level"]) for part in parts}


def word_of(number: int) -> str:
    return "zq" + "".join("abcdefghij"[int(digit)] for digit in f"{number:04}") + "qz"


def scored(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seeded answers and their document: levels, grades and what is not known."""
    dice = random.Random(seed)
    answers: dict[str, Any] = {}
    for code in SPEC.by_code:
        level, grade = dice.randint(0, 5), dice.choice(("E0", "E1", "E2", "E3"))
        answers[code] = (
            {"level": level, "evidence": grade, "dated": "2025-11-01"} if grade != "E0" else {"level": level}
        )
        if dice.random() < 0.1:
            answers[code] = {"unknown": True}
    sheet = {
        "framework": "small",
        "version": "1.0",
        "scope": "organisational",
        "on": "2026-05-06",
        "answers": answers,
    }
    parsed = parse_answers(sheet, SPEC)
    return sheet, score(SPEC, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()


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
        assert drawn(page) == {code: level for code, (_shown, level) in place.areas.items()}
    elif name == "api":
        assert told(text) == {
            "overall": (place.shown, place.claimed),
            **{k: v[0] for k, v in place.areas.items()},
        }
    else:
        assert f'"{place.shown}"' in text, name
    return text


def told(text: str) -> dict[str, Any]:
    """Overall and areas as the API says them."""
    document = json.loads(text)
    evidenced = document["evidenced"]
    return {
        "overall": tuple(
            document[basis]["overall"]["value"]["display"] for basis in ("evidenced", "claimed")
        ),
        **{part["code"]: part["value"]["display"] for part in evidenced["areas"]},
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
    for code, (shown, level) in place.areas.items():
        assert (float(by_code[code][3]), int(by_code[code][4])) == (float(shown), level)
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


@pytest.mark.django_db
def test_figures_of_200_members_are_the_same_in_every_channel(cast: Cast, places: list[Place]) -> None:
    kinds = {(place.shown, place.claimed, *place.areas.values()) for place in places}
    assert len(kinds) > MEMBERS // 2, "the members are different ones"
    for number, place in enumerate(places):
        for name, content in channels(signed_in(place.lead), place):
            only_own(check(name, content, place), place)
        if number % LAID_OUT:
            continue
        html, title = paper(place)
        text = unescape(re.sub(r"<[^>]+>", " ", html))
        assert place.shown in text
        assert place.claimed in text
        assert all(shown in text for shown, _level in place.areas.values())
        only_own(html, place)
        if number % PRINTED == 48:
            content = render_pdf(html, language="en", title=title).content
            printed = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
            assert place.shown in printed
            assert place.claimed in printed
            only_own(printed, place)


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

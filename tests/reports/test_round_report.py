"""The report of a matching round: asked for by the office, in every language, whatever its size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from apps.core import jobs
from apps.mentoring.models import Exclusion, MatchingRound
from apps.mentoring.selectors.board import ProposalRow
from apps.mentoring.selectors.board_parts import Recruit
from apps.mentoring.selectors.words import FactorRow
from apps.reports import services
from apps.reports.documents import Request, document_html, round_document
from apps.reports.models import Report
from apps.reports.pdf import render_pdf
from apps.reports.selectors import matching_source
from apps.reports.selectors.matching import LeftOver, MatchingSource
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World, make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db
REQUEST = Request("ABCD-EFGH-JKMN", "Matching round", "TLP:AMBER+STRICT", "a4", "Ines", date(2026, 5, 6), "")
LONG = "Unbroken" * 62 + "word"


def solved(cast: Cast) -> tuple[World, MatchingRound]:
    world = make_world(cast)
    world.need()
    world.need(cast.other, cast.other_lead, languages=["ar"])
    world.offer()
    return world, world.solve(world.round())


def source_of(cast: Cast, round_: MatchingRound) -> MatchingSource:
    return matching_source(cast.manager, cast.programme.public_id, round_.public_id)


def pair(like: ProposalRow, number: int, name: str = "Body") -> ProposalRow:
    """A pair as the board reads it, with names of its own."""
    return replace(
        like,
        public_id=f"p{number}",
        member=f"{name} {number}",
        area_name=name,
        mentor=f"{name} centre",
        factors=[FactorRow("Language", f"English, {name}", Decimal("1.50")), *like.factors[1:]],
        warnings=["7 hours apart"],
        decision="accepted" if number % 2 else "open",
    )


def test_office_asks_for_the_report_on_the_page_and_takes_the_file(cast: Cast) -> None:
    _world, round_ = solved(cast)
    client = signed_in(cast.manager)
    url = reverse("reports:programme_reports", args=[cast.programme.public_id])
    page = client.get(url, {"round": round_.public_id}).content.decode()
    assert "Matching round: Round 1" in page
    client.post(url, {"language": "en", "paper": "a4", "round": round_.public_id})
    jobs.run_waiting()
    report = Report.objects.get()
    assert (report.state, report.kind, report.title) == ("ready", "round", "Matching round: Round 1")
    assert report.input_hash == round_.answer["certificate"]["input_hash"]
    file = client.get(reverse("reports:file", args=[report.public_id]))
    assert file.content.startswith(b"%PDF-")


def test_round_of_somebody_else_or_without_answer_is_refused(cast: Cast) -> None:
    world = make_world(cast)
    unsolved = world.round()
    client = signed_in(cast.manager)
    url = reverse("reports:programme_reports", args=[cast.programme.public_id])
    for given in (unsolved.public_id, "a" * 20, "\x00"):
        assert client.post(url, {"language": "en", "paper": "a4", "round": given}).status_code == 422
    assert not Report.objects.exists()


def test_report_says_pairs_factors_causes_recruits_and_how_to_check(cast: Cast) -> None:
    _world, round_ = solved(cast)
    html = document_html(round_document(source_of(cast, round_), REQUEST))
    certificate = round_.answer["certificate"]
    for words in (
        "1 of 2 requests have a mentor in sight", "Arvandel Cyber Centre", "Levels above the request",
        "No open offer meets the conditions of this request.", "who works in العربية", certificate["input_hash"],
        "Proved: no other answer serves the weakest better", "ABCD-EFGH-JKMN",
    ):  # fmt: skip
        assert words in html


@pytest.mark.parametrize("language, many", [("en", 60), ("fr", 0), ("ar", 1)])
def test_report_is_rendered_in_every_language_and_size(cast: Cast, language: str, many: int) -> None:
    _world, round_ = solved(cast)
    source = source_of(cast, round_)
    changed: dict[str, Any] = {
        0: {"rows": (), "left_over": (), "recruits": ()},
        60: {"rows": tuple(pair(source.rows[0], n) for n in range(60))},
    }
    with translation.override(language):
        html = document_html(round_document(replace(source, **changed.get(many, {})), REQUEST))
        assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
        rendered = render_pdf(html, language=language, title="Round")
    assert rendered.pages >= (6 if many == 60 else 4)


def test_names_of_500_characters_stay_on_the_page(cast: Cast) -> None:
    _world, round_ = solved(cast)
    left = LeftOver(LONG, LONG, 1, 3, LONG)
    found = source_of(cast, round_)
    source = replace(
        found,
        rows=(pair(found.rows[0], 1, LONG),),
        left_over=(left,),
        recruits=(Recruit(LONG, LONG),),
        name=LONG,
    )
    rendered = render_pdf(document_html(round_document(source, REQUEST)), language="en", title="Round")
    assert rendered.pages >= 5


def test_private_wish_is_in_no_report(cast: Cast) -> None:
    """Pairs that may not meet and are not needed: the report is the same, word for word."""
    world = make_world(cast)
    world.need()
    world.need(cast.other, cast.other_lead)
    world.offer(places=1)
    round_ = world.solve(world.round())
    before = document_html(round_document(source_of(cast, round_), REQUEST))
    Exclusion.objects.create(member=cast.agency, other=cast.mentor_partner, made_by=cast.lead)
    solved_at = round_.solved_at
    world.solve(round_)
    MatchingRound.objects.filter(pk=round_.pk).update(solved_at=solved_at)
    assert document_html(round_document(source_of(cast, round_), REQUEST)) == before


def test_report_is_asked_for_once_by_a_program(cast: Cast) -> None:
    _world, round_ = solved(cast)
    values = {
        "programme": cast.programme.public_id,
        "language": "ar",
        "paper": "a4",
        "round": round_.public_id,
    }
    first = services.ask_once(
        actor=cast.manager, ask=services.request_programme_report, key="k" * 20, **values
    )
    assert (
        services.ask_once(actor=cast.manager, ask=services.request_programme_report, key="k" * 20, **values)
        == first
    )
    assert Report.objects.get().language == "ar"

"""Every paper that the site prints, without a database: usual, empty, with many rows, with words without a space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation

from apps.assessments.models import Assessment
from apps.assessments.selectors.evidence import EvidenceRow
from apps.assessments.selectors.said import Saying
from apps.assessments.selectors.sheet import Sheet, SheetArea, SheetLevel, SheetQuestion
from apps.core.markdown import render_markdown
from apps.courses.selectors.certificates import Assessed, CertificateText
from apps.courses.selectors.transcript import PassedTest, Transcript, TranscriptRow
from apps.exercises.selectors.after import FindingRow, Observed
from apps.exercises.selectors.report import AfterAction, Happened, Objective, Took
from apps.frameworks.selectors.book import Word
from apps.frameworks.selectors.voice import Said
from apps.members.models import Member
from apps.mentoring.selectors.board_parts import Recruit
from apps.mentoring.selectors.board_rows import ProposalRow
from apps.mentoring.selectors.certificate import Certificate
from apps.mentoring.selectors.feedback import Said as Feedback
from apps.mentoring.selectors.follow_ups import Answer, Asked
from apps.mentoring.selectors.reviews import ReviewGoal
from apps.mentoring.selectors.story import ReviewText, SignedAgreement, Story
from apps.mentoring.selectors.words import FactorRow
from apps.reports import documents
from apps.reports.documents import engagement
from apps.reports.selectors.matching import LeftOver, MatchingSource
from apps.reports.selectors.programme import (
    HelpSource,
    LearningSource,
    MemberSource,
    ProgrammeSource,
    RoundSource,
)
from tests.reports import papers, samples
from tests.reports.papers import ARABIC, COMMENT, LONG

DAY = date(2026, 5, 6)
MOMENT = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)
HEAD = "abcdefghijklmnopqrst 1234 " + "ab" * 32


@dataclass(frozen=True)
class World:
    """How much there is: `text` is what people wrote, `name` a name of something, `rows` how many of each."""

    text: str = COMMENT
    name: str = "National CERT of Veldara"
    rows: int = 5
    comments: int = 1


WORLDS = {
    "usual": World(),
    "empty": World(rows=0),
    "many": World(rows=60, comments=300),
    "unbroken": World(LONG, LONG[:200]),
    "short": World(LONG, LONG[:200], rows=2),
    "few": World(rows=1),
}


def programme(world: World, **changes: Any) -> str:
    areas = dict(samples.tree(True).areas)
    members = tuple(
        MemberSource(
            f"{world.name} {n}", "Organisation", n % 3 == 0, DAY if n % 4 else None, n % 5 != 4,
            {code: (n + k) % 6 for k, code in enumerate(areas)} if n % 4 and n % 5 != 4 else None,
        )
        for n in range(1, 2 * world.rows + 1)
    )  # fmt: skip
    source = ProgrammeSource(
        name=world.name, purpose=world.text if world.rows else "", members=members, areas=areas if world.rows else {},
        language="en", framework="Sample framework", learning=tuple(LearningSource(f"{world.name} {n}", 12 + n, None if n % 2 else n) for n in range(world.rows)),
        rounds=tuple(RoundSource(f"{world.name} {n}", DAY, DAY + timedelta(days=60), "Open", n, n // 2) for n in range(world.rows)),
        help=HelpSource(dict.fromkeys(list(areas.items())[:world.rows], 2), 1, 3, 1, 1, 1, 4, "6.5"),
    )  # fmt: skip
    return documents.document_html(
        documents.programme_document(source, samples.request(title="Programme overview", **changes))
    )


def round_(world: World, **changes: Any) -> str:
    rows = tuple(
        ProposalRow(
            f"p{n}", 1, f"n{n}", f"{world.name} {n}", "GOV.1", world.name, 1, 3, f"{world.name} centre", 2, 1, "7.25", [],
            [FactorRow("Language", world.text, Decimal("1.50")), FactorRow("Levels above the request", "Three steps above", Decimal("4.00"))],
            ["7 hours apart"] if n % 2 else [], "accepted" if n % 3 else "open", n % 3 == 0, "", "", "", "", "", None, False, "", [],
        )
        for n in range(world.rows)
    )  # fmt: skip
    found = Certificate(
        "36.25", "36.25", "0", bool(world.rows), "cd" * 32, "own", "1", "leximin", "5.25", "36.25", "38.00", MOMENT,
        "The weakest come first: no other answer gives the worst-off request a better fit.",
    )  # fmt: skip
    source = MatchingSource(
        "round", world.name, world.name, "Invitations sent", MOMENT, found, rows,
        tuple(LeftOver(f"{world.name} {n}", world.name, 1, 3, world.text) for n in range(world.rows // 2)),
        tuple(Recruit(world.text, "one request more") for _ in range(world.rows // 2)),
        len(rows) + world.rows // 2, 4, 8,
    )  # fmt: skip
    return documents.document_html(
        documents.round_document(source, samples.request(title="Matching round: Round 1", **changes))
    )


def engaged(world: World) -> str:
    goals = tuple(
        ReviewGoal(f"g{n}", f"GOV.1.{n}", world.name, 1, 3, None if n % 3 == 0 else 2 + n % 2, "reached" if n % 2 else "partly", "Reached", world.text)
        for n in range(1, world.rows + 1)
    )  # fmt: skip
    sides = (("Member", world.name, MOMENT), ("Mentor", "Vera Lind", None))
    answer = Answer("yes", "Yes, it still stands", 3, world.text, ARABIC, DAY, world.text, 1)
    some = bool(world.rows)
    story = Story(
        public_id="abcdefghijklmnopqrst", learner=Member(name=world.name), mentor=world.name, programme="Meridian",
        area_name=world.name, purpose=world.text if some else "", state_label="Completed", starts_on=DAY,
        ends_on=DAY + timedelta(days=180), planned=6, hours=Decimal(2 * world.rows), goals=goals,
        sessions=tuple((DAY + timedelta(days=7 * n), Decimal("1.5")) for n in range(world.rows)),
        agreement=SignedAgreement(2, MOMENT, "ef" * 32) if some else None,
        review=ReviewText(" ".join([world.text] * world.comments), world.text, ARABIC, sides) if some else None,
        feedback=(Feedback("Half-way", "Member", (("The time was well used", 4),), world.text, ARABIC),) if some else (),
        follow_ups=(Asked(6, DAY, "answered", answer), Asked(12, DAY, "later", None)) if some else (),
    )  # fmt: skip
    return engagement.engagement_html(
        engagement.engagement_document(story, reader="Leila Marwan", made_on=DAY, head=HEAD)
    )


def after_action(world: World) -> str:
    events = tuple(
        Happened(5 * n, MOMENT + timedelta(minutes=5 * n), ("given", "decided", "left_out")[n % 3], "Story", world.name, world.text, world.text, "Head of press")
        for n in range(world.rows * 2)
    )  # fmt: skip
    run = AfterAction(
        "abcdefghijklmnopqrst", "member", "Water at night", world.name, "en", world.name, "Port of Arvandel" if world.rows else "",
        DAY, "TLP:AMBER", 88, 120, ("water-at-night", "1.2", "ab" * 32), render_markdown(world.text * world.comments),
        tuple(Objective(f"RES.1.{n}", world.name, world.text) for n in range(1, min(world.rows, 8) + 1)),
        tuple(Took("Head of press", world.name, world.name if n % 2 else "") for n in range(world.rows)),
        events, world.rows,
        tuple(Observed(world.text, f"RES.1.{n}", world.name, "Partly", n % 6 if n % 4 else None, world.text) for n in range(world.rows)),
        tuple(FindingRow(f"f{n}", f"RES.1.{n}", world.name, world.text, world.text[:200], world.text, world.name if n % 2 else "", "x", DAY, False, "", "a" if n % 3 else "", 1) for n in range(world.rows)),
    )  # fmt: skip
    return documents.after_action_html(
        documents.after_action_document(run, reader="Leila Marwan", made_on=DAY, head=HEAD)
    )


def transcript(world: World) -> str:
    rows = tuple(
        TranscriptRow(
            f"C{n}", world.name if n % 4 else "أمن المعلومات للجميع", "1.2", "en" if n % 4 else "ar", "English" if n % 4 else "العربية", Decimal("2.5"), DAY,
            DAY if n % 3 else None, 8, 12, (world.name,) if n % 2 else (),
            (PassedTest(world.name, 10, 80, DAY), PassedTest("", 20, 75, DAY, world.name if n % 2 else "")),
            "ABCD-EFGH-JKMN" if n % 3 else "", DAY if n % 3 else None, DAY if n % 2 else None, ("valid", "revoked", "superseded", "expired")[n % 4],
        )
        for n in range(1, (world.rows or 1) + 1)
    )  # fmt: skip
    document = documents.transcript_document(
        Transcript(world.name, rows), reference="abcdefghijk", made_on=DAY
    )
    return documents.transcript_html(document)


def certificate(world: World) -> str:
    text = CertificateText(
        "abcdefghijklmnopqrst", "ABCD-EFGH-JKMN", "achievement", "Certificate of achievement", world.name, "doors", world.name,
        "1.2", "en", "English", Decimal("2.5"), tuple(world.text for _ in range(min(world.rows, 8))), ("role",) if world.rows else (),
        tuple(Assessed(world.name, 10, 80, "Vera Lind" if n else "", DAY if n else None) for n in range(min(world.rows, 4))),
        80, DAY, DAY if world.rows else None, "valid", "Valid", None, "", "https://belay.example/verify/ABCD-EFGH-JKMN/",
        (("role", world.name),) if world.rows else (), world.name if world.rows else "", (), "", "", "", True, False, False,
    )  # fmt: skip
    return documents.certificate_html(documents.certificate_document(text))


def sheet(world: World, *, filled: bool, **changes: Any) -> str:
    tree = samples.tree()
    areas = []
    for code, name in list(tree.areas.items())[: world.rows or (0 if filled else 6)]:
        mine = [key for key in tree.indicators if key.startswith(code + ".")]
        questions = tuple(_question(world, n, key, filled) for n, key in enumerate(mine))
        areas.append(SheetArea(code, Said(name, "en"), world.name if filled else "", questions))
    assessment = Assessment(title=world.name, member=Member(name=world.name))
    paper = Sheet(assessment, "Sample framework 1.0", world.name, "all", filled, DAY, tuple(areas), ())
    request = samples.request(title=f"Questionnaire: {world.name}"[:200], head=HEAD, **changes)
    return documents.document_html(documents.sheet_document(paper, request))


def _question(world: World, n: int, code: str, filled: bool) -> SheetQuestion:
    text = Said(world.text, "en")
    levels = tuple(SheetLevel(k, k, Said(samples.LEVELS[k], "en"), text, filled and k == 2) for k in range(6))
    question = SheetQuestion(
        code, Said(world.name, "en"), text, n == 0, levels, "", "", "", "", n == 2,
        terms=(Word(Said(world.name, "en"), text),) if n == 0 else (),
    )  # fmt: skip
    if not filled:
        return question
    piece = EvidenceRow(
        "e", "file", "File", world.name, world.text, world.name, world.text, f"https://veldara.example/{world.name.replace(' ', '-')}", DAY, None, 100, "PDF",
        "clean", True, True, "", (), "AMBER", "Leila", MOMENT, "Vera Lind", "E2",
    )  # fmt: skip
    return replace(
        question, choice=("2", "unknown", "not_applicable")[n % 3], words=world.text, who=world.name, answered_at=MOMENT,
        why="\n".join([world.text] * min(world.comments, 60)) if n % 2 else ARABIC, agreed_by=world.name, before="Level 1", before_why=world.text,
        pieces=(piece,) * min(world.rows, 3), said=tuple(Saying(world.name, MOMENT, world.text, to=(world.name,)) for _ in range(min(world.rows, world.comments))),
    )  # fmt: skip


def plan(world: World) -> str:
    page = papers.plan(world.name, world.name, rows=world.rows)
    return documents.plan_html(
        documents.plan_document(page, tlp="TLP:AMBER", reader=world.name, made_on=DAY, head=HEAD)
    )


def _own(world: World) -> Any:
    source = papers.own(
        answered=bool(world.rows),
        full=world.rows == 60,
        text=world.text,
        comments=1 if world.rows != 60 else 4,
    )
    return papers.unbroken(source) if world.text == LONG else source


KINDS: dict[str, Callable[[World], str]] = {
    "assessment": lambda w: documents.document_html(papers.assessment(_own(w))),
    "national": lambda w: documents.document_html(
        papers.national(_own(w) if w.rows else None, empty=not w.rows)
    ),
    "comparison": lambda w: documents.document_html(papers.comparison(text=w.text, nothing=not w.rows)),
    "brief": lambda w: documents.document_html(papers.brief(_own(w))),
    "actions": lambda w: documents.document_html(
        papers.actions(text=w.text, people=min(w.rows, 12), each=3 if w.rows else 0)
    ),
    "programme": programme,
    "round": round_,
    "engagement": engaged,
    "after_action": after_action,
    "transcript": transcript,
    "certificate": certificate,
    "sheet_blank": lambda w: sheet(w, filled=False),
    "sheet_filled": lambda w: sheet(w, filled=True),
    "plan": plan,
}


def html_of(kind: str, world: str, language: str) -> str:
    """The page of a paper in a world and a language."""
    with translation.override(language):
        return KINDS[kind](WORLDS[world])

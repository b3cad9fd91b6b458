"""Every field that people type in an assessment is in the workbook, the JSON, the paper and the signed file, and survives them."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django import forms
from django.utils.timezone import localdate

from apps.assessments import selectors, services
from apps.assessments.forms import AnswerForm, AssessmentForm, EvidenceForm, TalkForm
from apps.assessments.models import Assessment, Comment, Evidence, Remark, Response
from apps.core import seals
from apps.reports import services as reports
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from apps.reports.templatetags.printing import typed
from tests.assessments.flow import CODES, answer, at, begin
from tests.assessments.paper import brought, filled, taken
from tests.assessments.test_workbook import state
from tests.core.test_verify import keys, run, written
from tests.factories import small_version
from tests.people import Cast
from tests.reports.reading import pages

pytestmark = pytest.mark.django_db

FORMULA = "=cmd|' /C calc'!A0"
TURNED = "annex\u202efdp.exe\u2066 \u200fend\u2069"
LONG = " ".join(f"w{n:04d}" for n in range(833))
PICTURES = "🚀 launch 🇫🇷 and 👩‍💻"
ARABIC = "لأن المرسوم لم يُنشر بعد"
LINES = "first line\n\n  =second line\nthird\tline\n@end"
MARKUP = "<b onclick=x>&amp; \"quoted\" 'single' _x0041_ %s {{ 7*7 }}"

WHYS = {"GOV.1.1": FORMULA, "GOV.1.2": ARABIC, "GOV.2.1": LONG, "RES.1.1": LINES, "RES.1.2": MARKUP}
CHOICES = {
    "GOV.1.1": ("0", ""), "GOV.1.2": ("not_applicable", "done_by_other"), "GOV.2.1": ("unknown", ""),
    "RES.1.1": ("not_applicable", "other"), "RES.1.2": ("5", ""),
}  # fmt: skip
PIECES: dict[str, dict[str, Any]] = {
    "GOV.1.1": {"kind": "link", "title": f"+{FORMULA}", "url": "https://example.org/a?b=1&c=%20x#d", "shows": TURNED,
                "owner": "-1+1", "place": "Vault\nroom 2", "dated": date(2026, 3, 1), "expires_on": date(2031, 1, 2)},
    "GOV.2.1": {"kind": "described", "title": PICTURES, "shows": "x" * 300, "owner": ARABIC, "place": "@SUM(A1)",
                "dated": date(2024, 2, 29), "expires_on": None},
    "RES.1.1": {"kind": "held", "title": "t" * 200, "shows": "", "owner": MARKUP[:120], "place": TURNED, "dated": None,
                "expires_on": date(2030, 12, 31)},
    "RES.1.2": {"kind": "file", "title": "Minutes %0A", "shows": LINES[:40], "owner": "Registry", "place": "HQ",
                "dated": date(2026, 1, 31), "expires_on": None},
}  # fmt: skip
COMMENT, QUESTION, REMARK = f"{PICTURES} {FORMULA}", TURNED, f"{ARABIC}\n{MARKUP}"
DUE, REVIEW_ON = localdate() + timedelta(20), localdate() + timedelta(30)
TARGETS = {"GOV.1.1": 5, "GOV.1.2": 3, "GOV.2.1": 3, "RES.1.1": 3, "RES.1.2": 0}
PEOPLE = {
    "GOV.1": {"respondent": "respondent", "reviewer": "lead"}, "GOV.2": {"respondent": "lead"},
    "RES.1": {"respondent": "respondent"},
}  # fmt: skip
ROLES = ("respondent", "reviewer")
NOT_TYPED = {"version", "idempotency", "key"}


@pytest.fixture
def full(cast: Cast) -> Assessment:
    """An assessment in which every field holds something, much of it hostile."""
    row = begin(cast.lead, cast.agency, title="=2026 <b>", version=small_version(), review_on=REVIEW_ON)
    for code, (choice, reason) in CHOICES.items():
        answer(cast.respondent, row, code, choice, WHYS[code], reason)
    for code, piece in PIECES.items():
        more = {"data": b"Minutes of May.", "file_name": "may.txt"} if piece["kind"] == "file" else {}
        item = services.EvidenceInput(**piece, **more)
        services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, code), item=item)
    place = at(cast.lead, row, "RES.1.2")
    told = services.Words(COMMENT, (cast.lead.public_id,))
    services.start_talk(actor=cast.respondent, place=place, words=told)
    services.start_talk(
        actor=cast.respondent,
        place=place,
        words=services.Words(QUESTION),
        asked=cast.viewer.public_id,
        due_on=DUE,
    )
    services.ask_back(actor=cast.lead, place=place, expected=1, text=REMARK)
    Assessment.objects.filter(pk=row.pk).update(targets={"default": 3, "GOV.1.1": 5, "RES.1.2": 0})
    row.refresh_from_db()
    for code, given in PEOPLE.items():
        who = {role: getattr(cast, given[role]).public_id if role in given else "" for role in ROLES}
        services.give_areas(
            actor=cast.lead, assessment=row, givings=[services.Giving(code, expected=0, **who)]
        )
    return row


def people(cast: Cast) -> dict[str, tuple[str, str, str]]:
    """Area → (its name, who answers, who reviews), as files say it."""
    names = {"GOV.1": "Direction", "GOV.2": "Mandates", "RES.1": "Threats"}
    found = {}
    for code, given in PEOPLE.items():
        respondent, reviewer = (str(getattr(cast, given[role])) if role in given else "" for role in ROLES)
        found[code] = (names[code], respondent, reviewer)
    return found


def typed_in(form: type[forms.Form]) -> set[str]:
    return set(form.base_fields) - NOT_TYPED


def test_no_field_was_forgotten_here() -> None:
    assert typed_in(AnswerForm) == {"answer", "reason", "why"}
    assert typed_in(EvidenceForm) == {name for piece in PIECES.values() for name in piece} | {"file", "url"}
    assert typed_in(TalkForm) == {"text", "mentions", "asked", "due_on"}
    assert typed_in(AssessmentForm) >= {"title", "review_on"}


def texts() -> list[str]:
    """Every text that was typed."""
    pieces = [piece[name] for piece in PIECES.values() for name in ("title", "shows", "owner", "place", "url") if piece.get(name)]  # fmt: skip
    return [*WHYS.values(), *pieces, COMMENT, QUESTION, REMARK]


def test_the_workbook_holds_every_field_as_text(cast: Cast, full: Assessment) -> None:
    book = openpyxl.load_workbook(io.BytesIO(taken(cast.lead, full)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "d", "n"}, "no cell is a formula"
    values = {str(cell.value) for cell in cells}
    answers, cover = book.worksheets[1], book.worksheets[0]
    at = {cell.value: cell.column for cell in answers[1]}
    rows = {answers.cell(n, at["code"]).value: n for n in range(3, answers.max_row + 1)}
    held = {code: answers.cell(n, at["why"]).value.replace("_x005F_x", "_x") for code, n in rows.items()}
    assert held == WHYS
    assert {code: answers.cell(n, at["target"]).value for code, n in rows.items()} == TARGETS
    assert pieces_in(book.worksheets[2]) == {
        code: {
            name: piece.get(name) or None
            for name in ("title", "shows", "owner", "place", "url", "dated", "expires_on")
        }
        for code, piece in PIECES.items()
    }
    told = [tuple(cell.value or "" for cell in row) for row in cover.iter_rows(max_col=3)]
    assert told[-len(PEOPLE) :] == [(f"{code} {name}", *who) for code, (name, *who) in people(cast).items()]
    said = next(value for value in values if COMMENT in value).replace("_x005F_x", "_x")
    for text in texts():
        assert text in values or text in said or text.replace("_x", "_x005F_x") in values, text
    assert {
        "0 – Step 0",
        "5 – Step 5",
        "I do not know yet",
        "Does not apply: Another reason, explained below",
    } <= values
    days = {cell.value.date() for cell in cells if cell.data_type == "d"}
    wanted = {piece[name] for piece in PIECES.values() for name in ("dated", "expires_on") if piece[name]}
    assert days == {*wanted, REVIEW_ON} and full.title in values
    for name in (str(cast.viewer), str(cast.lead), str(DUE.year), "asks back as reviewer"):
        assert name in said


def pieces_in(sheet: Any) -> dict[str, dict[str, Any]]:
    """What supports a question → each field of the piece as its cell holds it; days as days."""
    at = {cell.value: cell.column for cell in sheet[1]}
    found: dict[str, dict[str, Any]] = {}
    for row in range(3, sheet.max_row + 1):
        if code := sheet.cell(row, at["supports"]).value:
            cells = {
                name: sheet.cell(row, at[name]).value for name in at if name not in ("piece", "base", "kind")
            }
            del cells["supports"]
            found[code] = {name: _read(value) for name, value in cells.items()}
    return found


def _read(value: Any) -> Any:
    """A cell as it was typed: days without the hour, the format's own escape undone."""
    if hasattr(value, "date"):
        return value.date()
    return value.replace("_x005F_x", "_x") if isinstance(value, str) else value


def test_the_json_holds_every_field(cast: Cast, full: Assessment) -> None:
    document = json.loads(taken(cast.lead, full, kind="json"))
    assert (document["head"]["title"], document["head"]["review_on"]) == (full.title, REVIEW_ON.isoformat())
    found = {row["code"]: row for row in document["answers"]}
    for code in CODES:
        assert (found[code]["answer"], found[code]["reason"], found[code]["why"]) == (
            *CHOICES[code],
            WHYS[code],
        )
    assert {code: row["target"] for code, row in found.items()} == TARGETS
    assert {
        row["code"]: (row["name"], row["respondent"], row["reviewer"]) for row in document["areas"]
    } == people(cast)
    assert set(document) == {"head", "areas", "answers", "evidence"}
    said = found["RES.1.2"]["said"]
    assert [row["text"] for row in said] == [COMMENT, QUESTION, REMARK]
    assert str(cast.lead) in said[0]["by"] and str(cast.viewer) in said[1]["by"]
    held = {row["supports"][0]: row for row in document["evidence"]}
    for code, piece in PIECES.items():
        for name, value in piece.items():
            assert held[code][name] == (value.isoformat() if isinstance(value, date) else value or ""), name


def paper(cast: Cast, row: Assessment) -> Report:
    return reports.request_questionnaire(
        actor=cast.lead, member=row.member.public_id, assessment=row.public_id, areas=[], person="",
        filled=True, language="en",
    )  # fmt: skip


def test_the_paper_is_handed_every_field(
    cast: Cast, full: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def engine(html: str, **more: Any) -> RenderedPdf:
        made.append(html)
        return RenderedPdf(b"%PDF-1.7", 1)

    monkeypatch.setattr(reports.rendering, "render_pdf", engine)
    reports.render_report(report=paper(cast, full).public_id)
    for text in texts():
        assert typed(text) in made[0], text
    assert "<b onclick" not in made[0] and "\u202e" not in made[0]
    assert "This does not apply to us: Another body does this for us by law" in made[0]


def test_the_paper_shows_every_field(cast: Cast, full: Assessment) -> None:
    """In the file itself; Arabic is drawn from right to left, so that its order differs from what was typed.

    A joiner between two pictures has no width, and is the only thing that paper does not show.
    """
    report = paper(cast, full)
    reports.render_report(report=report.public_id)
    content = reports.open_report_file(actor=cast.lead, report=report.public_id).content
    shown = re.sub(r"\s+", "", " ".join(pages(content)))
    for text in texts():
        for part in re.sub(r"[\u0600-\u06ff\u200d]+", " ", typed_plain(text)).split():
            assert part in shown, part
    assert shown.count("×") == 5 and "E2" in shown and "1Mar2026" in shown and "31Dec2030" in shown


def typed_plain(text: str) -> str:
    """What the paper writes for a text, before it is escaped."""
    import html

    return html.unescape(typed(text).replace("<br>", " "))


def test_the_signed_file_holds_every_answer_and_every_piece(
    cast: Cast, full: Assessment, tmp_path: Path
) -> None:
    services.submit_assessment(actor=cast.lead, assessment=full)
    document = selectors.result_file(cast.lead, cast.agency, full.public_id)
    given = [
        (row["indicator"], row["kind"], row["level"], row["reason"], row["why"]) for row in document["given"]
    ]
    assert given == [
        (
            code,
            choice if not choice.isdigit() else "level",
            int(choice) if choice.isdigit() else None,
            reason,
            WHYS[code],
        )
        for code, (choice, reason) in CHOICES.items()
    ]
    held = {row["supports"][0]["indicator"]: row for row in document["evidence"]}
    names = {"url": "address", "expires_on": "expires"}
    for code, piece in PIECES.items():
        for name, value in piece.items():
            wanted = value.isoformat() if isinstance(value, date) else value
            assert held[code][names.get(name, name)] == wanted, name
    assert COMMENT not in json.dumps(document, ensure_ascii=False), "what colleagues discuss stays with them"
    files = ["--keys", written(tmp_path / "k.json", keys())]
    assert run("result", written(tmp_path / "a.json", document), *files)[0] == 0
    document["given"][0]["why"] = "Other."
    code, said = run("result", written(tmp_path / "a.json", document), *files)
    assert code == 1 and "the part `given` is not the one that was signed" in said
    del document["statement"]["hashes"]["given"]
    document["proof"] = seals.sign(document["statement"])
    code, said = run("result", written(tmp_path / "a.json", document), *files)
    assert code == 1 and "the part `given` was not signed" in said


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_back_without_an_edit_changes_nothing(cast: Cast, full: Assessment, kind: str) -> None:
    before, talk = state(full), list(Comment.objects.values()) + list(Remark.objects.values())
    plan = brought(cast.lead, full, taken(cast.lead, full, kind=kind))
    assert {line.fate for line in plan.lines} == {"unchanged"} and state(full) == before
    if kind == "xlsx":  # saved by another program
        plan = brought(cast.lead, full, filled(taken(cast.lead, full)))
        assert {line.fate for line in plan.lines} == {"unchanged"} and state(full) == before
    assert list(Comment.objects.values()) + list(Remark.objects.values()) == talk


@pytest.mark.parametrize("code", CODES)
def test_back_with_one_answer_edited_changes_that_answer_alone(
    cast: Cast, full: Assessment, code: str
) -> None:
    kept = {row["id"]: row for row in Response.objects.exclude(indicator__code=code).values()}
    pieces = list(Evidence.objects.values())
    plan = brought(
        cast.lead, full, filled(taken(cast.lead, full), (code, "answer", "3 – Step 3"), (code, "why", f"{MARKUP}\n{ARABIC}".replace("_x", "_x005F_x")))
    )  # fmt: skip
    assert plan.counts["clean"] == 1 and plan.counts["unchanged"] == len(plan.lines) - 1
    row = Response.objects.get(indicator__code=code)
    assert (row.kind, row.level, row.reason, row.why, row.version) == (
        "level",
        3,
        "",
        f"{MARKUP}\n{ARABIC}",
        2,
    )
    assert {row["id"]: row for row in Response.objects.exclude(indicator__code=code).values()} == kept
    assert list(Evidence.objects.values()) == pieces


def test_back_with_one_field_of_a_piece_edited_changes_that_field_alone(cast: Cast, full: Assessment) -> None:
    piece = Evidence.objects.get(kind="held")
    others = list(Evidence.objects.exclude(pk=piece.pk).values())
    answers = list(Response.objects.values())
    before = Evidence.objects.filter(pk=piece.pk).values().get()
    brought(cast.lead, full, filled(taken(cast.lead, full), (piece.public_id, "shows", PICTURES)))
    after = Evidence.objects.filter(pk=piece.pk).values().get()
    assert {name for name in after if after[name] != before[name]} == {"shows", "version"}
    assert after["shows"] == PICTURES
    assert list(Evidence.objects.exclude(pk=piece.pk).values()) == others
    assert list(Response.objects.values()) == answers


def test_a_workbook_from_before_the_discussion_was_in_it_comes_back(cast: Cast, full: Assessment) -> None:
    book = openpyxl.load_workbook(io.BytesIO(taken(cast.lead, full)))
    answers = book.worksheets[1]
    for cell in answers[1]:
        if cell.value == "said":
            cell.value = None
    out = io.BytesIO()
    book.save(out)
    assert {line.fate for line in brought(cast.lead, full, out.getvalue()).lines} == {"unchanged"}

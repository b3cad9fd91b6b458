"""Answers leave in a workbook and come back: nothing is lost, nothing is overwritten unseen, twice is once."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import translation

from apps.assessments import services
from apps.assessments.choices import NotApplicableReason
from apps.assessments.forms import AnswerForm, EvidenceForm, TalkForm
from apps.assessments.models import Assessment, Comment, Draft, Evidence, Response, ResponseRevision, Workbook
from apps.assessments.selectors.home import waiting_for
from apps.assessments.selectors.workbook import copy_of, workbook_for
from apps.assessments.services.workbook import layout
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.core.workbooks import WorkbookFaults, read_workbook
from tests.assessments.flow import CODES, answer, at, begin
from tests.assessments.paper import brought, filled, kept, looked, offered, taken
from tests.people import Cast

LINK = {"supports": "GOV.1.1, GOV.1.2", "kind": "Link", "title": "The decree", "url": "example.org/decree"}


@pytest.fixture
def running(cast: Cast) -> Assessment:
    return begin(cast.lead, cast.agency)


def add(cast: Cast, row: Assessment, code: str = "GOV.1.1", **more: Any) -> Evidence:
    item = services.EvidenceInput(
        **{"kind": "described", "title": "Minutes", "owner": "Registry", "place": "Vault"} | more
    )
    made = services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, code), item=item)
    return Evidence.objects.get(public_id=made)


def state(row: Assessment) -> list[Any]:
    """Everything that a workbook can change."""
    return [
        list(Response.objects.filter(assessment=row).order_by("pk").values()),
        list(ResponseRevision.objects.filter(response__assessment=row).order_by("pk").values()),
        list(Draft.objects.filter(assessment=row).order_by("pk").values()),
        list(Evidence.objects.filter(assessment=row).order_by("pk").values()),
    ]


def test_workbook_carries_questions_levels_and_answers(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.2", "3", "=1+1 is no reason")
    content = taken(cast.respondent, running)
    sheets = read_workbook(content, name="b")
    assert list(sheets) == ["Read me", "Answers", "Evidence", "Belay"]
    cover = {row[0]: row[1] for row in sheets["Read me"] if len(row) > 1}
    assert cover["Member"] == "National CERT of Veldara" and cover["Answered so far"] == "1 of 5"
    row = dict(zip(sheets["Answers"][0], sheets["Answers"][3], strict=False))
    assert (row["code"], row["answer"], row["why"]) == ("GOV.1.2", "3 – Step 3", "=1+1 is no reason")
    assert (
        row["area"] == "Direction"
        and "Plan" in str(row["question"])
        and "Text of level 4" in str(row["level_4"])
    )
    assert content == taken(cast.respondent, running)


def test_workbook_offers_only_what_the_question_takes(cast: Cast, running: Assessment) -> None:
    content = taken(cast.respondent, running)
    key, other = offered(content, "GOV.1.1"), offered(content, "GOV.1.2")
    assert key == [f"{n} – Step {n}" for n in range(6)] + ["I do not know yet"]
    assert other[7:] == [f"Does not apply: {reason.label}" for reason in NotApplicableReason]


def test_workbook_locks_everything_but_the_fields(cast: Cast, running: Assessment) -> None:
    add(cast, running)
    book = openpyxl.load_workbook(io.BytesIO(taken(cast.respondent, running)))
    assert all(sheet.protection.sheet for sheet in book.worksheets[:3])
    open_columns = {
        sheet.cell(1, cell.column).value
        for sheet in book.worksheets[1:3]
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    wanted = {column.name for column in (*layout.ANSWERS, *layout.PIECES) if column.open}
    assert open_columns == wanted
    assert book["Belay"].sheet_state == "hidden" and book.worksheets[1].column_dimensions["B"].hidden
    assert book.worksheets[2]["D3"].protection.locked, "the kind of a piece that is held does not change"


def test_workbook_speaks_arabic_from_right_to_left_and_comes_back(cast: Cast, running: Assessment) -> None:
    with translation.override("ar"):
        content = taken(cast.respondent, running)
        choice = offered(content, "GOV.1.2")[-1]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets[:3])
    plan = brought(
        cast.respondent, running, filled(content, ("GOV.1.2", "answer", choice), ("GOV.1.2", "why", "سبب"))
    )
    row = Response.objects.get()
    assert plan.counts["clean"] == 1 and (row.kind, row.reason, row.why) == ("not_applicable", "other", "سبب")


def test_export_and_import_without_an_edit_changes_nothing(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2", "Line one\n  =x\nend")
    answer(cast.respondent, running, "GOV.1.2", "not_applicable", "By law.", "other")
    answer(cast.lead, running, "RES.1.1", "unknown")
    add(cast, running)
    add(
        cast,
        running,
        kind="link",
        url="https://example.org/a?b=1",
        dated=date(2026, 3, 1),
        expires_on=date(2030, 1, 1),
    )
    add(cast, running, kind="file", data=b"Minutes of May.", file_name="may.txt")
    before = state(running)
    for content in (
        taken(cast.lead, running),
        filled(taken(cast.lead, running)),
        taken(cast.lead, running, kind="json"),
    ):
        plan = brought(cast.lead, running, content)
        assert {line.fate for line in plan.lines} == {"unchanged"}
    assert state(running) == before


def test_import_writes_nothing_before_it_is_confirmed(cast: Cast, running: Assessment) -> None:
    content = filled(taken(cast.respondent, running), ("GOV.1.1", "answer", "3 – Step 3"), pieces=(LINK,))
    before = state(running)
    plan = looked(cast.respondent, running, content)
    assert plan.counts["clean"] == 2 and state(running) == before


def test_clean_answers_are_saved_with_history_and_record(cast: Cast, running: Assessment) -> None:
    content = filled(
        taken(cast.respondent, running), ("GOV.1.1", "answer", "3 – Step 3"), ("GOV.1.1", "why", " Approved. "),
        ("GOV.1.2", "answer", 4), ("RES.1.1", "answer", "I do not know yet"),
    )  # fmt: skip
    plan = brought(cast.respondent, running, content)
    assert plan.counts == {"clean": 3, "conflict": 0, "invalid": 0, "stale": 0, "unchanged": 2}
    row = Response.objects.get(indicator__code="GOV.1.1")
    assert (row.level, row.why, row.answered_by, row.version) == (3, "Approved.", cast.respondent, 1)
    assert ResponseRevision.objects.count() == 3
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-4:] == ["answer.saved"] * 3 + ["workbook.brought"] and "workbook.taken" in actions
    entry = AuditEntry.objects.filter(action="workbook.brought").get()
    assert entry.detail["clean"] == 3 and "Approved" not in json.dumps(entry.detail)


def test_import_twice_changes_nothing_the_second_time(cast: Cast, running: Assessment) -> None:
    answer(cast.lead, running, "RES.1.1", "1")
    content = filled(
        taken(cast.respondent, running),
        ("GOV.1.1", "answer", "3 – Step 3"),
        ("RES.1.1", "answer", "2 – Step 2"),
        pieces=(LINK,),
    )
    answer(cast.lead, running, "RES.1.1", "5", "Other.")
    first = brought(cast.respondent, running, content)
    assert (first.counts["clean"], first.counts["conflict"]) == (2, 1)
    before = state(running)
    second = brought(cast.respondent, running, content)
    assert {line.fate for line in second.lines} == {"unchanged"} and state(running) == before
    again = kept(cast.respondent, running, content)
    services.workbook.take_workbook(actor=cast.respondent, workbook=again)
    assert services.workbook.take_workbook(actor=cast.respondent, workbook=again).counts["clean"] == 0
    assert state(running) == before


def test_what_was_decided_does_not_come_back_with_the_same_workbook(cast: Cast, running: Assessment) -> None:
    answer(cast.lead, running, "GOV.1.1", "1")
    content = filled(
        taken(cast.respondent, running), ("GOV.1.1", "answer", 2), ("RES.1.1", "answer", 2), pieces=(LINK,)
    )
    answer(cast.lead, running, "GOV.1.1", "5")
    brought(cast.respondent, running, content)
    place = at(cast.respondent, running, "GOV.1.1")
    services.settle_answers(actor=cast.respondent, place=place, use="theirs", seen=2)
    answer(cast.lead, running, "RES.1.1", "0")
    piece = Evidence.objects.get()
    for code in ("GOV.1.1", "GOV.1.2"):
        services.remove_evidence(actor=cast.lead, place=at(cast.lead, running, code), evidence=piece)
    before = state(running)
    plan = brought(cast.respondent, running, content)
    assert {line.fate for line in plan.lines} == {"unchanged"} and state(running) == before
    assert any("decided" in line.said for line in plan.lines)


def test_conflicts_go_to_the_queue_with_both_texts(cast: Cast, running: Assessment) -> None:
    content = filled(
        taken(cast.respondent, running), ("GOV.1.2", "answer", "3 – Step 3"), ("GOV.1.2", "why", "Mine.")
    )
    answer(cast.lead, running, "GOV.1.2", "1", "Theirs.")
    plan = looked(cast.respondent, running, content)
    (line,) = plan.of("conflict")
    assert (line.mine.choice, line.mine.text) == ("3 – Step 3", "Mine.")
    assert line.theirs and (line.theirs.who, line.theirs.text) == ("Leila Marwan", "Theirs.")
    assert line.where == "sheet Answers, cell F4"
    brought(cast.respondent, running, content)
    assert Response.objects.get().why == "Theirs."
    assert Draft.objects.get().content == {"choice": "3", "reason": "", "why": "Mine."}
    assert [w.kind for w in waiting_for(cast.respondent)][:1] == ["conflict"]
    place = at(cast.respondent, running, "GOV.1.2")
    services.settle_answers(actor=cast.respondent, place=place, use="reviewer", seen=1)
    assert {line.fate for line in looked(cast.respondent, running, content).lines} == {"unchanged"}


def test_an_answer_that_only_a_colleague_changed_stays_theirs(cast: Cast, running: Assessment) -> None:
    content = taken(cast.respondent, running)
    answer(cast.lead, running, "GOV.1.2", "1", "Theirs.")
    plan = brought(cast.respondent, running, content)
    assert plan.counts["unchanged"] == 5 and Response.objects.get().why == "Theirs."


def test_the_same_answer_from_two_people_is_no_conflict(cast: Cast, running: Assessment) -> None:
    content = filled(taken(cast.respondent, running), ("GOV.1.2", "answer", "1"), ("GOV.1.2", "why", "Same."))
    answer(cast.lead, running, "GOV.1.2", "1", "Same.")
    assert brought(cast.respondent, running, content).counts["unchanged"] == 5
    assert Response.objects.get().version == 1


def test_invalid_cells_are_named_by_their_place_and_the_rest_is_taken(
    cast: Cast, running: Assessment
) -> None:
    answer(cast.respondent, running, "GOV.2.1", "2", "Was here.")
    content = filled(
        taken(cast.respondent, running),
        ("GOV.1.1", "answer", "Does not apply: Outside our legal mandate"),
        ("GOV.1.2", "answer", "perhaps 3"),
        ("GOV.2.1", "answer", None), ("GOV.2.1", "why", None),
        ("RES.1.1", "why", "Only words."),
        ("RES.1.2", "answer", "5 – Step 5"),
    )  # fmt: skip
    plan = brought(cast.respondent, running, content)
    found = {line.code: line for line in plan.of("invalid")}
    assert set(found) == {"GOV.1.1", "GOV.1.2", "GOV.2.1", "RES.1.1"}
    assert found["GOV.1.1"].where == "sheet Answers, cell F3" and "key indicator" in found["GOV.1.1"].said
    assert "perhaps 3" in found["GOV.1.2"].said and "taken back" in found["GOV.2.1"].said
    assert set(Response.objects.values_list("indicator__code", "level")) == {("GOV.2.1", 2), ("RES.1.2", 5)}


@pytest.mark.parametrize("value", ["6", "99", "-1", "3.5", "0x3", "٧", "Level 3", "unknown!", True])
def test_what_is_no_answer_is_refused_in_its_cell(cast: Cast, running: Assessment, value: Any) -> None:
    plan = brought(
        cast.respondent, running, filled(taken(cast.respondent, running), ("GOV.1.2", "answer", value))
    )
    assert plan.counts["invalid"] == 1 and not Response.objects.exists()


def test_a_workbook_of_a_closed_assessment_or_another_framework_is_out_of_date(
    cast: Cast, running: Assessment
) -> None:
    answer(cast.respondent, running, "GOV.1.1", "2")
    content = filled(taken(cast.lead, running), ("GOV.1.2", "answer", 3), pieces=(LINK,))
    version = running.version_of
    version.document_hash = "1" * 64
    version.save(update_fields=["document_hash"])
    assert looked(cast.lead, running, content).counts["stale"] == 2
    version.document_hash = "0" * 64
    version.save(update_fields=["document_hash"])
    row = kept(cast.lead, running, content)
    services.submit_assessment(actor=cast.lead, assessment=running)
    running.refresh_from_db()
    plan = services.workbook.look_at_workbook(actor=cast.lead, workbook=row)
    assert plan.counts["stale"] == 2 and "submitted" in plan.of("stale")[0].said
    with pytest.raises(Conflict):
        services.workbook.take_workbook(actor=cast.lead, workbook=row)
    with pytest.raises(Conflict):
        taken(cast.lead, running)


def test_hidden_cells_that_were_changed_are_noticed(cast: Cast, running: Assessment) -> None:
    answer(cast.lead, running, "GOV.1.1", "2")
    piece = add(cast, running)
    content = taken(cast.respondent, running)
    changed = filled(
        content, ("GOV.1.1", "base", "0:0000000000000000"), ("GOV.1.2", "base", "=x"[1:]), ("GOV.2.1", "base", "9:" + "0" * 16),
        (piece.public_id, "base", '{"version": 1}'), (piece.public_id, "title", "Other"), ("GOV.1.1", "answer", 5),
    )  # fmt: skip
    plan = brought(cast.respondent, running, changed)
    assert plan.counts["invalid"] == 4 and Response.objects.get().level == 2
    assert all("hidden" in line.said for line in plan.of("invalid"))


def test_a_draft_on_the_site_is_not_overwritten(cast: Cast, running: Assessment) -> None:
    content = filled(taken(cast.respondent, running), ("GOV.1.1", "answer", 5))
    place = at(cast.respondent, running, "GOV.1.1")
    draft = services.AnswerInput("2", "", "On the site.")
    services.keep_draft(actor=cast.respondent, place=place, answer=draft, base=0)
    plan = brought(cast.respondent, running, content)
    assert plan.counts["invalid"] == 1 and "draft" in plan.of("invalid")[0].said
    assert Draft.objects.get().content["why"] == "On the site." and not Response.objects.exists()


def test_evidence_is_added_once_for_its_questions(cast: Cast, running: Assessment) -> None:
    held = {"supports": "GOV.2.1", "kind": "Held, cannot be shared", "title": "Plan", "owner": "Army", "place": "HQ",
            "dated": date(2026, 2, 1), "expires_on": "2031-02-01", "shows": "That it exists."}  # fmt: skip
    content = filled(taken(cast.respondent, running), pieces=(LINK, held))
    assert brought(cast.respondent, running, content).counts["clean"] == 2
    link = Evidence.objects.get(kind="link")
    assert link.url == "https://example.org/decree" and link.added_by == cast.respondent
    assert sorted(link.links.values_list("indicator__code", flat=True)) == ["GOV.1.1", "GOV.1.2"]
    other = Evidence.objects.get(kind="held")
    assert (other.dated, other.expires_on, other.owner) == (date(2026, 2, 1), date(2031, 2, 1), "Army")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"kind": ""}, "D"), ({"kind": "File"}, "D"), ({"kind": "Rumour"}, "D"), ({"supports": ""}, "C"),
        ({"supports": "GOV.9.9"}, "C"), ({"title": ""}, "E"), ({"title": "x" * 201}, "E"), ({"url": "javascript:x"}, "K"),
        ({"url": "https://"}, "K"), ({"url": ""}, "K"), ({"dated": "soon"}, "I"), ({"dated": date(2999, 1, 1)}, "I"),
        ({"dated": date(2026, 2, 1), "expires_on": date(2025, 1, 1)}, "J"), ({"kind": "Description"}, "K"),
        ({"kind": "Description", "url": ""}, "G"),
    ],
)  # fmt: skip
def test_evidence_that_cannot_be_is_named_by_its_cell(
    cast: Cast, running: Assessment, change: dict[str, Any], column: str
) -> None:
    plan = brought(
        cast.respondent, running, filled(taken(cast.respondent, running), pieces=({**LINK, **change},))
    )
    (line,) = plan.of("invalid")
    assert line.where == f"sheet Evidence, cell {column}3" and not Evidence.objects.exists()


def test_a_piece_is_mended_field_by_field_and_clashes_are_decided(cast: Cast, running: Assessment) -> None:
    piece = add(cast, running)
    ref = piece.public_id
    content = filled(
        taken(cast.respondent, running),
        (ref, "owner", "Archive"),
        (ref, "title", "Mine"),
        (ref, "supports", "GOV.1.1 GOV.2.1"),
    )
    services.change_evidence(
        actor=cast.lead, evidence=piece, expected=1, changes={"title": "Theirs", "place": "Cellar"}
    )
    plan = looked(cast.respondent, running, content)
    (clash,) = plan.of("conflict")
    assert clash.theirs and (clash.mine.text, clash.theirs.text, clash.ref) == (
        "Mine",
        "Theirs",
        f"{ref}.title",
    )
    brought(cast.respondent, running, content)
    piece.refresh_from_db()
    assert (piece.owner, piece.title, piece.place) == ("Archive", "Theirs", "Cellar")
    assert sorted(piece.links.values_list("indicator__code", flat=True)) == ["GOV.1.1", "GOV.2.1"]
    assert brought(cast.respondent, running, content).counts["conflict"] == 0


def test_a_tick_lets_the_text_of_the_workbook_count(cast: Cast, running: Assessment) -> None:
    piece = add(cast, running)
    content = filled(taken(cast.respondent, running), (piece.public_id, "title", "Mine"))
    services.change_evidence(actor=cast.lead, evidence=piece, expected=1, changes={"title": "Theirs"})
    brought(cast.respondent, running, content, f"{piece.public_id}.title", "rubbish")
    piece.refresh_from_db()
    assert piece.title == "Mine"


def test_a_piece_loses_a_question_but_never_its_last(cast: Cast, running: Assessment) -> None:
    piece = add(cast, running)
    services.attach_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), evidence=piece)
    content = taken(cast.respondent, running)
    assert (
        brought(cast.respondent, running, filled(content, (piece.public_id, "supports", None))).counts[
            "invalid"
        ]
        == 1
    )
    brought(cast.respondent, running, filled(content, (piece.public_id, "supports", "GOV.1.2")))
    assert list(piece.links.values_list("indicator__code", flat=True)) == ["GOV.1.2"]
    content = filled(taken(cast.respondent, running), (piece.public_id, "title", "New"))
    services.remove_evidence(actor=cast.lead, place=at(cast.lead, running, "GOV.1.2"), evidence=piece)
    assert brought(cast.respondent, running, content).counts["stale"] == 1


def test_respondents_take_and_bring_their_areas_and_leads_all(cast: Cast, running: Assessment) -> None:
    giving = services.Giving("GOV.1", cast.lead.public_id, "", 0)
    services.give_areas(actor=cast.lead, assessment=running, givings=[giving])
    where = (cast.agency.public_id, running.public_id)
    assert [a.code for a in copy_of(cast.respondent, *where).areas] == ["GOV.2", "RES.1"]
    assert copy_of(cast.lead, *where).whole
    assert [a.code for a in copy_of(cast.lead, *where, areas="RES.1").areas] == ["RES.1"]
    for areas in ("GOV.1", "all"):
        with pytest.raises(PermissionDenied, match="given to a colleague"):
            copy_of(cast.respondent, *where, areas=areas)
    with pytest.raises(Http404):
        copy_of(cast.lead, *where, areas="GOV.9")
    with pytest.raises(PermissionDenied):
        copy_of(cast.viewer, *where)
    content = filled(taken(cast.lead, running), ("GOV.1.1", "answer", 3), ("GOV.2.1", "answer", 3))
    plan = brought(cast.respondent, running, content)
    assert [line.code for line in plan.of("clean")] == ["GOV.2.1"]
    assert "given to a colleague" in plan.of("invalid")[0].said


def test_rows_may_be_sorted_and_left_out(cast: Cast, running: Assessment) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(taken(cast.lead, running), ("RES.1.2", "answer", 4))))
    sheet = book.worksheets[1]
    sheet.delete_rows(3, 2)
    sheet.move_range(f"A{sheet.max_row}:N{sheet.max_row}", rows=5)
    out = io.BytesIO()
    book.save(out)
    plan = brought(cast.lead, running, out.getvalue())
    assert [line.code for line in plan.of("clean")] == ["RES.1.2"] and Response.objects.get().level == 4


def test_another_persons_upload_and_an_old_one_are_not_there(cast: Cast, running: Assessment) -> None:
    row = kept(cast.respondent, running, taken(cast.respondent, running))
    where = (cast.agency.public_id, running.public_id, row.public_id)
    assert workbook_for(cast.respondent, *where) == row
    with pytest.raises(Http404):
        workbook_for(cast.lead, *where)
    Workbook.objects.update(at="2020-01-01T00:00:00Z")
    with pytest.raises(Http404):
        workbook_for(cast.respondent, *where)
    assert services.workbook.forget_workbooks() == 1


def hostile(cast: Cast, running: Assessment) -> dict[str, bytes]:
    content = taken(cast.respondent, running)
    renamed, headless, twice = (openpyxl.load_workbook(io.BytesIO(content)) for _ in range(3))
    renamed.worksheets[1].title = "Mine"
    headless.worksheets[1].delete_rows(1)
    twice.worksheets[1].cell(1, 20).value = "answer"
    other = json.loads(taken(cast.respondent, running, kind="json"))
    made = {}
    for name, book in (("renamed", renamed), ("headless", headless), ("twice", twice)):
        out = io.BytesIO()
        book.save(out)
        made[name] = out.getvalue()
    return made | {
        "empty": b"", "text": b"hello", "zip": b"PK\x03\x04", "list": b"[]", "json": b"{}",
        "nan": b'{"head": NaN}', "deep": b'{"a":' * 5000, "surrogate": b'{"head": {"format": "\\ud800"}}', "bytes": b"{\xff",
        "twice key": b'{"head": 1, "head": 2}', "answers": json.dumps(other | {"answers": {"a": 1}}).encode(),
        "rows": json.dumps(other | {"evidence": [1]}).encode(), "release": content_with(content, "format_version", "99"),
        "foreign": content_with(content, "format", "x"), "other": content_with(content, "assessment", "x"),
    }  # fmt: skip


def content_with(content: bytes, key: str, value: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book["Belay"].iter_rows():
        if row[0].value == key:
            row[1].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hostile_files_are_refused_in_words(cast: Cast, running: Assessment) -> None:
    for name, content in hostile(cast, running).items():
        with pytest.raises(Refused) as caught:
            kept(cast.respondent, running, content)
        assert caught.value.message, name
    formula = filled(taken(cast.respondent, running), ("GOV.1.1", "why", '=HYPERLINK("http://evil.example")'))
    with pytest.raises(WorkbookFaults) as faults:
        kept(cast.respondent, running, formula)
    assert faults.value.faults == ("sheet Answers, cell G3: a formula; type the value",)
    assert not Workbook.objects.exists()


def test_json_takes_and_brings_the_same(cast: Cast, running: Assessment) -> None:
    add(cast, running)
    document = json.loads(taken(cast.respondent, running, kind="json"))
    document["answers"][0]["answer"] = "3"
    document["answers"][1] |= {"answer": "not_applicable", "reason": "other", "why": "By \u0000law."}
    document["answers"][2]["answer"] = {"a": [1]}
    document["evidence"][0]["owner"] = 7
    document["evidence"].append(
        {"kind": "link", "title": "T", "url": "https://example.org", "supports": ["RES.1.1"]}
    )
    plan = brought(cast.respondent, running, json.dumps(document).encode())
    assert plan.counts["clean"] == 4 and plan.of("invalid")[0].where == "answers[2].answer"
    assert Response.objects.get(indicator__code="GOV.1.2").why == "By law."
    assert Evidence.objects.get(kind="described").owner == "7"


def test_every_field_that_can_be_typed_survives_the_round_trip(cast: Cast, running: Assessment) -> None:
    """Walks the fields of the site's own forms, so that a new one is missed here."""
    elsewhere = {"version", "idempotency", "file"}  # kept by the site itself; files travel on their own
    typed = {**AnswerForm().fields, **EvidenceForm().fields}.keys() - elsewhere
    talk = TalkForm(colleagues=[]).fields.keys() - {"mentions", "asked", "due_on", "key"}  # chosen, not typed
    assert talk == {"text"}, "the text of a comment is the column `comment`"
    columns = {column.name for column in (*layout.ANSWERS, *layout.PIECES) if column.open}
    assert typed == columns - {"supports", "comment"} | {"reason"}
    answers = {
        "GOV.1.1": ("2", "", "Why\ttwo?"),
        "GOV.1.2": ("not_applicable", "no_such_system", "None."),
        "RES.1.1": ("unknown", "", "?"),
    }
    pieces: list[dict[str, Any]] = [
        {"kind": kind, "title": f"=T {kind}", "shows": "+S", "owner": "@O", "place": "-P", "dated": date(2026, 1, 2),
         "expires_on": date(2027, 1, 2), "url": "https://example.org/?a=1&b=<2>" if kind == "link" else ""}
        for kind in ("described", "held", "link")
    ]  # fmt: skip
    for code, given in answers.items():
        answer(cast.lead, running, code, given[0], given[2], given[1])
    for piece in pieces:
        add(cast, running, **piece)
    twin = begin(cast.lead, cast.agency, title="Twin", version=running.version_of)
    for kind in ("xlsx", "json"):
        copy = copy_of(cast.lead, cast.agency.public_id, running.public_id)
        assert {q.code: q.content for q in copy.questions if q.version} == answers
        brought(
            cast.lead,
            twin,
            carried_to(taken(cast.lead, running, kind=kind), taken(cast.lead, twin, kind=kind), kind),
        )
        stored = {
            r.indicator.code: r for r in Response.objects.filter(assessment=twin).select_related("indicator")
        }
        for code, (choice, reason, why) in answers.items():
            row = stored[code]
            assert (str(row.level) if row.level is not None else row.kind, row.reason, row.why) == (
                choice,
                reason,
                why,
            )
        for piece in pieces:
            assert Evidence.objects.filter(assessment=twin, **piece).count() == 1, piece


def carried_to(source: bytes, target: bytes, kind: str) -> bytes:
    """What stands in the open cells of one workbook, typed into another."""
    if kind == "json":
        one, two = json.loads(source), json.loads(target)
        for mine, blank in zip(one["answers"], two["answers"], strict=True):
            blank |= {name: mine[name] for name in ("answer", "reason", "why")}
        held = {piece["title"] for piece in two["evidence"]}
        two["evidence"] += [
            {k: v for k, v in p.items() if k not in ("piece", "base")}
            for p in one["evidence"]
            if p["title"] not in held
        ]
        return json.dumps(two).encode()
    one = read_workbook(source, name="a")
    names = [str(name) for name in one["Answers"][0]]
    rows = [dict(zip(names, row, strict=False)) for row in one["Answers"][2:]]
    cells = [(str(r["code"]), name, r.get(name)) for r in rows for name in ("answer", "why") if r.get(name)]
    heads = [str(name) for name in one["Evidence"][0]]
    pieces = [dict(zip(heads, row, strict=False)) for row in one["Evidence"][2:]]
    return filled_as_text(
        target, cells, [{k: v for k, v in p.items() if k not in ("piece", "base")} for p in pieces]
    )


def filled_as_text(content: bytes, cells: list[Any], pieces: list[dict[str, Any]]) -> bytes:
    """As `filled`, with what looks like a formula typed as the text that it is."""
    book = openpyxl.load_workbook(io.BytesIO(filled(content, *cells, pieces=tuple(pieces))))
    for sheet in book.worksheets[1:3]:
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_codes_of_the_flow_are_all_asked(cast: Cast, running: Assessment) -> None:
    assert [q.code for q in copy_of(cast.lead, cast.agency.public_id, running.public_id).questions] == list(
        CODES
    )


@pytest.mark.parametrize("count", [1, 3])
def test_workbook_costs_the_same_queries(
    cast: Cast, running: Assessment, django_assert_num_queries: Any, count: int
) -> None:
    for code in CODES[:count]:
        answer(cast.lead, running, code, "2")
        answer(cast.lead, running, code, "3")
        add(cast, running, code)
    row = kept(cast.lead, running, taken(cast.lead, running))
    where = (cast.agency.public_id, running.public_id)
    copy_of(cast.lead, *where)
    with django_assert_num_queries(12):
        copy_of(cast.lead, *where)
    with django_assert_num_queries(12):
        services.workbook.look_at_workbook(actor=cast.lead, workbook=row)


def test_an_answer_of_last_time_is_shown_and_not_chosen(cast: Cast, running: Assessment) -> None:
    answer(cast.respondent, running, "GOV.1.2", "3", "As before.")
    services.submit_assessment(actor=cast.lead, assessment=running)
    running.refresh_from_db()
    newer = begin(cast.lead, cast.agency, title="2027", version=running.version_of)
    services.carry_over(actor=cast.lead, assessment=newer, source=running)
    content = taken(cast.respondent, newer)
    sheet = read_workbook(content, name="b")["Answers"]
    row = dict(zip(sheet[0], sheet[3], strict=False))
    assert (row["code"], row["before"], row["answer"]) == ("GOV.1.2", "3 – Step 3\nAs before.", None)
    assert brought(cast.respondent, newer, content).counts["unchanged"] == 5
    assert not Response.objects.filter(assessment=newer).exists()


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_a_comment_opens_a_discussion_once(cast: Cast, running: Assessment, kind: str) -> None:
    content = taken(cast.respondent, running, kind=kind)
    if kind == "json":
        document = json.loads(content)
        document["answers"][0]["comment"] = "Who signed it?"
        document["answers"][1]["comment"] = "x" * 2001
        content = json.dumps(document).encode()
    else:
        content = filled(
            content, ("GOV.1.1", "comment", "Who signed it?"), ("GOV.1.2", "comment", "x" * 2001)
        )
    plan = brought(cast.respondent, running, content)
    assert (plan.counts["clean"], plan.counts["invalid"]) == (1, 1)
    comment = Comment.objects.get()
    assert (comment.text, comment.by, comment.talk.indicator.code) == (
        "Who signed it?",
        cast.respondent,
        "GOV.1.1",
    )
    assert brought(cast.respondent, running, content).counts["clean"] == 0 and Comment.objects.count() == 1

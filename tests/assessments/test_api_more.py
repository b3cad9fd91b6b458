"""Rounds, discussion, workbook, reviews, sharing and what follows from results, by programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import encode_multipart
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from apps.assessments.models import Assessment, PeerReview, Response, Round
from apps.core.models import AuditEntry
from apps.frameworks.models import FrameworkVersion
from apps.members.models import Grant, GrantReading
from tests.assessments.flow import CODES, answer, begin, submitted
from tests.core.api import Program
from tests.factories import join, share, small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db


def root(assessment: Assessment) -> str:
    return f"members/{assessment.member.public_id}/assessments/{assessment.public_id}/"


def test_office_opens_a_round_sees_counts_reminds_and_closes(cast: Cast) -> None:
    version = small_version()
    office, today = Program(cast.manager), localdate()
    at = f"programmes/{office.get('programmes/')['results'][0]['id']}/rounds/"
    days = {"opens_on": today.isoformat(), "closes_on": (today + timedelta(20)).isoformat()}
    sent = {"name": "Round 2027", "version": version.public_id, "levels": {"GOV.1": 4}, **days}
    made = office.post(at, sent, 201)
    assert made["open"] and made["aims"] == ["GOV.1: level 4"]
    at = f"{at}{made['id']}/"

    lead, home = Program(cast.lead), f"members/{cast.agency.public_id}/"
    assert [row["id"] for row in lead.get(f"{home}asked/")["results"]] == [made["id"]]
    options = lead.get(f"{home}assessments/options/?round={made['id']}")
    begun = lead.post(
        f"{home}assessments/",
        {"title": "2027", "round": made["id"], "profile": options["profiles"][0]["id"]},
        201,
    )
    lead.put(f"{home}assessments/{begun['id']}/answers/GOV.1.1/", {"answer": "2", "why": "Secret."}, 0)
    shown = office.get(at)
    mine = next(row for row in shown["members"] if row["id"] == cast.agency.public_id)
    assert mine["answered"] == 1 and "Secret." not in office.last.content.decode()

    reminded = office.post(f"{at}remind/", {"member": cast.other.public_id})
    assert reminded == {"reminded": 1}
    longer = {"closes_on": (today + timedelta(40)).isoformat(), "seen": days["closes_on"]}
    assert office.post(f"{at}extend/", longer)["closes_on"] == longer["closes_on"]
    told = office.post(f"{at}extend/", longer, 409)
    assert told["current"] == longer["closes_on"]
    assert not office.post(f"{at}close/")["open"] and Round.objects.get().state == "closed"
    assert office.post(f"{at}reopen/")["open"]
    lead.get(at, 404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"version": "x"}, "version"),
        ({"levels": {"GOV.1": -1}}, "levels.GOV.1"),
        ({"x": 1}, "x"),
    ],
)
def test_a_round_that_cannot_be_names_its_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    version, today = small_version(), localdate().isoformat()
    sent = {"name": "R", "version": version.public_id, "opens_on": today, "closes_on": today} | change
    told = Program(cast.manager).post(f"programmes/{cast.programme.public_id}/rounds/", sent, 400)
    assert told["field"] == field and not Round.objects.exists()


def test_colleagues_discuss_and_find_what_waits(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    lead, colleague, at = Program(cast.lead), Program(cast.respondent), f"{root(row)}answers/GOV.1.1/talk/"
    sent = {
        "text": "Where is the list?",
        "asked": cast.respondent.public_id,
        "due_on": localdate().isoformat(),
    }
    talk = lead.post(at, sent, 201, key="asked-once")["id"]
    assert lead.post(at, sent, 201, key="asked-once")["id"] == talk
    assert [one["text"] for one in colleague.get("me/list/")["asked"]] == ["Where is the list?"]
    comment = colleague.post(f"{at}{talk}/comments/", {"text": "In the annex."}, 201)["id"]
    mended = colleague.put(f"{at}{talk}/comments/{comment}/", {"text": "In annex B."}, 1)
    assert mended["version"] == 2
    told = colleague.put(f"{at}{talk}/comments/{comment}/", {"text": "In annex C."}, 1, 412)
    assert told["current"] == "In annex B." and told["proposed"] == "In annex C."
    assert lead.post(f"{at}{talk}/settle/", {"settled": True}) == {"settled": True}
    page = lead.get(at)
    assert page["unsettled"] == 0 and [c["text"] for c in page["threads"][0]["comments"]][-1] == "In annex B."
    Program(cast.other_lead).get(at, 404)


def bring(program: Program, path: str, content: bytes, key: str) -> Any:
    body = encode_multipart("frontier", {"file": SimpleUploadedFile("answers.xlsx", content)})
    heads = {"Authorization": f"Bearer {program.secret}", "Idempotency-Key": key}
    kind = "multipart/form-data; boundary=frontier"
    return program.client.generic("POST", f"/api/v1/{path}", body, content_type=kind, headers=heads)


def test_workbook_goes_away_comes_back_and_changes_nothing_unedited(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    answer(cast.respondent, row, "GOV.1.1", "2", "Because.")
    program, at = Program(cast.respondent), f"{root(row)}workbook/"
    away = program.ask("GET", at)
    assert away.status_code == 200 and away.content[:2] == b"PK"
    assert program.ask("GET", f"{at}?as=json").json()
    assert program.get(f"{at}?as=pdf", 400)["code"] == "malformed"
    kept = bring(program, at, away.content, "brought-once")
    assert kept.status_code == 201
    assert bring(program, at, away.content, "brought-once").json() == kept.json()
    look = f"{at}{kept.json()['id']}/"
    assert program.get(look)["counts"]["clean"] == 0
    assert program.post(look)["counts"]["clean"] == 0
    assert Response.objects.get().version == 1
    broken = bring(program, at, b"no workbook", "brought-again")
    assert broken.status_code == 400 and broken["Content-Type"] == "application/problem+json"
    Program(cast.lead).get(look, 404)


def test_another_member_reviews_signs_and_is_answered(cast: Cast) -> None:
    row = submitted(cast, "2", "2", "2", "2", "2")
    lead, reviewer, at = Program(cast.lead), Program(cast.other_lead), f"{root(row)}reviewers/"
    sent = {"kind": "peer", "reviewer": cast.other.public_id, "areas": ["*"], "tlp": "TLP:AMBER"}
    sent["ends_on"] = (localdate() + timedelta(9)).isoformat()
    asked = lead.post(at, sent, 201)["id"]
    desk = f"reviews/{asked}/"
    assert [one["id"] for one in reviewer.get("reviews/")["results"]] == [asked]
    assert reviewer.get(desk)["areas"] == [], "nothing is shown before interests are declared"
    reviewer.post(f"{desk}interests/", {"conflict": "no"})
    shown = reviewer.get(desk)
    assert GrantReading.objects.filter(user=cast.other_lead).exists()
    for area in shown["areas"]:
        version = int(reviewer.last["ETag"].strip('"'))
        judged = [{"code": item["code"], "level": "2"} for item in area["items"]]
        judged[0] |= {"level": "1", "finding": "The list is older."}
        given = {"decision": "with_findings", "words": "Read.", "judgements": judged}
        shown = reviewer.put(f"{desk}areas/{area['code']}/", given, version)
    reviewer.put(f"{desk}areas/GOV.1/", {"words": "Late."}, 0, 412)
    strange = reviewer.put(f"{desk}areas/GOV.1/", {"judgements": [{"code": "X.1"}]}, 4, 400)
    assert "X.1" in strange["detail"]
    version = int(reviewer.ask("GET", desk)["ETag"].strip('"'))
    sign = {"decision": "with_findings", "summary": "Read all.", "seen": shown["seen_hash"]}
    signed = reviewer.ask(
        "POST", f"{desk}sign/", sign, If_Match=f'"{version}"', Idempotency_Key="sign-review"
    )
    assert signed.status_code == 200 and signed.json()["signed"], signed.content
    review = PeerReview.objects.get()
    found = lead.get(f"{at}{review.public_id}/")
    assert found["areas"][0]["items"][0]["judged"]["finding"] == "The list is older."
    code, version = found["areas"][0]["items"][0]["code"], found["areas"][0]["items"][0]["judged"]["version"]
    replied = lead.put(f"{at}{review.public_id}/{code}/", {"text": "A newer one is attached."}, version)
    assert replied["reply"] == "A newer one is attached."
    lead.put(f"{at}{review.public_id}/{code}/", {"text": "Or not."}, version, 412)
    assert lead.get(at)["signed"][0]["reviewer"]


def test_sharing_is_given_read_on_record_narrowed_and_withdrawn(cast: Cast) -> None:
    submitted(cast, "2", "2", "2", "2", "2")
    FrameworkVersion.objects.update(state="published")
    lead, mentor, home = Program(cast.lead), Program(cast.mentor), f"members/{cast.agency.public_id}/"
    reader = f"member:{cast.mentor_partner.public_id}"
    sent = {
        "reader": reader,
        "purpose": "Mentoring",
        "areas": ["*"],
        "with_evidence": True,
        "tlp": "TLP:AMBER",
    }
    sent["ends_on"] = (localdate() + timedelta(30)).isoformat()
    assert "sign" in Program(cast.lead, "grants:write").post(f"{home}grants/", sent, 403)["detail"]
    grant = lead.post(f"{home}grants/", sent, 201)
    assert [row["id"] for row in mentor.get("shared/")["results"]] == [cast.agency.public_id]
    read = mentor.get(f"shared/{cast.agency.public_id}/result/")
    assert read["tlp"] == "TLP:AMBER+STRICT" and len(read["areas"]) == 3
    assert AuditEntry.objects.filter(action="grant.read", actor=cast.mentor.public_id).count() == 1
    assert lead.get(f"{home}readings/")["results"][0]["who"] == "Sana Aldris"
    at = f"{home}grants/{grant['id']}/"
    assert lead.get(at)["readings"] == 1 and lead.last["ETag"] == '"1"'
    less = {"areas": ["GOV.1"], "with_evidence": False, "ends_on": sent["ends_on"]}
    assert lead.put(at, less, 1)["areas"] == ["GOV.1"]
    assert lead.put(at, less, 1, 412)["current"]["areas"] == ["GOV.1"]
    assert [row["code"] for row in mentor.get(f"shared/{cast.agency.public_id}/result/")["areas"]] == [
        "GOV.1"
    ]
    assert not lead.post(f"{at}withdraw/")["in_force"]
    mentor.get(f"shared/{cast.agency.public_id}/result/", 404)
    Program(cast.outsider).get(at, 404)


def test_results_are_checked_compared_tried_and_kept_as_targets(cast: Cast) -> None:
    version = small_version()
    submitted(cast, "1", "1", "1", "1", "1", title="2024", version=version)
    row = submitted(cast, "2", "2", "2", "2", "2", title="2026", version=version)
    lead, home = Program(cast.lead), f"members/{cast.agency.public_id}/"
    file = lead.get(f"{home}results/{row.public_id}/file/")
    assert file["format"] == "belay-result"
    code = row.results.get().public_id
    assert Program(cast.outsider).get(f"verify/{code}/")["state"] == "in_force"
    Program(cast.outsider).get("verify/AAAAA/", 404)
    both = lead.get(f"{home}compare/")
    assert (both["then"]["title"], both["now"]["title"]) == ("2024", "2026")
    assert lead.get(f"{home}trend/")["results"] == 2
    tried = lead.post(f"{home}results/{row.public_id}/what-if/", {"levels": {"GOV.1.1": 4}})
    assert tried["overall"] and tried["overall"]["now"] != tried["overall"]["then"]
    wrong = lead.post(f"{home}results/{row.public_id}/what-if/", {"levels": {"GOV.1.1": 9}}, 400)
    assert wrong["field"] == "levels"
    kept = lead.post(
        f"{home}results/{row.public_id}/targets/", {"name": "Next", "levels": {"GOV.1.1": 4}}, 201
    )
    assert [one["name"] for one in lead.get(f"{home}targets/")["results"]] == ["Next"]
    drop = f"{home}targets/{kept['id']}/drop/"
    stale = lead.ask("POST", drop, {}, If_Match='"9"', Idempotency_Key="drop-once")
    assert stale.status_code in (409, 412)
    assert lead.ask("POST", drop, {}, If_Match='"1"', Idempotency_Key="drop-once").status_code == 200
    again = lead.ask("POST", drop, {}, If_Match='"1"', Idempotency_Key="drop-once")
    assert again.status_code == 200 and lead.get(f"{home}targets/")["count"] == 0


def test_record_is_read_by_the_member_and_taken_with_a_fresh_proof(cast: Cast) -> None:
    begin(cast.lead, cast.agency)
    lead, at = Program(cast.lead), f"members/{cast.agency.public_id}/record/"
    assert lead.get(at)["rows"][0]["action"] == "assessment.opened"
    taken = lead.post(f"{at}file/")
    assert taken["format"] == "belay-record" and taken["entries"]
    Program(cast.lead, "members:read").post(f"{at}file/", status=403)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(cast: Cast, count: int) -> None:
    row = begin(cast.lead, cast.agency)
    for code in CODES[:count]:
        answer(cast.respondent, row, code, "2")
        share(cast.agency, cast.lead, cast.mentor_partner)
    lead, found = Program(cast.lead), []
    lead.get("members/")
    for path in (f"members/{cast.agency.public_id}/assessments/", f"members/{cast.agency.public_id}/grants/"):
        with CaptureQueriesContext(connection) as asked:
            lead.get(path)
        found.append(len(asked))
    assert found == [16, 11]
    assert Grant.objects.count() == count


def test_a_parallel_copy_is_made_merged_once_and_taken_back(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    answer(cast.respondent, row, "GOV.1.1", "2", "Here.")
    lead, home = Program(cast.lead), f"members/{cast.agency.public_id}/assessments/"
    copy = lead.post(f"{root(row)}branch/", {"title": "Apart"})["id"]
    lead.put(f"{home}{copy}/answers/GOV.1.2/", {"answer": "3", "why": "There."}, 0)
    shown = lead.get(f"{root(row)}merge/?copy={copy}")
    assert [line["code"] for line in shown["take"]] == ["GOV.1.2"] and shown["clash"] == []
    assert shown["others"] == {copy: "Apart"}
    sent = {"copy": copy, "seen": shown["seen"]}
    assert lead.post(f"{root(row)}merge/", sent | {"seen": "0" * 64}, 409)["code"] == "conflict"
    done = lead.post(f"{root(row)}merge/", sent)
    assert (done["taken"], done["clashes"]) == (1, 0)
    assert lead.get(f"{root(row)}answers/GOV.1.2/")["saved"]["why"] == "There."
    assert lead.post(f"{root(row)}merge/undo/", {"merge": done["merge"]}) == {"reopened": copy}
    assert lead.get(f"{root(row)}answers/GOV.1.2/")["saved"] is None


def test_reviewer_decides_between_two_answers(cast: Cast) -> None:
    row = begin(cast.lead, cast.agency)
    join(cast.agency, cast.outsider, "lead")
    one, other, at = Program(cast.outsider), Program(cast.respondent), f"{root(row)}answers/GOV.1.1/"
    answer(cast.respondent, row, "GOV.1.1", "2", "First.")
    second = Program(cast.lead)
    second.put(at, {"answer": "4", "why": "Second."}, 0, 412)
    settled = second.ask(
        "POST", f"{at}settle/", {"use": "reviewer"}, If_Match='"1"', Idempotency_Key="settle-1"
    )
    assert settled.json() == {"done": "reviewer"}
    rivals = one.get(f"{at}choose/")["rivals"]
    assert [(rival["mine"]["why"], rival["theirs"]["why"]) for rival in rivals] == [("Second.", "First.")]
    chosen = one.ask(
        "POST", f"{at}choose/", {"draft": rivals[0]["draft"]}, If_Match='"1"', Idempotency_Key="choose-1"
    )
    assert chosen.status_code == 200 and other.get(at)["saved"]["why"] == "Second."

"""Who gets what from cohorts: those who hold them, their trainers, and each learner's own page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.utils.timezone import now

from apps.courses.models import AnswerTime, Attempt, Enrolment, Essay, OralCheck, Question
from apps.courses.selectors.integrity import flags_page
from apps.courses.services import save_artefact, work_files
from apps.courses.services.sittings import open_sitting
from apps.courses.services.statistics import make_statistics
from tests.access.matrix import courses
from tests.courses.groups import bring, invite, make_cohort
from tests.people import Cast

# The manager holds the cohort, the mentor trains it, the respondent learns in it, the outsider is invited.
OFFICE = (302, 404, 404, 404, 404, 404, 404, 200, 404)
RUN = (302, 404, 404, 403, 404, 404, 200, 200, 404)
RUN_ACT = (302, 404, 404, 403, 404, 404, 302, 302, 404)
LIST = {"text": "a@example.org"}

ROWS = [
    ("GET", "courses:cohorts", courses.SIGNED_IN),
    ("GET", "courses:programme_cohorts", OFFICE),
    ("POST", "courses:programme_cohorts", (302, 404, 404, 404, 404, 404, 404, 422, 404)),
    ("GET", "courses:member_cohorts", (302, 404, 403, 403, 200, 404, 404, 404, 404)),
    ("POST", "courses:member_cohorts", (302, 404, 403, 403, 422, 404, 404, 404, 404)),
    ("GET", "courses:cohort", (302, 404, 404, 200, 404, 404, 200, 200, 404)),
    ("GET", "courses:cohort_edit", (302, 404, 404, 403, 404, 404, 403, 200, 404)),
    ("POST", "courses:cohort_edit", (302, 404, 404, 403, 404, 404, 403, 422, 404)),
    ("GET", "courses:cohort_invite", RUN),
    ("POST", "courses:cohort_invite", RUN, LIST),
    ("POST", "courses:cohort_nudge", RUN_ACT),
    ("POST", "courses:cohort_leave", (302, 404, 404, 302, 404, 404, 302, 404, 404)),
    ("POST", "courses:cohort_remove", (302, 404, 404, 403, 404, 404, 403, 302, 404)),
    ("POST", "courses:cohort_uninvite", RUN_ACT),
    ("GET", "courses:cohort_invitation", courses.EVERYBODY),
    # To whoever was not invited the refusal is said with 400.
    ("POST", "courses:cohort_join", (302, 302, 400, 400, 400, 400, 400, 400, 400)),
    ("GET", "courses:gradebook", RUN),
    ("GET", "courses:gradebook_file", RUN),
    ("GET", "courses:cohort_work", RUN),
    # The manager comes second: the work is accepted already, which changes nothing.
    ("POST", "courses:cohort_work_accept", RUN_ACT, {"title": "A list of doors"}),
    # The respondent shows a piece of work to the trainers.
    ("GET", "courses:cohort_work_file", (302, 404, 404, 403, 404, 404, 200, 200, 404)),
    ("POST", "courses:cohort_work_asked", RUN_ACT, {"result": "good"}),
    ("GET", "courses:cohort_flags", RUN),
    # The manager comes second with the same decision, which changes nothing.
    ("POST", "courses:cohort_flag", RUN_ACT, {"decision": "talked"}),
    ("GET", "courses:cohort_xapi", RUN),
    ("GET", "courses:cohort_roster", RUN),
    ("GET", "courses:my_xapi", courses.SIGNED_IN),
    # Authors and administrators judge; the lead is named an author of the course.
    ("GET", "courses:cut", (302, 404, 404, 404, 200, 404, 404, 404, 200)),
    ("POST", "courses:cut", (302, 404, 404, 404, 422, 404, 404, 404, 422)),
    ("GET", "courses:sittings", RUN),
    ("POST", "courses:sittings", (302, 404, 404, 403, 404, 404, 422, 422, 404)),
    ("GET", "courses:sitting", RUN),
    ("GET", "courses:sitting_sheet", RUN),
    # The sitting has not begun, and nobody has come.
    ("POST", "courses:sitting_longer", RUN_ACT, {"minutes": "1"}),
    ("POST", "courses:sitting_out", RUN_ACT, {"reason": "Not in the room."}),
    ("POST", "courses:sitting_end", RUN_ACT),
    ("GET", "courses:test_supervised", courses.SIGNED_IN),
    # Nobody knows a code, which is said again on the page.
    ("POST", "courses:test_supervised", (302, *(422,) * 8), {"code": "0000-0000"}),
    ("GET", "courses:cohort_report", RUN),
    ("GET", "courses:cohort_report_file", RUN),
    # The respondent's text: the mentor trains, the manager holds, administrators mark all.
    ("GET", "courses:marking", courses.SIGNED_IN),
    ("GET", "courses:essay", (302, 404, 404, 404, 404, 404, 200, 200, 200)),
    ("POST", "courses:essay", (302, 404, 404, 404, 404, 404, 422, 422, 422)),
    # Nothing is to be settled, which is said with 409.
    ("POST", "courses:essay_settle", (302, 404, 404, 404, 404, 404, 409, 409, 409)),
    ("GET", "courses:statistics", courses.SIGNED_IN),
    # Who runs a cohort of the course sees figures, and the lead, who is named an author of it; administrators all.
    ("POST", "courses:statistics_make", (302, 404, 404, 404, 302, 404, 302, 302, 302)),
    ("GET", "courses:statistics_pool", (302, 404, 404, 404, 200, 404, 200, 200, 200)),
    ("GET", "courses:statistics_file", (302, 404, 404, 404, 200, 404, 200, 200, 200)),
    ("GET", "courses:member_skills", (302, 404, 200, 200, 200, 404, 404, 404, 404)),
    ("POST", "courses:member_skills", (302, 404, 403, 403, 302, 404, 404, 404, 404)),
    ("GET", "courses:programme_skills", OFFICE),
    ("GET", "api-cohorts", (401, *(200,) * 8)),
    ("GET", "api-gradebook", (401, 404, 404, 403, 404, 404, 200, 200, 404)),
    ("GET", "api-course-statistics", (401, 404, 404, 404, 200, 404, 200, 200, 200)),
    ("GET", "courses:opinion", courses.SIGNED_IN),
    ("POST", "courses:opinion", courses.GO_ON, {"useful": "yes", "clear": "partly", "text": "Shorter."}),
]


def prepare(cast: Cast) -> None:
    """A cohort of the programme with a trainer, a learner, and one more who is invited."""
    if "cohort" in cast.ids:
        return
    courses.prepare(cast)
    cast.ids |= cohort_ids(cast, cast.ids["course"])
    given = {"actor": cast.respondent, "course": cast.ids["course"]}
    save_artefact(**given, title="Card", text="See the file.", expected=0)
    work_files.add_work_file(**given, upload=io.BytesIO(b"Words."), name="card.txt")
    work_files.show_work(**given, shown=True)
    enrolment = Enrolment.objects.get(user=cast.respondent)
    OralCheck.objects.create(enrolment=enrolment, result="good", by=cast.mentor)


def cohort_ids(cast: Cast, course: str) -> dict[str, Any]:
    cohort = make_cohort(cast.manager, course, programme=cast.programme)
    bring(cohort, cast.manager, cast.mentor, "trainer")
    learner = bring(cohort, cast.manager, cast.respondent)
    invite(cohort, cast.manager, cast.outsider.email)
    enrolment = Enrolment.objects.get(user=cast.respondent)
    asked = Question.objects.create(
        version=enrolment.version_of, code="C9.m1.test.e1", pool="retired", kind="essay", objective="C9.O1", text="Who?",
        body={"words": 50, "rubric": [{"criterion": "Owner", "good": "a", "enough": "b", "missing": "c"}]}, position=9,
    )  # fmt: skip
    attempt = Attempt.objects.create(
        enrolment=enrolment, place="final", number=1, questions=[{"code": asked.code, "options": []}], passed=False,
        answers={asked.code: "The registrar."}, percent=0, correct=0, waiting=1, handed_in_at=now(),
    )  # fmt: skip
    make_statistics()
    fast_try(enrolment)
    essay = Essay.objects.create(attempt=attempt, question=asked)
    (flag,) = flags_page(cast.manager, cohort).rows
    sitting = open_sitting(
        actor=cast.manager, cohort=cohort, place="m1", where="Room 4", minutes=60, learners=[learner.public_id],
        starts_at=now() + timedelta(days=1),
    )  # fmt: skip
    return {
        "sitting": sitting.public_id, "seat": sitting.taken.get().public_id,
        "integrity_flag": flag.key,
        "essay": essay.public_id, "ending": "csv", "cohort": cohort.public_id, "cohort_person": learner.public_id,
        "cohort_invitation": cohort.invitations.get(email=cast.outsider.email).public_id,
    }  # fmt: skip


def fast_try(enrolment: Enrolment) -> None:
    """A try that is worth a look: three long questions in half a second each."""
    codes = [f"C9.m1.test.long{n}" for n in range(3)]
    for n, code in enumerate(codes):
        Question.objects.create(
            version=enrolment.version_of, code=code, pool="retired", kind="short", objective="C9.O1",
            text="Which door? " * 20, body={"answers": [{"text": "The last."}]}, position=10 + n,
        )  # fmt: skip
    attempt = Attempt.objects.create(
        enrolment=enrolment, place="m1", number=1, questions=[{"code": code, "options": []} for code in codes],
        passed=False, answers=dict.fromkeys(codes, "None."), percent=0, correct=0, handed_in_at=now(),
    )  # fmt: skip
    for code in codes:
        AnswerTime.objects.create(attempt=attempt, question=code, first_at=now(), last_at=now(), seconds=0.5)

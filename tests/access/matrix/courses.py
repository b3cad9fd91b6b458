"""Who gets what from courses: the catalogue and the check page are public, the rest is each learner's own."""

from __future__ import annotations

from typing import Any

from apps.courses import services
from apps.courses.models import Question, ReviewItem
from apps.courses.selectors.issuer import credential_keys
from apps.courses.selectors.links import DIGEST, FOLLOW_UP, make_link
from apps.members.policies import site_day
from tests.courses.small import finish_course, small_course
from tests.people import Cast

EVERYBODY = (200,) * 9
SIGNED_IN = (302,) + (200,) * 8
GO_ON = (302,) * 9
OFFICE = (302, 403, 403, 403, 403, 403, 403, 200, 200)
# Only the lead finished the course; a certificate is its holder's own page.
OWN = (302, 404, 404, 404, 200, 404, 404, 404, 404)


def answer(cast: Cast) -> dict[str, Any]:
    return {"question": "C9.m1.l1.q1", "chosen": "a", "screen": "4"}


def more_time(cast: Cast) -> dict[str, str]:
    return {
        "email": cast.viewer.email,
        "course": "",
        "percent": "25",
        "minutes": "0",
        "reason": "Reads in braille.",
    }


ROWS = [
    ("GET", "courses:catalogue", EVERYBODY),
    ("GET", "courses:course", EVERYBODY),
    ("GET", "courses:enrol", GO_ON),
    ("POST", "courses:enrol", GO_ON),
    ("GET", "courses:lesson", SIGNED_IN),
    ("POST", "courses:practice", GO_ON, answer),
    ("POST", "courses:plan", GO_ON, {"text": "Tomorrow.", "screen": "5"}),
    ("GET", "courses:test", SIGNED_IN),
    # The lead has passed this test already, which is said with 400.
    ("POST", "courses:test_start", (302, 302, 302, 302, 400, 302, 302, 302, 302)),
    # Nobody has a try with this id.
    (
        "POST",
        "courses:test_answer",
        (302,) + (404,) * 8,
        {"attempt": "a" * 20, "question": "C9.m1.test.q1", "chosen": "a"},
    ),
    ("POST", "courses:test_hand_in", (302,) + (404,) * 8, {"attempt": "a" * 20}),
    ("GET", "courses:skip", GO_ON),
    # Nobody answered the form before the course, which is said on the next page.
    ("POST", "courses:skip", GO_ON, {"modules": "m1"}),
    ("GET", "courses:review", SIGNED_IN),
    ("GET", "courses:review_answer", GO_ON),
    # The question is in the lead's box.
    ("POST", "courses:review_answer", (302, 404, 404, 404, 302, 404, 404, 404, 404), {"version": "0"}),
    ("POST", "courses:test_back", (302,) + (404,) * 8, {"attempt": "a" * 20, "seconds": "5"}),
    ("GET", "courses:extra_time", OFFICE),
    ("POST", "courses:extra_time", (302, 403, 403, 403, 403, 403, 403, 302, 302), more_time),
    # An office ends what its people have, an administrator anything; others have no say.
    ("POST", "courses:extra_time_end", (302, 403, 403, 403, 403, 403, 403, 302, 302)),
    ("GET", "courses:note", GO_ON),
    ("POST", "courses:note", GO_ON, {"text": "Doors.", "version": "0", "screen": "1"}),
    ("GET", "courses:artefact", SIGNED_IN),
    # The respondent has written a piece of work already, so the empty one is overtaken.
    (
        "POST",
        "courses:artefact",
        (*GO_ON[:3], 409, *GO_ON[4:]),
        {"title": "Card", "text": "Whom to call.", "version": "0"},
    ),
    ("GET", "courses:notes", SIGNED_IN),
    ("GET", "courses:reminding", SIGNED_IN),
    ("POST", "courses:reminding", SIGNED_IN, {"act": "open"}),
    ("GET", "courses:calendar_file", SIGNED_IN),
    ("GET", "courses:calendar", EVERYBODY),
    ("GET", "courses:digest_off", EVERYBODY),
    ("POST", "courses:digest_off", EVERYBODY, {"List-Unsubscribe": "One-Click"}),
    ("GET", "courses:follow_ups", SIGNED_IN),
    ("GET", "courses:follow_up", GO_ON),
    # The plan is the lead's.
    ("POST", "courses:follow_up", (302, 404, 404, 404, 302, 404, 404, 404, 404), {"answer": "done"}),
    ("GET", "courses:follow_up_link", EVERYBODY),
    ("POST", "courses:follow_up_link", EVERYBODY, {"answer": "done"}),
    ("GET", "courses:glossary", EVERYBODY),
    ("GET", "courses:key_points", SIGNED_IN),
    ("GET", "courses:worker", EVERYBODY),
    ("GET", "courses:saved", SIGNED_IN),
    ("GET", "courses:saved_course", SIGNED_IN),
    ("GET", "courses:saved_lesson", SIGNED_IN),
    ("GET", "courses:manifest", SIGNED_IN),
    ("GET", "courses:sync", SIGNED_IN),
    # A form is not what a saved course sends.
    ("POST", "courses:sync", (302,) + (400,) * 8),
    ("GET", "courses:mine", SIGNED_IN),
    ("GET", "courses:certificate", OWN),
    ("POST", "courses:certificate_name", (302, 404, 404, 404, 302, 404, 404, 404, 404), {"shown": "yes"}),
    # The lead's certificate does not end within sixty days, which is said with 400.
    ("POST", "courses:certificate_renew", (302, 404, 404, 404, 400, 404, 404, 404, 404)),
    ("GET", "courses:badge", OWN),
    ("GET", "courses:reached", SIGNED_IN),
    # Only the lead has gone through the course; the others are told what is missing.
    ("POST", "courses:reached", (302, 400, 400, 400, 302, 400, 400, 400, 400)),
    ("GET", "courses:verify", EVERYBODY),
    # A text that is no credential is refused in words.
    ("POST", "courses:verify_file", (422,) * 9, {"credential": "{}"}),
    ("GET", "courses:status_list", EVERYBODY),
    ("GET", "courses:issuer_did", EVERYBODY),
    ("GET", "courses:issuer_key", EVERYBODY),
    ("GET", "courses:verified", EVERYBODY),
    ("GET", "api-courses", EVERYBODY),
]


def prepare(cast: Cast) -> None:
    """A course that everybody takes and the lead has finished."""
    if "course" in cast.ids:
        return
    version = small_course()
    for user in cast.people.values():
        services.enrol(actor=user, course=version.course.slug)
    certificate = finish_course(cast.lead, version)
    asked = Question.objects.filter(version=version, pool="practice").first()
    held = ReviewItem.objects.create(enrolment=certificate.enrolment, question=asked, due_on=site_day())
    extra = services.grant_extra_time(
        actor=cast.manager, email=cast.viewer.email, course="", percent=50, minutes=0, reason="Reads in braille."
    )  # fmt: skip
    plan = services.save_plan(actor=cast.lead, course=version.course.slug, lesson="l11", text="Lock it.")
    plan.follow_ups.update(due_on=site_day())
    asked_about = plan.follow_ups.first()
    cast.ids |= {
        "follow_up": asked_about.public_id, "link": make_link(FOLLOW_UP, asked_about.public_id),
        "digest_link": make_link(DIGEST, cast.outsider.public_id),
        "calendar_secret": services.make_calendar_address(actor=cast.outsider),
        "review_item": held.public_id, "extra_time": extra.public_id,
        "course": version.course.slug, "lesson": "l11", "module": "m1",
        "certificate": certificate.public_id, "certificate_code": certificate.code,
        "badge_form": "json", "status_number": 0, "issuer_key": next(iter(credential_keys())),
    }  # fmt: skip

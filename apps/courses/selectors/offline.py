"""What a device keeps of a course, to read and practise without a connection. Nothing of a test is ever in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from apps import marking
from apps.accounts.models import User
from apps.courses.choices import EXTRA_SCREENS, Pool
from apps.courses.models import CourseVersion, Enrolment, Question
from apps.courses.selectors.asking import Asked, ask
from apps.courses.selectors.catalogue import ModuleRow, module_rows
from apps.courses.selectors.places import enrolment_of, lesson_in
from apps.courses.selectors.player import facts_of

# What a saved page weighs beside its lesson, and what all of them need once; compressed bytes, kept true by a test.
PAGE_BYTES, SHELL_BYTES = 3_500, 32_000
FULL = 100


@dataclass(frozen=True, slots=True)
class SaveOffer:
    """What saving a course would take; `mark` names this version of the text."""

    course: str
    title: str
    mark: str
    owner: str
    megabytes: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a device has to fetch; `pages` are addresses of this site."""

    offer: SaveOffer
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A practice question with the key (JSON) that marks it on the device; the server marks again."""

    code: str
    anchor: str
    number: int
    ask: Asked
    key: str


@dataclass(frozen=True, slots=True)
class SavedLesson:
    owner: str
    course: str
    course_title: str
    language: str
    slug: str
    title: str
    number: int
    lessons: int
    objective: str
    hook: str
    hook_options: tuple[str, ...]
    texts: tuple[SafeString, ...]
    questions: tuple[SavedQuestion, ...]
    do_it_at_work: str
    key_points: tuple[str, ...]
    facts: tuple[dict[str, Any], ...]
    following: str
    following_title: str

    @property
    def screens(self) -> int:
        """As many as the player shows, so that a place means the same in both."""
        return len(self.texts) + EXTRA_SCREENS

    @property
    def needs_places(self) -> bool:
        return any(not question.ask.options for question in self.questions)


@dataclass(frozen=True, slots=True)
class SavedCourse:
    owner: str
    course: str
    title: str
    language: str
    modules: tuple[ModuleRow, ...]


def owner_key(user: User) -> str:
    """Names the learner to their own devices and says nothing to others."""
    return salted_hmac("belay.offline", user.public_id).hexdigest()[:20]


def _enrolled(user: User, course: str) -> Enrolment:
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    return enrolment


def save_offer(user: User, course: str) -> SaveOffer:
    """What saving this course would take, for an enrolled learner. Raises Http404."""
    enrolment = _enrolled(user, course)
    version = enrolment.version_of
    size = version.size + PAGE_BYTES * version.lessons.count() + SHELL_BYTES
    mark = f"{version.document_hash[:16]}-{enrolment.public_id[:6]}"
    return SaveOffer(course, version.title, mark, owner_key(user), size / 1_000_000)


def manifest(user: User, course: str) -> Manifest:
    """The pages of a saved course. Raises Http404."""
    offer = save_offer(user, course)
    enrolment = _enrolled(user, course)
    slugs = enrolment.version_of.lessons.values_list("slug", flat=True)
    lessons = (reverse("courses:saved_lesson", kwargs={"course": course, "lesson": slug}) for slug in slugs)
    return Manifest(
        offer,
        (reverse("courses:saved"), reverse("courses:saved_course", kwargs={"course": course}), *lessons),
    )


def saved_course(user: User, course: str) -> SavedCourse:
    """The outline without anybody's progress. Raises Http404."""
    version = _enrolled(user, course).version_of
    return SavedCourse(owner_key(user), course, version.title, version.language, module_rows(version, None))


def saved_lesson(user: User, course: str, lesson: str) -> SavedLesson:
    """A whole lesson with its practice, explained. Raises Http404."""
    enrolment = _enrolled(user, course)
    version = enrolment.version_of
    row = lesson_in(version, lesson)
    order = list(version.lessons.values_list("slug", "title"))
    place = [slug for slug, _title in order].index(lesson)
    following = order[place + 1] if place + 1 < len(order) else ("", "")
    content = row.content
    return SavedLesson(
        owner=owner_key(user), course=course, course_title=version.title, language=version.language,
        slug=lesson, title=row.title, number=place + 1, lessons=len(order), objective=content["objective"],
        hook=content["hook"]["question"], hook_options=tuple(content["hook"]["options"]),
        texts=tuple(mark_safe(str(text)) for text in row.screens),  # noqa: S308  made safe when loaded
        questions=_questions(enrolment, version, row.pk), do_it_at_work=content["do_it_at_work"],
        key_points=tuple(content["key_points"]), facts=facts_of(version, row),
        following=following[0], following_title=following[1],
    )  # fmt: skip


def _questions(enrolment: Enrolment, version: CourseVersion, lesson: int) -> tuple[SavedQuestion, ...]:
    """Practice of the lesson and nothing else: keys of other pools must never leave the server."""
    rows = Question.objects.filter(version=version, lesson=lesson, pool=Pool.PRACTICE)
    made = []
    for number, row in enumerate(rows, 1):
        asked = ask(row, marking.shuffled(marking.item(row), enrolment.public_id), [])
        made.append(
            SavedQuestion(row.code, row.code.rpartition(".")[2], number, asked, json.dumps(key_of(row)))
        )
    return tuple(made)


def key_of(row: Question) -> dict[str, Any]:
    """What is wholly right, as static/js/marking.js reads it: chosen ids, a value for each place, an order, or answers."""
    body = row.body
    if row.kind in ("single", "multiple", "truefalse"):
        return {"chosen": [one["id"] for one in row.options if one["correct"]]}
    if row.kind == "matching":
        keys = {text: key for key, text in marking.rights_of(body).items()}
        return {"at": {pair["id"]: keys[pair["right"]] for pair in body["pairs"]}}
    if row.kind == "ordering":
        return {"at": {line["id"]: str(n) for n, line in enumerate(body["items"], 1)}}
    if row.kind == "fill":
        return {"at": {blank["id"]: "1" for blank in body["blanks"]}}
    whole = [answer for answer in body.get("answers", ()) if answer.get("share", FULL) == FULL]
    if row.kind == "short":
        return {"texts": [answer["text"] for answer in whole]}
    if row.kind == "numeric":
        return {"numbers": [[answer["value"], answer.get("tolerance", 0)] for answer in whole]}
    return {"person": True}

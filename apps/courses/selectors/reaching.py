"""Which of the four certificates a learner has reached: each needs what the one before needs, and more."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.courses.choices import CertificateKind, WithdrawnFor
from apps.courses.models import AcceptedWork, Attempt, Certificate, Enrolment
from apps.courses.selectors.clock import needs_supervision
from apps.courses.selectors.places import enrolment_of, screen_count
from apps.courses.selectors.skipping import lessons_left, skipped_modules

LADDER = [
    CertificateKind.PARTICIPATION,
    CertificateKind.COMPLETION,
    CertificateKind.ACHIEVEMENT,
    CertificateKind.PRACTICE,
]


def rank(kind: str) -> int:
    """0 for nothing, 1 for participation, up to 4 for practice."""
    return LADDER.index(CertificateKind(kind)) + 1 if kind else 0


def reached(enrolment: Enrolment) -> tuple[str, list[Attempt]]:
    """The highest kind reached, empty for none, and the passed tests that count for it.

    Participation: every screen was opened. Completion: every lesson seen. Achievement: every test passed as well;
    lessons skipped by the questions beforehand do not count against it. Practice: a piece of work was accepted as well.
    A course in preparation gives none.
    """
    version = enrolment.version_of
    if version.document.get("status") == "preparation":
        return "", []
    if lessons_left(enrolment) or not version.lessons.exists():
        return (CertificateKind.PARTICIPATION if _sat_through(enrolment) else ""), []
    best = {
        row.place: row
        for row in enrolment.attempts.filter(passed=True).order_by("-number")
        if row.supervised_by or not needs_supervision(version, row.place)
    }
    places = test_places(enrolment)
    if not all(place in best for place in places):
        return ("" if skipped_modules(enrolment) else CertificateKind.COMPLETION), []
    worked = AcceptedWork.objects.filter(enrolment=enrolment).exists()
    kind = CertificateKind.PRACTICE if worked else CertificateKind.ACHIEVEMENT
    return (kind if places else CertificateKind.COMPLETION), [best[place] for place in places]


def test_places(enrolment: Enrolment) -> list[str]:
    """Where the course asks for a test: each module, then the whole."""
    version = enrolment.version_of
    modules = list(version.modules.values_list("code", flat=True))
    return modules + (["final"] if "final" in version.document else [])


def _sat_through(enrolment: Enrolment) -> bool:
    opened = dict(enrolment.progress.values_list("lesson", "screen"))
    if len(opened) < enrolment.version_of.lessons.count():
        return False
    lessons = enrolment.version_of.lessons.only("screens")
    return all(opened.get(lesson.pk, 0) >= screen_count(lesson) for lesson in lessons)


def held_of(enrolment: Enrolment) -> Certificate | None:
    """The enrolment's certificate of the highest kind, the newest where there are several.

    One that was withdrawn because of a mistake of ours does not stand in the way of a correct one.
    """
    return _held(list(enrolment.certificates.all()))


def _held(rows: list[Certificate]) -> Certificate | None:
    good = [row for row in rows if not is_mistaken(row)]
    return max(good, key=lambda row: (rank(row.kind), row.pk), default=None)


def is_mistaken(row: Certificate) -> bool:
    """Whether it was withdrawn because of a mistake of ours."""
    return row.revoked_at is not None and row.revoked_for == WithdrawnFor.ERROR


def to_correct(enrolment: Enrolment) -> Certificate | None:
    """The newest certificate withdrawn by our mistake that no other one follows."""
    return _to_correct(list(enrolment.certificates.all()))


def _to_correct(rows: list[Certificate]) -> Certificate | None:
    open_rows = [row for row in rows if is_mistaken(row) and row.superseded_by_id is None]
    return max(open_rows, key=lambda row: row.pk, default=None)


def can_take(enrolment: Enrolment, kind: str) -> str:
    """The kind that could be taken now: the one reached, or a renewal to be given again; empty when held already."""
    return _takes(list(enrolment.certificates.all()), kind)


def _takes(rows: list[Certificate], kind: str) -> str:
    wrong, held = _renewal(rows, kind), _held(rows)
    if wrong:
        return wrong.kind
    return kind if rank(kind) > rank(held.kind if held else "") else ""


def renewal_to_correct(enrolment: Enrolment, kind: str) -> Certificate | None:
    """A renewal withdrawn by our mistake that says no less than the `kind` reached in this edition itself."""
    return _renewal(list(enrolment.certificates.all()), kind)


def _renewal(rows: list[Certificate], kind: str) -> Certificate | None:
    wrong = _to_correct(rows)
    return wrong if wrong and "renews" in wrong.statement and rank(wrong.kind) >= rank(kind) else None


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four kinds: the rule in words, whether it is reached, and the certificate held, if any."""

    kind: str
    label: str
    rule: str
    is_reached: bool
    certificate: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """`can_take` is the label of the highest kind reached and not yet held; empty when there is nothing to take."""

    course: str
    title: str
    language: str
    steps: tuple[Step, ...]
    best: str
    can_take: str
    in_preparation: bool


def ladder(user: User, course: str) -> Ladder:
    """What this learner has reached in the course, kind by kind. Raises Http404 unless enrolled."""
    enrolment = enrolment_of(user, course)
    if enrolment is None:
        raise Http404
    kind, _attempts = reached(enrolment)
    rows = list(enrolment.certificates.order_by("pk"))
    held = {row.kind: row.public_id for row in rows if not is_mistaken(row)}
    takes = _takes(rows, kind)
    rules = _rules()
    steps = tuple(
        Step(one.value, str(one.label), rules[one], rank(kind) >= rank(one), held.get(one, ""))
        for one in LADDER
    )
    version = enrolment.version_of
    return Ladder(
        course=version.course.slug, title=version.title, language=version.language, steps=steps,
        best=str(CertificateKind(kind).label) if kind else "",
        can_take=str(CertificateKind(takes).label) if takes else "",
        in_preparation=version.document.get("status") == "preparation",
    )  # fmt: skip


def _rules() -> dict[str, str]:
    return {
        CertificateKind.PARTICIPATION: _("Every screen of every lesson was opened."),
        CertificateKind.COMPLETION: _("Every lesson was read, and every question of its check was tried."),
        CertificateKind.ACHIEVEMENT: _("Every test was passed as well, with every critical question right."),
        CertificateKind.PRACTICE: _("A piece of work was looked at and accepted by another person as well."),
    }

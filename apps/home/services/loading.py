"""Load the demonstration region in one transaction, or say that it is there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.core import audit
from apps.courses.models import CourseVersion
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import published_version
from apps.home.services.assessments import Assessing, make_rounds, tree_of
from apps.home.services.authoring import make_draft
from apps.home.services.benchmark import make_benchmark
from apps.home.services.chance import Chance
from apps.home.services.clearing import clear_demo
from apps.home.services.content import named_members, read_content
from apps.home.services.departing import make_leavings
from apps.home.services.exercises import Exercises
from apps.home.services.groups import make_cohort, make_flags, make_sittings, make_work
from apps.home.services.learning import Course, Learning, course_of
from apps.home.services.library import Library
from apps.home.services.mentoring import Mentoring
from apps.home.services.news import News, record_acts
from apps.home.services.offices import share_with_office
from apps.home.services.people import make_people
from apps.home.services.pictures import make_national_picture
from apps.home.services.region import make_members, make_programme
from apps.home.services.reporting import make_reports
from apps.members.models import Member, Programme
from apps.mentoring.services.ladder import look_again

SMALLEST, LARGEST = 24, 5000


class NotReady(Exception):
    """Something that the demonstration rests on is missing; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded. `fresh` is False when it was there already and nothing was changed."""

    fresh: bool
    nations: int = 0
    organisations: int = 0
    people: int = 0
    results: int = 0
    engagements: int = 0
    certificates: int = 0
    removed: int = 0


def load_demo(*, seed: int, members: int | None = None, reset: bool = False) -> Loaded:
    """Load a region of `members` members (those that the files name when None), all or nothing.

    Without `reset` a region that is there stays as it is. Raises `NotReady` while the framework or the course is not loaded.
    """
    if not reset and Programme.objects.filter(is_demo=True).exists():
        return Loaded(fresh=False)
    version, course = _framework(), _course()
    with transaction.atomic():
        removed = clear_demo() if reset else 0
        return _load(version, course, members or named_members(), Chance(seed), removed)


def _framework() -> FrameworkVersion:
    try:
        return published_version(AnonymousUser())
    except Http404:
        raise NotReady(
            _("Load the framework first: manage.py load_framework content/framework/shared.yaml")
        ) from None


def _course() -> Course:
    """The course that the learners take: the newest English version of the first one."""
    versions = CourseVersion.objects.filter(language="en").select_related("course")
    version = versions.order_by("course__code", "-published_at", "-pk").first()
    if version is None:
        raise NotReady(_("Load the course first: manage.py load_course content/courses/c1-cyber-hygiene"))
    return course_of(version)


def _load(version: FrameworkVersion, course: Course, size: int, chance: Chance, removed: int) -> Loaded:
    content, tree = read_content(size, chance), tree_of(version)
    programme = make_programme(content, chance)
    members = make_members(content, programme, chance)
    cast = make_people(content, members, programme, chance)
    rounds = make_rounds(content, programme, tree, chance)
    results = Assessing(content, tree, members, cast, chance).make(rounds)
    engagements = Mentoring(content, programme, members, cast, chance).make()
    look_again(programme)
    Exercises(content, members, cast, chance).make()
    make_national_picture(cast, members)
    make_benchmark(cast, version, chance)
    share_with_office(cast, members, programme, chance)
    make_reports(cast, members, programme, chance)
    make_leavings(cast, members, chance)
    certificates = Learning(content, course, cast, chance).make()
    cohort = make_cohort(programme, course.version, cast, chance)
    make_flags(cohort, course.version, cast)
    make_work(cohort, course.version, cast, chance)
    make_sittings(cohort, cast, chance)
    make_draft(cast)
    Library(content, programme, members, cast, chance).make()
    News(cast, members, programme, chance).make(rounds[max(rounds)], certificates)
    record_acts(cast, members, programme, certificates)
    audit.record(
        actor=cast.tour["administrator"], action="demo.loaded", on=programme, members=size, seed=chance.seed
    )
    nations = Member.objects.filter(is_demo=True, kind="nation").count()
    people = sum(len(p) for roles in cast.of.values() for p in roles.values())
    return Loaded(
        True, nations, len(members) - nations, people, results, engagements, len(certificates), removed
    )

"""Who may learn, and who may load courses and withdraw certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.decisions import ALLOWED, Decision, denied
from apps.courses.choices import CohortRole
from apps.members.choices import Role
from apps.members.policies import may_lead, may_manage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User
    from apps.courses.models import Cohort, Course, CourseDraft
    from apps.members.models import Member, Programme


def may_learn(user: User) -> Decision:
    """Anyone with an account may take any published course."""
    if user.is_authenticated and user.is_active:
        return ALLOWED
    return denied(_("Sign in to take a course, so that your place and your certificate are kept."))


def may_accept_work(actor: User | None, learner: User, course: int) -> Decision:
    """Accept a learner's piece of work in a course (by its key): the operator, or whoever may mark their texts there."""
    if actor == learner:
        return denied(_("Somebody else has to accept your piece of work."))
    if actor is None or may_mark(actor, learner, course):
        return ALLOWED
    return denied(_("Work is accepted by the trainers of the learner’s cohort."))


def may_keep_courses(actor: User | None) -> Decision:
    """Load courses and withdraw certificates: the operator at the machine (no actor) or an administrator."""
    if actor is None or actor.is_staff:
        return ALLOWED
    return denied(_("This is for the administrators of the site."))


def may_grant_some_time(actor: User) -> Decision:
    """Give more time in tests at all: people of a programme's office and administrators."""
    if actor.is_authenticated and (actor.is_staff or actor.programmes.exists()):
        return ALLOWED
    return denied(_("Extra time is given by the programme office or an administrator."))


def may_grant_time(actor: User, learner: User) -> Decision:
    """Give this learner more time: not oneself, and an office only people of its programme's members."""
    if actor.pk == learner.pk:
        return denied(_("Somebody else has to give you extra time."))
    if actor.is_staff or learner.memberships.filter(member__in=members_of(actor)).exists():
        return ALLOWED
    return denied(_("You give extra time to people of the members of your programme."))


def members_of(actor: User) -> Any:
    """Ids of the members in the programmes whose office the actor belongs to."""
    return actor.programmes.values("participations__member")


def runs_cohort(user: User, at: str = "") -> Q:
    """Cohorts whose learners this person may see: as trainer, as manager of its programme, as lead of its member.

    `at` is the path to the cohort for rows of something else, such as "cohort__".
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    trains = user.cohort_places.filter(role=CohortRole.TRAINER, left_at__isnull=True).values("cohort")
    leads = user.memberships.filter(role=Role.LEAD).values("member")
    offices = user.programmes.values("pk")
    return (
        Q(**{f"{at}pk__in": trains}) | Q(**{f"{at}programme__in": offices}) | Q(**{f"{at}member__in": leads})
    )


def cohort_visible_to(user: User) -> Q:
    """Cohorts that the person runs or learns in."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    return runs_cohort(user) | Q(pk__in=user.cohort_places.filter(left_at__isnull=True).values("cohort"))


def may_hold_cohorts(user: User, programme: Programme | None, member: Member | None) -> Decision:
    """Open and change cohorts of a programme (its managers) or of a member (its leads)."""
    if programme is not None:
        return may_manage(user, programme)
    if member is not None:
        return may_lead(user, member)
    return denied(_("A cohort belongs to a programme or to a member."))


def may_change_cohort(user: User, cohort: Cohort) -> Decision:
    """Change dates, name trainers, remove people: who holds the cohort, not a trainer alone."""
    if may_hold_cohorts(user, cohort.programme, cohort.member):
        return ALLOWED
    return denied(_("This is for those who hold the cohort: the programme’s managers or the member’s leads."))


def may_run_cohort(user: User, cohort: Cohort) -> Decision:
    """See the progress of learners, invite and remind them, mark their texts."""
    trains = user.cohort_places.filter(cohort=cohort, role=CohortRole.TRAINER, left_at__isnull=True)
    if trains.exists() or may_change_cohort(user, cohort):
        return ALLOWED
    return denied(_("This is for the trainers of the cohort and those who hold it."))


def may_be_supervised(user: User, cohort: Cohort) -> Decision:
    """Sit in a supervised sitting of the cohort: nobody who runs it, since they see its codes."""
    if may_run_cohort(user, cohort):
        return denied(_("You run this cohort and see its codes, so you cannot be supervised in it."))
    return ALLOWED


def draft_visible_to(user: User) -> Q:
    """Drafts of the courses that somebody is a named author of; all of them for administrators."""
    return Q() if user.is_staff else Q(slug__in=user.authorships.values("slug"))


def writes_courses(user: User | AnonymousUser) -> bool:
    """Whether there are pages for authors for this person."""
    return user.is_authenticated and (user.is_staff or user.authorships.exists())


def may_write_course(actor: User, slug: str) -> Decision:
    """Write a course: its named authors and the administrators."""
    if actor.is_staff or actor.authorships.filter(slug=slug).exists():
        return ALLOWED
    return denied(_("This course is written by its named authors. An administrator can name you."))


def may_name_authors(actor: User) -> Decision:
    """Begin courses that are new here, and say who writes which."""
    if actor.is_staff:
        return ALLOWED
    return denied(_("New courses and their authors are named by the administrators of the site."))


def may_publish_draft(actor: User, draft: CourseDraft) -> Decision:
    """Publish what others wrote: nobody who began the draft, changed a word in it or asked for the review."""
    decision = may_write_course(actor, draft.slug)
    if not decision:
        return decision
    wrote = actor.pk in (draft.begun_by_id, draft.asked_by_id) or draft.saves.filter(by=actor).exists()
    if wrote:
        return denied(_("You wrote in this draft. A second person reads it and publishes it."))
    return ALLOWED


def may_mark(user: User, learner: User, course: int) -> Decision:
    """Mark a learner's text in a course (by its key): who runs a cohort of theirs, or an administrator; never one's own."""
    places = learner.cohort_places.filter(
        runs_cohort(user, at="cohort__"), role=CohortRole.LEARNER, left_at__isnull=True, cohort__course=course
    )
    if user.pk != learner.pk and (user.is_staff or places.exists()):
        return ALLOWED
    return denied(_("Texts are marked by the trainers of the learner’s cohort."))


def may_decide_flag(actor: User, learners: set[int]) -> Decision:
    """Decide what is in a flag about these people (by key): nobody about their own try."""
    if actor.pk in learners:
        return denied(_("Somebody else has to look at what concerns you."))
    return ALLOWED


def may_keep_packages(user: User) -> Decision:
    """Bring packages of other makers: managers of programmes and administrators."""
    if user.is_staff or user.programmes.exists():
        return ALLOWED
    return denied(_("Packages are kept by the managers of programmes and by the administrators of the site."))


def may_keep_package(user: User, programme: Programme | None) -> Decision:
    """Bring, renew and withdraw a package of `programme`; those for everybody belong to the administrators."""
    if user.is_staff:
        return ALLOWED
    if programme is None:
        return denied(_("Packages for everybody are kept by the administrators of the site."))
    return may_manage(user, programme)


def may_take_out(user: User, slug: str) -> Decision:
    """Take a course out for another learning system: its authors, managers of programmes and administrators."""
    if may_keep_packages(user) or user.authorships.filter(slug=slug).exists():
        return ALLOWED
    return denied(
        _("A course is taken out by its authors, by managers of programmes and by the administrators.")
    )


def may_see_statistics(user: User, course: Course) -> Decision:
    """See how the questions of a course work: its authors, administrators, and who runs a cohort of it."""
    if may_write_course(user, course.slug) or course.cohorts.filter(runs_cohort(user)).exists():
        return ALLOWED
    return denied(_("This is for the authors of the course and those who run a cohort of it."))

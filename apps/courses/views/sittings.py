"""Pages of supervised sittings: opening and watching one, and the learner who types its code."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses import services
from apps.courses.choices import SITTING_GUESSES, SITTING_GUESSES_IN
from apps.courses.forms.sittings import SittingForm
from apps.courses.selectors import sittings as reads
from apps.courses.selectors.cohorts import get_run_cohort
from apps.courses.selectors.places import enrolment_of
from apps.courses.services import sittings as acts
from apps.courses.views.words import number, start_first

TYPED = "supervised_try"


def elsewhere(request: Request, course: str, module: str) -> bool:
    """Whether a supervised try is open for whose code nobody asked in this browser."""
    held = reads.watched_try(request.user, course, module)
    return bool(held) and request.session.get(TYPED) != held


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def test_supervised(request: Request, course: str, module: str) -> HttpResponse:
    """Type the code of a sitting: a try begins, or goes on in this browser."""
    if enrolment_of(request.user, course) is None:
        return start_first(request, course)
    page = reads.typing_page(request.user, course, module)
    context = {"page": page, "goes_on": elsewhere(request, course, module)}
    if request.method == "GET":
        return render(request, "courses/test_supervised.html", context)
    if _guesses(request) > SITTING_GUESSES:
        return _busy(request)
    services.close_overdue(actor=request.user, course=course, module=module, looking=True)
    try:
        row = acts.start_supervised(
            actor=request.user, course=course, module=module, code=request.POST.get("code", "")
        )
    except Refused as fault:
        context |= {"error": fault.message, "typed": request.POST.get("code", "")[:20]}
        return render(request, "courses/test_supervised.html", context, status=422)
    cache.delete(_key(request))
    request.session[TYPED] = row.public_id
    return redirect("courses:test", course=course, module=module)


def _key(request: Request) -> str:
    return f"sitting-guesses:{request.user.pk}"


def _guesses(request: Request) -> int:
    """Counted before the code is looked at, so that tries at the same moment count too."""
    seconds = int(SITTING_GUESSES_IN.total_seconds())
    cache.add(_key(request), 0, timeout=seconds)
    try:
        return cache.incr(_key(request))
    except ValueError:
        return 1


def _busy(request: Request) -> HttpResponse:
    busy = render(request, "429.html", status=429)
    busy["Retry-After"] = str(int(SITTING_GUESSES_IN.total_seconds()))
    return busy


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def sittings(request: Request, cohort: str) -> HttpResponse:
    """The sittings of a cohort, and one more."""
    row = get_run_cohort(request.user, cohort)
    page = reads.sittings_page(request.user, row)
    form = SittingForm(
        request.POST if request.method == "POST" else None, tests=page.tests, learners=page.learners
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.open_sitting(actor=request.user, cohort=row, **form.given())
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            return redirect("courses:sitting", cohort=cohort, sitting=made.public_id)
    status = 422 if form.errors else 200
    return render(request, "courses/sittings.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def sitting(request: Request, cohort: str, sitting: str) -> HttpResponse:
    """The code, who is in, who has finished."""
    row = get_run_cohort(request.user, cohort)
    return _unkept(_sitting(request, row.public_id, sitting))


def _sitting(request: Request, cohort: str, sitting: str, status: int = 200, **more: object) -> HttpResponse:
    row = get_run_cohort(request.user, cohort)
    page = reads.sitting_page(request.user, row, sitting)
    return render(request, "courses/sitting.html", {"page": page, **more}, status=status)


def _unkept(response: HttpResponse) -> HttpResponse:
    """A code stays in no cache."""
    response["Cache-Control"] = "no-store"
    return response


@access(SIGNED_IN)
@require_safe
def sitting_sheet(request: Request, cohort: str, sitting: str) -> HttpResponse:
    """What supervision means, and a list to sign, for print."""
    row = get_run_cohort(request.user, cohort)
    page = reads.sitting_page(request.user, row, sitting)
    people = reads.sheet_people(request.user, row, sitting)
    return render(request, "courses/sitting_sheet.html", {"page": page, "people": people})


@access(SIGNED_IN)
@require_POST
def sitting_end(request: Request, cohort: str, sitting: str) -> HttpResponse:
    """End it now."""
    row = get_run_cohort(request.user, cohort)
    acts.end_sitting(actor=request.user, cohort=row, sitting=sitting)
    messages.success(request, _("The sitting is over. Open tries are handed in."))
    return redirect("courses:sitting", cohort=cohort, sitting=sitting)


@access(SIGNED_IN)
@require_POST
def sitting_longer(request: Request, cohort: str, sitting: str) -> HttpResponse:
    """Let it last longer."""
    row = get_run_cohort(request.user, cohort)
    minutes = number(request.POST.get("minutes")) or 0
    try:
        acts.prolong_sitting(actor=request.user, cohort=row, sitting=sitting, minutes=minutes)
    except Refused as fault:
        return _sitting(request, cohort, sitting, 422, error=fault.message)
    return redirect("courses:sitting", cohort=cohort, sitting=sitting)


@access(SIGNED_IN)
@require_POST
def sitting_out(request: Request, cohort: str, sitting: str, seat: str) -> HttpResponse:
    """End a learner's try, which then does not count."""
    row = get_run_cohort(request.user, cohort)
    reason = request.POST.get("reason", "")
    try:
        acts.send_out(actor=request.user, cohort=row, sitting=sitting, seat=seat, reason=reason)
    except Refused as fault:
        return _sitting(request, cohort, sitting, 422, error=fault.message, faulty=seat, typed=reason[:300])
    except Conflict as fault:
        return _sitting(request, cohort, sitting, 409, error=fault.message)
    messages.success(request, _("The try is ended and does not count. The learner reads your reason."))
    return redirect("courses:sitting", cohort=cohort, sitting=sitting)

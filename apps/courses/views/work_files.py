"""The file of a piece of work: added, taken away, shown to trainers, and read."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import send_file
from apps.core.errors import Refused
from apps.courses import selectors
from apps.courses.choices import WORK_FILE_BYTES
from apps.courses.forms.work_files import WorkFileForm
from apps.courses.selectors import cohorts as reads
from apps.courses.selectors import work_files as files
from apps.courses.services import work_files as services
from apps.courses.views.words import start_first

REST_OF_THE_FORM = 64 * 1024


# Exempt only so far as the size is read before the body is: `_add` below is protected.
@access(SIGNED_IN)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def work_file(request: Request, course: str) -> HttpResponseBase:
    """The learner's own file; POST puts one in its place."""
    if selectors.enrolment_of(request.user, course) is None:
        return start_first(request, course)
    if request.method != "POST":
        return send(
            services.read_work_file(actor=request.user, file=files.own_work_file(request.user, course))
        )
    sent = request.META.get("CONTENT_LENGTH") or "0"
    if not sent.isdecimal() or int(sent) > WORK_FILE_BYTES + REST_OF_THE_FORM:
        limit = {"limit": filesizeformat(WORK_FILE_BYTES)}
        reason = (
            _("The file is larger than %(limit)s. It was not taken, and nothing else was changed.") % limit
        )
        return render(request, "400.html", {"reason": reason}, status=413)
    return _add(request, course)


@csrf_protect
def _add(request: Request, course: str) -> HttpResponse:
    form = WorkFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_work_file(actor=request.user, course=course, upload=form.content, name=form.name)
        except Refused as fault:
            form.add_error("file", fault.message)
        else:
            waits = _("The file is kept. It can be opened once the scanner has looked at it.")
            messages.success(request, waits if settings.CLAMAV_ADDRESS else _("The file is kept."))
            return redirect("courses:artefact", course=course)
    page = selectors.artefact_page(request.user, course)
    return render(request, "courses/artefact.html", {"page": page, "form": form}, status=422)


@access(SIGNED_IN)
@require_POST
def work_file_remove(request: Request, course: str) -> HttpResponse:
    """Take the file away."""
    services.remove_work_file(actor=request.user, course=course)
    messages.success(request, _("The file is taken away."))
    return redirect("courses:artefact", course=course)


@access(SIGNED_IN)
@require_POST
def work_show(request: Request, course: str) -> HttpResponse:
    """Let the trainers of one's cohorts read the work, or no longer."""
    shown = request.POST.get("shown") == "yes"
    services.show_work(actor=request.user, course=course, shown=shown)
    messages.success(
        request, _("Your trainers can read it now.") if shown else _("Your trainers cannot read it any more.")
    )
    return redirect("courses:artefact", course=course)


@access(SIGNED_IN)
@require_safe
def cohort_work_file(request: Request, cohort: str, cohort_person: str) -> HttpResponseBase:
    """The file of a learner who shows it to their trainers."""
    row = reads.get_run_cohort(request.user, cohort)
    found = files.learner_work_file(request.user, row, cohort_person)
    return send(services.read_work_file(actor=request.user, file=found))


def send(opened: services.OpenedWork) -> HttpResponseBase:
    """The file, to be saved."""
    row = opened.row
    return send_file(opened.parts, title=row.title, content_type=row.content_type, size=row.size)

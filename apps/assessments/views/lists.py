"""The list of a member's assessments, a new one, its areas, its people, and one area."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import AssessmentForm, PeopleForm
from apps.assessments.selectors import pages, people_page
from apps.assessments.selectors.places import area_for
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused


@access(SIGNED_IN)
@require_safe
def index(request: Request, member: str) -> HttpResponse:
    """A member's assessments."""
    return render(request, "assessments/list.html", {"page": pages.list_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def new(request: Request, member: str) -> HttpResponse:
    """Open an assessment; `?round=` begins the one that a programme asks for, `?version=` picks a framework."""
    asked, version = request.GET.get("round", ""), request.GET.get("version", "")
    page = pages.new_page(request.user, member, version=version, assessment_round=asked)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, initial={"title": page.title}, profiles=page.wanted)
    if data is not None and form.is_valid():
        try:
            row = services.open_assessment(
                actor=request.user,
                member=page.member,
                version=page.version,
                asked=page.round,
                **form.cleaned_data,
            )
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(
                request, _("%(title)s is open. Now say who answers what.") % {"title": row.title}
            )
            return redirect("assessments:people", member=member, assessment=row.public_id)
    context = {"page": page, "form": form}
    return render(request, "assessments/new.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_safe
def tasks(request: Request, member: str, assessment: str) -> HttpResponse:
    """The areas of an assessment and their state."""
    page = pages.tasks_page(request.user, member, assessment)
    return render(request, "assessments/tasks.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def people(request: Request, member: str, assessment: str) -> HttpResponse:
    """Who answers and who reviews each area."""
    page = people_page.people_page(request.user, member, assessment)
    data = request.POST if request.method == "POST" else None
    form = PeopleForm(data, areas=page.areas, people=page.people)
    if data is not None and form.is_valid():
        try:
            changed = services.give_areas(
                actor=request.user, assessment=page.assessment, givings=form.givings
            )
        except Refused as fault:
            form.add_error(form.field_of(fault.field), fault.message)
        else:
            said = ngettext("One area has new people.", "%(n)s areas have new people.", changed) % {
                "n": changed
            }
            messages.success(request, said if changed else _("Nothing was changed."))
            return redirect("assessments:tasks", member=member, assessment=assessment)
    context: dict[str, Any] = {"page": page, "form": form}
    return render(request, "assessments/people.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_safe
def area(request: Request, member: str, assessment: str, area: str) -> HttpResponse:
    """The questions of an area."""
    page = pages.area_page(request.user, member, assessment, area)
    return render(request, "assessments/area.html", {"page": page})


@access(SIGNED_IN)
@require_POST
def send(request: Request, member: str, assessment: str, area: str) -> HttpResponse:
    """Send an area to review."""
    row, found = area_for(request.user, member, assessment, area)
    try:
        services.send_area(actor=request.user, assessment=row, area=found)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("assessments:area", member=member, assessment=assessment, area=area)
    messages.success(request, _("%(area)s is sent to review.") % {"area": found.name})
    return redirect("assessments:tasks", member=member, assessment=assessment)

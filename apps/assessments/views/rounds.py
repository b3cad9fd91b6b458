"""A programme's rounds, a member's answer to one, and what is shared with a mentor or an office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.assessments import services
from apps.assessments.forms import DeclineForm, ExtendForm, RoundForm
from apps.assessments.selectors.places import asked_round_for, round_for
from apps.assessments.selectors.rounds import progress_csv, round_choices, round_page, rounds_page
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def rounds(request: Request, programme: str) -> HttpResponse:
    """Rounds of a programme with the progress of its members; POST opens a new one."""
    page = rounds_page(request.user, programme)
    data = request.POST if request.method == "POST" else None
    form = RoundForm(data, choices=round_choices(request.user, programme))
    if data is not None and form.is_valid():
        try:
            row = services.open_round(actor=request.user, programme=page.programme, **form.values)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(
                request, _("%(name)s is open. The leads of the members are told.") % {"name": row.name}
            )
            return redirect("assessments:round", programme=programme, assessment_round=row.public_id)
    return render(
        request, "assessments/rounds.html", {"page": page, "form": form}, status=422 if form.errors else 200
    )


def _show(
    request: Request, programme: str, assessment_round: str, form: ExtendForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one round; `form` is a day that was refused."""
    page = round_page(request.user, programme, assessment_round)
    fresh = form or ExtendForm(initial={"seen": page.round.closes_on})
    return render(request, "assessments/round.html", {"page": page, "form": fresh}, status=status)


@access(SIGNED_IN)
@require_safe
def one(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """One round: who is how far, and what the office can do."""
    return _show(request, programme, assessment_round)


@access(SIGNED_IN)
@require_safe
def progress(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """The progress of one round as CSV."""
    name, text = progress_csv(request.user, programme, assessment_round)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@access(SIGNED_IN)
@require_POST
def extend(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """Give members more time."""
    row = round_for(request.user, programme, assessment_round)
    form = ExtendForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            row = services.extend_round(actor=request.user, row=row, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        except Conflict as fault:
            status = 409
            form.add_error("closes_on", _moved(fault))
        else:
            said = _("%(name)s is open until %(day)s. Leads of members that are behind are told.")
            day = date_format(row.closes_on, "DATE_FORMAT")
            messages.success(request, said % {"name": row.name, "day": day})
            return redirect("assessments:round", programme=programme, assessment_round=assessment_round)
    if status == 409:
        stands = round_for(request.user, programme, assessment_round).closes_on
        form.data = {key: request.POST[key] for key in request.POST} | {"seen": stands.isoformat()}
    return _show(request, programme, assessment_round, form, status)


def _moved(fault: Conflict) -> str:
    """Both days: the one that stands, and the one that was sent."""
    return _("A colleague set the last day to %(theirs)s meanwhile; you chose %(mine)s. Decide again.") % {
        "theirs": date_format(fault.current, "DATE_FORMAT"),
        "mine": date_format(fault.proposed, "DATE_FORMAT"),
    }


@access(SIGNED_IN)
@require_POST
def remind(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """Remind one member (`member` in the form), or all that are behind."""
    row = round_for(request.user, programme, assessment_round)
    with refusals_told(request):
        number = services.remind_members(
            actor=request.user, row=row, member=request.POST.get("member", "")[:40]
        )
        said = ngettext("One member is reminded.", "%(n)d members are reminded.", number) % {"n": number}
        nobody = _("Nobody is left to remind today: members are reminded once a day at most.")
        messages.success(request, said if number else nobody)
    return redirect("assessments:round", programme=programme, assessment_round=assessment_round)


@access(SIGNED_IN)
@require_POST
def close(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """Close a round."""
    row = services.close_round(actor=request.user, row=round_for(request.user, programme, assessment_round))
    messages.success(request, _("%(name)s is closed. Assessments under way go on.") % {"name": row.name})
    return redirect("assessments:round", programme=programme, assessment_round=assessment_round)


@access(SIGNED_IN)
@require_POST
def reopen(request: Request, programme: str, assessment_round: str) -> HttpResponse:
    """Open a closed round again."""
    row = round_for(request.user, programme, assessment_round)
    with refusals_told(request):
        row = services.reopen_round(actor=request.user, row=row)
        messages.success(request, _("%(name)s is open again.") % {"name": row.name})
    return redirect("assessments:round", programme=programme, assessment_round=assessment_round)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def decline(request: Request, member: str, assessment_round: str) -> HttpResponse:
    """Say that the member does not take part, and why."""
    row, asked = asked_round_for(request.user, member, assessment_round)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.decline_round(actor=request.user, member=row, row=asked, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("The programme’s office is told that you do not take part."))
            return redirect("assessments:list", member=member)
    context = {"member": row, "asked": asked, "form": form}
    return render(request, "assessments/decline.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def rejoin(request: Request, member: str, assessment_round: str) -> HttpResponse:
    """Take part after all."""
    row, asked = asked_round_for(request.user, member, assessment_round)
    services.rejoin_round(actor=request.user, member=row, row=asked)
    messages.success(request, _("Your member takes part in %(name)s.") % {"name": asked.name})
    return redirect("assessments:list", member=member)


@access(SIGNED_IN)
@require_safe
def shared(request: Request, member: str) -> HttpResponse:
    """What another member shares of its latest result; the reading goes on record."""
    page = services.read_shared_result(actor=request.user, member=member)
    return render(request, "assessments/shared.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def shared_area(request: Request, member: str, area: str) -> HttpResponse:
    """The answers to one area of what another member shares; the reading goes on record."""
    page = services.read_shared_area(actor=request.user, member=member, area=area)
    return render(request, "assessments/shared_area.html", {"page": page, "area": page.areas[0]})

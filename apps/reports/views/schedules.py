"""Reports by the calendar and after events: the list, a new one, pause, go on, stop."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.http import Request, fresh_sign_in
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.core.table_files import rows_a_page
from apps.reports.choices import ScheduleState
from apps.reports.forms.making import MemberScheduleForm, ProgrammeScheduleForm, ScheduleForm
from apps.reports.selectors import schedules as selectors
from apps.reports.services import schedules as services


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def member_schedules(request: Request, member: str) -> HttpResponse:
    """Schedules of a member; its leads set them."""
    page = selectors.member_schedules(request.user, member, **_which(request))
    form = MemberScheduleForm(request.POST or None, awaits=page.awaits, kinds=page.kinds, initial=_first())
    return _answer(request, page, form, services.set_member_schedule, member=member)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in
def programme_schedules(request: Request, programme: str) -> HttpResponse:
    """Schedules of a programme; its managers set them."""
    page = selectors.programme_schedules(request.user, programme, **_which(request))
    form = ProgrammeScheduleForm(request.POST or None, awaits=page.awaits, initial=_first())
    return _answer(request, page, form, services.set_programme_schedule, programme=programme)


def _which(request: Request) -> dict[str, Any]:
    return {"most": rows_a_page(request, selectors.SHOWN), "number": request.GET.get("page", "")}


def _first() -> dict[str, str]:
    return {"language": get_language() or "en", "key": secrets.token_hex(16)}


def _answer(
    request: Request, page: selectors.ScheduleList, form: ScheduleForm, act: Any, **house: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                services.set_once(actor=request.user, act=act, **house, **form.cleaned_data)
                return redirect(request.path)
            except Refused as refusal:
                form.add_error(refusal.field or None, refusal.message)
        status = 422
    return render(request, "reports/schedules.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_POST
def schedule_turn(request: Request, report_schedule: str) -> HttpResponse:
    """Pause it, let it go on, or stop it."""
    to = request.POST.get("to", "")
    if to not in (ScheduleState.ACTIVE, ScheduleState.PAUSED):
        to = ScheduleState.STOPPED
    house = services.turn_schedule(actor=request.user, schedule=report_schedule, to=to)
    return redirect(reverse(f"reports:{next(iter(house))}_schedules", kwargs=house))

"""Pages of the skills balance: a member's own, and a programme's sums."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.courses.forms import RoleNeedsForm
from apps.courses.selectors import skills as reads
from apps.courses.services.skills import save_role_needs
from apps.members.selectors import get_member, get_programme


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def member_skills(request: Request, member: str) -> HttpResponse:
    """Roles needed and held; a lead says how many are needed."""
    row = get_member(request.user, member)
    page = reads.member_skills(request.user, row)
    form = RoleNeedsForm(request.POST if request.method == "POST" else None, rows=page.rows)
    if request.method == "POST" and form.is_valid():
        try:
            save_role_needs(actor=request.user, member=row, needs=form.needs)
        except Refused as fault:
            form.add_error(None, fault.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:member_skills", member=member)
    status = 422 if form.errors else 200
    return render(request, "courses/skills.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def programme_skills(request: Request, programme: str) -> HttpResponse:
    """Sums over the members of a programme."""
    page = reads.programme_skills(request.user, get_programme(request.user, programme))
    return render(request, "courses/skills.html", {"page": page, "form": None})

"""Pages on which levels are tried, and the targets that were saved from them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import SeenForm, WhatIfForm, new_key
from apps.assessments.selectors import targets as sets
from apps.assessments.selectors import what_if as trying
from apps.assessments.selectors.places import member_for
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def what_if(request: Request, member: str, assessment: str) -> HttpResponse:
    """Try other levels on a result; `?target=` begins with a saved set. Only "save" stores anything."""
    result = trying.result_to_try(request.user, member, assessment)
    allowed = trying.choices_in(result)
    if request.method != "POST":
        name = request.GET.get("target", "")
        opened = sets.target_set_for(request.user, member, name) if name else None
        levels = {c: n for c, n in opened.levels.items() if n in allowed.get(c, ())} if opened else {}
        return _page(request, result, levels, _fresh(allowed, opened), opened=opened)
    form = WhatIfForm(request.POST, allowed=allowed)
    if not form.is_valid():
        return _page(request, result, form.levels, form, status=422)
    replaces = form.cleaned_data["replaces"]
    opened = sets.target_set_for(request.user, member, replaces) if replaces else None
    act = request.POST.get("act", "")
    if act not in ("save", "save_over"):
        return _page(request, result, form.levels, form, opened=opened)
    return _save(request, result, form, opened if act == "save_over" else None, opened)


def _save(request: Request, result: Any, form: WhatIfForm, replaced: Any, opened: Any) -> HttpResponse:
    try:
        row = services.save_targets(
            actor=request.user,
            result=result,
            levels=form.levels,
            name=form.cleaned_data["name"],
            replaces=replaced.public_id if replaced else "",
            expected=form.cleaned_data["version"] or 0,
            idempotency=form.cleaned_data["idempotency"],
        )
    except Refused as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _page(request, result, form.levels, form, opened=opened, status=422)
    except Conflict as conflict:
        again = form.data.copy()  # type: ignore[attr-defined]
        again["version"], again["idempotency"] = str(conflict.current.version), new_key()
        form.data = again
        return _page(request, result, form.levels, form, opened=conflict.current, status=409)
    messages.success(
        request,
        _("Saved as the target “%(name)s”. You can begin the next assessment with it.") % {"name": row.name},
    )
    return redirect("assessments:targets", member=result.member.public_id)


def _fresh(allowed: Any, opened: Any) -> WhatIfForm:
    initial: dict[str, Any] = {"idempotency": new_key()}
    if opened:
        initial |= {"name": opened.name, "replaces": opened.public_id, "version": opened.version}
    return WhatIfForm(initial=initial, allowed=allowed)


def _page(
    request: Request,
    result: Any,
    levels: dict[str, int],
    form: WhatIfForm,
    *,
    opened: Any = None,
    status: int = 200,
) -> HttpResponse:
    page = trying.what_if(request.user, result, levels, opened)
    theirs = trying.apart(page) if status == 409 else ()
    here = {"member": result.member.public_id, "assessment": result.assessment.public_id}
    context = {
        "page": page,
        "form": form,
        "theirs": theirs,
        "here": reverse("assessments:what_if", kwargs=here),
    }
    return render(request, "assessments/what_if.html", context, status=status)


@access(SIGNED_IN)
@require_safe
def targets(request: Request, member: str) -> HttpResponse:
    """The saved targets of a member."""
    return render(request, "assessments/targets.html", {"page": sets.targets_page(request.user, member)})


@access(SIGNED_IN)
@require_POST
def drop(request: Request, member: str, target_set: str) -> HttpResponse:
    """Delete a saved target."""
    row = member_for(request.user, member)
    form = SeenForm(request.POST)
    expected = form.cleaned_data["version"] if form.is_valid() else 0
    services.drop_targets(actor=request.user, member=row, target_set=target_set, expected=expected)
    messages.success(request, _("The target is gone. Assessments that began with it keep their levels."))
    return redirect("assessments:targets", member=member)

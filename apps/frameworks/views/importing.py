"""Bringing a framework: choose a file, look at what it would make, make it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused
from apps.frameworks.forms.importing import ImportForm
from apps.frameworks.selectors import taking
from apps.frameworks.services import importing

MOST_SHOWN = 50


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """Choose a file. One that cannot be read is answered with every fault and its place; nothing is kept of it."""
    owners = taking.import_owners(request.user)
    form = ImportForm(request.POST or None, request.FILES or None, owners=owners)
    if request.method != "POST":
        return render(
            request, "frameworks/import.html", {"form": ImportForm(owners=owners, initial=_chosen(request))}
        )
    if form.is_valid():
        try:
            return redirect("frameworks:import_look", _keep(request, form).public_id)
        except Refused as fault:
            return _faults(request, owners, form, fault)
    return render(request, "frameworks/import.html", {"form": form}, status=422)


def _chosen(request: Request) -> dict[str, str]:
    """A link from the page of a programme says for whom."""
    return {"programme": request.GET.get("programme", "")}


def _keep(request: Request, form: ImportForm) -> Any:
    return importing.keep_upload(
        actor=request.user,
        content=form.content,
        name=form.cleaned_data["file"].name or "",
        choices=form.given,
        programme=taking.import_owner(request.user, form.cleaned_data["programme"]),
    )


def _faults(
    request: Request, owners: list[tuple[str, str]], form: ImportForm, fault: Refused
) -> HttpResponse:
    faults = getattr(fault, "faults", (fault.message,))
    context = {
        "form": form,
        "name": importing.shown_name(form.cleaned_data["file"].name or ""),
        "faults": faults[:MOST_SHOWN],
        "count": len(faults),
        "more": max(0, len(faults) - MOST_SHOWN),
        "page_error": True,
    }
    return render(request, "frameworks/import.html", context, status=422)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: Request, upload: str) -> HttpResponse:
    """What the file would make; sent, it is made. Sent twice, it is made once."""
    if request.method == "POST":
        version = importing.import_upload(actor=request.user, upload=upload)
        messages.success(request, _sentence(version) % {"framework": version})
        return redirect(_next(version))
    row, preview = importing.look_at_upload(actor=request.user, upload=upload)
    context = {"upload": row, "preview": preview, "publish": row.choices.get("publish"), "made": row.made}
    return render(request, "frameworks/import_look.html", context)


def _sentence(version: Any) -> str:
    if version.published_at is not None:
        return _("%(framework)s is published.")
    if version.framework.programme_id:
        return _("%(framework)s is here as a draft.")
    return _("%(framework)s is here as a draft. To publish it, import the same file with “Publish at once”.")


def _next(version: Any) -> str:
    """A published version has a page of its own; a programme's draft is edited; the site's drafts are not listed."""
    framework = version.framework
    if version.published_at is not None:
        keys = {"framework": framework.slug, "version": version.version}
        return reverse("frameworks:edition_browse", kwargs=keys)
    if framework.programme:
        keys = {"programme": framework.programme.public_id, "draft": version.public_id}
        return reverse("frameworks:edit_draft", kwargs=keys)
    return reverse("frameworks:list")

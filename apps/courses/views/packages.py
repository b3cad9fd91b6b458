"""Pages of packages: the list, bringing one, its page, and the player."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.forms.packages import PackageFileForm, PackageForm
from apps.courses.selectors import packages as selectors
from apps.courses.selectors.scorm import courses_to_take_out
from apps.courses.services import packages as services

POPUPS = "same-origin-allow-popups"  # the player's own window keeps the link to this page


@access(SIGNED_IN)
@require_safe
def package_list(request: Request) -> HttpResponse:
    """Packages that this person may play; who keeps packages also finds the courses to take out."""
    page = selectors.list_packages(request.user)
    courses = courses_to_take_out(request.user) if page.may_bring else []
    return render(request, "courses/packages.html", {"page": page, "courses": courses})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def package_bring(request: Request) -> HttpResponse:
    """Choose a file. One that cannot be kept is answered in words; nothing is kept of it."""
    owners = selectors.package_owners(request.user)
    form = PackageForm(request.POST or None, request.FILES or None, owners=owners)
    if request.method != "POST":
        return render(request, "courses/package_bring.html", {"form": PackageForm(owners=owners)})
    chosen = ("programme", "title", "summary", "language", "tells_name")
    return _take(request, form, lambda: services.bring_package(
        actor=request.user, content=form.content, name=form.name, **{key: form.cleaned_data[key] for key in chosen}
    ))  # fmt: skip


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def package_renew(request: Request, package: str) -> HttpResponse:
    """A newer file of a package; who began with the older one ends with it."""
    page = selectors.package_page(request.user, package)
    selectors.require_keeper(request.user, package)
    form = PackageFileForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "courses/package_bring.html", {"form": PackageFileForm(), "page": page})
    return _take(
        request, form,
        lambda: services.bring_version(actor=request.user, package=package, content=form.content, name=form.name),
        page=page,
    )  # fmt: skip


def _take(request: Request, form: PackageFileForm, bring: Callable[[], Any], **context: Any) -> HttpResponse:
    if form.is_valid():
        try:
            version = bring()
        except Refused as fault:
            form.add_error("file", fault.message)
        else:
            messages.success(
                request, _("The package is here. Open it once to see that it works as its makers meant.")
            )
            return redirect("courses:package", package=version.package.public_id)
    return render(request, "courses/package_bring.html", {"form": form, **context}, status=422)


@access(SIGNED_IN)
@require_safe
def package(request: Request, package: str) -> HttpResponse:
    """A package: its parts, what it reported, and for its keepers what was found in it."""
    return render(request, "courses/package.html", {"page": selectors.package_page(request.user, package)})


@access(SIGNED_IN)
@require_POST
def package_withdraw(request: Request, package: str) -> HttpResponse:
    """Take a package off the list."""
    services.withdraw_package(actor=request.user, package=package)
    messages.success(request, _("The package is withdrawn. What it reported stays with its learners."))
    return redirect("courses:packages")


@access(SIGNED_IN)
@require_safe
def package_play(request: Request, package: str, package_part: int) -> HttpResponseBase:
    """The frame around the packages' own host; this page alone may show it."""
    page = selectors.play_page(request.user, package, package_part)

    frame = csp_update({"frame-src": [page.origin]} if page.origin else {})
    response = frame(lambda asked: render(asked, "courses/package_play.html", {"page": page}))(request)
    response["Cross-Origin-Opener-Policy"] = POPUPS
    return response


@access(SIGNED_IN)
@require_POST
def package_begin(request: Request, package: str, package_part: int) -> HttpResponse:
    """Start a session and hand the player what was kept."""
    session = services.begin_session(actor=request.user, package=package, part=package_part)
    names = ("attempt", "launch", "kind", "cmi", "fixed")
    return JsonResponse({name: getattr(session, name) for name in names})


@access(SIGNED_IN)
@require_POST
def package_save(request: Request, package_attempt: str) -> HttpResponse:
    """Keep what a package reports; says when, in the person's own time."""
    numbers = [request.POST.get(name, "") for name in ("launch", "seq")]
    if not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in numbers):
        return JsonResponse({"said": _("This save cannot be read.")}, status=400)
    try:
        row = services.save_session(
            actor=request.user, attempt=package_attempt, launch=int(numbers[0]), seq=int(numbers[1]),
            text=request.POST.get("cmi", ""), closed=request.POST.get("closed") == "1",
        )  # fmt: skip
    except Refused as fault:
        return JsonResponse({"said": fault.message}, status=400)
    except Conflict as fault:
        return JsonResponse({"said": fault.message}, status=409)
    at = time_format(localtime(row.saved_at), "TIME_FORMAT") if row.saved_at else ""
    return JsonResponse({"seq": row.seq, "said": _("Saved at %(time)s") % {"time": at}})

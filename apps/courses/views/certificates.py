"""Pages of certificates for their holders: what is reached, what is held, and its badge."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.badges import bake_png, bake_svg
from apps.core.access import SIGNED_IN, access
from apps.courses import selectors, services


@access(SIGNED_IN)
@require_safe
def certificate(request: Request, certificate: str) -> HttpResponse:
    """The holder's own certificate."""
    page = selectors.holding(request.user, certificate)
    drawing = selectors.certificate_qr_svg(
        page.certificate.verify_url, title=_("Code to scan: leads to the check page")
    )
    values = {"page": page, "certificate": page.certificate, "qr": drawing}
    return render(request, "courses/certificate.html", values)


@access(SIGNED_IN)
@require_POST
def certificate_name(request: Request, certificate: str) -> HttpResponse:
    """Show or hide the holder's name on the page for everybody."""
    shown = request.POST.get("shown") == "yes"
    services.show_name(actor=request.user, certificate=certificate, shown=shown)
    if shown:
        messages.success(request, _("The check page shows your name again."))
    else:
        messages.success(
            request, _("The check page no longer shows your name. Show it yourself when somebody checks.")
        )
    return redirect("courses:certificate", certificate=certificate)


@access(SIGNED_IN)
@require_POST
def certificate_renew(request: Request, certificate: str) -> HttpResponse:
    """Go to the short test that renews the certificate."""
    course, place = services.begin_renewal(actor=request.user, certificate=certificate)
    return redirect("courses:test", course=course, module=place)


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def reached(request: Request, course: str) -> HttpResponse:
    """Which of the four certificates the learner has reached, and taking the highest one."""
    if request.method == "POST":
        row = services.take_certificate(actor=request.user, course=course)
        return redirect("courses:certificate", certificate=row.public_id)
    return render(request, "courses/reached.html", {"page": selectors.ladder(request.user, course)})


@access(SIGNED_IN)
@require_safe
def badge(request: Request, certificate: str, badge_form: str) -> HttpResponse:
    """The signed credential of the holder's certificate: as JSON, or inside a PNG or SVG."""
    if badge_form not in FORMS:
        raise Http404
    credential = services.open_credential(actor=request.user, certificate=certificate)
    held = selectors.certificate_for_print(request.user, certificate)
    kind, make = FORMS[badge_form]
    text = json.dumps(credential, ensure_ascii=False, indent=None if badge_form != "json" else 2)
    response = HttpResponse(make(text, held), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="belay-badge-{held.code.lower()}.{badge_form}"'
    response["Cache-Control"] = "no-store"
    return response


def _json(text: str, held: selectors.CertificateText) -> bytes:
    return text.encode()


def _png(text: str, held: selectors.CertificateText) -> bytes:
    return bake_png(selectors.badge_png(held.kind, held.course_slug), text)


def _svg(text: str, held: selectors.CertificateText) -> bytes:
    title = f"{held.kind_label}: {held.title}"
    return bake_svg(selectors.badge_svg(held.kind, held.course_slug, title), text).encode()


FORMS: dict[str, tuple[str, Any]] = {
    "json": ("application/vc+ld+json", _json),
    "png": ("image/png", _png),
    "svg": ("image/svg+xml", _svg),
}

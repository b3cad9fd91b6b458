"""The picture of a nation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.downloads import table_file
from apps.insights import selectors, services
from apps.members.services import designate_operators


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: Request, nation: str) -> HttpResponse:
    """The newest edition of the national picture; POST makes the next."""
    row = selectors.get_nation(request.user, nation)
    if request.method == "POST":
        with refusals_told(request):
            made = services.make_picture(actor=request.user, nation=row)
            messages.success(request, _("Edition %(number)s is made.") % {"number": made.number})
        return redirect("insights:picture", nation=nation)
    return render(request, "insights/picture.html", {"page": selectors.picture_page(request.user, nation)})


@access(SIGNED_IN)
@require_safe
def edition(request: Request, nation: str, number: int) -> HttpResponse:
    """An earlier edition."""
    page = selectors.picture_page(request.user, nation, number)
    return render(request, "insights/picture.html", {"page": page})


@access(SIGNED_IN)
@require_safe
def edition_file(request: Request, nation: str, number: int, ending: str) -> HttpResponse:
    """An edition as CSV, XLSX, or the JSON that its hash is about."""
    name = f"national-picture-{number}"
    if ending == "json":
        row = selectors.get_picture(request.user, nation, number)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "private, no-store",
        }
        return JsonResponse(
            row.document, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    page = selectors.picture_page(request.user, nation, number)
    return table_file(selectors.picture_rows(page), ending, name=name, title=_("National picture"))


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def operators(request: Request, nation: str) -> HttpResponse:
    """Which organisations the nation counts among its designated operators."""
    row = selectors.get_nation(request.user, nation)
    if request.method == "POST":
        changed = designate_operators(
            actor=request.user, nation=row, designated=set(request.POST.getlist("designated"))
        )
        said = ngettext("%(n)s organisation changed.", "%(n)s organisations changed.", changed)
        messages.success(request, said % {"n": changed})
        return redirect("insights:picture", nation=nation)
    return render(
        request, "insights/operators.html", {"page": selectors.operators_page(request.user, nation)}
    )

"""Beginning from an earlier assessment, and saying that its answers are still true."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.http import Request, refusals_told
from apps.assessments import services
from apps.assessments.selectors.carrying import source_for
from apps.assessments.selectors.places import area_for, assessment_for, place_for
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Refused

MOST_CODES = 500


@access(SIGNED_IN)
@require_POST
def carry(request: Request, member: str, assessment: str) -> HttpResponse:
    """Begin from an earlier assessment: its answers come over unconfirmed."""
    row = assessment_for(request.user, member, assessment)
    source = source_for(request.user, row, request.POST.get("source", ""))
    args = {"member": member, "assessment": assessment}
    try:
        done = services.carry_over(actor=request.user, assessment=row, source=source)
    except Refused as fault:
        messages.error(request, fault.message)
        return go("tasks", args)
    messages.success(request, carried_words(done, source.title))
    return go("tasks", args)


@access(SIGNED_IN)
@require_POST
def carry_undo(request: Request, member: str, assessment: str) -> HttpResponse:
    """Take back what was carried over, before anything of it is confirmed."""
    row = assessment_for(request.user, member, assessment)
    with refusals_told(request):
        done = services.take_back_carried(actor=request.user, assessment=row)
        said = ngettext("One answer was taken back.", "%(n)s answers were taken back.", done) % {"n": done}
        messages.success(request, said)
    return go("tasks", {"member": member, "assessment": assessment})


def carried_words(done: services.CarriedOver, title: str) -> str:
    """What came over, as a sentence or two."""
    said = ngettext(
        "One answer of %(title)s is carried over. It counts once somebody confirms it.",
        "%(n)s answers of %(title)s are carried over. Each counts once somebody confirms it.",
        done.answers,
    ) % {"n": done.answers, "title": title}
    if not done.files:
        return said
    more = ngettext("One file is being copied.", "%(n)s files are being copied.", done.files)
    return _("%(first)s %(second)s") % {"first": said, "second": more % {"n": done.files}}


@access(SIGNED_IN)
@require_POST
def confirm(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Say that one carried answer is still true."""
    place = place_for(request.user, member, assessment, area, indicator)
    done = services.confirm_answers(actor=request.user, assessment=place.assessment, codes=[indicator])
    if done:
        messages.success(request, _("%(code)s is confirmed and counts now.") % {"code": indicator})
    else:
        messages.info(request, _("Nothing was left to confirm: look at what is there now."))
    following = request.POST.get("following", "")
    here = {"member": member, "assessment": assessment, "area": area}
    if done and following == "area":
        return go("area", here)
    return go("question", here | {"indicator": indicator})


@access(SIGNED_IN)
@require_POST
def confirm_area(request: Request, member: str, assessment: str, area: str) -> HttpResponse:
    """Say that the carried answers of an area which were on the page are still true."""
    row, found = area_for(request.user, member, assessment, area)
    seen = request.POST.getlist("code")[:MOST_CODES]
    done = services.confirm_answers(actor=request.user, assessment=row, codes=seen, area=found)
    said = ngettext("One answer is confirmed.", "%(n)s answers are confirmed.", done) % {"n": done}
    if done < len(seen):
        left = ngettext(
            "One was left alone: it was answered meanwhile, or you have begun to write something else.",
            "%(n)s were left alone: they were answered meanwhile, or you have begun to write something else.",
            len(seen) - done,
        ) % {"n": len(seen) - done}
        messages.info(request, left)
    if done:
        messages.success(request, said)
    return go("area", {"member": member, "assessment": assessment, "area": area})

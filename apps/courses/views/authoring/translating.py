"""Translations of a draft: how far each language is, and the texts side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import Request
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.courses.selectors import authoring
from apps.courses.services.authoring import drafts, looking, translating

LONGEST = 200_000


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _language(draft: Any, into: str) -> dict[str, Any]:
    """What the language is called and which way it is written; 404 for one that is not offered here."""
    if into not in dict(settings.LANGUAGES) or into == draft.language:
        raise Http404
    info = get_language_info(into)
    return {"into": into, "name": info["name_local"], "rtl": info["bidi"]}


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def into(request: Request, course_draft: str, into: str) -> HttpResponse:
    """The files of the course with the state of their translation; POST leaves the language out."""
    draft = authoring.draft_for(request.user, course_draft)
    language = _language(draft, into)
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            messages.error(request, _("Tick the box to leave the language out."))
            return redirect("courses:draft_into", course_draft, into)
        try:
            translating.leave_out_language(actor=request.user, draft=draft, into=into)
        except Refused as fault:
            messages.error(request, fault.message)
        else:
            messages.success(request, _("The language is left out. The history brings each file back."))
        return redirect("courses:draft", course_draft)
    faults = [one for one in looking.faults_of_draft(draft) if one.place.startswith(f"{into}/")]
    context = {
        "draft": draft,
        "progress": translating.progress_of(authoring.files_of(draft), into),
        "faults": faults,
    }
    return render(request, "courses/write/into.html", {**context, **language})


@access(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def side_by_side(request: Request, course_draft: str, course_unit: str, into: str) -> HttpResponse:
    """The texts of one file beside their translation, forty at a time."""
    source = authoring.unit_for(request.user, course_draft, course_unit)
    language = _language(source.draft, into)
    held = authoring.files_of(source.draft).get(f"{into}/{source.path}")
    try:
        pairs = translating.pairs_of(source.path, source.raw, held)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("courses:draft_into", course_draft, into)
    page = _page(request, source, held, pairs)
    page |= language | {"screens": _screens(request, source, page["pairs"], into)}
    if request.method == "POST" and request.POST.get("action") == "preview":
        return _again(request, page, _words(request, page), "", 200)
    if request.method == "POST":
        return _save(request, source, held, pairs, page)
    return render(request, "courses/write/side.html", page)


def _screens(request: Request, source: Any, pairs: list[translating.Pair], into: str) -> list[looking.Screen]:
    """The screens of a translated lesson as learners will see them, where its text is on this page."""
    mine = next((pair.mine for pair in pairs if pair.way == "body"), None)
    text = request.POST.get("w:body", mine or "").replace("\0", "")[:LONGEST]
    if mine is None or not source.path.startswith("lessons/") or not text.strip():
        return []
    files = looking.raws(authoring.files_of(source.draft))
    own = {
        path.removeprefix(f"{into}/"): raw
        for path, raw in files.items()
        if path.startswith(f"{into}/figures/")
    }
    return looking.preview_screens(text, {**files, **own}, into)


def _words(request: Request, page: dict[str, Any]) -> dict[str, str]:
    """What was written beside the texts of this page."""
    return {
        pair.way: request.POST[f"w:{pair.way}"].replace("\0", "")[:LONGEST]
        for pair in page["pairs"]
        if f"w:{pair.way}" in request.POST
    }


def _page(request: Request, source: Any, held: Any, pairs: list[translating.Pair]) -> dict[str, Any]:
    parts = max(1, -(-len(pairs) // translating.PAIRS_A_PAGE))
    part = min(max(_number(request.GET.get("part", "")), 1), parts)
    shown = pairs[(part - 1) * translating.PAIRS_A_PAGE : part * translating.PAIRS_A_PAGE]
    return {
        "draft": source.draft, "unit": source, "pairs": shown, "part": part, "parts": range(1, parts + 1),
        "state": translating.state_of(source, held), "version": held.version if held else 0,
        "seen": drafts.digest_of(source.raw), "left": sum(not pair.mine for pair in pairs),
        "done": bool(held and held.done),
    }  # fmt: skip


def _save(
    request: Request, source: Any, held: Any, pairs: list[translating.Pair], page: dict[str, Any]
) -> HttpResponse:
    words = _words(request, page)
    try:
        left = translating.save_translation(
            actor=request.user, draft=source.draft, path=source.path, into=page["into"], words=words,
            expected=_number(request.POST.get("version", "")), seen=request.POST.get("seen", "")[:64],
            done=request.POST.get("done") == "yes",
        )  # fmt: skip
    except Refused as fault:
        return _again(request, page, words, fault.message, 422)
    except Conflict as fault:
        return _again(request, page, words, fault.message, 409)
    if left:
        messages.success(request, _("Saved. Texts without a translation yet: %(count)s") % {"count": left})
    else:
        messages.success(request, _("Saved. Every text has a translation."))
    return redirect(request.get_full_path())


def _again(
    request: Request, page: dict[str, Any], words: dict[str, str], text: str, status: int
) -> HttpResponse:
    """The same page with what was written; after a conflict with what is stored beside it."""
    rows = [(pair, words.get(pair.way, pair.mine)) for pair in page["pairs"]]
    shown = [
        replace(pair, mine=mine, stored=pair.mine if status == 409 and pair.mine != mine.strip() else "")
        for pair, mine in rows
    ]
    context = {**page, "pairs": shown, "error": text, "page_error": bool(text)}
    return render(request, "courses/write/side.html", context, status=status)

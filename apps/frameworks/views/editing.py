"""The editor of a programme's frameworks: lists, forms over parts of a draft, trying it, publishing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request, refusals_told
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.frameworks import forms
from apps.frameworks.selectors import editing, trying
from apps.frameworks.services import editing as drafts
from apps.scoring import known_methods

KINDS = ("dimensions", "areas", "indicators")
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Two:
    """A field as it is stored now, and as this person wrote it."""

    label: str
    stored: str
    mine: str


def two_texts(form: forms.DraftForm, stored: forms.DraftForm) -> Iterator[Two]:
    """Every field in which a form differs from what is stored."""
    for name in form.fields:
        if name != "revision" and name in stored.fields:
            mine, theirs = _shown(form[name].value()), _shown(stored[name].value())
            if mine != theirs:
                yield Two(str(form[name].label), theirs, mine)


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value in ("on", None):
        return _("Yes") if value else _("No")
    return str(value).replace("\r\n", "\n").strip()


def _over(
    request: Request,
    read: Callable[[], editing.FormPage],
    make: Callable[[Any, editing.FormPage], forms.DraftForm],
    template: str,
    done: str,
    **context: Any,
) -> HttpResponse:
    """Show a form over a part of a draft, or save it: 422 with faults, 409 with both texts, else back to `done`."""
    page = read()
    form = make(request.POST if request.method == "POST" else None, page)
    two: tuple[Two, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            drafts.save_draft(actor=request.user, draft=page.draft, expected=form.expected, edit=form.edit)
        except drafts.EditFaults as fault:
            form.add_faults(fault.fields)
        except Refused as fault:
            form.add_error(None, fault.message)
        except Conflict:
            page = read()
            form.data = {**request.POST.dict(), "revision": str(page.head.revision)}
            two = tuple(two_texts(form, make(None, page)))
            if not two:
                messages.info(request, _("Someone else saved the same at this moment."))
                return redirect(done)
        else:
            messages.success(request, _("Saved."))
            return redirect(done)
    status = 409 if two else 422 if form.errors else 200
    notes = drafts.draft_notes(page.draft)
    context |= {
        "page": page,
        "form": form,
        "two": two,
        "notes": notes.of(page.code) if page.code else (),
        "done": done,
    }
    return render(request, template, context, status=status)


def _draft_url(programme: str, draft: str) -> str:
    return reverse("frameworks:edit_draft", kwargs={"programme": programme, "draft": draft})


@access(SIGNED_IN)
@require_safe
def frameworks(request: Request, programme: str) -> HttpResponse:
    """The frameworks of a programme."""
    page = editing.frameworks_page(request.user, programme)
    return render(request, "frameworks/edit_list.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def copy(request: Request, programme: str) -> HttpResponse:
    """Copy a framework into a draft of the programme's own."""
    page = editing.copy_page(request.user, programme)
    data = request.POST if request.method == "POST" else None
    form = forms.CopyForm(data, sources=page.sources, source=request.GET.get("source", ""))
    if data is not None and form.is_valid():
        given = form.cleaned_data
        source = editing.source_for(request.user, given["source"])
        try:
            if source is None:
                raise Refused(_("Choose a published framework."), field="source")
            row = drafts.copy_framework(
                actor=request.user, programme=page.programme, source=source, name=given["name"],
                idempotency=given["idempotency"],
            )  # fmt: skip
        except drafts.EditFaults as fault:
            form.add_error("name", fault.message)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("A draft is made. Nobody else sees it until you publish it."))
            return redirect(_draft_url(programme, row.public_id))
    context = {"page": page, "form": form}
    return render(request, "frameworks/edit_copy.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def begin(request: Request, programme: str, source: str) -> HttpResponse:
    """Begin the next version of a published framework."""
    version = editing.published_for(request.user, programme, source)
    try:
        row = drafts.begin_version(actor=request.user, source=version)
    except Refused as fault:
        messages.error(request, fault.message)
        return redirect("frameworks:edit_frameworks", programme=programme)
    messages.success(request, _("A draft of the next version is made."))
    return redirect(_draft_url(programme, row.public_id))


@access(SIGNED_IN)
@require_safe
def draft(request: Request, programme: str, draft: str) -> HttpResponse:
    """A draft at a glance: its tree, its targets, what is wrong, and what was saved."""
    page = editing.draft_page(request.user, programme, draft)
    notes = drafts.draft_notes(editing.draft_for(request.user, programme, draft))
    return render(request, "frameworks/edit_draft.html", {"page": page, "notes": notes})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def about(request: Request, programme: str, draft: str) -> HttpResponse:
    """Name, description, source and the words of the scale."""
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft),
        lambda data, page: forms.AboutForm(data, document=page.document, revision=page.head.revision),
        "frameworks/edit_form.html",
        _draft_url(programme, draft),
        title=_("Name, source and scale"),
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def method(request: Request, programme: str, draft: str) -> HttpResponse:
    """How scores are made, and the tiers."""
    names = list(dict.fromkeys(row.name for row in known_methods()))
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft),
        lambda data, page: forms.MethodForm(
            data, document=page.document, methods=names, revision=page.head.revision
        ),
        "frameworks/edit_form.html",
        _draft_url(programme, draft),
        title=_("Method and tiers"),
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def add(request: Request, programme: str, draft: str, part_kind: str) -> HttpResponse:
    """Add a dimension, an area or an indicator; `?inside=` says where."""
    titles = {
        "dimensions": _("A new dimension"),
        "areas": _("A new area"),
        "indicators": _("A new indicator"),
    }
    if part_kind not in KINDS:
        raise Http404
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft),
        lambda data, page: forms.AddForm(
            data, document=page.document, kind=part_kind, revision=page.head.revision,
            inside=request.GET.get("inside", ""),
        ),
        "frameworks/edit_form.html",
        _draft_url(programme, draft),
        title=titles[part_kind],
    )  # fmt: skip


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def part(request: Request, programme: str, draft: str, part_kind: str, part: str) -> HttpResponse:
    """The words of a dimension or an area."""
    if part_kind not in KINDS[:2]:
        raise Http404
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft, kind=part_kind, code=part),
        lambda data, page: forms.PartForm(
            data, document=page.document, kind=part_kind, row=page.row or {}, revision=page.head.revision
        ),
        "frameworks/edit_form.html",
        _draft_url(programme, draft),
        title=_("Dimension %(code)s") % {"code": part}
        if part_kind == "dimensions"
        else _("Area %(code)s") % {"code": part},
        removable=True,
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def indicator(request: Request, programme: str, draft: str, indicator: str) -> HttpResponse:
    """Everything about one indicator."""
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft, kind="indicators", code=indicator),
        lambda data, page: forms.IndicatorForm(
            data, document=page.document, row=page.row or {}, revision=page.head.revision
        ),
        "frameworks/edit_indicator.html",
        reverse(
            "frameworks:edit_indicator",
            kwargs={"programme": programme, "draft": draft, "indicator": indicator},
        ),
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def add_profile(request: Request, programme: str, draft: str) -> HttpResponse:
    """A new target profile."""
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft),
        lambda data, page: forms.ProfileForm(
            data, document=page.document, row=None, revision=page.head.revision
        ),
        "frameworks/edit_profile.html",
        _draft_url(programme, draft),
        title=_("A new target profile"),
    )


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def profile(request: Request, programme: str, draft: str, profile: str) -> HttpResponse:
    """A target profile: a level for all, and others where they differ."""
    return _over(
        request,
        lambda: editing.form_page(request.user, programme, draft, kind="profiles", code=profile),
        lambda data, page: forms.ProfileForm(
            data, document=page.document, row=page.row, revision=page.head.revision
        ),
        "frameworks/edit_profile.html",
        _draft_url(programme, draft),
        title=_("Target profile"),
        removable=True,
    )


def _save(request: Request, programme: str, draft: str, edit: drafts.Edit, done: str) -> HttpResponse:
    """Save an edit that has no fields of its own, and say what came of it."""
    row = editing.draft_for(request.user, programme, draft)
    with refusals_told(request):
        drafts.save_draft(
            actor=request.user, draft=row, expected=_number(request.POST.get("revision", "")), edit=edit
        )
        messages.success(request, done)
    return redirect(_draft_url(programme, draft))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@access(SIGNED_IN)
@require_POST
def move(request: Request, programme: str, draft: str) -> HttpResponse:
    """Move a part one place: `move` is `areas up GOV.1`."""
    kind, _space, rest = request.POST.get("move", "").partition(" ")
    way, _space, code = rest.partition(" ")
    if kind not in KINDS or way not in ("up", "down"):
        messages.error(request, _("Choose what to move."))
        return redirect(_draft_url(programme, draft))
    edit = drafts.PartMoved(kind, code, -1 if way == "up" else 1)
    return _save(request, programme, draft, edit, _("%(code)s is moved.") % {"code": code[:40]})


@access(SIGNED_IN)
@require_POST
def remove(request: Request, programme: str, draft: str) -> HttpResponse:
    """Take out a part: `kind` and `code` name it."""
    kind, code = request.POST.get("kind", ""), request.POST.get("code", "")
    if kind not in (*KINDS, "profiles"):
        messages.error(request, _("Choose what to remove."))
        return redirect(_draft_url(programme, draft))
    edit = drafts.ProfileRemoved(code) if kind == "profiles" else drafts.PartRemoved(kind, code)
    done = _("%(code)s is removed. “Undo” brings it back.") % {"code": code[:60]}
    return _save(request, programme, draft, edit, done)


@access(SIGNED_IN)
@require_POST
def restore(request: Request, programme: str, draft: str) -> HttpResponse:
    """Put the draft back to what an earlier save left."""
    row = editing.draft_for(request.user, programme, draft)
    expected, wanted = (_number(request.POST.get(name, "")) for name in ("revision", "wanted"))
    with refusals_told(request):
        drafts.restore_draft(actor=request.user, draft=row, expected=expected, revision=wanted)
        messages.success(request, _("The draft is put back. What was there before is kept in the list."))
    return redirect(_draft_url(programme, draft))


@access(SIGNED_IN)
@require_safe
def preview(request: Request, programme: str, draft: str, indicator: str) -> HttpResponse:
    """An indicator as respondents will see it."""
    page = trying.preview_page(request.user, programme, draft, indicator, scope=request.GET.get("scope", ""))
    return render(request, "frameworks/edit_preview.html", {"page": page})

"""The question page: answer, private draft, two answers side by side, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.http import Request
from apps.assessments import services
from apps.assessments.forms import AnswerForm, EvidenceForm, SeenForm, new_key
from apps.assessments.selectors.compare import compare_page
from apps.assessments.selectors.onward import next_question
from apps.assessments.selectors.places import Place, place_for, place_to_answer
from apps.assessments.selectors.quality import live_findings
from apps.assessments.selectors.question import QuestionPage, history_page, question_page
from apps.assessments.services import Closed
from apps.assessments.views.going import go
from apps.core.access import SIGNED_IN, access
from apps.core.errors import Conflict, Refused
from apps.frameworks.selectors.voice import Said


@dataclass(frozen=True, slots=True)
class Card:
    """A level card with what the form shows about it."""

    value: str
    level: int
    shade: int
    title: Said
    text: Said
    note: str
    checked: bool
    id: str


def clock(at: datetime) -> str:
    """The time of day where the reader is."""
    return time_format(localtime(at), "H:i")


def fresh_form(page: QuestionPage) -> AnswerForm:
    """The form as the page opens: own draft, else the saved answer, else empty. Never last time's answer.

    Of one that was carried over only the words: they are there to be mended, the level to be chosen.
    """
    shown = page.shown
    initial: dict[str, Any] = {"version": page.version, "idempotency": new_key()}
    if shown:
        initial |= {"answer": shown.choice, "reason": shown.reason, "why": shown.why}
    elif page.carried:
        initial["why"] = page.carried.why
    return AnswerForm(initial=initial)


def show_question(
    request: Request,
    page: QuestionPage,
    form: AnswerForm | None = None,
    evidence: EvidenceForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the question page with the forms as they stand."""
    form = form or fresh_form(page)
    note = _("your answer in %(title)s") % {"title": page.before_title} if page.before else ""
    cards = [
        Card(
            str(card.level), card.level, card.shade, card.title, card.text, note if card.was_yours else "",
            form.chosen == str(card.level), "id_answer_0" if n == 0 else "",
        )
        for n, card in enumerate(page.levels)
    ]  # fmt: skip
    context = {
        "page": page,
        "form": form,
        "evidence_form": evidence or EvidenceForm(prefix="ev"),
        "evidence_open": evidence is not None,
        "page_error": bool(evidence and evidence.errors),
        "cards": cards,
        "kept": _kept(page),
    }
    return render(request, "assessments/question.html", context, status=status)


def _kept(page: QuestionPage) -> str:
    if not page.draft or not page.draft.at:
        return ""
    return _("Draft kept at %(time)s. Colleagues see it only after you save.") % {
        "time": clock(page.draft.at)
    }


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def question(request: Request, **where: str) -> HttpResponse:
    """Answer one question."""
    if request.method == "POST":
        return _save(request, where)
    return show_question(request, question_page(request.user, **where))


def _save(request: Request, where: dict[str, str]) -> HttpResponse:
    """Save and go on; the whole page is read only when it has to be shown again."""
    place = place_to_answer(request.user, **where)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            saved = services.save_answer(
                actor=request.user,
                place=place,
                answer=form.given,
                expected=form.expected,
                idempotency=form.cleaned_data["idempotency"],
            )
        except Closed:
            raise
        except Conflict:
            both = compare_page(request.user, **where)
            return render(request, "assessments/compare.html", {"page": both, "fresh": True}, status=409)
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return _after(request, place, saved)
    return show_question(request, question_page(request.user, **where), form, status=422)


def _after(request: Request, place: Place, saved: services.Saved) -> HttpResponse:
    """Say when it was saved, and go where the person wanted."""
    code, time = place.indicator.code, clock(saved.at)
    to_area = request.POST.get("then") == "area"
    following = None if to_area else next_question(request.user, place)
    if following or to_area:
        said = _("%(code)s is saved, at %(time)s.") % {"code": code, "time": time}
    else:
        said = _("%(code)s is saved, at %(time)s. It was your last open question.") % {
            "code": code,
            "time": time,
        }
    messages.success(request, said)
    if following is None:
        return go("area", {name: value for name, value in place.url_args.items() if name != "indicator"})
    return go("question", place.url_args | {"area": following[0], "indicator": following[1]})


@access(SIGNED_IN)
@require_POST
def draft(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Keep what is being written, for its writer alone; answers with one line for the page."""
    place = place_for(request.user, member, assessment, area, indicator)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        said = _("This draft could not be kept: %(reason)s") % {"reason": " ".join(_reasons(form))}
        return render(request, "assessments/_draft.html", {"said": said}, status=422)
    try:
        at = services.keep_draft(actor=request.user, place=place, answer=form.given, base=form.expected)
    except Refused as fault:
        return render(request, "assessments/_draft.html", {"said": fault.message}, status=422)
    except Conflict as fault:
        return render(request, "assessments/_draft.html", {"said": fault.message}, status=409)
    said = ""
    if at:
        said = _("Draft kept at %(time)s. Colleagues see it only after you save.") % {"time": clock(at)}
    checks = live_findings(place, form.given.choice, request.user.pk)
    return render(
        request, "assessments/_draft.html", {"said": said, "kept": bool(at), "checks": checks, "live": True}
    )


def _reasons(form: AnswerForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def compare(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Two answers to one question, and which of them counts."""
    args = {"member": member, "assessment": assessment, "area": area, "indicator": indicator}
    page = compare_page(request.user, member, assessment, area, indicator)
    if request.method != "POST":
        if page.mine is None or page.theirs is None:
            messages.info(
                request, _("There is only one answer to this question now. Nothing is left to decide.")
            )
            return go("question", args)
        return render(request, "assessments/compare.html", {"page": page})
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose which answer should count."))
    try:
        done = services.settle_answers(
            actor=request.user,
            place=page.place,
            use=form.cleaned_data["use"],
            seen=form.cleaned_data["version"],
        )
    except Closed:
        raise
    except Conflict:
        both = compare_page(request.user, member, assessment, area, indicator)
        return render(request, "assessments/compare.html", {"page": both, "fresh": True}, status=409)
    messages.success(request, _settled(done))
    return go("question", args)


def _settled(done: str) -> str:
    return {
        "mine": _("Your answer counts now. The other one stays in the history."),
        "theirs": _("The answer of your colleague stays. Your draft is gone."),
        "reviewer": _("The reviewer will see both answers and decide. Until then the stored one counts."),
    }.get(done, _("There is only one answer to this question now. Nothing is left to decide."))


@access(SIGNED_IN)
@require_safe
def history(request: Request, member: str, assessment: str, area: str, indicator: str) -> HttpResponse:
    """Every answer that was ever saved to the question."""
    page = history_page(request.user, member, assessment, area, indicator)
    return render(request, "assessments/history.html", {"page": page})

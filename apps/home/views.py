"""Start, overviews, results, account, notifications, help."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import selectors as accounts
from apps.accounts import services as account_services
from apps.accounts.forms import ProfileForm, TokenForm
from apps.accounts.http import Request, fresh_sign_in
from apps.assessments import selectors as assessments
from apps.assessments.selectors.oscal import oscal_file
from apps.assessments.selectors.result_table import result_table as table_of_result
from apps.assessments.services.sharing import read_levels
from apps.core.access import PUBLIC, SIGNED_IN, access
from apps.core.downloads import send_file, table_file
from apps.core.errors import Refused
from apps.core.table_files import rows_a_page
from apps.courses import selectors as courses
from apps.home import selectors
from apps.home.choices import act_in_words
from apps.home.forms import GrantForm, NarrowForm
from apps.home.selectors.related import related_page
from apps.home.services.work import decline_offer, offer_to_assessment, open_offer, take_offer
from apps.members import selectors as members
from apps.members import services as member_services

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@access(PUBLIC)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Three doors for a visitor; the person's own overview for someone signed in."""
    if request.user.is_authenticated:
        return redirect("home:home")
    return render(request, "home/start.html")


@access(SIGNED_IN)
@require_safe
def home(request: Request) -> HttpResponse:
    """Lead to the first workspace."""
    for workspace in members.workspaces(request.user):
        return redirect(reverse(f"home:{workspace.kind}", args=[workspace.public_id]))
    return redirect("courses:mine")


@access(SIGNED_IN)
@require_safe
def member(request: Request, member: str) -> HttpResponse:
    """Where the member stands and what waits for this person."""
    return render(request, "home/member.html", {"home": selectors.member_home(request.user, member)})


@access(SIGNED_IN)
@require_safe
def programme(request: Request, programme: str) -> HttpResponse:
    """Where the region stands and what the office must decide."""
    return render(request, "home/programme.html", {"home": selectors.programme_home(request.user, programme)})


@access(SIGNED_IN)
@require_safe
def results(request: Request, member: str) -> HttpResponse:
    """All results of a member."""
    row = members.get_member(request.user, member)
    return render(
        request, "home/results.html", {"member": row, "rows": selectors.result_rows(request.user, member)}
    )


@access(SIGNED_IN)
@require_safe
def result(request: Request, member: str, assessment: str) -> HttpResponse:
    """One result, explained, with what to do next."""
    return render(
        request, "home/result.html", {"home": selectors.result_home(request.user, member, assessment)}
    )


@access(SIGNED_IN)
@require_safe
def related(request: Request, member: str, assessment: str, system: str = "") -> HttpResponse:
    """What one result says about outside systems, as related coverage; one of them item by item when it is named."""
    levels = read_levels(actor=request.user, member=member, assessment=assessment)
    page = related_page(levels, system)
    return render(request, "home/related.html", {"page": page})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def offer(request: Request, course: str) -> HttpResponse:
    """Offer one's course work as evidence to an assessment of one's own members."""
    page = courses.artefact_page(request.user, course)
    if not page.version:
        return redirect("courses:artefact", course=course)
    places = selectors.offer_places(request.user, page.indicators)
    error = ""
    if request.method == "POST":
        chosen = next((one for one in places if one.value == request.POST.get("place")), None)
        if chosen:
            offer_to_assessment(actor=request.user, course=course, **chosen.keywords)
            messages.success(request, _("Offered. Those who answer there read it now and decide."))
            return redirect("courses:artefact", course=course)
        error = _("Choose a question.")
    context = {"page": page, "places": places, "error": error, "page_error": bool(error)}
    return render(request, "home/offer.html", context, status=422 if error else 200)


@access(SIGNED_IN)
@require_safe
def offers(request: Request, member: str) -> HttpResponse:
    """Course work that people offered to the member's assessments."""
    row = members.get_member(request.user, member)
    context = {"member": row, "rows": courses.offers_to(request.user, row)}
    return render(request, "home/offers.html", context)


@access(SIGNED_IN)
@require_safe
def offer_file(request: Request, member: str, work_offer: str) -> HttpResponseBase:
    """The file of offered work, for those of the member; on record."""
    opened = open_offer(actor=request.user, member=member, offer=work_offer)
    row = opened.row
    return send_file(opened.parts, title=row.title, content_type=row.content_type, size=row.size)


@access(SIGNED_IN)
@require_POST
def decide_offer(request: Request, member: str, work_offer: str) -> HttpResponse:
    """Take offered work as evidence, or leave it."""
    if request.POST.get("act") == "take":
        take_offer(actor=request.user, member=member, offer=work_offer)
        messages.success(request, _("Taken: it stands with the evidence of its question now."))
    else:
        decline_offer(actor=request.user, member=member, offer=work_offer)
        messages.success(request, _("Left. The learner sees that."))
    return redirect("home:offers", member=member)


@access(SIGNED_IN)
@require_safe
def gaps(request: Request, member: str) -> HttpResponse:
    """Courses for the areas where the member's latest result is under its targets."""
    return render(request, "home/gaps.html", {"page": selectors.gaps_page(request.user, member)})


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def sharing(request: Request, member: str) -> HttpResponse:
    """What the member shares, with whom, and who read it."""
    page = members.sharing_page(request.user, member)
    readers = members.possible_readers(request.user, page.member)
    data = request.POST if request.method == "POST" else None
    areas = assessments.areas_to_share(request.user, page.member)
    form = GrantForm(data, readers=readers, areas=selectors.area_choices(areas))
    if request.method == "POST" and form.is_valid():
        try:
            member_services.give_grant(actor=request.user, member=page.member, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("Shared. You can withdraw it here at any time."))
            return redirect("home:sharing", member=member)
    context = {"page": page, "form": form, "readers": readers}
    return render(request, "home/sharing.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def narrow_grant(request: Request, member: str, grant: str) -> HttpResponse:
    """Let an agreement show less from now on."""
    page = members.narrow_page(request.user, member, grant)
    names = assessments.areas_to_narrow(request.user, page.grant)
    data = request.POST if request.method == "POST" else None
    form = NarrowForm(data, grant=page.grant, areas=selectors.area_choices(names))
    if request.method == "POST" and form.is_valid():
        try:
            member_services.narrow_grant(
                actor=request.user, member=page.member, public_id=grant, **form.values
            )
        except Refused as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("Narrowed. It holds from the next request on."))
            return redirect("home:sharing", member=member)
    status = 422 if form.errors else 200
    return render(request, "home/narrow.html", {"page": page, "form": form}, status=status)


@access(SIGNED_IN)
@require_safe
def readings(request: Request, member: str) -> HttpResponse:
    """Who read what is shared, the newest first; of one reader or one area when asked."""
    asked = {name: request.GET.get(name, "")[:40].replace("\x00", "") for name in ("person", "area")}
    rows = rows_a_page(request, members.ROWS_A_PAGE)
    page = members.readings_page(request.user, member, number=request.GET.get("page", ""), rows=rows, **asked)
    query = urlencode({name: value for name, value in asked.items() if value})
    return render(request, "home/readings.html", {"page": page, "query": query})


@access(SIGNED_IN)
@require_safe
def record(request: Request, member: str) -> HttpResponse:
    """Every act in a member, newest first."""
    rows = rows_a_page(request, members.ROWS_A_PAGE)
    page = members.record_page(request.user, member, request.GET.get("page", ""), rows=rows)
    acts = [(row, act_in_words(row.action)) for row in page.rows]
    return render(request, "home/record.html", {"record": page, "acts": acts})


@access(SIGNED_IN)
@require_POST
@fresh_sign_in
def record_file(request: Request, member: str) -> HttpResponse:
    """The whole record as a file, for checking it elsewhere."""
    row = members.get_member(request.user, member)
    document = member_services.export_record(actor=request.user, member=row)
    name = f'attachment; filename="record-{row.public_id}.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return JsonResponse(document, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(SIGNED_IN)
@require_safe
def result_file(request: Request, member: str, assessment: str) -> HttpResponse:
    """A signed result as a file, for checking it elsewhere."""
    document = assessments.result_file(request.user, member, assessment)
    name = f'attachment; filename="result-{document["statement"]["id"]}.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return JsonResponse(document, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(SIGNED_IN)
@require_safe
def result_oscal(request: Request, member: str, assessment: str) -> HttpResponse:
    """A result as OSCAL assessment-results, for other tools."""
    document = oscal_file(request.user, member, assessment)
    name = f'attachment; filename="result-{assessment}.oscal.json"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return JsonResponse(document, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@access(SIGNED_IN)
@require_safe
def result_table(request: Request, member: str, assessment: str, ending: str) -> HttpResponse:
    """The parts of a result as a table to save."""
    rows = table_of_result(request.user, member, assessment)
    return table_file(rows, ending, name=f"result-{assessment}", title=_("Result"))


@access(PUBLIC)
@require_safe
def check_result(request: Request, result_code: str) -> HttpResponse:
    """Whether a signed result with this code exists, and in which state."""
    found = assessments.check_result(request.user, result_code)
    values = {"found": found, "code": result_code[:40]}
    response = render(request, "home/check_result.html", values, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response


@access(PUBLIC)
@require_safe
def checking_script(request: HttpRequest) -> HttpResponse:
    """The script that checks signed results and records without this site."""
    path = settings.BASE_DIR / "scripts" / "verify.py"
    headers = {"Content-Disposition": 'attachment; filename="verify.py"'}
    return HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


@access(SIGNED_IN)
@require_safe
def notifications(request: Request) -> HttpResponse:
    """What happened that concerns this person."""
    return render(request, "home/notifications.html", {"rows": accounts.list_notifications(request.user)})


@access(SIGNED_IN)
@require_POST
def read_notifications(request: Request) -> HttpResponse:
    """Mark all as read."""
    account_services.mark_read(actor=request.user)
    return redirect("home:notifications")


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    """Name, language, time zone, colours; links to sign-in safety."""
    user = request.user
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        account_services.save_profile(actor=user, **form.cleaned_data)
        response = redirect("home:account")
        language = form.cleaned_data["language"]
        if language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                samesite="Lax",
                httponly=True,
                secure=settings.SECURE_SITE,
            )
            translation.activate(language)
        messages.success(request, _("Saved."))
        return response
    context = {"form": form, "second_factor": accounts.has_second_factor(user)}
    return render(request, "home/account.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_http_methods(["GET", "POST"])
@fresh_sign_in
def tokens(request: Request) -> HttpResponse:
    """Tokens for programs; POST makes one and shows its secret this once, so it does not lead elsewhere."""
    form = TokenForm(request.POST) if request.method == "POST" else TokenForm.fresh()
    made, secret = None, ""
    if form.is_bound and form.is_valid():
        try:
            made, secret = account_services.make_token(actor=request.user, **form.cleaned_data)
        except Refused as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            form = TokenForm.fresh()
    rows = accounts.list_tokens(request.user)
    context = {"form": form, "rows": rows, "open": sum(row.state == "open" for row in rows)}
    context |= {"made": made, "secret": secret}
    return render(request, "home/tokens.html", context, status=422 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def revoke_token(request: Request, token_id: str) -> HttpResponse:
    """End a token now."""
    account_services.revoke_token(actor=request.user, public_id=token_id)
    messages.success(request, _("The token no longer works."))
    return redirect("home:tokens")


@access(PUBLIC)
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to begin, by role."""
    return render(request, "home/help.html")


@access(PUBLIC)
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was checked and what is known to be hard."""
    return render(request, "home/accessibility.html")


@access(PUBLIC)
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, how to take it away."""
    return render(request, "home/privacy.html")


@access(PUBLIC)
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """The people of the demonstration. Only in the demonstration."""
    if not settings.DEMO:
        raise Http404
    return render(request, "home/tour.html", {"people": accounts.demo_people(request.user)})


@access(PUBLIC)
@require_POST
def enter(request: HttpRequest, person: str) -> HttpResponse:
    """Become a person of the demonstration. Only in the demonstration, only as an invented person."""
    if not settings.DEMO:
        raise Http404
    for user in accounts.demo_people(request.user):
        if user.public_id == person:
            login(request, user, backend=BACKEND)
            return redirect("home:home")
    raise Http404

"""The shell around every page: workspaces, tabs, unread count, language, colours."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from apps.home.selectors import Shell, ShellFacts, Tab, WorkspaceLink, shell_facts
from apps.members.selectors import Workspace

LEARNING = "learning"
WORKSPACE = "workspace"  # the key in the session, and the parameter by which "My learning" leaves a workspace


def languages() -> list[tuple[str, str, str, bool]]:
    """(code, name in its own language, direction, current) of every language on offer."""
    current = get_language()
    found = []
    for code, _name in settings.LANGUAGES:
        info = get_language_info(code)
        found.append((code, info["name_local"], "rtl" if info["bidi"] else "ltr", code == current))
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for every template; pages without a person get languages and the demonstration mark only."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": Shell(demo=settings.DEMO, languages=languages())}
    if not hasattr(request, "_belay_shell"):
        match = request.resolver_match
        kwargs = match.kwargs if match else {}
        last = "" if request.GET.get(WORKSPACE) == LEARNING else request.session.get(WORKSPACE, "")
        facts = shell_facts(
            user,
            member=kwargs.get("member", "") or kwargs.get("partner", "") or kwargs.get("nation", ""),
            programme=kwargs.get("programme", ""),
            last=last,
        )
        remember(request, facts.current)
        request._belay_shell = build(facts, match.view_name if match else "", user)  # type: ignore[attr-defined]
    return {"shell": request._belay_shell}  # type: ignore[attr-defined]


def remember(request: HttpRequest, current: Workspace | None) -> None:
    """Keep the open workspace for pages whose address names none; the session is written only when it changes."""
    here = current.public_id if current else ""
    if request.session.get(WORKSPACE, "") != here:
        request.session[WORKSPACE] = here


def build(facts: ShellFacts, view: str, user: Any) -> Shell:
    """Put the facts into links; no query is run here."""
    current = facts.current
    links = [WorkspaceLink(w.name, place(w), w == current) for w in facts.workspaces]
    learning = f"{reverse('courses:mine')}?{WORKSPACE}={LEARNING}"
    links.append(WorkspaceLink(_("My learning"), learning, current is None))
    return Shell(
        signed_in=True, user_name=str(user), initials=user.initials, workspaces=links,
        workspace_label=current.name if current else _("My learning"), tabs=tabs(current, view),
        unread=facts.unread, my_list=own_list(facts.workspaces), gaps=gaps_of(current), demo=settings.DEMO, theme=user.theme, languages=languages(),
    )  # fmt: skip


def own_list(workspaces: list[Workspace]) -> str:
    """The address of what waits for this person's answers; empty for people of no member, who are never asked."""
    return reverse("assessments:mine") if any(w.kind == "member" for w in workspaces) else ""


def gaps_of(current: Workspace | None) -> str:
    """The address of what would help the open member to learn; empty outside a member, and for mentor partners."""
    if current is None or current.kind != "member" or current.is_mentor:
        return ""
    return reverse("home:gaps", kwargs={"member": current.public_id})


def place(workspace: Workspace) -> str:
    """The overview of a workspace."""
    kind = workspace.kind
    return reverse(f"home:{kind}", kwargs={kind: workspace.public_id})


class Entry(NamedTuple):
    """A possible tab: it is current on pages whose view name begins with one of `pages`."""

    label: str
    name: str
    pages: tuple[str, ...]


def learning_entries() -> list[Entry]:
    """Tabs of everybody's own learning."""
    return [
        Entry(
            _("My courses"),
            "courses:mine",
            (
                "courses:mine",
                "courses:certificate",
                "courses:review",
                "courses:note",
                "courses:follow_up",
                "courses:reminding",
                "home:offer",
            ),
        ),
        Entry(_("All courses"), "courses:catalogue", ("courses:",)),
        Entry(_("Resources"), "resources:list", ("resources:",)),
        Entry(_("Framework"), "frameworks:browse", ("frameworks:",)),
    ]


def programme_entries() -> list[Entry]:
    """Tabs of a programme's office."""
    return [
        Entry(_("Overview"), "home:programme", ("home:programme",)),
        Entry(_("Members"), "members:participants", ("members:",)),
        Entry(_("Assessments"), "assessments:rounds", ("assessments:",)),
        Entry(_("Frameworks"), "frameworks:edit_frameworks", ("frameworks:edit_", "frameworks:import")),
        Entry(_("Engagements"), "mentoring:programme_engagements", ("mentoring:programme",)),
        Entry(_("Matching"), "mentoring:rounds", ("mentoring:",)),
        Entry(_("Reports"), "reports:programme_reports", ("reports:",)),
    ]


def member_entries(mentor: bool) -> list[Entry]:
    """Tabs of a member; a mentor partner has its offers where others have their results."""
    of_results = (
        "home:result", "home:related", "assessments:what_if", "assessments:targets", "mentoring:roadmap",
        "mentoring:new_roadmap", "mentoring:action",
    )  # fmt: skip
    results = Entry(_("Results"), "home:results", of_results)
    offers = Entry(_("Our offers"), "mentoring:offers", ("mentoring:offer", "mentoring:exclusion"))
    return [
        Entry(_("Overview"), "home:member", ("home:member",)),
        Entry(_("Assessments"), "assessments:list", ("assessments:", "home:offers")),
        offers if mentor else results,
        Entry(_("Mentoring"), "mentoring:engagements", ("mentoring:", "exercises:")),
        Entry(_("Learning"), "courses:mine", ("courses:", "home:gaps")),
        Entry(_("Reports"), "reports:member_reports", ("reports:",)),
        Entry(_("Team"), "members:team", ("members:", "home:sharing")),
    ]


def tabs(current: Workspace | None, view: str) -> list[Tab]:
    """At most seven entries for this workspace; the one whose pages are open is current."""
    at: dict[str, str] = {}
    if current is None:
        entries = learning_entries()
    elif current.kind == "programme":
        at, entries = {"programme": current.public_id}, programme_entries()
    else:
        at, entries = {"member": current.public_id}, member_entries(current.is_mentor)
    found: list[Tab] = []
    nearest = max(
        (page for entry in entries for page in entry.pages if view.startswith(page)), key=len, default=""
    )
    for entry in entries:
        here = nearest in entry.pages and not any(tab.current for tab in found)
        kwargs = {} if entry.name.startswith(("courses:", "resources:", "frameworks:browse")) else at
        try:
            found.append(Tab(entry.label, reverse(entry.name, kwargs=kwargs), here))
        except NoReverseMatch:
            continue
    return found

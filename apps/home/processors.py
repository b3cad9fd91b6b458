"""The shell around every page: workspaces, tabs, unread count, language, colours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from apps.home.selectors import Shell, ShellFacts, Tab, WorkspaceLink, shell_facts
from apps.members.selectors import Workspace

LEARNING = "learning"


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
        facts = shell_facts(
            user,
            member=(match.kwargs.get("member", "") if match else ""),
            programme=(match.kwargs.get("programme", "") if match else ""),
        )
        request._belay_shell = build(facts, match.view_name if match else "", user)  # type: ignore[attr-defined]
    return {"shell": request._belay_shell}  # type: ignore[attr-defined]


def build(facts: ShellFacts, view: str, user: Any) -> Shell:
    """Put the facts into links; no query is run here."""
    current = facts.current
    links = [WorkspaceLink(w.name, place(w), w == current) for w in facts.workspaces]
    links.append(WorkspaceLink(_("My learning"), "/me/learning/", current is None))
    return Shell(
        signed_in=True, user_name=str(user), initials=user.initials, workspaces=links,
        workspace_label=current.name if current else _("My learning"), tabs=tabs(current, facts, view),
        unread=facts.unread, demo=settings.DEMO, theme=user.theme, languages=languages(),
    )  # fmt: skip


def place(workspace: Workspace) -> str:
    """The overview of a workspace."""
    kind = workspace.kind
    return reverse(f"home:{kind}", kwargs={kind: workspace.public_id})


def tabs(current: Workspace | None, facts: ShellFacts, view: str) -> list[Tab]:
    """At most seven entries for this workspace; the one whose pages are open is current."""
    if current is None:
        entries = [(_("My courses"), "courses:mine", {}, "courses:mine", 0), (_("All courses"), "courses:catalogue", {}, "courses:", 0),
                   (_("Resources"), "resources:list", {}, "resources:", 0), (_("Framework"), "frameworks:browse", {}, "frameworks:", 0)]  # fmt: skip
    elif current.kind == "programme":
        at = {"programme": current.public_id}
        entries = [
            (_("Overview"), "home:programme", at, "home:programme", 0),
            (_("Members"), "members:participants", at, "members:", 0),
            (_("Assessments"), "assessments:rounds", at, "assessments:", 0),
            (_("Matching"), "mentoring:rounds", at, "mentoring:round", facts.mentoring_count),
            (_("Engagements"), "mentoring:programme_engagements", at, "mentoring:programme", 0),
            (_("Reports"), "reports:programme_reports", at, "reports:", 0),
        ]
    else:
        at = {"member": current.public_id}
        entries = [
            (_("Overview"), "home:member", at, "home:member", 0),
            (_("Assessments"), "assessments:list", at, "assessments:", facts.assessment_count),
            (_("Results"), "home:results", at, "home:result", 0),
            (_("Mentoring"), "mentoring:member", at, "mentoring:", facts.mentoring_count),
            (_("Learning"), "courses:mine", {}, "courses:", 0),
            (_("Reports"), "reports:member_reports", at, "reports:", 0),
            (_("Team"), "members:team", at, ("members:", "home:sharing"), 0),
        ]
        if current.is_mentor:
            entries[2] = (_("Our offers"), "mentoring:offers", at, "mentoring:offer", 0)
    found = []
    taken = False
    for label, name, kwargs, prefix, count in entries:
        try:
            reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        here = not taken and view.startswith(prefix)
        taken = taken or here
        found.append(Tab(label, reverse(name, kwargs=kwargs), count, here))
    return found

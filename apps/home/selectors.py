"""What overview pages and the shell show. Joins what the apps below offer; owns no rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import Http404

from apps.accounts.models import User
from apps.accounts.selectors import unread_count
from apps.frameworks import selectors as frameworks
from apps.members.selectors import Workspace, workspaces


class WorkspaceLink(NamedTuple):
    label: str
    url: str
    current: bool


class Tab(NamedTuple):
    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    signed_in: bool = False
    user_name: str = ""
    initials: str = ""
    workspaces: list[WorkspaceLink] = field(default_factory=list)
    workspace_label: str = ""
    tabs: list[Tab] = field(default_factory=list)
    unread: int = 0
    demo: bool = False
    theme: str = ""
    languages: list[tuple[str, str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShellFacts:
    workspaces: list[Workspace]
    current: Workspace | None
    unread: int
    assessment_count: int = 0
    mentoring_count: int = 0


def shell_facts(user: User, *, member: str, programme: str) -> ShellFacts:
    """Workspaces, the open one (None: my learning) and the number of unread notifications, in three queries."""
    found = workspaces(user)
    wanted = ("member", member) if member else ("programme", programme)
    current = next((w for w in found if (w.kind, w.public_id) == wanted), None)
    return ShellFacts(found, current, unread_count(user))


def area_choices(user: User) -> list[tuple[str, str]]:
    """(code, label) of every area of the newest published framework; empty before one is loaded."""
    try:
        version = frameworks.published_version(user)
    except Http404:
        return []
    return [(row["id"], f"{row['id']} {row['name']}") for row in version.document["areas"]]

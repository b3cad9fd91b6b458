"""The library of kits: the list, one kit, its handout, and what only facilitators read."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.markdown import render_markdown
from apps.exercises.models import Kit
from apps.exercises.policies import may_preview
from apps.exercises.selectors.script import Cue, Look, Phase, RoleCard, cues_of, looks_of, phases_of, roles_of
from apps.frameworks.selectors import area_names
from apps.members.choices import Role

SLIM = ("slug", "version", "language", "title", "summary", "minutes", "players_from", "players_to", "areas")


@dataclass(frozen=True, slots=True)
class KitLine:
    """A kit in the list; `areas` are (code, name)."""

    slug: str
    version: str
    language: str
    title: str
    summary: str
    minutes: int
    players_from: int
    players_to: int
    areas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a facilitator reads before: never shown to players."""

    truth: SafeString
    guide: SafeString
    roles: tuple[RoleCard, ...]
    phases: tuple[Phase, ...]
    cues: tuple[Cue, ...]
    looks: tuple[Look, ...]
    materials: tuple[str, ...]
    joint: str
    joint_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KitPage:
    """One kit. `preview` is None for whoever may not facilitate it, and `closed` says why; `members` may plan a run."""

    line: KitLine
    scenario: SafeString
    rules: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    role_names: tuple[str, ...]
    objectives: tuple[tuple[str, str], ...]
    preview: Preview | None
    closed: str
    members: tuple[tuple[str, str], ...]


def newest(kits: list[Kit]) -> list[Kit]:
    """The newest version of each kit, by title."""
    found: dict[str, Kit] = {}
    for kit in sorted(kits, key=lambda kit: tuple(int(part) for part in kit.version.split("."))):
        found[kit.slug] = kit
    return sorted(found.values(), key=lambda kit: (kit.title, kit.slug))


def library(user: User) -> tuple[KitLine, ...]:
    """Every kit in its newest version. 3 queries."""
    names = area_names(user)
    return tuple(_line(kit, names) for kit in newest(list(Kit.objects.only("pk", *SLIM))))


def _line(kit: Kit, names: dict[str, str]) -> KitLine:
    return KitLine(
        kit.slug, kit.version, kit.language, kit.title, kit.summary, kit.minutes, kit.players_from, kit.players_to,
        tuple((code, names.get(code, "")) for code in kit.areas),
    )  # fmt: skip


def find_kit(slug: str) -> Kit:
    """The newest version of a kit. Raises Http404."""
    found = newest(list(Kit.objects.filter(slug=slug)))
    if not found:
        raise Http404(_("There is no such exercise."))
    return found[0]


def kit_page(user: User, slug: str) -> KitPage:
    """One kit as this person may read it. Raises Http404. At most 8 queries."""
    kit = find_kit(slug)
    document = kit.document
    decision = may_preview(user, kit)
    leads = user.memberships.filter(role=Role.LEAD).order_by("member__name")
    return KitPage(
        line=_line(kit, area_names(user)),
        scenario=render_markdown(document["scenario"]),
        rules=tuple(document["rules"]),
        words=tuple((row["term"], row["meaning"]) for row in document.get("words", ())),
        role_names=tuple(row["name"] for row in document["roles"]),
        objectives=tuple((row["indicator"], row["text"]) for row in document["objectives"]) if decision else (),
        preview=_preview(kit) if decision else None,
        closed=decision.reason,
        members=tuple(leads.values_list("member__public_id", "member__name")),
    )  # fmt: skip


def _preview(kit: Kit) -> Preview:
    document = kit.document
    return Preview(
        truth=render_markdown(document["truth"]),
        guide=render_markdown(document["facilitator"]),
        roles=roles_of(document),
        phases=phases_of(document),
        cues=cues_of(document),
        looks=looks_of(document),
        materials=tuple(document["materials"]),
        joint=document["joint"]["summary"],
        joint_steps=tuple(document["joint"]["steps"]),
    )

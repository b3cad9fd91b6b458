"""Pages of the editor: a programme's frameworks, and a draft with everything that its forms start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.frameworks.choices import Scope, VersionState
from apps.frameworks.models import DraftRevision, Framework, FrameworkVersion
from apps.frameworks.policies import may_edit_frameworks
from apps.members.models import Programme
from apps.members.policies import programme_visible_to

Document = Mapping[str, Any]


def programme_for(user: User, programme: str) -> Programme:
    """A programme whose frameworks the user may edit. Raises Http404 for any other."""
    found = Programme.objects.filter(public_id=programme)
    row = (found if user.is_staff else found.filter(programme_visible_to(user))).first()
    if row is None or not may_edit_frameworks(user, row):
        raise Http404
    return row


def draft_for(user: User, programme: str, draft: str) -> FrameworkVersion:
    """A draft of this programme that the user may edit. Raises Http404 for anything else."""
    return _version(user, programme, draft, VersionState.DRAFT)


def published_for(user: User, programme: str, version: str) -> FrameworkVersion:
    """A published version of this programme's own. Raises Http404 for anything else."""
    return _version(user, programme, version, VersionState.PUBLISHED)


def _version(user: User, programme: str, version: str, state: str) -> FrameworkVersion:
    rows = FrameworkVersion.objects.filter(
        state=state,
        public_id=version,
        framework__in=Framework.objects.editable_by(user).filter(programme__public_id=programme),
    )
    row = rows.select_related("framework__programme", "updated_by").first()
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list; `by` last saved it."""

    public_id: str
    version: str
    draft: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FrameworkLine:
    """A framework of the programme. `draft` is the one under way, `newest` the version that is in force."""

    slug: str
    name: str
    copied_from: str
    versions: tuple[VersionLine, ...]

    @property
    def draft(self) -> VersionLine | None:
        return next((row for row in self.versions if row.draft), None)

    @property
    def newest(self) -> VersionLine | None:
        return next((row for row in self.versions if not row.draft), None)


@dataclass(frozen=True, slots=True)
class FrameworksPage:
    programme: Programme
    frameworks: tuple[FrameworkLine, ...]

    @property
    def drafts(self) -> int:
        return sum(line.draft is not None for line in self.frameworks)

    @property
    def published(self) -> int:
        return sum(line.newest is not None for line in self.frameworks)


def frameworks_page(user: User, programme: str) -> FrameworksPage:
    """The frameworks of a programme by name, each with its versions, newest first. Raises Http404. 3 queries."""
    row = programme_for(user, programme)
    frameworks = Framework.objects.filter(programme=row).select_related("copied_from__framework")
    frameworks = frameworks.defer("copied_from__document").order_by("name", "pk")
    versions: dict[int, list[VersionLine]] = {}
    rows = FrameworkVersion.objects.filter(framework__programme=row).select_related("updated_by")
    for version in rows.defer("document").order_by("-pk"):
        versions.setdefault(version.framework_id, []).append(_version_line(version))
    return FrameworksPage(
        row,
        tuple(
            FrameworkLine(
                each.slug,
                each.name,
                str(each.copied_from) if each.copied_from else "",
                tuple(versions.get(each.pk, ())),
            )
            for each in frameworks
        ),
    )


def _version_line(row: FrameworkVersion) -> VersionLine:
    draft = row.state == VersionState.DRAFT
    at = row.updated_at if draft else row.published_at or row.loaded_at
    return VersionLine(row.public_id, row.version, draft, at, str(row.updated_by) if row.updated_by else "")


@dataclass(frozen=True, slots=True)
class CopyPage:
    """What can be copied: published versions as (public id, name), those of everybody first."""

    programme: Programme
    sources: tuple[tuple[str, str], ...]


def copy_page(user: User, programme: str) -> CopyPage:
    """Raises Http404. 2 queries."""
    row = programme_for(user, programme)
    rows = FrameworkVersion.objects.visible_to(user).published().select_related("framework").defer("document")
    ordered = sorted(
        rows, key=lambda version: (version.framework.programme_id is not None, version.framework.name)
    )
    return CopyPage(row, tuple((version.public_id, str(version)) for version in ordered))


def source_for(user: User, version: str) -> FrameworkVersion | None:
    """A published version that the user may see, to be copied; None when there is no such."""
    rows = FrameworkVersion.objects.visible_to(user).published().filter(public_id=version)
    return rows.select_related("framework").first()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page of a draft. `revision` is what a save says it has seen."""

    programme: str
    draft: str
    name: str
    version: str
    revision: int
    language: str
    indicators: int


def head_of(draft: FrameworkVersion) -> Head:
    """The head of a draft's pages."""
    programme = draft.framework.programme
    return Head(
        programme=programme.public_id if programme else "",
        draft=draft.public_id,
        name=draft.document["name"],
        version=draft.version,
        revision=draft.revision,
        language=draft.language,
        indicators=len(draft.document["indicators"]),
    )


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    code: str
    name: str
    scope: str
    key: bool
    weight: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class AreaLine:
    code: str
    name: str
    indicators: tuple[IndicatorLine, ...]
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class DimensionLine:
    code: str
    name: str
    areas: tuple[AreaLine, ...]
    first: bool
    last: bool

    @property
    def count(self) -> int:
        return sum(len(area.indicators) for area in self.areas)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One save that can be gone back to."""

    revision: int
    what: str
    by: str
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class ProfileLine:
    code: str
    name: str
    scope: str
    default: int
    own: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft at a glance. `undo` is the revision that takes the last save back, None when there is none."""

    head: Head
    programme: Programme
    dimensions: tuple[DimensionLine, ...]
    profiles: tuple[ProfileLine, ...]
    method: str
    method_version: int
    history: tuple[HistoryLine, ...]

    @property
    def undo(self) -> HistoryLine | None:
        return next((line for line in self.history if not line.current), None)


def draft_page(user: User, programme: str, draft: str) -> DraftPage:
    """The tree, the targets and the history of a draft. Raises Http404. 2 queries."""
    row = draft_for(user, programme, draft)
    owner = row.framework.programme
    if owner is None:
        raise Http404
    document = row.document
    return DraftPage(
        head=head_of(row),
        programme=owner,
        dimensions=tree_of(document),
        profiles=tuple(
            ProfileLine(
                each["id"], each["name"], str(Scope(each["scope"]).label), each["targets"]["default"],
                len(each["targets"].get("indicators", {})),
            )
            for each in document.get("profiles", [])
        ),
        method=document["method"]["name"],
        method_version=document["method"]["version"],
        history=_history(row),
    )  # fmt: skip


def tree_of(document: Document) -> tuple[DimensionLine, ...]:
    """The tree of a document; each line knows whether it can still move up or down."""
    indicators: dict[str, list[Document]] = {}
    for row in document["indicators"]:
        indicators.setdefault(row["area"], []).append(row)
    areas: dict[str, list[Document]] = {}
    for row in document["areas"]:
        areas.setdefault(row["dimension"], []).append(row)
    last = len(document["dimensions"]) - 1
    return tuple(
        DimensionLine(row["id"], row["name"], _areas(areas.get(row["id"], []), indicators), n == 0, n == last)
        for n, row in enumerate(document["dimensions"])
    )


def _areas(rows: list[Document], indicators: Mapping[str, list[Document]]) -> tuple[AreaLine, ...]:
    last = len(rows) - 1
    return tuple(
        AreaLine(row["id"], row["name"], _indicators(indicators.get(row["id"], [])), n == 0, n == last)
        for n, row in enumerate(rows)
    )


def _indicators(rows: list[Document]) -> tuple[IndicatorLine, ...]:
    last = len(rows) - 1
    return tuple(
        IndicatorLine(
            row["id"], row["name"], str(Scope(row["scope"]).label), row["key"], str(row.get("weight", "")), n == 0, n == last,
        )
        for n, row in enumerate(rows)
    )  # fmt: skip


def _history(row: FrameworkVersion) -> tuple[HistoryLine, ...]:
    rows = DraftRevision.objects.filter(version=row).select_related("by").defer("packed")
    return tuple(
        HistoryLine(
            line.revision,
            said(line.what),
            str(line.by) if line.by else "",
            line.at,
            line.revision == row.revision,
        )
        for line in rows
    )


def said(what: str) -> str:
    """What a save did, in words, from the name it is kept under."""
    kind, _colon, subject = what.partition(":")
    sentences = {
        "copied": _("Copied from %(what)s"),
        "begun": _("Begun from version %(what)s"),
        "imported": _("Imported"),
        "indicator": _("%(what)s edited"),
        "part": _("%(what)s edited"),
        "added": _("%(what)s added"),
        "removed": _("%(what)s removed"),
        "moved": _("%(what)s moved"),
        "profile": _("Targets “%(what)s” edited"),
        "about": _("Name, source or scale edited"),
        "method": _("Method or tiers edited"),
        "restored": _("Put back to save %(what)s"),
    }
    return sentences.get(kind, _("Edited")) % {"what": subject}


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form over a part of the draft; `row` is that part as it is stored."""

    head: Head
    draft: FrameworkVersion
    document: Document
    kind: str = ""
    code: str = ""
    row: Document | None = None


def form_page(user: User, programme: str, draft: str, *, kind: str = "", code: str = "") -> FormPage:
    """A part of a draft: `kind` is dimensions, areas, indicators or profiles, "" for the whole. Raises Http404. 1 query."""
    found = draft_for(user, programme, draft)
    row = None
    if kind and code:
        row = next((each for each in found.document.get(kind, []) if each["id"] == code), None)
        if row is None:
            raise Http404
    return FormPage(head_of(found), found, found.document, kind, code, row)

"""Loading a framework file: all of it or nothing; a published version never changes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.frameworks.choices import VersionState
from apps.frameworks.models import (
    Area,
    Dimension,
    DraftRevision,
    Framework,
    FrameworkVersion,
    Indicator,
    Level,
)
from apps.frameworks.policies import may_edit_frameworks, may_load
from apps.frameworks.services.checking import document_faults
from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.source import read_framework_file, read_framework_text
from apps.members.models import Programme

REVISIONS_KEPT = 30
HELP = ("question", "look_for", "mistakes", "words", "crosswalk", "not_applicable", "scale", "stage")


@transaction.atomic
def load_framework(
    *,
    actor: User | None,
    path: Path | None = None,
    text: str | None = None,
    draft: bool = False,
    programme: Programme | None = None,
) -> FrameworkVersion:
    """Load one framework file (or its text), published unless `draft`, and return its version.

    `programme` keeps it for the people of a programme; without one it is the site's own. The same document again
    changes nothing. Raises `FrameworkFaults` listing everything that is wrong, and `Refused` for other content under
    a published version and for an id that someone else uses. `actor` is None at the console of the server.
    """
    require(may_edit_frameworks(actor, programme) if actor and programme else may_load(actor))
    document = _read(path, text)
    faults = document_faults(document)
    if faults:
        raise FrameworkFaults(faults)
    version, changed = _version_for(actor, document, draft, programme)
    if changed:
        audit.record(
            actor=actor, action=f"framework.{'loaded' if draft else 'published'}", on=version,
            framework=document["id"], version=version.version, hash=version.document_hash,
        )  # fmt: skip
    return version


def _read(path: Path | None, text: str | None) -> dict[str, Any]:
    if (path is None) == (text is None):
        raise TypeError("load_framework takes either a path or a text")
    return read_framework_file(path) if path is not None else read_framework_text(text or "")


def document_hash(document: dict[str, Any]) -> str:
    """SHA-256 of the RFC 8785 form: the same for the same content, however the file is laid out."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _version_for(
    actor: User | None, document: dict[str, Any], draft: bool, programme: Programme | None
) -> tuple[FrameworkVersion, bool]:
    """Return the stored version and whether anything was written."""
    fingerprint = document_hash(document)
    framework, _new = Framework.objects.select_for_update().get_or_create(
        slug=document["id"], defaults={"name": document["name"], "programme": programme}
    )
    if framework.programme_id != (programme.pk if programme else None):
        raise Refused(
            _("The id “%(id)s” is in use. Choose another one.") % {"id": framework.slug}, field="id"
        )
    found = FrameworkVersion.objects.filter(framework=framework, version=document["version"]).first()
    if found and found.document_hash == fingerprint:
        return found, not draft and publish(found)
    if found and found.state == VersionState.PUBLISHED:
        raise Refused(
            _(
                "%(name)s %(version)s is published with other content. A published version never changes; raise the version."
            )
            % {"name": framework.name, "version": found.version}
        )
    version = found or FrameworkVersion(framework=framework, version=document["version"])
    if found:
        # Who is writing in the draft meanwhile is told, and what was there before can be put back.
        remember(found.updated_by, found, "imported")
        found.revision += 1
    version.updated_by = actor
    store(version, document, fingerprint)
    if found:
        remember(actor, found, "imported")
    if not draft:
        publish(version)
    return version, True


def remember(actor: User | None, draft: FrameworkVersion, what: str) -> None:
    """Keep the draft as it is now among its newest saves, once, and forget those that are too old."""
    packed = {"packed": DraftRevision.pack(draft.document), "what": what[:200], "by": actor}
    DraftRevision.objects.get_or_create(version=draft, revision=draft.revision, defaults=packed)
    DraftRevision.objects.filter(version=draft, revision__lte=draft.revision - REVISIONS_KEPT).delete()


def publish(version: FrameworkVersion) -> bool:
    """Publish a draft; False when it already was."""
    if version.state == VersionState.PUBLISHED:
        return False
    version.state, version.published_at = VersionState.PUBLISHED, now()
    version.save(update_fields=["state", "published_at"])
    DraftRevision.objects.filter(version=version).delete()
    Framework.objects.filter(pk=version.framework_id).update(name=version.document["name"])
    return True


def store(version: FrameworkVersion, document: dict[str, Any], fingerprint: str) -> None:
    """Write the document and the tree made from it, in place of an earlier draft's."""
    version.document, version.document_hash = document, fingerprint
    version.language, version.loaded_at, version.updated_at = document["language"], now(), now()
    version.save()
    try:
        version.dimensions.all().delete()
    except ProtectedError as error:
        raise Refused(
            _("An assessment already uses this draft, so it cannot change; raise the version.")
        ) from error
    dimensions = _dimensions(version, document)
    indicators = _indicators(version, document, _areas(version, document, dimensions))
    _levels(document, indicators)


def _dimensions(version: FrameworkVersion, document: dict[str, Any]) -> dict[str, Dimension]:
    rows = [
        Dimension(version=version, code=row["id"], name=row["name"], position=position)
        for position, row in enumerate(document["dimensions"])
    ]
    return {row.code: row for row in Dimension.objects.bulk_create(rows)}


def _areas(
    version: FrameworkVersion, document: dict[str, Any], dimensions: dict[str, Dimension]
) -> dict[str, Area]:
    rows = [
        Area(
            version=version,
            dimension=dimensions[row["dimension"]],
            code=row["id"],
            name=row["name"],
            position=position,
        )
        for position, row in enumerate(document["areas"])
    ]
    return {row.code: row for row in Area.objects.bulk_create(rows)}


def _indicators(
    version: FrameworkVersion, document: dict[str, Any], areas: dict[str, Area]
) -> dict[str, Indicator]:
    rows = [
        Indicator(
            version=version,
            area=areas[row["area"]],
            code=row["id"],
            name=row["name"],
            intent=row["intent"],
            scope=row["scope"],
            key=row["key"],
            effort=row["effort"],
            weight=str(row.get("weight", "")),
            help={name: row[name] for name in HELP if name in row},
            position=position,
        )
        for position, row in enumerate(document["indicators"])
    ]
    return {row.code: row for row in Indicator.objects.bulk_create(rows)}


def _levels(document: dict[str, Any], indicators: dict[str, Indicator]) -> None:
    Level.objects.bulk_create(
        Level(
            indicator=indicators[row["id"]],
            scope=scope,
            level=level["level"],
            title=level["title"],
            text=level["text"],
            evidence=level.get("evidence", []),
        )
        for row in document["indicators"]
        for scope, levels in row.get("levels", {}).items()
        for level in levels
    )

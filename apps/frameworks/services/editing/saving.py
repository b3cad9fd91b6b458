"""Drafts of a framework: copied, begun anew, saved, put back, deleted. The document is the one truth."""

from __future__ import annotations

import copy
import json
import secrets
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit, saves
from apps.core.decisions import require
from apps.core.errors import Conflict, Refused
from apps.frameworks.choices import VersionState
from apps.frameworks.models import DraftRevision, Framework, FrameworkVersion
from apps.frameworks.policies import may_edit_frameworks
from apps.frameworks.services.editing.edits import Edit, check_part
from apps.frameworks.services.load import document_hash, remember, store
from apps.members.models import Programme
from apps.scoring.reading import LARGEST_TEXT

FIRST_NUMBER = "0.1"
LONGEST_SLUG = 50


@transaction.atomic
def copy_framework(
    *, actor: User, programme: Programme, source: FrameworkVersion, name: str, idempotency: str = ""
) -> FrameworkVersion:
    """Copy a published version that the actor may see into a draft of the programme's own.

    Raises `Refused` for a name that is empty or too long, or a version that is not theirs to copy.
    """
    require(may_edit_frameworks(actor, programme))
    if not FrameworkVersion.objects.visible_to(actor).published().filter(pk=source.pk).exists():
        raise Refused(_("Choose a published framework."), field="source")
    check_part("$defs/line", name, lambda _path: "name")
    done = saves.once(
        owner=actor.public_id,
        scope=f"copy:{programme.public_id}",
        key=idempotency,
        act=lambda: _copy(actor, programme, source, name),
        content=(source.pk, name),
    )
    return FrameworkVersion.objects.select_related("framework").get(public_id=done["draft"])


def _copy(actor: User, programme: Programme, source: FrameworkVersion, name: str) -> dict[str, Any]:
    document = copy.deepcopy(source.document)
    document |= {"id": _free_slug(name), "version": FIRST_NUMBER, "name": name}
    document.pop("changes", None)
    document.setdefault("source", {"title": f"{source.document['name']} {source.version}"[:150]})
    for language in document.get("translations", {}).values():
        language.pop("name", None)
    framework = Framework.objects.create(
        slug=document["id"], name=name, programme=programme, copied_from=source
    )
    draft = FrameworkVersion(framework=framework, version=FIRST_NUMBER)
    _begin(actor, draft, document, f"copied:{source.framework.slug} {source.version}")
    return {"draft": draft.public_id}


def _free_slug(name: str) -> str:
    """An id made from the name; with letters at random where that is taken or has no Latin letters."""
    wanted = slugify(name).replace("_", "-")[:LONGEST_SLUG].strip("-")
    wanted = wanted if wanted[:1].isalpha() else f"framework-{wanted}".strip("-")
    while Framework.objects.filter(slug=wanted).exists() or wanted == "framework":
        wanted = f"{wanted[:LONGEST_SLUG]}-{secrets.token_hex(3)}"
    return wanted


@transaction.atomic
def begin_version(*, actor: User, source: FrameworkVersion) -> FrameworkVersion:
    """Begin the next version of a framework as a draft of its newest published one.

    Raises `Refused` when there is a draft already, or `source` is not the newest.
    """
    require(may_edit_frameworks(actor, source.framework.programme))
    Framework.objects.select_for_update().get(pk=source.framework_id)
    versions = FrameworkVersion.objects.filter(framework=source.framework_id)
    if versions.drafts().exists():
        raise Refused(_("There is a draft of the next version already."))
    newest = versions.published().order_by("-published_at", "-pk").first()
    if newest is None or newest.pk != source.pk:
        raise Refused(_("A new version begins from the newest one."))
    document = copy.deepcopy(source.document)
    document |= {
        "version": next_number(source.version),
        "changes": {"since": source.version, "indicators": []},
    }
    draft = FrameworkVersion(framework=source.framework, version=document["version"])
    _begin(actor, draft, document, f"begun:{source.version}")
    return draft


def next_number(version: str) -> str:
    """The version after this one: its second number one higher."""
    first, second = version.split(".")[:2]
    return f"{first}.{min(int(second) + 1, 999_999)}"


def _begin(actor: User, draft: FrameworkVersion, document: dict[str, Any], what: str) -> None:
    draft.revision, draft.updated_by = 1, actor
    store(draft, document, document_hash(document))
    remember(actor, draft, what)
    _record(actor, draft, "framework.draft_begun")


@transaction.atomic
def save_draft(*, actor: User, draft: FrameworkVersion, expected: int, edit: Edit) -> FrameworkVersion:
    """Apply one edit to a draft of which the actor saw revision `expected`; return the stored draft.

    Someone else's save in between does no harm where it touched another part. Raises `Conflict` with the stored
    document as `current` where it touched the same, `Refused` for an edit that makes no sense.
    """
    require(may_edit_frameworks(actor, draft.framework.programme))
    row = lock_draft(draft)
    if row.revision != expected and _touched(row, expected, edit):
        raise Conflict(
            _("Someone else saved this while you were writing."), current=row.document, proposed=edit
        )
    document = copy.deepcopy(row.document)
    edit.apply(document)
    if document != row.document:
        _keep(actor, row, document, edit.what)
        _record(actor, row, "framework.draft_saved", what=edit.what)
    return row


def lock_draft(draft: FrameworkVersion) -> FrameworkVersion:
    """The draft as it is stored, locked until the transaction ends. Raises `Refused` when it is a draft no more."""
    rows = FrameworkVersion.objects.select_for_update(of=("self",)).select_related("framework")
    row = rows.filter(pk=draft.pk).first()
    if row is None:
        raise Refused(_("This draft was deleted."))
    if row.state != VersionState.DRAFT:
        raise Refused(_("This version is published. A published version never changes."))
    return row


def _touched(row: FrameworkVersion, expected: int, edit: Edit) -> bool:
    """Whether the part of this edit was changed since revision `expected`; yes when that is forgotten."""
    seen = DraftRevision.objects.filter(version=row, revision=expected).first()
    if seen is None:
        return True
    try:
        return bool(edit.part(seen.document) != edit.part(row.document))
    except Refused:
        return True


def _keep(actor: User, row: FrameworkVersion, document: dict[str, Any], what: str) -> None:
    if len(json.dumps(document, ensure_ascii=False).encode()) > LARGEST_TEXT:
        raise Refused(
            _("With this the framework would be larger than %(n)s MB.") % {"n": LARGEST_TEXT // 10**6}
        )
    remember(row.updated_by, row, "imported")
    row.revision += 1
    row.updated_by = actor
    store(row, document, document_hash(document))
    if not FrameworkVersion.objects.filter(framework=row.framework_id).published().exists():
        row.framework.name = document["name"]
        row.framework.save(update_fields=["name"])
    remember(actor, row, what)


def _record(actor: User, row: FrameworkVersion, action: str, **detail: Any) -> None:
    programme = row.framework.programme
    audit.record(
        actor=actor,
        action=action,
        on=row,
        programme=programme.public_id if programme else None,
        framework=row.framework.slug,
        version=row.version,
        revision=row.revision,
        hash=row.document_hash,
        **detail,
    )


@transaction.atomic
def restore_draft(*, actor: User, draft: FrameworkVersion, expected: int, revision: int) -> FrameworkVersion:
    """Put the draft back to what an earlier save left; that is a save as well, so it can be undone too."""
    require(may_edit_frameworks(actor, draft.framework.programme))
    row = lock_draft(draft)
    if row.revision != expected:
        raise Conflict(_("Someone else saved this draft meanwhile. Load the page again and look first."))
    found = DraftRevision.objects.filter(version=row, revision=revision).first()
    if found is None:
        raise Refused(_("That state of the draft is not kept any more."))
    if found.document != row.document:
        _keep(actor, row, found.document, f"restored:{revision}")
        _record(actor, row, "framework.draft_restored", restored=revision)
    return row


@transaction.atomic
def delete_draft(*, actor: User, draft: FrameworkVersion) -> None:
    """Delete a draft for good; with the last version goes the framework itself."""
    require(may_edit_frameworks(actor, draft.framework.programme))
    row = lock_draft(draft)
    _record(actor, row, "framework.draft_deleted")
    framework = row.framework
    row.delete()
    if not framework.versions.exists():
        framework.delete()

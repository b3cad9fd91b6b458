"""An import in two steps: look at what would be made, then make exactly that, once."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.decisions import require
from apps.core.errors import Refused
from apps.frameworks.models import FrameworkUpload, FrameworkVersion
from apps.frameworks.policies import may_edit_frameworks
from apps.frameworks.services.importing.preview import Preview, preview_of
from apps.frameworks.services.importing.reading import Prepared, read_import
from apps.frameworks.services.importing.settings import Choices
from apps.frameworks.services.load import load_framework
from apps.members.models import Programme

KEPT = timedelta(hours=1)
_DECEIVING = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\\\]")


@transaction.atomic
def keep_upload(
    *, actor: User, content: bytes, name: str, choices: Choices, programme: Programme | None = None
) -> FrameworkUpload:
    """Read a file and, if a framework can be made from it, keep it for an hour; nothing else is written.

    Takes the place of what the same person uploaded before. Raises `Refused` (`FrameworkFaults`) with every fault.
    """
    require(may_edit_frameworks(actor, programme))
    shown = shown_name(name)
    read_import(content, name=shown, choices=choices)
    purge_uploads()
    FrameworkUpload.objects.filter(by=actor).delete()
    return FrameworkUpload.objects.create(
        by=actor, programme=programme, name=shown, content=content, choices=choices.as_dict()
    )


def shown_name(name: str) -> str:
    """The name of an upload as messages may show it."""
    return _DECEIVING.sub("", name)[:100] or _("the file")


def purge_uploads() -> int:
    """Forget every upload older than an hour; return how many."""
    return FrameworkUpload.objects.filter(at__lt=now() - KEPT).delete()[0]


def look_at_upload(*, actor: User, upload: str) -> tuple[FrameworkUpload, Preview]:
    """What the kept file would make. Raises Http404 for an upload of someone else or one that is forgotten."""
    row = _own(actor, upload)
    prepared = _prepared(row)
    return row, preview_of(prepared, programme=row.programme_id, publish=row.choices.get("publish", False))


@transaction.atomic
def import_upload(*, actor: User, upload: str) -> FrameworkVersion:
    """Make the framework from the kept file, all of it or nothing, and return its version; a second time, the same.

    Raises Http404, `Refused` when what is stored has changed since and does not allow it any more.
    """
    row = _own(actor, upload)
    row = (
        FrameworkUpload.objects.select_for_update(of=("self",))
        .select_related("programme", "made")
        .get(pk=row.pk)
    )
    require(may_edit_frameworks(actor, row.programme))
    if row.made:
        return row.made
    document = _prepared(row).document
    version = load_framework(
        actor=actor, text=as_text(document), draft=not row.choices.get("publish"), programme=row.programme
    )
    row.made = version
    row.save(update_fields=["made"])
    return version


def as_text(document: dict[str, Any]) -> str:
    """The document as the text that is loaded."""
    return json.dumps(document, ensure_ascii=False)


def _own(actor: User, upload: str) -> FrameworkUpload:
    rows = FrameworkUpload.objects.filter(by=actor, at__gte=now() - KEPT).select_related("programme", "made")
    row = rows.filter(public_id=upload).first()
    if row is None:
        raise Http404(_("This upload is not kept any more. Choose the file again."))
    require(may_edit_frameworks(actor, row.programme))
    return row


def _prepared(row: FrameworkUpload) -> Prepared:
    try:
        return read_import(bytes(row.content), name=row.name, choices=Choices(**row.choices))
    except TypeError as error:
        raise Refused(_("This upload is from an earlier release. Choose the file again.")) from error

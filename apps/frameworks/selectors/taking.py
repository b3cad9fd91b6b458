"""For whom somebody may bring a framework, and the documents that they may take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from apps.frameworks.models import FrameworkVersion
from apps.members.models import Programme

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Taken:
    """A whole document. `open` says whether everybody may have it, so that others may keep a copy."""

    document: dict[str, Any]
    document_hash: str
    published_at: datetime
    open: bool


def import_owners(user: User) -> list[tuple[str, str]]:
    """(id, name) of whom a framework may be brought for; the site itself has no id. 1 query.

    Raises PermissionDenied when there is nobody.
    """
    rows = Programme.objects.visible_to(user).order_by("name").values_list("public_id", "name")
    owners = [("", _("Everybody on this site")), *rows] if user.is_staff else list(rows)
    if not owners:
        raise PermissionDenied(
            _("Frameworks are brought by the managers of programmes and by administrators.")
        )
    return owners


def import_owner(user: User, public_id: str) -> Programme | None:
    """The programme to bring a framework for, None for the site itself. Raises Http404 for one of others."""
    if not public_id:
        return None
    programme = Programme.objects.visible_to(user).filter(public_id=public_id).first()
    if programme is None:
        raise Http404
    return programme


def taken_version(user: User | AnonymousUser, slug: str, version: str) -> Taken:
    """A version with its document, if the user may see it (a draft only who may edit it). Http404. 1 query."""
    rows = FrameworkVersion.objects.visible_to(user).filter(framework__slug=slug, version=version)
    row = rows.select_related("framework").first()
    if row is None:
        raise Http404(_("There is no such version of a framework."))
    is_open = row.published_at is not None and row.framework.programme_id is None
    return Taken(row.document, row.document_hash, row.published_at or row.updated_at, is_open)

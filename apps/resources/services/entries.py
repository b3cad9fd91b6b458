"""Making an entry of the library from what was proposed."""

from __future__ import annotations

import secrets

from django.utils.text import slugify

from apps.members.models import Member
from apps.resources.models import Contribution, Resource

SAID = ("title", "kind", "publisher", "summary", "when", "url", "text", "language", "areas", "levels", "tlp")


def add_entry(row: Contribution, *, member: Member | None = None) -> Resource:
    """The entry of a proposal, under a name of its own; runs in the caller's transaction."""
    stem = slugify(row.title)[:60].strip("-") or "resource"
    said = {name: getattr(row, name) for name in SAID}
    # A name that tells nothing when it is taken: others may not learn of an entry that is not theirs to see.
    slug = f"{stem}-{secrets.token_hex(3)}"
    return Resource.objects.create(slug=slug, programme=row.programme, member=member, **said)

"""Links that a mail carries: signed, each for one purpose, useless for anything else."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.http import Http404

FOLLOW_UP, DIGEST = "courses.follow-up", "courses.digest-off"
LASTS = {FOLLOW_UP: timedelta(days=90)}


def make_link(purpose: str, public_id: str) -> str:
    """A token that names one row for one purpose."""
    return signing.dumps(public_id, salt=purpose)


def read_link(purpose: str, token: str) -> str:
    """The public id in a token. Raises Http404 for one that was changed, is for something else, or is too old."""
    try:
        found = signing.loads(token[:300], salt=purpose, max_age=LASTS.get(purpose))
    except signing.BadSignature:
        raise Http404 from None
    return str(found)

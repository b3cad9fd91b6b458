"""Take the report of an engagement: made when it is asked for, on record."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.core import audit
from apps.members.policies import site_day
from apps.mentoring.selectors.story import Story, story_for_office, story_for_side
from apps.reports.documents.engagement import engagement_document, engagement_html
from apps.reports.pdf import render_pdf
from apps.reports.services.files import OpenedFile


def open_engagement(*, actor: User, member: str, engagement: str) -> OpenedFile:
    """The report for one of the two sides, in the active language. Raises `Http404` for others."""
    return _open(actor, story_for_side(actor, member, engagement))


def open_engagement_for_office(*, actor: User, programme: str, engagement: str) -> OpenedFile:
    """The same report for the managers of the programme. Raises `Http404` for others."""
    return _open(actor, story_for_office(actor, programme, engagement))


def _open(actor: User, story: Story) -> OpenedFile:
    chain = story.learner.public_id
    document = engagement_document(
        story, reader=actor.full_name, made_on=site_day(), head=audit.head_line(chain)
    )
    html = engagement_html(document)
    content = render_pdf(html, language=get_language() or "en", title=document.request.title).content
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        audit.record(
            actor=actor, action="engagement.printed", on=story.learner, chain=chain, engagement=story.public_id,
            sha256=digest,
        )  # fmt: skip
    return OpenedFile(content, f"belay-engagement-{story.public_id[:11]}.pdf", digest)

"""The printed report of an engagement: both sides and the managers, nobody else; never the notes."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.utils import translation
from django.utils.timezone import localdate

from apps.core.models import AuditEntry
from apps.mentoring.selectors.story import story_for_side
from apps.mentoring.services import log_session
from apps.reports.documents.engagement import engagement_document, engagement_html
from apps.reports.services.engagements import open_engagement, open_engagement_for_office
from tests.mentoring.test_reviews import answer, closed
from tests.mentoring.world import World, make_world
from tests.people import Cast

pytestmark = pytest.mark.django_db
SECRET = "The duty phone was off the hook."


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def test_report_is_for_both_sides_and_the_managers_only(world: World) -> None:
    cast, row = world.cast, world.engagement()
    sides = ((cast.viewer, cast.agency), (cast.mentor, cast.mentor_partner))
    files = [
        open_engagement(actor=who, member=side.public_id, engagement=row.public_id) for who, side in sides
    ]
    programme = cast.programme.public_id
    files.append(
        open_engagement_for_office(actor=cast.manager, programme=programme, engagement=row.public_id)
    )
    assert all(file.content.startswith(b"%PDF-") for file in files)
    rows = AuditEntry.objects.filter(action="engagement.printed")
    assert {entry.detail["sha256"] for entry in rows} == {file.sha256 for file in files}
    for stranger in (cast.other_lead, cast.staff, cast.manager):
        with pytest.raises(Http404):
            open_engagement(actor=stranger, member=cast.agency.public_id, engagement=row.public_id)
    for stranger in (cast.lead, cast.staff):
        with pytest.raises(Http404):
            open_engagement_for_office(actor=stranger, programme=programme, engagement=row.public_id)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_report_tells_the_review_and_follow_up_but_no_note(world: World, language: str) -> None:
    cast = world.cast
    engagement = world.engagement()
    for _n in range(40):
        log_session(
            actor=cast.lead, member=cast.agency, engagement=engagement.public_id, held_on=engagement.starts_on,
            hours=2, present="", notes=SECRET, next_steps="",
        )  # fmt: skip
    world.engagement = lambda: engagement  # type: ignore[method-assign]
    row = closed(world, 200)
    answer(world, row)
    with translation.override(language):
        story = story_for_side(cast.lead, cast.agency.public_id, row.public_id)
        html = engagement_html(engagement_document(story, reader="", made_on=localdate()))
    assert "A strategy stands." in html and "A budget line" in html and SECRET not in html
    assert html.count("<tr>") > 40 and f'lang="{language}"' in html

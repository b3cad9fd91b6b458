"""The page of a region of 1,000 members and 28 areas, whole request, against one SQL aggregate plus the bare page.

The aggregate is the mean level by area over the newest results, out of the stored documents, which alone count; the page
reads the short form beside them. The bare page is the site's frame around as many bytes, behind the same middleware, with nothing read but the person.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import bench_saving
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.safestring import mark_safe
from django.utils.timezone import now

MEMBERS = 1000
PAGE = '{% extends "base.html" %}{% block main %}<div class="prose">{{ body }}</div>{% endblock %}'
AGGREGATE = """
SELECT json_extract(area.value, '$.code'), avg(json_extract(area.value, '$.label.level')), count(*)
FROM members_participation place
JOIN assessments_result result ON result.id = (
  SELECT newest.id FROM assessments_result newest
  WHERE newest.member_id = place.member_id AND newest.voided_at IS NULL ORDER BY newest.computed_at DESC LIMIT 1)
JOIN json_each(result.document, '$.evidenced.areas') area
WHERE place.programme_id = %s AND place.shares_levels
GROUP BY 1
"""
held: dict[str, Any] = {}


@login_required
def same_size(request: HttpRequest) -> HttpResponse:
    """The bare page, after the one aggregate."""
    with connection.cursor() as cursor:
        cursor.execute(AGGREGATE, [held["programme"]])
        assert len(cursor.fetchall()) >= 28
    return HttpResponse(held["page"].render({"body": held["body"]}, request))


urlpatterns = [path("bare/", same_size), path("", include("config.urls"))]


def rows(row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """The page as it is asked for again, sorted and filtered, and as a process gives it for the first time."""
    from apps.insights.selectors import kept

    user, programme = big_region()
    ours, bare = bench_saving.browser(user), bench_saving.bare_browser(user, __name__)
    held["page"], held["body"] = engines["django"].from_string(PAGE), ""
    address = f"/p/{programme}/region/"

    def get(client: Any, where: str) -> Callable[[], None]:
        def act() -> None:
            assert client.get(where).status_code == 200, where

        return act

    def first() -> None:
        kept._kept.clear()
        get(ours, address)()

    wanted = len(ours.get(address).content) - len(bare.get("/bare/").content)
    held["body"] = mark_safe(("<p>Words of a region, many.</p>" * (wanted // 30 + 1))[:wanted])
    frame = "one SQL aggregate over the same results, and the site's frame around as many bytes"
    plain = get(bare, "/bare/")
    return [
        row("region of 1,000 members × 28 areas", get(ours, address), plain, frame, 5) | {"limit": 2.5},
        row(
            "the same, sorted and filtered", get(ours, f"{address}?state=shared&sort=-GOV.1"), plain, frame, 5
        )
        | {"limit": 2.5},
        row("the same, first look of a process", first, plain, frame, 3) | {"limit": 2.5},
    ]


def big_region() -> tuple[Any, str]:
    """A programme of its own whose members each share two results of full length; its manager and its id."""
    from apps.accounts.models import User
    from apps.members.models import Manager, Member, Participation, Programme

    user = User.objects.create(
        email="office@bench.example.org", full_name="Office of the bench", password="!"
    )
    programme = Programme.objects.create(name="Bench of a region")
    Manager.objects.create(programme=programme, user=user)
    held["programme"] = programme.pk
    nations = [Member(name=f"Bench nation {n}", kind="nation") for n in range(MEMBERS)]
    found = Member.objects.bulk_create(nations)
    Participation.objects.bulk_create(Participation(programme=programme, member=member) for member in found)
    _results(user, found)
    return user, programme.public_id


def _results(user: Any, members: list[Any]) -> None:
    """Two results of each member, made from a stored one: its length, other levels."""
    from apps.assessments.models import Assessment, Result
    from apps.assessments.services.figures import store_figures

    pattern = max(
        Result.objects.filter(member__kind="nation").select_related("assessment").order_by("pk")[:20],
        key=lambda one: len(one.document["evidenced"]["areas"]),
    )
    dice = random.Random(7)
    for number, ago in enumerate((400, 10)):
        sheets = Assessment.objects.bulk_create(
            Assessment(
                member=member, version_of=pattern.assessment.version_of, title=f"Bench {number}",
                scope=pattern.assessment.scope, state="submitted", lead=user,
            )
            for member in members
        )  # fmt: skip
        for start in range(0, len(sheets), 100):
            made = _stored(pattern, sheets[start : start + 100], ago, dice)
            store_figures(Result.objects.bulk_create(made))


def _stored(pattern: Any, sheets: list[Any], ago: int, dice: random.Random) -> Iterator[Any]:
    from apps.assessments.models import Result

    for sheet in sheets:
        document = {**pattern.document, "evidenced": copy.deepcopy(pattern.document["evidenced"])}
        for part in (document["evidenced"]["overall"], *document["evidenced"]["areas"]):
            level = dice.randint(0, 5)
            part["label"] = {"level": level, "name": f"Level {level}"}
            part["value"] = {"exact": f"{20 * level}/1", "display": f"{20 * level}.0"}
        yield Result(
            member=sheet.member, assessment=sheet, method=pattern.method, method_version=pattern.method_version,
            input_hash="0" * 64, inputs={}, document=document, computed_at=now() - timedelta(days=ago),
        )  # fmt: skip

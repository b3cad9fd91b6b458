"""A lesson's page, whole request, against the bare rendered page of the same size behind the same middleware."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import bench_saving
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils.safestring import mark_safe

COURSE = "c1-cyber-hygiene"
PAGE = '{% extends "base.html" %}{% block main %}<div class="prose">{{ body }}</div>{% endblock %}'
held: dict[str, Any] = {}


@login_required
def same_size(request: HttpRequest) -> HttpResponse:
    """The bare view: the site's frame around as many bytes as the lesson has, and nothing read but the person."""
    return HttpResponse(held["page"].render({"body": held["body"]}, request))


urlpatterns = [path("bare/", same_size), path("", include("config.urls"))]


def rows(row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """A screen with text, and the screen with the practice questions; in the processor's own time, as both only compute."""

    from apps.accounts.models import User
    from apps.courses import services
    from apps.courses.models import Lesson

    user = User.objects.filter(is_demo=True, enrolments=None).order_by("pk")[0]
    services.enrol(actor=user, course=COURSE)
    lesson = Lesson.objects.filter(version__course__slug=COURSE, version__language="en").order_by("position")[
        0
    ]
    ours, bare = bench_saving.browser(user), bench_saving.bare_browser(user, __name__)
    held["page"] = engines["django"].from_string(PAGE)
    check = len(lesson.screens) + 2
    for screen in range(1, check + 1):
        assert ours.get(f"/learn/{COURSE}/{lesson.slug}/?screen={screen}").status_code == 200
    return [
        measured(row, name, ours, bare, f"/learn/{COURSE}/{lesson.slug}/?screen={number}")
        for name, number in (("lesson, a screen of text", 2), ("lesson, its practice", check))
    ]


def measured(
    row: Callable[..., dict[str, Any]], name: str, ours: Any, bare: Any, address: str
) -> dict[str, Any]:
    """One row; the bare page is padded until both answers have the same size."""
    held["body"] = ""
    wanted = len(ours.get(address).content) - len(bare.get("/bare/").content)
    words = "<p>Words of a lesson, as many as it has.</p>"
    held["body"] = mark_safe((words * (wanted // len(words) + 1))[:wanted])

    def get(client: Any, where: str) -> Callable[[], None]:
        def act() -> None:
            assert client.get(where).status_code == 200, where

        return act

    frame = "the site's frame around as many bytes, behind the same middleware, nothing read but the person"
    return row(name, get(ours, address), get(bare, "/bare/"), frame, 60, time.process_time) | {"limit": 2}

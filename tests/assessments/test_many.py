"""Area page, overview and a save ask the database as often with a thousand answers and comments as with ten."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.assessments.models import Assessment, Comment, Response, ResponseRevision, Talk
from apps.frameworks.models import Area, FrameworkVersion, Indicator
from tests.assessments.flow import begin
from tests.factories import SMALL, small_version
from tests.people import Cast

EXTRA = 995


def wide_version() -> FrameworkVersion:
    """The small framework with a thousand questions, nearly all in one area."""
    version, pattern = small_version(), SMALL["indicators"][1]  # type: ignore[index]
    area = Area.objects.get(version=version, code="GOV.1")
    more = [{**pattern, "id": f"GOV.1.{n + 10}", "name": f"Plan {n}"} for n in range(EXTRA)]  # type: ignore[dict-item]
    Indicator.objects.bulk_create(
        Indicator(
            version=version, area=area, code=row["id"], name=row["name"], intent="", scope="both", key=False, effort=1,
            position=n + 10, help={},
        )
        for n, row in enumerate(more)
    )  # fmt: skip
    document = {**SMALL, "indicators": [*SMALL["indicators"], *more]}  # type: ignore[misc]
    rows = FrameworkVersion.objects.filter(pk=version.pk)
    rows.update(document=document, document_hash="f" * 64)
    return rows.get()


def fill(cast: Cast, row: Assessment, count: int) -> None:
    """Answer questions, each with history, a discussion and a comment in it, until there are `count` of each."""
    asked = Indicator.objects.filter(version=row.version_of).order_by("position", "pk")
    left = list(asked.exclude(pk__in=Response.objects.filter(assessment=row).values("indicator")))
    left = left[: count - Response.objects.filter(assessment=row).count()]
    common: dict[str, Any] = {"member": row.member, "assessment": row}
    people = (cast.lead, cast.respondent)
    answers = Response.objects.bulk_create(
        Response(
            **common, indicator=one, kind="level", level=n % 5, why=f"Why {n}.", answered_by=people[n % 2]
        )
        for n, one in enumerate(left)
    )
    ResponseRevision.objects.bulk_create(
        ResponseRevision(response=a, version=1, kind="level", level=a.level, by=a.answered_by)
        for a in answers
    )
    talks = Talk.objects.bulk_create(
        Talk(**common, indicator=one, opened_by=people[n % 2], asked=people[1 - n % 2])
        for n, one in enumerate(left)
    )
    Comment.objects.bulk_create(
        Comment(member=row.member, talk=t, by=t.opened_by, text="Which?") for t in talks
    )


def test_ten_answers_and_a_thousand_cost_the_same_queries(cast: Cast) -> None:
    row, client = begin(cast.lead, cast.agency, version=wide_version()), Client()
    client.force_login(cast.respondent, backend="allauth.account.auth_backends.AuthenticationBackend")
    where = [cast.agency.public_id, row.public_id]
    pages = {
        "area": reverse("assessments:area", args=[*where, "GOV.1"]),
        "question": reverse("assessments:question", args=[*where, "GOV.1", "GOV.1.1"]),
        "tasks": reverse("assessments:tasks", args=where),
        "overview": reverse("home:member", args=where[:1]),
    }
    for page in pages.values():  # what is read once and kept is read before counting
        client.get(page)
    found: list[dict[str, int]] = []
    for count in (10, 1000):
        fill(cast, row, count)
        assert Response.objects.filter(assessment=row).count() == Comment.objects.count() == count
        found.append({name: asked(lambda page=page: client.get(page), 200) for name, page in pages.items()})
        version = Response.objects.get(assessment=row, indicator__code="GOV.1.1").version
        data = {
            "answer": str(3 + len(found) % 2),
            "why": f"With {count}.",
            "version": str(version),
            "idempotency": f"k{count}",
        }
        save = asked(lambda data=data: client.post(pages["question"], data), 302)
        found[-1]["save"] = save
    assert found[0] == found[1]
    assert found[1]["save"] <= 24


def asked(act: Any, status: int) -> int:
    """How many questions one request asks the database."""
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == status
    return len(queries)

"""Trying levels, and keeping them as targets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.assessments import services
from apps.assessments.models import Assessment, Result, TargetSet
from apps.assessments.selectors.what_if import result_to_try, scored_with, what_if
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from tests.assessments.flow import begin, submitted
from tests.people import Cast

pytestmark = pytest.mark.django_db


def address(assessment: Assessment) -> str:
    at = {"member": assessment.member.public_id, "assessment": assessment.public_id}
    return reverse("assessments:what_if", kwargs=at)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(
    cast: Cast, assessment: Assessment, levels: dict[str, int], name: str = "Next year", **more: Any
) -> TargetSet:
    result = Result.objects.get(assessment=assessment)
    return services.save_targets(actor=cast.lead, result=result, levels=levels, name=name, **more)


def test_nothing_chosen_is_the_result_itself(cast: Cast) -> None:
    result = result_to_try(cast.lead, cast.agency, submitted(cast, "1", "1", "2", "3", "1").public_id)
    page = what_if(cast.lead, result, {})
    assert page.chosen == {}
    assert page.then.overall.now == page.then.overall.then
    assert not any(part.moves for part in page.then.parts)
    assert all(not row.new and not row.gone for row in page.then.lists)


def test_chosen_levels_are_scored_as_reached_and_shown(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    result = result_to_try(cast.viewer, cast.agency, assessment.public_id)
    document = scored_with(result, {"GOV.2.1": 5})
    row = next(row for row in document["indicators"] if row["code"] == "GOV.2.1")
    assert (row["claimed"], row["evidenced"]) == (5, 5)
    page = what_if(cast.viewer, result, {"GOV.2.1": 5})
    moved = {part.code for part in page.then.parts if part.moves}
    assert moved == {"GOV", "GOV.2"}
    assert page.then.overall.change.startswith("+")
    assert [key.code for key in page.then.keys] == ["GOV.2.1"]
    assert "GOV.2.1" in {row.code for each in page.then.lists for row in each.gone}


def test_a_level_without_its_prerequisite_is_pointed_out(cast: Cast) -> None:
    assessment = submitted(cast, "1", "0", "2", "3", "1")
    result = result_to_try(cast.lead, cast.agency, assessment.public_id)
    assert what_if(cast.lead, result, {"GOV.1.2": 3}).then.blocked == (
        "Plan needs Strategy at level 2 first.",
    )
    assert what_if(cast.lead, result, {"GOV.1.2": 3, "GOV.1.1": 2}).then.blocked == ()


def test_page_shows_changes_and_stores_nothing(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    client = signed_in(cast.viewer)
    before = AuditEntry.objects.count()
    page = client.get(address(assessment))
    assert b"Choose a level above" in page.content
    assert b"Save as target" not in page.content
    shown = client.post(address(assessment), {"l-GOV.2.1": "4"})
    assert shown.status_code == 200
    assert b"What moves" in shown.content
    assert b"What moves" not in client.get(address(assessment)).content
    assert (AuditEntry.objects.count(), TargetSet.objects.count()) == (before, 0)


@pytest.mark.parametrize("level", ["6", "-1", "x", "2.5", "9" * 400, "\x00"])
def test_levels_that_do_not_exist_are_told(cast: Cast, level: str) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    shown = signed_in(cast.lead).post(address(assessment), {"l-GOV.2.1": level, "act": "save", "name": "x"})
    assert shown.status_code == 422
    assert not TargetSet.objects.exists()


def test_saved_target_keeps_unchanged_levels_and_is_offered_for_the_next_assessment(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "unknown", "1")
    data = {"l-GOV.2.1": "4", "act": "save", "name": " Next  year ", "idempotency": "k"}
    client = signed_in(cast.lead)
    for _again in range(2):
        assert client.post(address(assessment), data).status_code == 302
    row = TargetSet.objects.get()
    assert row.name == "Next year"
    now = {one["code"]: one["evidenced"] for one in Result.objects.get().document["indicators"]}
    assert row.levels == {**now, "GOV.2.1": 4, "RES.1.1": 3 if now["RES.1.1"] is None else now["RES.1.1"]}
    assert AuditEntry.objects.filter(action="targets.saved").count() == 1
    page = client.get(reverse("assessments:new", args=[cast.agency.public_id]))
    assert b"Our own: Next year" in page.content
    new = begin(
        cast.lead, cast.agency, title="2027", version=assessment.version_of, profile=f"set.{row.public_id}"
    )
    assert new.targets == {"default": 3, **row.levels}


def test_targets_of_another_member_cannot_be_begun_with(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    row = save(cast, assessment, {"GOV.2.1": 4})
    with pytest.raises(Refused):
        begin(cast.other_lead, cast.other, version=assessment.version_of, profile=f"set.{row.public_id}")


def test_two_leads_who_save_the_same_target_see_both(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    row = save(cast, assessment, {"GOV.2.1": 4})
    save(cast, assessment, {"GOV.2.1": 3}, replaces=row.public_id, expected=1)
    client = signed_in(cast.lead)
    data = {"l-GOV.2.1": "5", "name": row.name, "replaces": row.public_id, "version": "1", "act": "save_over"}
    clash = client.post(address(assessment), data)
    assert clash.status_code == 409
    text = clash.content.decode()
    assert "A colleague saved this target" in text
    assert '<td class="n">3</td><td class="n">5</td>' in text
    assert 'name="version" value="2"' in text
    assert client.post(address(assessment), {**data, "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert (row.version, row.levels["GOV.2.1"]) == (3, 5)
    assert [each.version for each in row.revisions.all()] == [3, 2, 1]
    opened = client.get(f"{address(assessment)}?target={row.public_id}").content.decode()
    assert '<option value="5" selected>' in opened


def test_a_name_is_used_once(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    save(cast, assessment, {"GOV.2.1": 4})
    for name, said in (("Next year", "There is a target with this name"), ("  ", "Give the target a name")):
        shown = signed_in(cast.lead).post(address(assessment), {"act": "save", "name": name})
        assert shown.status_code == 422
        assert said in shown.content.decode()


def test_dropping_needs_the_version_that_was_seen(cast: Cast) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    row = save(cast, assessment, {"GOV.2.1": 4})
    client = signed_in(cast.lead)
    url = reverse("assessments:drop_targets", args=[cast.agency.public_id, row.public_id])
    assert client.post(url, {"version": "7"}).status_code == 409
    assert client.post(url, {"version": ""}).status_code == 409
    assert client.post(url, {"version": "1"}).status_code == 302
    assert not TargetSet.objects.exists()


def test_queries_do_not_grow_with_targets(cast: Cast, django_assert_num_queries: Any) -> None:
    assessment = submitted(cast, "1", "1", "2", "3", "1")
    result = result_to_try(cast.lead, cast.agency, assessment.public_id)
    client = signed_in(cast.lead)
    url = reverse("assessments:targets", args=[cast.agency.public_id])
    save(cast, assessment, {"GOV.2.1": 4}, name="One")
    client.get(url)
    with django_assert_num_queries(5):
        what_if(cast.lead, result, {"GOV.2.1": 4})
    with django_assert_num_queries(12):
        client.get(url)
    for n in range(2):
        save(cast, assessment, {"GOV.2.1": n}, name=f"More {n}")
    with django_assert_num_queries(5):
        what_if(cast.lead, result, {"GOV.2.1": 4})
    with django_assert_num_queries(12):
        client.get(url)

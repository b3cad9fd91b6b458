"""Roadmaps and the plans made from them."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.accounts.models import Notification
from apps.assessments.models import Result
from apps.core.errors import Conflict, Refused
from apps.mentoring import services
from apps.mentoring.models import Action, ActionPlan, Roadmap
from apps.mentoring.selectors import actions, plans, roadmaps
from apps.mentoring.selectors.questions import RoadmapQuestion
from apps.mentoring.services.plans import spread
from tests.mentoring.world import World, make_world
from tests.people import Cast

THREE = (Decimal(5), Decimal(15), Decimal(40))


def ask(world: World, ask: str = "within", **more: Any) -> Roadmap:
    """A roadmap on the agency's result, worked out."""
    cast = world.cast
    result = Result.objects.get(member=cast.agency)
    values = {"unit": "person-days", "practice": THREE, "evidence": THREE, "budget": Decimal(60), **more}
    row = services.ask_roadmap(actor=cast.lead, result=result, question=RoadmapQuestion(ask=ask, **values))
    services.draw_roadmap(roadmap=row.public_id)
    row.refresh_from_db()
    return row


def start(world: World, name: str = "Year one") -> ActionPlan:
    today = localdate()
    return services.start_plan(
        actor=world.cast.lead,
        roadmap=ask(world),
        name=name,
        starts_on=today,
        ends_on=today + timedelta(days=100),
    )


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def test_roadmap_stays_within_its_budget_and_promises_what_scoring_again_gives(world: World) -> None:
    row = ask(world)
    plan = row.answer["plan"]
    assert row.state == "ready"
    assert Decimal(plan["cost"]) <= 60
    assert plan["certificate"]["status"] == "optimal"
    assert row.answer["frontier"]["points"][0]["cost"] == "0"
    page = roadmaps.roadmap_page(world.cast.viewer, row)
    assert "lift" in page.headline
    assert page.proof.startswith("Proved: no plan within this budget gains more")
    assert page.steps[-1].cost_so_far == plan["cost"]
    assert page.left_out and all(each.why for each in page.left_out)
    assert page.more.startswith("The next thing to buy")
    assert page.next_label.startswith("Level ")


def test_roadmap_page_says_the_steps_the_proof_and_draws_the_frontier(world: World) -> None:
    row = ask(world)
    url = reverse("mentoring:roadmap", args=[world.cast.agency.public_id, row.public_id])
    text = signed_in(world.cast.lead).get(url).content.decode()
    for words in ("The steps, in order", "What each budget could gain", "Make it an action plan", "<svg"):
        assert words in text
    assert "Make it an action plan" not in signed_in(world.cast.viewer).get(url).content.decode()


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ({"ask": "next"}, "ready"),
        ({"ask": "wanted"}, "ready"),
        ({"ask": "profile.baseline", "name": "Baseline"}, "ready"),
        ({"ask": "score", "score": Decimal(70)}, "ready"),
        ({"ask": "set.x", "levels": {"GOV.1.1": 4, "gone": 5}, "name": "Ours"}, "ready"),
        ({"ask": "score", "score": Decimal(101)}, "impossible"),
        ({"ask": "within", "budget": None}, "ready"),
        ({"ask": "within", "budget": Decimal(0)}, "ready"),
    ],
)
def test_every_question_has_an_answer_in_words(world: World, question: dict[str, Any], state: str) -> None:
    row = ask(world, **question)
    assert row.state == state
    page = roadmaps.roadmap_page(world.cast.lead, row)
    assert page.title
    assert page.headline if state == "ready" else page.refusal
    assert Notification.objects.filter(user=world.cast.lead, kind="roadmap_ready").count() == 1
    url = reverse("mentoring:roadmap", args=[world.cast.agency.public_id, row.public_id])
    assert signed_in(world.cast.lead).get(url).status_code == 200


def test_a_second_run_of_the_job_changes_nothing(world: World) -> None:
    row = ask(world)
    services.draw_roadmap(roadmap=row.public_id)
    again = Roadmap.objects.get(pk=row.pk)
    assert (again.answer, again.ready_at) == (row.answer, row.ready_at)


def test_a_roadmap_that_cannot_be_worked_out_fails_in_words_and_can_be_tried_again(world: World) -> None:
    cast = world.cast
    result = Result.objects.get(member=cast.agency)
    question = RoadmapQuestion("within", "person-days", THREE, THREE, Decimal(60))
    row = services.ask_roadmap(actor=cast.lead, result=result, question=question)
    services.draw_roadmap(roadmap=row.public_id, attempt=5)
    row.refresh_from_db()
    assert row.state == "failed"
    url = reverse("mentoring:roadmap", args=[cast.agency.public_id, row.public_id])
    client = signed_in(cast.lead)
    assert "could not be worked out" in client.get(url).content.decode()
    assert client.post(f"{url}again/").status_code == 302
    services.draw_roadmap(roadmap=row.public_id)
    row.refresh_from_db()
    assert row.state == "ready"
    assert client.post(f"{url}again/").status_code == 409


def form(world: World, **more: str) -> dict[str, str]:
    costs = {f"{kind}_{n}": "5" for kind in ("practice", "evidence") for n in (1, 2, 3)}
    return {"ask": "within", "unit": "days", "budget": "50", "idempotency": "k", **costs, **more}


def test_form_asks_once_for_two_presses(world: World) -> None:
    assessment = Result.objects.get(member=world.cast.agency).assessment
    url = reverse("mentoring:new_roadmap", args=[world.cast.agency.public_id, assessment.public_id])
    client = signed_in(world.cast.respondent)
    data = form(world, **{"own-GOV.1.1": "2.5"})
    assert client.post(url, data).url == client.post(url, data).url  # type: ignore[attr-defined]
    row = Roadmap.objects.get()
    assert row.question["own"] == {"GOV.1.1": "2.5"}
    assert "is being worked out" in client.get(client.post(url, data).url).content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget", "-1"),
        ("budget", "NaN"),
        ("practice_1", ""),
        ("practice_2", "1e99"),
        ("own-GOV.1.1", "x"),
        ("ask", "profile.none"),
        ("score", "Infinity"),
    ],
)
def test_form_refuses_what_cannot_be_planned(world: World, field: str, value: str) -> None:
    assessment = Result.objects.get(member=world.cast.agency).assessment
    url = reverse("mentoring:new_roadmap", args=[world.cast.agency.public_id, assessment.public_id])
    shown = signed_in(world.cast.lead).post(url, form(world, **{field: value}))
    assert shown.status_code == 422
    assert b"There is a problem" in shown.content
    assert not Roadmap.objects.exists()


def test_a_score_needs_its_number_and_money_its_currency(world: World) -> None:
    assessment = Result.objects.get(member=world.cast.agency).assessment
    url = reverse("mentoring:new_roadmap", args=[world.cast.agency.public_id, assessment.public_id])
    client = signed_in(world.cast.lead)
    assert b"Say which score" in client.post(url, form(world, ask="score")).content
    money = client.post(url, form(world, unit="money", currency=""))
    assert b"Say which currency" in money.content
    assert client.post(url, form(world, unit="money", currency="XAF")).status_code == 302
    assert Roadmap.objects.get().question["unit"] == "XAF"
    assert b"Count in person-days" in client.get(f"{url}?unit=money").content


def test_three_roadmaps_at_a_time(world: World) -> None:
    result = Result.objects.get(member=world.cast.agency)
    question = RoadmapQuestion("within", "person-days", THREE, THREE, Decimal(60))
    for _n in range(3):
        services.ask_roadmap(actor=world.cast.lead, result=result, question=question)
    with pytest.raises(Refused):
        services.ask_roadmap(actor=world.cast.lead, result=result, question=question)


@given(
    st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=40),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 3000),
)
def test_actions_follow_one_another_within_the_time(costs: list[Decimal], first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = spread(costs, first, last)
    assert len(found) == len(costs)
    assert found[0][0] == first and found[-1][1] == last
    assert all(start <= end for start, end in found)
    assert all(one[1] == two[0] for one, two in pairwise(found))


def test_plan_has_an_action_for_each_step(world: World) -> None:
    plan = start(world)
    steps = plan.roadmap.answer["plan"]["steps"]
    rows = list(plan.actions.all())
    assert [(row.place, row.indicator, row.to_level) for row in rows] == [
        (step["place"], step["indicator"], step["to"]) for step in steps
    ]
    page = plans.plan_page(world.cast.viewer, plan)
    assert (page.done, page.total) == (0, len(steps))
    assert page.rows[0].start == 0 and page.rows[-1].end == 100
    text = (
        signed_in(world.cast.lead)
        .get(reverse("mentoring:action_plan", args=[world.cast.agency.public_id, plan.public_id]))
        .content.decode()
    )
    assert "Who does what until when" in text and "Board" in text and text.count("<svg") > len(steps)


def test_names_and_dates_of_plans_are_checked(world: World) -> None:
    plan = start(world)
    cast, today = world.cast, localdate()
    for name, ends_on in (
        ("Year one", today),
        ("Two", today - timedelta(days=1)),
        ("Two", date(9999, 12, 31)),
    ):
        with pytest.raises(Refused):
            services.start_plan(
                actor=cast.lead, roadmap=plan.roadmap, name=name, starts_on=today, ends_on=ends_on
            )
    with pytest.raises(PermissionDenied):
        services.start_plan(
            actor=cast.respondent, roadmap=plan.roadmap, name="Two", starts_on=today, ends_on=today
        )


def change(
    world: World, action: Action, user: Any = None, expected: int | None = None, **given: Any
) -> Action:
    return services.change_action(
        actor=user or world.cast.lead,
        action=action,
        expected=action.version if expected is None else expected,
        **given,
    )


def test_owner_is_told_works_and_is_asked_on_their_list(world: World) -> None:
    from apps.home.selectors import waiting

    cast = world.cast
    first = start(world).actions.first()
    assert first is not None
    with pytest.raises(PermissionDenied):
        change(world, first, cast.respondent, state="doing")
    change(world, first, owner=cast.respondent)
    assert Notification.objects.filter(user=cast.respondent, kind="action_given").count() == 1
    mine = [item for item in waiting(cast.respondent, cast.agency.public_id) if item.kind == "action"]
    assert len(mine) == 1 and first.indicator in mine[0].text
    assert [i for i in waiting(cast.respondent, cast.other.public_id) if i.kind == "action"] == []
    change(world, first, cast.respondent, state="done", note="Signed by the board.")
    assert [i for i in waiting(cast.respondent) if i.kind == "action"] == []
    with pytest.raises(PermissionDenied):
        change(world, first, cast.respondent, due_on=localdate())
    history = actions.action_page(
        cast.viewer, actions.get_action(cast.viewer, first.plan, first.public_id)
    ).history
    assert history[0].changes == ("State: Planned → Done",)
    assert history[0].note == "Signed by the board."
    assert history[1].changes == ("Owner: – → Tomas Ekwe",)


def test_dropping_needs_a_reason_and_dates_an_order(world: World) -> None:
    first = start(world).actions.first()
    assert first is not None
    for given_values in (
        {"state": "dropped"},
        {"due_on": first.starts_on - timedelta(days=1)},
        {"owner": world.cast.other_lead},
        {},
    ):
        with pytest.raises(Refused):
            change(world, first, **given_values)
    change(world, first, state="dropped", reason="The law changed.")
    first.refresh_from_db()
    assert first.state == "dropped"
    assert plans.plan_page(world.cast.lead, first.plan).total == first.plan.actions.count() - 1


def test_two_people_who_change_an_action_see_both(world: World) -> None:
    plan = start(world)
    first = plan.actions.first()
    assert first is not None
    change(world, first, state="doing", note="Began in May.")
    url = reverse("mentoring:action", args=[world.cast.agency.public_id, plan.public_id, first.public_id])
    data = {
        "version": "1", "state": "done", "reason": "", "owner": "", "starts_on": first.starts_on.isoformat(),
        "due_on": first.due_on.isoformat(), "note": "All done now.",
    }  # fmt: skip
    client = signed_in(world.cast.lead)
    clash = client.post(url, data)
    text = clash.content.decode()
    assert clash.status_code == 409
    assert "Began in May." in text and "All done now." in text and 'name="version" value="2"' in text
    assert client.post(url, {**data, "version": "2"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.version) == ("done", 3)
    with pytest.raises(Conflict):
        change(world, first, expected=1, note="Late.")


def test_closed_plans_ask_nobody(world: World) -> None:
    plan = start(world)
    first = plan.actions.first()
    assert first is not None
    change(world, first, owner=world.cast.respondent)
    services.close_plan(actor=world.cast.lead, plan=plan, expected=1, closed=True)
    assert plans.my_actions(world.cast.respondent) == []
    first = actions.get_action(world.cast.lead, plan, first.public_id)
    with pytest.raises(Refused):
        change(world, first, state="done")
    services.close_plan(actor=world.cast.lead, plan=plan, expected=2, closed=False)
    assert len(plans.my_actions(world.cast.respondent)) == 1


def test_owners_are_reminded_once_for_a_date(world: World) -> None:
    plan = start(world)
    first = plan.actions.first()
    assert first is not None
    today = localdate()
    change(world, first, owner=world.cast.respondent, due_on=today + timedelta(days=3))
    for _twice in range(2):
        services.remind_owners()
    told = Notification.objects.filter(user=world.cast.respondent)
    assert told.filter(kind="action_due").count() == 1
    Action.objects.filter(pk=first.pk).update(starts_on=today - timedelta(9), due_on=today - timedelta(1))
    services.remind_owners()
    assert told.filter(kind="action_late").count() == 1


def test_plan_leaves_as_csv_and_workbook(world: World) -> None:
    plan = start(world)
    first = plan.actions.first()
    assert first is not None
    change(world, first, state="dropped", reason="=1+1")
    base = reverse("mentoring:action_plan", args=[world.cast.agency.public_id, plan.public_id])
    client = signed_in(world.cast.viewer)
    csv = client.get(f"{base}csv/").content.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("Place,Code,Indicator")
    assert "'=1+1" in csv
    sheet = load_workbook(io.BytesIO(client.get(f"{base}xlsx/").content)).active
    assert sheet is not None
    assert sheet.max_row == plan.actions.count() + 1
    assert sheet.cell(2, 14).value == "=1+1" and sheet.cell(2, 14).data_type == "s"


def test_queries_do_not_grow(world: World, django_assert_num_queries: Any) -> None:
    plan = start(world)
    cast, roadmap = world.cast, plan.roadmap
    action = plan.actions.first()
    assert action is not None
    assessment = roadmap.result.assessment.public_id

    def all_pages() -> None:
        with django_assert_num_queries(3):
            plans.plan_page(cast.lead, plans.get_plan(cast.lead, cast.agency.public_id, plan.public_id))
        with django_assert_num_queries(3, exact=False):
            plans.plans_page(cast.lead, cast.agency.public_id)
        with django_assert_num_queries(6, exact=False):
            roadmaps.ask_page(cast.lead, cast.agency.public_id, assessment)
        with django_assert_num_queries(1):
            plans.my_actions(cast.respondent)

    actions.action_page(cast.lead, actions.get_action(cast.lead, plan, action.public_id))
    all_pages()
    for n in range(2):
        start(world, name=f"Another {n}")
    for row in Action.objects.all():
        change(world, row, owner=cast.respondent)
    all_pages()

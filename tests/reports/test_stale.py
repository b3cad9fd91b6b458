"""What makes each kind of paper stale, that the library finds it, and that making it again rests on what is there now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate, now

from apps.assessments.models import Result
from apps.core.errors import Refused
from apps.core.ids import new_public_id
from apps.insights.services import make_picture
from apps.members.models import Member
from apps.mentoring import services as mentoring
from apps.mentoring.models import Action, ActionPlan
from apps.mentoring.services.findings import Wanted as Change
from apps.mentoring.services.findings import add_actions
from apps.reports import services
from apps.reports.models import Report
from apps.reports.selectors import Wanted, member_reports, programme_reports, report_page
from apps.reports.selectors.staleness import changes_since
from tests.factories import OrganisationFactory, join, small_version
from tests.mentoring.test_plans import start
from tests.mentoring.world import World, make_world
from tests.people import Cast
from tests.reports.rows import small_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
CHOSEN = {"language": "en", "paper": "a4"}
VOID = "Stale: the assessment was reopened, and its result is void."
EDITION = "Stale since there is a newer edition of the picture."


def made(report: Report) -> Report:
    services.render_report(report=report.public_id)
    report.refresh_from_db()
    assert report.state == "ready"
    return report


def said(cast: Cast, report: Report) -> str:
    return report_page(cast.lead, report.public_id).stale_text


def stale(cast: Cast, member: Member) -> list[str]:
    return [
        r.public_id for r in member_reports(cast.lead, member.public_id, wanted=Wanted(state="stale")).rows
    ]


def reopen(cast: Cast, result: Result) -> None:
    Result.objects.filter(pk=result.pk).update(voided_at=now(), voided_by=cast.lead, void_reason="Reopened")


@pytest.fixture
def nation(cast: Cast) -> Member:
    """A nation with a result of its own and the first edition of its picture."""
    join(cast.nation, cast.lead, "lead")
    version = small_version()
    for _number in range(6):
        one = OrganisationFactory(nation=cast.nation, sector="energy", is_designated=True, in_picture=True)
        small_result(one, cast.lead, version=version, days_ago=9)
    small_result(cast.nation, cast.lead, level=4, version=version, days_ago=10)
    make_picture(actor=cast.lead, nation=cast.nation)
    return cast.nation


def next_edition(cast: Cast) -> None:
    one = cast.nation.organisations.filter(in_picture=True).first()
    Member.objects.filter(pk=one.pk).update(in_picture=False)
    make_picture(actor=cast.lead, nation=cast.nation)


def national(cast: Cast, edition: int = 1) -> Report:
    ask = services.PAPER_ASKS["national"]
    return made(ask(actor=cast.lead, member=cast.nation.public_id, edition=edition, **CHOSEN))


def test_national_report_is_stale_by_a_newer_edition_and_made_again_of_it(cast: Cast, nation: Member) -> None:
    report = national(cast)
    assert said(cast, report) == "" and stale(cast, nation) == []
    next_edition(cast)
    assert said(cast, report) == EDITION and stale(cast, nation) == [report.public_id]
    Report.objects.filter(pk=report.pk).update(tlp="TLP:RED")
    again = made(services.make_again(actor=cast.lead, report=report.public_id))
    assert (again.about, again.tlp, again.title[-9:]) == ({"edition": 2}, "TLP:RED", "edition 2")
    assert said(cast, again) == "" and stale(cast, nation) == [report.public_id]


def test_national_report_is_stale_when_the_result_it_tells_is_reopened(cast: Cast, nation: Member) -> None:
    own = Result.objects.get(member=nation)
    older = small_result(
        nation, cast.lead, level=1, version=own.assessment.version_of, title="Older", days_ago=90
    )
    later = small_result(nation, cast.lead, level=1, version=own.assessment.version_of, title="Later")
    report = national(cast)
    reopen(cast, older)
    reopen(cast, later)
    assert said(cast, report) == ""
    reopen(cast, own)
    assert said(cast, report) == VOID and stale(cast, nation) == [report.public_id]
    again = made(services.make_again(actor=cast.lead, report=report.public_id))
    assert said(cast, again) == ""


def compared(cast: Cast) -> tuple[list[Result], Report]:
    version = small_version()
    rows = [
        small_result(cast.agency, cast.lead, level=2, version=version, title=title, days_ago=days)
        for title, days in (("First", 90), ("Second", 50), ("Third", 9))
    ]
    ids = {"before": rows[1].public_id, "result": rows[2].public_id}
    ask = services.PAPER_ASKS["comparison"]
    return rows, made(ask(actor=cast.lead, member=cast.agency.public_id, **ids, **CHOSEN))


def test_comparison_is_stale_when_its_earlier_result_is_reopened(cast: Cast) -> None:
    (first, second, third), report = compared(cast)
    reopen(cast, first)
    assert said(cast, report) == ""
    reopen(cast, second)
    assert said(cast, report) == VOID and stale(cast, cast.agency) == [report.public_id]
    with pytest.raises(Refused, match="no earlier result"):
        services.make_again(actor=cast.lead, report=report.public_id)
    Result.objects.filter(pk=first.pk).update(voided_at=None, voided_by=None, void_reason="")
    again = made(services.make_again(actor=cast.lead, report=report.public_id))
    assert (again.about["before"], again.result) == (first.public_id, third)
    assert again.title == "Comparison: First and Third" and said(cast, again) == ""


def test_comparison_and_one_page_are_stale_by_a_newer_result(cast: Cast) -> None:
    rows, report = compared(cast)
    ask = services.PAPER_ASKS["brief"]
    page = made(ask(actor=cast.lead, member=cast.agency.public_id, result=rows[2].public_id, **CHOSEN))
    newest = small_result(
        cast.agency, cast.lead, level=3, version=rows[0].assessment.version_of, title="Fourth"
    )
    changed = f"Stale since {len(newest.inputs['answers'])} answers changed."
    assert said(cast, report) == said(cast, page) == changed
    assert len(stale(cast, cast.agency)) == 2
    again = made(services.make_again(actor=cast.lead, report=report.public_id))
    assert (again.about["before"], again.result) == (rows[1].public_id, newest)


def sheets(cast: Cast, plan: ActionPlan, person: str = "all") -> Report:
    ask = services.PAPER_ASKS["actions"]
    member = cast.agency.public_id
    return made(ask(actor=cast.lead, member=member, plan=plan.public_id, person=person, **CHOSEN))


def change(cast: Cast, action: Action, **given: Any) -> None:
    action.refresh_from_db()
    mentoring.change_action(actor=cast.lead, action=action, expected=action.version, **given)


def test_action_sheets_are_stale_by_as_many_actions_as_changed(cast: Cast) -> None:
    plan = start(make_world(cast))
    mine, theirs = plan.actions.all()[:2]
    change(cast, mine, owner=cast.viewer)
    change(cast, theirs, owner=cast.respondent)
    everybody, one = sheets(cast, plan), sheets(cast, plan, cast.viewer.public_id)
    change(cast, theirs, note="Only a word")
    assert said(cast, everybody) == said(cast, one) == ""
    change(cast, theirs, state="doing")
    assert said(cast, everybody) == "Stale since 1 action of the plan changed." and said(cast, one) == ""
    change(cast, theirs, owner=cast.viewer)
    assert said(cast, one) == "Stale since 1 action of the plan changed."
    change(cast, mine, owner=None)
    two = "Stale since 2 actions of the plan changed."
    assert said(cast, one) == said(cast, everybody) == two and len(stale(cast, cast.agency)) == 2
    assert said(cast, made(services.make_again(actor=cast.lead, report=everybody.public_id))) == ""


def test_action_sheets_are_stale_by_an_action_that_came(cast: Cast) -> None:
    plan = start(make_world(cast))
    change(cast, plan.actions.all()[0], owner=cast.viewer)
    everybody, one = sheets(cast, plan), sheets(cast, plan, cast.viewer.public_id)
    day = localdate() + timedelta(days=9)
    values: dict[str, Any] = {"actor": cast.lead, "member": cast.agency, "plan": plan, "name": ""}
    add_actions(wanted=[Change("GOV.1.1", "Call first", cast.respondent, day)], **values)
    assert said(cast, everybody) == "Stale since 1 action of the plan changed." and said(cast, one) == ""
    add_actions(wanted=[Change("GOV.1.1", "Write it down", cast.viewer, day)], **values)
    assert said(cast, everybody) == "Stale since 2 actions of the plan changed."
    assert said(cast, one) == "Stale since 1 action of the plan changed."


def round_report(world: World, round_: Any) -> Report:
    asked = services.request_programme_report(
        actor=world.cast.manager, programme=world.cast.programme.public_id, round=round_.public_id, **CHOSEN
    )
    return made(asked)


def test_round_report_is_stale_when_pairs_are_decided_on_or_worked_out_again(cast: Cast) -> None:
    world = make_world(cast)
    world.need()
    world.offer()
    round_ = world.solve(world.round())
    report = round_report(world, round_)
    words = lambda row: report_page(cast.manager, row.public_id).stale_text  # noqa: E731
    small_result(cast.agency, cast.lead, title="Elsewhere")
    assert words(report) == ""
    world.decide(round_.proposals.get(), "accept")
    assert words(report) == "Stale since pairs of the round changed."
    wanted = Wanted(state="stale")
    found = programme_reports(cast.manager, cast.programme.public_id, wanted=wanted)
    assert [row.public_id for row in found.rows] == [report.public_id]
    second = round_report(world, round_)
    assert words(second) == ""
    step = round_.steps.get()
    mentoring.undo_decision(
        actor=cast.manager, programme=cast.programme, round_id=round_.public_id, step=step.pk
    )
    assert words(second) == "Stale since pairs of the round changed."
    third = round_report(world, round_)
    world.solve(round_)
    assert words(third) == "Stale since pairs of the round changed."


@pytest.mark.parametrize("number", [1, 3])
def test_all_kinds_together_take_a_constant_number_of_queries(
    cast: Cast, nation: Member, number: int, django_assert_num_queries: Any
) -> None:
    world = make_world(cast)
    world.need()
    world.offer()
    round_, plan = world.solve(world.round()), start(world)
    for one in (compared(cast)[1], sheets(cast, plan), national(cast), round_report(world, round_)):
        for _copy in range(number - 1):
            one.pk, one.public_id = None, new_public_id()
            one.save(force_insert=True)
    change(cast, plan.actions.all()[0], owner=cast.viewer)
    world.decide(round_.proposals.get(), "accept")
    next_edition(cast)
    reopen(cast, Result.objects.get(member=nation))
    rows = list(Report.objects.all())
    with django_assert_num_queries(15):
        found = changes_since(rows)
    assert len(rows) == 4 * number and len(found) == 4 * number

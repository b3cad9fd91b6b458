"""The kinds of report beside that of a result: who asks for them, what they hold, and that nobody else is in them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from apps.assessments.models import Result
from apps.core import jobs
from apps.core.errors import Refused
from apps.frameworks.models import Framework
from apps.insights.services import make_picture
from apps.members.models import Member
from apps.mentoring.models import Action
from apps.reports import services
from apps.reports.models import Report
from apps.reports.pdf import RenderedPdf
from apps.reports.selectors.comparison import reasons_of
from apps.reports.services import rendering
from tests.factories import OrganisationFactory, join, small_version
from tests.mentoring.test_plans import start
from tests.mentoring.world import make_world
from tests.people import Cast
from tests.reports.rows import small_result

pytestmark = pytest.mark.django_db
CHOSEN = {"language": "en", "paper": "a4"}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the engine, which has tests of its own."""
    found: list[str] = []

    def keep(html: str, **more: Any) -> RenderedPdf:
        found.append(html)
        return RenderedPdf(b"%PDF-1.7", 1)

    monkeypatch.setattr(rendering, "render_pdf", keep)
    return found


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, member: Member, kind: str, **values: Any) -> Any:
    url = reverse("reports:paper", args=[member.public_id, kind])
    assert client.get(url).status_code == 200
    return client.post(url, {**CHOSEN, **values})


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def nation(cast: Cast) -> Member:
    """A nation with a result of its own and six organisations that take part, each with a canary in its name."""
    join(cast.nation, cast.lead, "lead")
    join(cast.nation, cast.viewer, "viewer")
    version = small_version()
    for number in range(6):
        one = OrganisationFactory(
            name=f"canary-{number}-operator", nation=cast.nation, sector="energy", is_designated=True, in_picture=True
        )  # fmt: skip
        small_result(one, cast.lead, level=2, version=version, title=f"canary-title-{number}", days_ago=9)
    small_result(cast.nation, cast.lead, level=4, version=version, title="The nation itself", days_ago=10)
    make_picture(actor=cast.lead, nation=cast.nation)
    return cast.nation


def test_national_report_says_the_figures_of_the_edition_and_names_no_organisation(
    cast: Cast, nation: Member, written: list[str]
) -> None:
    answer = ask(signed_in(cast.viewer), nation, "national", edition=1)
    assert answer.status_code == 302
    jobs.run_waiting()
    report = Report.objects.get()
    picture = nation.pictures.get()
    assert (report.state, report.kind, report.input_hash) == ("ready", "national", picture.content_hash)
    text = text_of(written[0])
    assert "canary" not in written[0] and not any(
        o.public_id in written[0] for o in nation.organisations.all()
    )
    for area in picture.document["areas"]:
        shown = area["organisations"]
        wanted = "Not shown" if "withheld" in shown else f"{area['name']} {area['own']} {shown['points']}"
        assert wanted in text
    assert picture.content_hash in text and "How to check this report" in text and "All answers" in text


def test_withheld_figures_are_said_in_words(cast: Cast, nation: Member, written: list[str]) -> None:
    gone = nation.organisations.filter(in_picture=True).first()
    Member.objects.filter(pk=gone.pk).update(in_picture=False)  # type: ignore[union-attr]
    make_picture(actor=cast.lead, nation=nation)
    ask(signed_in(cast.lead), nation, "national", edition=2)
    jobs.run_waiting()
    assert "Not shown: an organisation left; shown again once five have changed" in text_of(written[0])


def test_an_organisation_has_no_national_report(cast: Cast) -> None:
    url = reverse("reports:paper", args=[cast.agency.public_id, "national"])
    assert signed_in(cast.lead).get(url).status_code == 404
    assert signed_in(cast.lead).get(url.replace("national", "nonsense")).status_code == 404


def test_edition_of_another_nation_is_refused(cast: Cast, nation: Member) -> None:
    with pytest.raises(Refused, match="edition"):
        services.request_national_report(actor=cast.lead, member=nation.public_id, edition=7, **CHOSEN)
    assert not Report.objects.exists()


def two_results(cast: Cast) -> tuple[Result, Result]:
    version = small_version()
    first = small_result(cast.agency, cast.lead, level=2, version=version, title="First", days_ago=100)
    return first, small_result(cast.agency, cast.lead, level=3, version=version, title="Second")


def test_comparison_says_what_rose_and_why_whatever_the_order(cast: Cast, written: list[str]) -> None:
    first, second = two_results(cast)
    answer = ask(
        signed_in(cast.viewer), cast.agency, "comparison", before=second.public_id, result=first.public_id
    )
    assert answer.status_code == 302
    jobs.run_waiting()
    report = Report.objects.get()
    assert (report.state, report.result, report.about) == ("ready", second, {"before": first.public_id})
    text = text_of(written[0])
    assert "The answer rose from level 2 to 3." in text and "indicators rose" in text
    assert first.input_hash in text and second.input_hash in text


def test_one_result_cannot_be_compared_with_itself(cast: Cast) -> None:
    first, _second = two_results(cast)
    answer = ask(
        signed_in(cast.lead), cast.agency, "comparison", before=first.public_id, result=first.public_id
    )
    assert answer.status_code == 422 and b"Choose two different results" in answer.content
    assert not Report.objects.exists()


def test_other_frameworks_are_told_in_words(cast: Cast, written: list[str]) -> None:
    one = small_result(cast.agency, cast.lead, title="One", days_ago=100)
    elsewhere = small_version()
    elsewhere.framework = Framework.objects.create(slug="another", name="Another")
    elsewhere.save()
    other = small_result(cast.agency, cast.lead, title="Other", version=elsewhere)
    ask(signed_in(cast.lead), cast.agency, "comparison", before=one.public_id, result=other.public_id)
    jobs.run_waiting()
    assert "different frameworks or scopes" in text_of(written[0])


def test_one_page_is_of_one_result_of_the_member(cast: Cast, written: list[str]) -> None:
    result = small_result(cast.agency, cast.lead)
    theirs = small_result(cast.other, cast.other_lead, title="canary of others")
    client = signed_in(cast.viewer)
    assert ask(client, cast.agency, "brief", result=theirs.public_id).status_code == 422
    assert ask(client, cast.agency, "brief", result=result.public_id).status_code == 302
    jobs.run_waiting()
    assert Report.objects.get().input_hash == result.input_hash
    assert result.input_hash in written[0] and "canary" not in written[0]


def test_everybody_has_their_own_sheet_and_the_lead_all_of_them(cast: Cast, written: list[str]) -> None:
    plan = start(make_world(cast))
    mine, theirs = plan.actions.all()[:2]
    Action.objects.filter(pk=mine.pk).update(owner=cast.viewer)
    Action.objects.filter(pk=theirs.pk).update(owner=cast.respondent)
    viewer, lead = signed_in(cast.viewer), signed_in(cast.lead)
    one = {"plan": plan.public_id, "person": cast.viewer.public_id}
    assert (
        ask(viewer, cast.agency, "actions", **one | {"person": cast.respondent.public_id}).status_code == 422
    )
    assert ask(viewer, cast.agency, "actions", **one).status_code == 302
    jobs.run_waiting()
    text = text_of(written[0])
    assert "Vera Lind" in text and "Tomas Ekwe" not in text and mine.indicator in text
    assert "What done looks like" in text and "Whom to ask" in text
    assert ask(lead, cast.agency, "actions", **one | {"person": "all"}).status_code == 302
    jobs.run_waiting()
    everybody = text_of(written[1])
    assert (
        "Vera Lind" in everybody and "Tomas Ekwe" in everybody and "Nobody has taken these yet" in everybody
    )


def test_sheets_of_others_are_for_the_lead(cast: Cast) -> None:
    plan = start(make_world(cast))
    with pytest.raises(PermissionDenied):
        services.request_action_sheets(
            actor=cast.viewer, member=cast.agency.public_id, plan=plan.public_id, person="all", **CHOSEN
        )


def test_kinds_are_found_from_the_list_of_reports(cast: Cast) -> None:
    client = signed_in(cast.lead)
    kinds = reverse("reports:papers", args=[cast.agency.public_id])
    assert (
        kinds in client.get(reverse("reports:member_reports", args=[cast.agency.public_id])).content.decode()
    )
    page = client.get(kinds).content.decode()
    assert "It takes two results." in page and "National report" not in page
    two_results(cast)
    assert (
        reverse("reports:paper", args=[cast.agency.public_id, "comparison"])
        in client.get(kinds).content.decode()
    )


@pytest.mark.parametrize("more", [0, 2])
def test_page_of_kinds_takes_the_same_queries_for_any_number(
    cast: Cast, django_assert_num_queries: Any, more: int
) -> None:
    two_results(cast)
    for number in range(more):
        small_result(cast.agency, cast.lead, title=f"More {number}", days_ago=10 * number + 3)
    client = signed_in(cast.lead)
    url = reverse("reports:papers", args=[cast.agency.public_id])
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)


def test_program_asks_for_one_page(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead)
    url = f"/api/v1/members/{cast.agency.public_id}/reports/one-page/"
    answer = signed_in(cast.lead).post(
        url, {**CHOSEN, "result": result.public_id}, content_type="application/json", headers={"Idempotency-Key": "one-page-of-1"}
    )  # fmt: skip
    assert answer.status_code == 201 and answer.json()["state"] == "queued"


def test_result_that_is_void_lends_its_edition_no_other_answers(
    cast: Cast, nation: Member, written: list[str]
) -> None:
    """The edition keeps its points; an older result of the nation must not be told as if they came from it."""
    newest = Result.objects.get(member=nation)
    small_result(
        nation, cast.lead, level=1, version=newest.assessment.version_of, title="The older one", days_ago=90
    )
    Result.objects.filter(pk=newest.pk).update(voided_at=now(), voided_by=cast.lead, void_reason="Reopened")
    ask(signed_in(cast.lead), nation, "national", edition=1)
    jobs.run_waiting()
    text = text_of(written[0])
    assert "This result is void: the assessment was reopened" in text and "Direction 80 40" in text
    assert (
        "has no result of its own" not in text and "evidenced 20.0" not in text and "All answers" not in text
    )


def test_newer_result_of_the_nation_does_not_take_the_place_of_the_one_in_the_edition(
    cast: Cast, nation: Member, written: list[str]
) -> None:
    shown = Result.objects.get(member=nation)
    newer = small_result(
        nation, cast.lead, level=1, version=shown.assessment.version_of, title="After the edition"
    )
    ask(signed_in(cast.lead), nation, "national", edition=1)
    jobs.run_waiting()
    text = text_of(written[0])
    assert "Direction 80 40" in text and "All answers" in text and shown.input_hash in text
    assert newer.input_hash not in text


@pytest.mark.parametrize(("then", "now_is", "said"), [
    ((2, "E2"), (3, "E2"), ("The answer rose from level 2 to 3.",)),
    ((3, "E2"), (2, "E2"), ("The answer fell from level 3 to 2.",)),
    ((2, "E1"), (2, "E3"), ("The evidence grew stronger: E1, now E3.",)),
    ((2, "E3"), (2, "E1"), ("The evidence grew weaker: E3, now E1.",)),
    ((2, "E1"), (2, ""), ("The evidence grew weaker: E1, now E0.",)),
    ((2, "E1"), (2, "E1"), ()),
])  # fmt: skip
def test_reasons_of_a_move_say_which_way_it_went(
    then: tuple[int, str], now_is: tuple[int, str], said: tuple[str, ...]
) -> None:
    def row(claimed: int, grade: str) -> dict[str, Any]:
        return {
            "state": "rated", "claimed": claimed, "evidence": {"effective_grade": grade} if grade else None,
        }  # fmt: skip

    assert reasons_of(row(*then), row(*now_is)) == said

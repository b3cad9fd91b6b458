"""The page of a region: figures worked out by hand, nothing of who does not share, filters, files, constant queries."""

from __future__ import annotations

import csv
from collections import OrderedDict
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.assessments.models import Result, ResultFigures, Round
from apps.courses.selectors.expiring import Ending, Expiring
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors import SHARED
from apps.insights.selectors import area_page, kept, region, region_page, region_table
from apps.insights.selectors.regional import page
from apps.insights.selectors.regional.world import world_of
from apps.members.models import GrantReading, Member, Participation
from apps.mentoring.models import Need, Offer
from tests.factories import OrganisationFactory, join, share, small_version, take_part
from tests.frameworks.test_versions import published, small_document
from tests.insights.test_region import members, result_for
from tests.people import Cast

pytestmark = pytest.mark.django_db
CANARY = "Canary of the silent marsh"


def need(member: Member, cast: Cast, result: Any, area: str = "GOV.1") -> Need:
    return Need.objects.create(
        member=member, programme=cast.programme, result=result, area=area, area_name="Direction", now_level=1,
        wanted_level=2, priority=1, asked_by=cast.lead,
    )  # fmt: skip


def offer(member: Member, cast: Cast, places: int, area: str = "GOV.1") -> Offer:
    return Offer.objects.create(
        member=member, programme=cast.programme, area=area, area_name="Direction", level=4, places=places,
        made_by=cast.mentor,
    )  # fmt: skip


def small_region(cast: Cast) -> list[Member]:
    """Six members at 1, 1, 2, 3, 4 and one silent at 5; the first rose from 0, the fifth fell from 5."""
    version = small_version()
    found = members(cast, 6)
    for member, level in zip(found, (1, 1, 2, 3, 4, 5), strict=True):
        if member is found[0]:
            result_for(member, cast, version, 0, "2024")
        if member is found[4]:
            result_for(member, cast, version, 5, "2024")
        newest = result_for(member, cast, version, level)
        if level == 1:
            need(member, cast, newest)
    Member.objects.filter(pk=found[5].pk).update(name=CANARY)
    Participation.objects.filter(member=found[5]).update(shares_levels=False)
    offer(cast.mentor_partner, cast, 3)
    return found


def page_of(cast: Cast, **given: str) -> Any:
    return region_page(cast.manager, cast.programme.public_id, given)


def names(page: Any) -> list[str]:
    return [row.name for row in page.rows]


def test_figures_are_those_worked_out_by_hand(cast: Cast) -> None:
    found = small_region(cast)
    page = page_of(cast)
    direction = next(row for row in page.areas if row.code == "GOV.1")
    # 1 1 2 3 4: the middle one is 2; 3 and 4 are at level 3 or more; two requests wait, three places are offered
    assert (direction.level, direction.reached, direction.counted) == (2, 2, 5)
    assert (direction.requests, direction.places) == (2, 3)
    assert (direction.counts, page.asked_most) == ((0, 2, 1, 1, 1, 0), 3)
    # every area of the framework is a line, after the others where nobody has a level
    assert [row.code for row in page.areas] == ["GOV.1", "RES.1", "GOV.2"]
    assert [line.member.name for line in page.rose] == [found[0].name]
    assert [line.member.name for line in page.fell] == [found[4].name]
    assert (page.members, page.sharing, page.requests, page.places) == (10, 5, 2, 3)
    assert page.finding == "Since the result before, 1 rose and 1 fell. The weakest area: Direction"


def test_overview_says_the_same_of_rise_and_fall(cast: Cast) -> None:
    small_region(cast)
    page, overview = page_of(cast), region(cast.manager, cast.programme.public_id)
    assert [line.member.name for line in page.rose] == overview.rose
    assert [line.member.name for line in page.fell] == overview.fell


def test_member_that_does_not_share_is_in_no_level_count_or_list(cast: Cast, client: Client) -> None:
    found = small_region(cast)
    page = page_of(cast)
    silent = next(row for row in page.rows if row.public_id == found[5].public_id)
    assert all(square.hidden and square.text == "" for square in (*silent.squares, silent.overall))
    assert silent.moved is None and silent.state == "hidden"
    assert next(row for row in page.areas if row.code == "GOV.1").counted == 5
    for query in (
        {"state": "shared"},
        {"moved": "up"},
        {"moved": "down"},
        {"moved": "same"},
        {"state": "none"},
    ):
        assert CANARY not in names(page_of(cast, **query))
    behind = area_page(cast.manager, cast.programme.public_id, "GOV.1")
    assert CANARY not in [row.name for row in behind.rows] and behind.hidden == 1
    _programme, rows = region_table(cast.manager, cast.programme.public_id, {})
    told = next(row for row in rows if row and row[0] == CANARY)
    assert told[3:9] == ["no", None, "not shared", "", "", ""] and set(told[9:]) == {"not shared"}
    # sorting by a level must not tell where it would stand
    for sort in ("GOV.1", "-GOV.1", "overall", "-overall", "moved"):
        assert CANARY in names(page_of(cast, sort=sort))[5:]


def test_withdrawn_consent_takes_the_figures_away_at_once(cast: Cast) -> None:
    found = small_region(cast)
    assert page_of(cast).statistics
    Participation.objects.filter(member=found[0]).update(shares_levels=False)
    page = page_of(cast)
    assert not page.statistics and page.sharing == 4 and page.rose == ()


@pytest.mark.parametrize(
    "query", [{"kind": "organisation"}, {"state": "shared"}, {"moved": "up"}, {"role": "mentor"}]
)
def test_filters_never_change_a_figure(cast: Cast, query: dict[str, str]) -> None:
    small_region(cast)
    whole, part = page_of(cast), page_of(cast, **query)
    assert part.areas == whole.areas and part.finding == whole.finding
    assert (part.sharing, part.rose, part.fell) == (whole.sharing, whole.rose, whole.fell)


def test_filters_choose_rows_and_columns(cast: Cast) -> None:
    found = small_region(cast)
    first, fifth = found[0].name, found[4].name
    assert names(page_of(cast, moved="up")) == [first]
    assert names(page_of(cast, moved="down")) == [fifth]
    assert names(page_of(cast, state="hidden")) == [CANARY]
    assert names(page_of(cast, role="mentor")) == [cast.mentor_partner.name]
    assert names(page_of(cast, kind="nation")) == [cast.nation.name]
    assert names(page_of(cast, engaged="yes")) == []
    Member.objects.filter(pk=found[1].pk).update(sector="energy")
    assert names(page_of(cast, sector="energy")) == [found[1].name]
    assert [column.code for column in page_of(cast, dimension="RES").columns] == ["RES.1"]


def test_sorting_puts_the_lowest_or_the_highest_first_and_the_unknown_last(cast: Cast) -> None:
    found = small_region(cast)
    up = page_of(cast, sort="GOV.1", state="shared")
    down = page_of(cast, sort="-GOV.1")
    assert [row.squares[0].text for row in up.rows] == ["1", "1", "2", "3", "4"]
    assert names(down)[0] == found[4].name and down.rows[-1].squares[0].text == ""
    assert up.columns[0].sorted == "ascending" and "sort=-GOV.1" in up.columns[0].query


def test_values_that_do_not_exist_are_named_and_left_out(cast: Cast, client: Client) -> None:
    small_region(cast)
    client.force_login(cast.manager)
    url = reverse("insights:region", args=[cast.programme.public_id])
    answer = client.get(url, {"kind": "planet\x00", "sort": "<b>", "moved": "up", "page": "x"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "Left out" in text
    assert "Left out, since the address has a value that does not exist: Kind, Order" in text
    assert f'href="/p/{cast.programme.public_id}/region/?#h-heat"' in text  # the pill takes "rose" away


def test_everybody_whose_certificate_ends_is_named(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_region(cast)
    named = tuple(Ending(f"Learner {n:02}", "Cyber hygiene", date(2026, 7, 1)) for n in range(25))
    monkeypatch.setattr(page, "expiring", lambda *_args: Expiring(90, 25, named))
    client.force_login(cast.manager)
    body = client.get(reverse("insights:region", args=(cast.programme.public_id,))).content.decode()
    assert all(body.count(row.name) == 1 for row in named)
    assert "… and 5 more" in body


def test_file_has_what_the_page_has(cast: Cast, client: Client) -> None:
    small_region(cast)
    client.force_login(cast.manager)
    query = {"state": "shared", "sort": "-GOV.1"}
    page = page_of(cast, **query)
    url = {
        e: reverse("insights:region_file", args=[cast.programme.public_id, e]) for e in ("csv", "xlsx", "pdf")
    }
    rows = list(csv.reader(StringIO(client.get(url["csv"], query).content.decode("utf-8-sig"))))
    wanted = [[row.name, *(square.text for square in row.squares)] for row in page.rows]
    assert [[row[0], *row[9:]] for row in rows[1:6]] == [
        [n, *(t or "not assessed" for t in ts)] for n, *ts in wanted
    ]
    sheet = openpyxl.load_workbook(BytesIO(client.get(url["xlsx"], query).content)).active
    assert sheet is not None
    assert [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)][1][9] == wanted[
        0
    ][1]
    shown = {
        row.code: [row.code, row.name, row.level, row.reached, row.counted, row.requests, row.places]
        for row in page.areas
    }
    assert list(rows[8:]) == [[str("" if v is None else v) for v in shown[row[0]]] for row in rows[8:]]
    assert len(rows[8:]) == len(page.areas) and CANARY not in str(rows)
    assert client.get(url["pdf"]).status_code == 404


def test_figure_leads_to_its_list_and_on_to_the_answers_under_a_grant(cast: Cast, client: Client) -> None:
    from tests.assessments.flow import answer, begin

    version = small_version()
    row = begin(cast.lead, cast.agency, version=version)
    answer(cast.respondent, row, "GOV.1.1", "2", why="Words nobody outside reads")
    answer(cast.respondent, row, "RES.1.1", "4", why="Nor these")
    from apps.assessments.services import submit_assessment

    submit_assessment(actor=cast.lead, assessment=row)
    client.force_login(cast.manager)
    area = reverse("insights:region_area", args=[cast.programme.public_id, "GOV.1"])
    answers = reverse("assessments:shared_area", args=[cast.agency.public_id, "GOV.1"])
    beyond = reverse("assessments:shared_area", args=[cast.agency.public_id, "RES.1"])
    body = client.get(area).content.decode()
    assert cast.agency.name in body and answers not in body  # levels are shared, answers are not
    assert client.get(answers).status_code == 404
    share(cast.agency, cast.lead, None, to_programme=cast.programme, areas=["GOV.1"])  # type: ignore[arg-type]
    assert answers in client.get(area).content.decode()
    table = client.get(reverse("insights:region", args=[cast.programme.public_id])).content.decode()
    assert answers in table and beyond not in table
    before = GrantReading.objects.count()
    read = client.get(answers)
    text = read.content.decode()
    assert (
        read.status_code == 200 and "GOV.1.1" in text and "RES.1.1" not in text and "Words nobody" not in text
    )
    assert [
        reading.what
        for reading in GrantReading.objects.order_by("-pk")[: GrantReading.objects.count() - before]
    ] == [f"{row.title}: GOV.1"]
    assert client.get(beyond).status_code == 404


def test_reader_of_another_office_finds_nothing(cast: Cast) -> None:
    small_region(cast)
    for person in (cast.lead, cast.mentor, cast.staff, cast.outsider):
        for act in (lambda who: region_page(who, cast.programme.public_id, {}),
                    lambda who: area_page(who, cast.programme.public_id, "GOV.1"),
                    lambda who: region_table(who, cast.programme.public_id, {})):  # fmt: skip
            with pytest.raises(Http404):
                act(person)
    with pytest.raises(Http404):
        area_page(cast.manager, cast.programme.public_id, "GOV.9")


def test_change_across_editions_is_counted_over_what_may_be_compared(cast: Cast) -> None:
    from apps.assessments.services import submit_assessment
    from tests.assessments.flow import answer, begin

    levels = {"2024": "1", "2026": "3"}
    for title, level in levels.items():
        version = small_version()
        document = {**version.document, "version": version.version}
        FrameworkVersion.objects.filter(pk=version.pk).update(document=document, document_hash=title * 16)
        version.refresh_from_db()
        row = begin(cast.lead, cast.agency, title=title, version=version)
        for code in ("GOV.1.1", "GOV.1.2", "GOV.2.1", "RES.1.1", "RES.1.2"):
            answer(cast.respondent, row, code, level)
        submit_assessment(actor=cast.lead, assessment=row)
    line = next(
        line for line in world_of(cast.manager, cast.programme.public_id).lines if line.member == cast.agency
    )
    assert line.moved is not None and line.moved.percent == 100
    from apps.assessments.selectors import results_of
    from apps.assessments.selectors.since import since_last

    since = since_last(results_of(cast.lead, cast.agency)[0])
    assert since is not None and since.then is not None
    then, now = (d["evidenced"]["overall"]["label"]["level"] for d in (since.then, since.now))
    assert (line.moved.before, line.moved.now) == (str(then), str(now))


@pytest.mark.parametrize("n", [1, 3])
def test_region_page_asks_a_constant_number_of_questions(
    cast: Cast, n: int, client: Client, django_assert_num_queries: Any
) -> None:
    version = small_version()
    for member in members(cast, n):
        result_for(member, cast, version, 1, "2024")
        need(member, cast, result_for(member, cast, version, 2))
        share(member, cast.lead, None, to_programme=cast.programme)  # type: ignore[arg-type]
    page_of(cast)  # figures are read once in a process, then kept
    with django_assert_num_queries(27):
        page_of(cast)
    with django_assert_num_queries(15):
        area_page(cast.manager, cast.programme.public_id, "GOV.1")
    with django_assert_num_queries(15):
        region_table(cast.manager, cast.programme.public_id, {})


def test_first_look_reads_all_figures_in_one_question_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    version = small_version()
    for member in members(cast, 3):
        result_for(member, cast, version, 2)
    region_table(cast.manager, cast.programme.public_id, {})  # the framework, too, is read once in a process
    monkeypatch.setattr(kept, "_kept", OrderedDict())
    with django_assert_num_queries(14):
        region_table(cast.manager, cast.programme.public_id, {})


def test_results_without_a_short_form_say_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    small_region(cast)
    rows = region_table(cast.manager, cast.programme.public_id, {})[1]
    ResultFigures.objects.all().delete()
    monkeypatch.setattr(kept, "_kept", OrderedDict())
    assert region_table(cast.manager, cast.programme.public_id, {})[1] == rows


def test_people_of_a_new_member_join_only_by_its_consent(cast: Cast) -> None:
    newcomer = OrganisationFactory(name=CANARY)
    join(newcomer, cast.outsider, "lead")
    result_for(newcomer, cast, small_version(), 3)
    assert CANARY not in names(page_of(cast))
    take_part(cast.programme, newcomer)
    assert CANARY in names(page_of(cast))


def test_bars_and_spread_leave_as_numbers(cast: Cast, client: Client) -> None:
    small_region(cast)
    client.force_login(cast.manager)
    address = f"/p/{cast.programme.public_id}/region/?format=csv&table="
    areas = client.get(f"{address}areas").content.decode("utf-8-sig")
    assert "Requests: 2. Places: 3." in next(row for row in areas.splitlines() if "Direction" in row)
    spread = client.get(f"{address}spread").content.decode("utf-8-sig")
    assert "0, 2, 1, 1, 1, 0" in next(row for row in spread.splitlines() if "Direction" in row)


def test_day_of_a_result_is_the_same_on_page_file_and_for_programs(cast: Cast, client: Client) -> None:
    """Half past nine in the evening in Greenwich is the next day for a reader in Tokyo."""
    User.objects.filter(pk=cast.manager.pk).update(time_zone="Asia/Tokyo")
    result_for(cast.agency, cast, small_version(), 3)
    Result.objects.update(computed_at="2026-03-31T21:30Z")
    client.force_login(cast.manager)
    page = client.get(reverse("insights:region_area", args=[cast.programme.public_id, "GOV.1"]))
    assert 'datetime="2026-04-01T' in page.content.decode()
    file = client.get(
        reverse("insights:region_file", args=[cast.programme.public_id, "csv"]), {"state": "shared"}
    )
    told = client.get(f"/api/v1/programmes/{cast.programme.public_id}/region/").json()
    assert {row["result_of"] for row in told["members"]} == {None, "2026-04-01"}
    assert next(csv.reader(StringIO(file.content.decode("utf-8-sig").split("\n", 1)[1])))[4] == "2026-04-01"


def test_requests_and_offers_that_were_taken_back_wait_no_more(cast: Cast) -> None:
    small_region(cast)
    Need.objects.filter(pk=Need.objects.order_by("pk").values("pk")[:1]).update(state="withdrawn")
    Offer.objects.update(state="withdrawn")
    page = page_of(cast)
    assert (page.requests, page.places) == (1, 0)
    assert [row for row in page.rows if any(square.offers for square in row.squares)] == []


def test_of_an_even_number_of_members_the_lower_middle_one_counts(cast: Cast) -> None:
    found = small_region(cast)
    Participation.objects.filter(member=found[5]).update(shares_levels=True)
    direction = next(row for row in page_of(cast).areas if row.code == "GOV.1")
    assert (direction.level, direction.reached, direction.counted) == (2, 3, 6)  # 1 1 2 3 4 5
    overview = region(cast.manager, cast.programme.public_id)
    assert [row.level for row in overview.weakest if row.code == "GOV.1"] == [2]


def test_answers_of_another_result_than_the_one_shown_are_not_linked(cast: Cast, client: Client) -> None:
    """The region goes by the framework of its rounds; what opens is the answers of the result that leads."""
    version = small_version()
    Round.objects.create(
        programme=cast.programme, version=version, name="Of our own", opens_on="2026-01-01", closes_on="2026-02-01"
    )  # fmt: skip
    result_for(cast.agency, cast, version, 2)
    share(cast.agency, cast.lead, None, to_programme=cast.programme)  # type: ignore[arg-type]
    client.force_login(cast.manager)
    area = reverse("insights:region_area", args=[cast.programme.public_id, "GOV.1"])
    answers = reverse("assessments:shared_area", args=[cast.agency.public_id, "GOV.1"])
    assert answers in client.get(area).content.decode()
    result_for(cast.agency, cast, published(small_document(id=SHARED)), 4, "Shared")
    text = client.get(area).content.decode()
    assert cast.agency.name in text and answers not in text

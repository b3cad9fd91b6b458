"""The peer benchmark as people meet it: consent until the cut-off, releases that stay, the same figures everywhere."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from apps.assessments.models import Result
from apps.benchmark.rules import DIMENSIONS, FEWEST
from apps.core.errors import Refused
from apps.core.seals import is_signed
from apps.insights import services
from apps.insights.choices import Income, Region
from apps.insights.models import BenchmarkConsent, BenchmarkPlace, BenchmarkRelease
from apps.insights.selectors import member_benchmark, release_page, releases_page
from apps.insights.selectors.contributors import contributors
from apps.members.choices import Sector
from apps.members.models import Member
from apps.members.policies import site_day
from scripts import verify
from tests.factories import OrganisationFactory, small_version
from tests.insights.test_region import result_for
from tests.people import Cast

pytestmark = pytest.mark.django_db
CUT_OFF, AFTER = date(2026, 3, 31), date(2026, 4, 2)


def community(cast: Cast, count: int, first: int = 0) -> list[Member]:
    """Approved organisations that agreed to the release of March 2026, spread over the levels."""
    version = small_version() if not first else BenchmarkRelease.objects.get().version_of
    members = [OrganisationFactory(sector="energy") for _n in range(count)]
    for n, member in enumerate(members):
        result_for(member, cast, version, (first + n) % 5)
    Result.objects.update(computed_at="2026-02-01T00:00Z")
    BenchmarkPlace.objects.bulk_create(
        BenchmarkPlace(member=m, region="asia", income="low", sector="energy", approved_by=cast.staff)
        for m in members
    )
    agree(cast, members, CUT_OFF)
    return members


def agree(cast: Cast, members: list[Member], cut_off: date) -> None:
    BenchmarkConsent.objects.bulk_create(
        BenchmarkConsent(member=m, cut_off=cut_off, given_by=cast.lead) for m in members
    )


def released(cast: Cast, count: int = FEWEST) -> BenchmarkRelease:
    community(cast, count)
    made = services.make_release(today=AFTER)
    assert made is not None
    return made


def test_choices_are_the_published_cuts() -> None:
    assert tuple(Region.values) == DIMENSIONS["region"]
    assert tuple(Income.values) == DIMENSIONS["income"]
    assert tuple(Sector.values) == DIMENSIONS["sector"]


def test_release_is_made_once_and_signed(cast: Cast) -> None:
    made = released(cast)
    assert services.make_release(today=AFTER) is None
    assert made.number == 1 and made.cut_off == CUT_OFF and is_signed(made.statement, made.proof)
    line = release_page(cast.viewer, 1).lines[0]
    assert (line.code, line.low, line.median, line.high, line.withheld) == ("GOV.1", "1.0", "2.0", "3.0", "")
    told = json.dumps(made.document)
    assert all(m.public_id not in told for m in Member.objects.all())


def test_only_approved_that_agree_and_signed_before_the_cut_off_count(cast: Cast) -> None:
    members = community(cast, FEWEST + 3)
    services.end_approval(actor=cast.staff, member=members[0])
    BenchmarkConsent.objects.filter(member=members[1]).update(withdrawn_at="2026-03-30T00:00Z")
    Result.objects.filter(member=members[2]).update(computed_at="2026-04-01T12:00Z")
    made = services.make_release(today=AFTER)
    assert made is not None
    kept = set(made.rests_on["GOV.1"]["all"])
    assert kept == {m.public_id for m in members[3:]}


def test_next_release_repeats_what_has_hardly_changed(cast: Cast) -> None:
    released(cast)
    members = list(Member.objects.filter(benchmark_place__isnull=False).order_by("pk"))
    Result.objects.filter(member=members[0]).delete()
    agree(cast, members, date(2026, 6, 30))
    second = services.make_release(today=date(2026, 7, 1))
    assert second is not None and second.number == 2 and second.rests_on["GOV.1"] == {}
    line = release_page(cast.viewer, 2).lines[0]
    assert line.median == "2.0" and line.older and line.as_of == CUT_OFF


def test_two_worlds_that_release_the_same_look_the_same_everywhere(cast: Cast, client: Client) -> None:
    """Every channel is made of the document alone: what is kept beside it changes nothing that anybody can fetch."""
    made = released(cast)
    client.force_login(cast.viewer)
    addresses = ["/benchmark/", "/benchmark/1/", "/benchmark/1/?cut=region.asia", "/benchmark/1/csv/", "/benchmark/1/json/", "/api/v1/benchmark/1/"]  # fmt: skip
    before = [_fetched(client, address) for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER benchmark_no_update" if connection.vendor == "sqlite" else "DROP TRIGGER benchmark_no_change ON insights_benchmarkrelease")  # fmt: skip
    BenchmarkRelease.objects.filter(pk=made.pk).update(rests_on={})
    Result.objects.filter(member__benchmark_place__isnull=False).delete()
    BenchmarkConsent.objects.all().delete()
    assert [_fetched(client, address) for address in addresses] == before


def _fetched(client: Client, address: str) -> str:
    """What a reader gets, less the tokens that differ each time."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().split("<main")[-1].split("</main")[0]


def test_same_figures_on_page_csv_json_and_api(cast: Cast, client: Client) -> None:
    made = released(cast)
    client.force_login(cast.viewer)
    told = json.loads(client.get("/benchmark/1/json/").content)
    assert told["release"] == made.document == client.get("/api/v1/benchmark/1/").json()["release"]
    rows = list(csv.reader(StringIO(client.get("/benchmark/1/csv/").content.decode("utf-8-sig"))))
    area = next(part for part in made.document["areas"] if part["code"] == "GOV.1")
    for cell, row in zip(area["cells"], (r for r in rows if r[0] == "GOV.1"), strict=True):
        assert row[2:6] == [cell["cut"], *(cell.get(key, "") for key in ("low", "median", "high"))]
    page = client.get("/benchmark/1/").content.decode()
    assert "<b>2.0</b>" in page and "1.0 to 3.0" in page
    assert client.get("/benchmark/1/xlsx/").status_code == 200
    assert client.get("/benchmark/1/exe/").status_code == 404
    assert client.get("/benchmark/99999999999999999999/").status_code == 404


def test_signed_file_is_checked_away_from_the_server(
    cast: Cast, client: Client, tmp_path: Path, capsys: Any
) -> None:
    released(cast)
    client.force_login(cast.viewer)
    file, keys = tmp_path / "release.json", tmp_path / "keys.json"
    file.write_bytes(client.get("/benchmark/1/json/").content)
    keys.write_bytes(client.get("/.well-known/belay-keys.json").content)
    assert verify.main(["benchmark", str(file), "--keys", str(keys)]) == 0
    assert "TLP:GREEN" in capsys.readouterr().out
    file.write_text(file.read_text("utf-8").replace('"median": "2.0"', '"median": "4.0"', 1), "utf-8")
    assert verify.main(["benchmark", str(file), "--keys", str(keys)]) == 1


def test_database_refuses_to_change_a_release(cast: Cast) -> None:
    made = released(cast)
    for act in (lambda: BenchmarkRelease.objects.update(number=7), made.delete):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            act()


def test_public_sees_cleared_releases_alone(cast: Cast, client: Client) -> None:
    made = released(cast)
    assert client.get("/benchmark/1/").status_code == 404
    assert client.get("/api/v1/benchmark/1/").status_code == 404
    assert "Release 1" not in client.get("/benchmark/").content.decode()
    services.clear_release(actor=cast.staff, release=made)
    assert "TLP:CLEAR" in client.get("/benchmark/1/").content.decode()
    assert client.get("/benchmark/1/json/").json()["statement"]["tlp"] == "TLP:CLEAR"


def test_withheld_says_the_rule_and_no_number(cast: Cast, client: Client) -> None:
    released(cast, FEWEST - 3)
    client.force_login(cast.viewer)
    page = client.get("/benchmark/1/").content.decode()
    assert (
        "Not shown: too few contributors" in page
        and str(FEWEST - 3) not in page.split("<main")[1].split("<aside")[0]
    )


def test_lead_agrees_and_takes_it_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.lead)
    address = f"/o/{cast.agency.public_id}/benchmark/"
    client.post(address, {"counts": "on"})
    assert member_benchmark(cast.lead, cast.agency.public_id).counts
    page = client.get(address).content.decode()
    assert "Someone who knows all but one of the answers may narrow the last one down to a band." in page
    client.post(address, {})
    assert not member_benchmark(cast.lead, cast.agency.public_id).counts
    client.post(address, {"counts": "on"})
    row = BenchmarkConsent.objects.get(member=cast.agency)
    assert row.withdrawn_at is None and row.cut_off >= site_day()


def test_nation_does_not_count(cast: Cast) -> None:
    with pytest.raises(Refused, match="nations do not count"):
        services.approve_organisation(
            actor=cast.staff, member=cast.nation, region="asia", income="low", sector="energy"
        )


def test_own_level_is_a_band_never_a_rank(cast: Cast, client: Client) -> None:
    made = released(cast)
    result_for(cast.agency, cast, made.version_of, 0)
    client.force_login(cast.viewer)
    page = client.get(f"/o/{cast.agency.public_id}/benchmark/").content.decode()
    assert "You stand below your peers’ middle half in 2 areas" in page and "only you see it" in page
    assert "only you see it" not in client.get("/benchmark/1/").content.decode()


def test_staff_approve_an_organisation(cast: Cast, client: Client) -> None:
    client.force_login(cast.staff)
    address = f"/benchmark/organisations/{cast.agency.public_id}/"
    assert client.post(address, {"region": "moon"}).status_code == 422
    client.post(address, {"region": "africa", "income": "low", "sector": "finance"})
    assert "Africa, Low income, Finance" in client.get("/benchmark/organisations/").content.decode()
    client.post(address, {"end": "1"})
    assert not BenchmarkPlace.objects.exists()


def test_command_says_what_it_did(cast: Cast, capsys: Any) -> None:
    call_command("release_benchmark")
    assert "nothing to release" in capsys.readouterr().out


@pytest.mark.parametrize("more", [0, 2])
def test_pages_cost_the_same_for_any_number(cast: Cast, more: int, django_assert_num_queries: Any) -> None:
    made = released(cast)
    for n in range(more):
        BenchmarkRelease.objects.create(
            number=2 + n, cut_off=date(2027 + n, 3, 31), version_of=made.version_of, document=made.document,
            rests_on={}, content_hash="0" * 64, statement={}, proof={},
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(releases_page(cast.viewer).rows) == 1 + more
    with django_assert_num_queries(1):
        release_page(cast.viewer, 1, "sector.energy")
    with django_assert_num_queries(6):
        member_benchmark(cast.viewer, cast.agency.public_id)


@pytest.mark.parametrize(
    ("points", "level", "standing"),
    [("44/1", 2, "below"), ("45/1", 2, "within"), ("59/1", 2, "within"), ("70/1", 1, "within"), ("75/1", 3, "above")],
)  # fmt: skip
def test_own_level_is_that_of_the_result_and_its_place_is_rounded_as_the_peers_are(
    cast: Cast, points: str, level: int, standing: str
) -> None:
    """Half levels go up at the half, for oneself as for the peers; a level held back by a key question stays so."""
    community(cast, FEWEST)
    Result.objects.update(document=_spread_from(50))
    for n, row in enumerate(Result.objects.order_by("pk")):
        row.document = _spread_from(45 + 10 * (n % 3))
        row.save()
    made = services.make_release(today=AFTER)
    assert made is not None
    own = result_for(cast.agency, cast, made.version_of, level)
    own.document = _spread_from(0)
    for part in own.document["evidenced"]["areas"]:
        part |= {"label": {"level": level}, "value": {"exact": points, "display": points}}
    own.save()
    page = member_benchmark(cast.lead, cast.agency.public_id)
    assert page.release is not None
    line = page.release.lines[0]
    assert (line.low, line.high) == ("2.5", "3.5")
    assert (line.now, line.standing) == (level, standing)


def _spread_from(points: int) -> dict[str, Any]:
    figure = {"exact": f"{points}/1", "display": f"{points}.0"}
    areas = [{"code": code, "label": {"level": points // 20}, "value": figure} for code in ("GOV.1", "RES.1")]
    return {"evidenced": {"areas": areas}, "claimed": {"areas": areas}}


def test_who_left_is_not_approved(cast: Cast, client: Client) -> None:
    Member.objects.filter(pk=cast.agency.pk).update(left_at="2026-01-01T00:00Z")
    client.force_login(cast.staff)
    assert cast.agency.public_id not in client.get("/benchmark/organisations/").content.decode()
    address = f"/benchmark/organisations/{cast.agency.public_id}/"
    answer = client.post(address, {"region": "africa", "income": "low", "sector": "finance"})
    assert answer.status_code == 404 and not BenchmarkPlace.objects.exists()


def test_release_after_a_demonstration_owes_it_nothing(cast: Cast) -> None:
    members = community(cast, FEWEST)
    found = contributors(CUT_OFF)
    assert found.version is not None
    services.make_demo_release(people=found.people, version=found.version)
    made = services.make_release(today=AFTER)
    assert made is not None and (made.number, len(made.rests_on["GOV.1"]["all"])) == (2, len(members))
    line = release_page(cast.viewer, 2).lines[0]
    assert line.as_of == CUT_OFF and not line.older and not line.withheld

"""The national picture: what its people see, what the next edition may take over, and who decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from apps.assessments.models import Result
from apps.core.errors import Refused
from apps.insights.models import NationalPicture
from apps.insights.selectors import operators_page, picture_page
from apps.insights.services import make_picture
from apps.members.models import Member
from tests.factories import OrganisationFactory, join, small_version
from tests.insights.test_region import result_for
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation(cast: Cast) -> Member:
    """A nation that the lead leads, with six energy operators that take part, all at level 2."""
    join(cast.nation, cast.lead, "lead")
    join(cast.nation, cast.viewer, "viewer")
    version = small_version()
    for _n in range(6):
        result_for(operator(cast, in_picture=True), cast, version, 2)
    own = result_for(cast.nation, cast, version, 4)
    Result.objects.filter(pk=own.pk).update(computed_at="2026-01-01T00:00Z")
    return cast.nation


def operator(cast: Cast, sector: str = "energy", **fields: Any) -> Member:
    return OrganisationFactory(nation=cast.nation, sector=sector, is_designated=True, **fields)


def line(page: Any, code: str = "GOV.1") -> Any:
    return next(row for row in page.areas if row.code == code)


def test_nation_stands_beside_its_organisations(cast: Cast, nation: Member) -> None:
    make_picture(actor=cast.lead, nation=nation)
    row = line(picture_page(cast.viewer, nation.public_id))
    assert (row.own, row.points, row.counted, row.gap, row.flagged) == (80, 40, 6, 40, True)
    assert (row.lower_quartile, row.percent_at_60) == (40, 0)


def test_fewer_than_five_make_no_picture(cast: Cast, nation: Member) -> None:
    taking_part = nation.organisations.filter(in_picture=True)
    for one in taking_part[:2]:
        Member.objects.filter(pk=one.pk).update(in_picture=False)
    assert taking_part.count() == 4
    with pytest.raises(Refused, match="needs five"):
        make_picture(actor=cast.lead, nation=nation)


def test_who_does_not_take_part_does_not_count_but_is_awaited(cast: Cast, nation: Member) -> None:
    result_for(operator(cast), cast, small_of(nation), 5)
    make_picture(actor=cast.lead, nation=nation)
    page = picture_page(cast.lead, nation.public_id)
    assert line(page).counted == 6
    (energy,) = (row for row in page.sectors if row.label == "Energy")
    assert (energy.designated, energy.answered, energy.indicative) == (7, 6, False)


def small_of(nation: Member) -> Any:
    return Result.objects.filter(member__nation=nation).first().assessment.version_of  # type: ignore[union-attr]


def test_one_newcomer_makes_no_new_edition(cast: Cast, nation: Member) -> None:
    make_picture(actor=cast.lead, nation=nation)
    result_for(operator(cast, in_picture=True), cast, small_of(nation), 5)
    with pytest.raises(Refused, match="Nothing can be shown yet"):
        make_picture(actor=cast.lead, nation=nation)
    for _n in range(4):
        result_for(operator(cast, in_picture=True), cast, small_of(nation), 5)
    assert make_picture(actor=cast.lead, nation=nation).number == 2
    assert line(picture_page(cast.lead, nation.public_id)).counted == 11
    assert line(picture_page(cast.lead, nation.public_id, 1)).counted == 6


def test_who_leaves_takes_the_areas_along_until_five_have_changed(cast: Cast, nation: Member) -> None:
    make_picture(actor=cast.lead, nation=nation)
    gone = nation.organisations.filter(in_picture=True).first()
    Member.objects.filter(pk=gone.pk).update(in_picture=False)  # type: ignore[union-attr]
    made = make_picture(actor=cast.lead, nation=nation)
    row = line(picture_page(cast.lead, nation.public_id))
    assert row.points is None and "an organisation left" in row.withheld
    assert made.rests_on["GOV.1"].keys() == NationalPicture.objects.get(number=1).rests_on["GOV.1"].keys()
    for _n in range(4):
        result_for(operator(cast, in_picture=True), cast, small_of(nation), 5)
    make_picture(actor=cast.lead, nation=nation)
    assert line(picture_page(cast.lead, nation.public_id)).counted == 9


def test_no_organisation_is_named_to_readers(cast: Cast, nation: Member, client: Client) -> None:
    make_picture(actor=cast.lead, nation=nation)
    client.force_login(cast.viewer)
    base = f"/o/{nation.public_id}/picture/"
    for address in (base, f"{base}1/", f"{base}1/csv/", f"{base}1/json/"):
        text = client.get(address).content.decode()
        for one in nation.organisations.filter(in_picture=True):
            assert one.public_id not in text and one.name not in text, address


def test_the_same_figures_on_page_csv_and_json(cast: Cast, nation: Member, client: Client) -> None:
    made = make_picture(actor=cast.lead, nation=nation)
    client.force_login(cast.lead)
    base = f"/o/{nation.public_id}/picture/1/"
    told = json.loads(client.get(f"{base}json/").content)
    assert told == made.document
    area = next(part for part in told["areas"] if part["code"] == "GOV.1")
    assert area["organisations"] == {"points": 40, "lower_quartile": 40, "percent_at_60": 0, "counted": 6}
    assert "GOV.1,Direction,80,40,40,0,6,40," in client.get(f"{base}csv/").content.decode()
    assert client.get(f"{base}xlsx/").status_code == 200
    assert client.get(f"{base}exe/").status_code == 404
    assert client.get(f"/o/{nation.public_id}/picture/9/").status_code == 404


def test_an_organisation_decides_for_itself(cast: Cast, client: Client) -> None:
    client.force_login(cast.lead)
    address = f"/o/{cast.agency.public_id}/sharing/picture/"
    client.post(address, {"counts": "on"})
    cast.agency.refresh_from_db()
    assert cast.agency.in_picture
    client.post(address, {})
    cast.agency.refresh_from_db()
    assert not cast.agency.in_picture


def test_the_nation_names_its_operators_and_nobody_elses(cast: Cast, nation: Member, client: Client) -> None:
    client.force_login(cast.lead)
    address = f"/o/{nation.public_id}/picture/operators/"
    assert "Agency" in client.get(address).content.decode()
    client.post(address, {"designated": [cast.agency.public_id, cast.other.public_id]})
    named = set(Member.objects.filter(is_designated=True).values_list("public_id", flat=True))
    assert named == {cast.agency.public_id}


@pytest.mark.parametrize("more", [0, 5])
def test_page_costs_the_same_for_any_number(
    cast: Cast, nation: Member, more: int, django_assert_num_queries: Any
) -> None:
    for _n in range(more):
        result_for(operator(cast, "health", in_picture=True), cast, small_of(nation), 3)
    make_picture(actor=cast.lead, nation=nation)
    with django_assert_num_queries(5):
        picture_page(cast.lead, nation.public_id)


@pytest.mark.parametrize("number", ["0", "2", "9" * 30])
def test_edition_that_there_is_not_is_not_found(
    cast: Cast, nation: Member, client: Client, number: str
) -> None:
    client.force_login(cast.lead)
    addresses = [
        f"/o/{nation.public_id}/picture/{number}/",
        f"/o/{nation.public_id}/picture/{number}/csv/",
        f"/api/v1/nations/{nation.public_id}/pictures/{number}/",
    ]
    for made in (False, True):
        if made:
            make_picture(actor=cast.lead, nation=nation)
        assert [client.get(address).status_code for address in addresses] == [404] * 3


def test_points_of_the_sectors_leave_with_the_file(cast: Cast, nation: Member, client: Client) -> None:
    for n in range(6):
        result_for(operator(cast, "health", in_picture=True), cast, small_of(nation), n % 2)
    for _n in range(2):
        result_for(operator(cast, "water", in_picture=True), cast, small_of(nation), 5)
    make_picture(actor=cast.lead, nation=nation)
    client.force_login(cast.viewer)
    base = f"/o/{nation.public_id}/picture/1/"
    told = client.get(f"{base}csv/").content.decode("utf-8-sig")
    cells = client.get(f"{base}json/").json()["areas"][0]["sectors"]
    # water is too small, and energy goes with it, or one would learn the mean of water
    assert sorted(code for code, cell in cells.items() if "withheld" in cell) == ["energy", "water"]
    lines = told.splitlines()
    assert lines[lines.index("Area,Energy,Health,Water") + 1] == "GOV.1 Direction,not shown,10,not shown"


def test_who_left_is_no_operator(cast: Cast, nation: Member, client: Client) -> None:
    gone = nation.organisations.first()
    Member.objects.filter(pk=gone.pk).update(left_at=now(), is_designated=False)  # type: ignore[union-attr]
    assert gone.public_id not in {row.public_id for row in operators_page(cast.lead, nation.public_id).rows}  # type: ignore[union-attr]
    client.force_login(cast.lead)
    client.post(f"/o/{nation.public_id}/picture/operators/", {"designated": [gone.public_id]})  # type: ignore[union-attr]
    assert not Member.objects.filter(left_at__isnull=False, is_designated=True).exists()

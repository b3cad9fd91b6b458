"""Answers read in bulk: the figures of each assessment by itself, only what the person may see, constant queries."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from apps.accounts.models import User
from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
from apps.assessments.selectors.board import board_of
from apps.assessments.selectors.inputs import answers_file, score_file, spec_of
from apps.frameworks.models import FrameworkVersion, Indicator
from apps.insights.selectors import answer_arrays
from apps.members.models import Member
from apps.scoring.bulk import BulkPlan, roll_up_in_bulk
from apps.scoring.rollup import SectorReach, Withheld
from tests.factories import OrganisationFactory, UserFactory, join, small_version
from tests.people import Cast

pytestmark = pytest.mark.django_db

ON = date(2026, 5, 1)
DATES = (None, date(2026, 1, 15), date(2020, 1, 1), date(2024, 5, 1), ON + timedelta(days=1))
STATES = ("not_scanned", "clean", "infected", "locked")


def assessed(
    member: Member, lead: User, version: FrameworkVersion, *, state: str = "submitted"
) -> Assessment:
    return Assessment.objects.create(
        member=member, version_of=version, title="2026", scope="organisational", state=state, lead=lead
    )


def answered(row: Assessment, indicator: Indicator, by: User, **fields: Any) -> Response:
    return Response.objects.create(
        member=row.member, assessment=row, indicator=indicator, answered_by=by, **{"kind": "level", **fields}
    )


def supported(row: Assessment, indicator: Indicator, by: User, **fields: Any) -> None:
    link = {"accepted_by": fields.pop("accepted_by", None), "attached_by": fields.pop("attached_by", by)}
    piece = Evidence.objects.create(
        member=row.member, assessment=row, added_by=by, title="Record", **{"kind": "link", **fields}
    )
    EvidenceLink.objects.create(member=row.member, evidence=piece, indicator=indicator, **link)


def answer_at_random(dice: random.Random, row: Assessment, people: list[User]) -> None:
    """Every kind of answer with every kind of evidence, as chance has it."""
    for indicator in Indicator.objects.filter(version=row.version_of):
        choices: list[dict[str, Any]] = [{"level": dice.randint(0, 5)}] * 4 + [{"kind": "unknown"}]
        if not indicator.key:
            agreed = ON if dice.random() < 0.5 else None
            choices.append(
                {
                    "kind": "not_applicable",
                    "reason": "no_mandate",
                    "agreed_at": agreed and "2026-04-01T00:00Z",
                }
            )
        if dice.random() < 0.15:
            continue
        answered(row, indicator, dice.choice(people), **dice.choice(choices))
        for _ in range(dice.randint(0, 3)):
            supported(
                row, indicator, dice.choice(people), kind=dice.choice(["described", "held", "link", "file"]),
                state=dice.choice(STATES), dated=dice.choice(DATES), expires_on=dice.choice(DATES),
                released_by=dice.choice([None, *people]), attached_by=dice.choice(people),
                accepted_by=dice.choice([None, *people]),
                removed_at="2026-04-01T00:00Z" if dice.random() < 0.2 else None,
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_arrays_give_the_figures_of_each_assessment_by_itself(cast: Cast, seed: int) -> None:
    dice, version = random.Random(seed), small_version()
    people = [cast.lead, cast.respondent, cast.viewer, cast.staff]
    rows = []
    for member in (cast.agency, *(OrganisationFactory() for _ in range(5))):
        if member != cast.agency:
            join(member, cast.lead, "viewer")
        rows.append(assessed(member, cast.lead, version))
        answer_at_random(dice, rows[-1], people)
    found = answer_arrays(cast.lead, version, "organisational", on=ON)
    assert [column.assessment for column in found.columns] == [row.public_id for row in rows]
    plan = BulkPlan.for_framework(found.framework)
    claimed, evidenced = (plan.score(found.answers, basis=basis) for basis in ("claimed", "evidenced"))
    for number, row in enumerate(rows):
        spec = spec_of(version, "organisational")
        alone = score_file(spec, answers_file(board_of(row), spec, on=ON))
        assert claimed.score_set(number) == alone.claimed
        assert evidenced.score_set(number) == alone.evidenced


def test_only_submitted_answers_of_ones_own_members_are_read(cast: Cast) -> None:
    version, older = small_version(), small_version()
    first = Indicator.objects.get(version=version, code="GOV.1.1")
    mine = assessed(cast.agency, cast.lead, version)
    others = assessed(cast.other, cast.other_lead, version)
    for row in (mine, others):
        answered(row, first, row.lead, level=4)
    draft = assessed(OrganisationFactory(), cast.lead, version, state="in_progress")
    join(draft.member, cast.lead, "lead")
    elsewhere = assessed(OrganisationFactory(), cast.lead, older)
    join(elsewhere.member, cast.lead, "lead")

    def read(user: User) -> list[str]:
        return [c.assessment for c in answer_arrays(user, version, "organisational", on=ON).columns]

    assert read(cast.lead) == read(cast.viewer) == [mine.public_id]
    assert read(cast.other_lead) == [others.public_id]
    for person in (cast.manager, cast.staff, cast.outsider, cast.mentor):
        found = answer_arrays(person, version, "organisational", on=ON)
        assert found.columns == () and found.answers.cells.shape == (5, 0)
    assert answer_arrays(cast.lead, version, "national", on=ON).columns == ()


def test_answers_to_questions_of_the_other_scope_have_no_place(cast: Cast) -> None:
    version = small_version()
    first, second = Indicator.objects.filter(version=version).order_by("position")[:2]
    stray = Indicator.objects.create(
        version=version,
        area=first.area,
        code="GOV.1.9",
        name="Stray",
        intent="Stray.",
        scope="national",
        position=9,
    )
    row = assessed(cast.agency, cast.lead, version)
    for indicator in (first, stray):
        answered(row, indicator, cast.lead, level=5)
        supported(row, indicator, cast.lead, kind="described", dated=ON)
    found = answer_arrays(cast.lead, version, "organisational", on=ON).answers
    assert found.cells[:, 0].tolist() == [3 + 5, 0, 0, 0, 0]
    assert found.grades[:, 0].tolist() == [1, 0, 0, 0, 0]
    assert second.code == "GOV.1.2"


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_four_queries_for_any_number(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    version, dice = small_version(), random.Random(7)
    for _ in range(count):
        member = OrganisationFactory()
        join(member, cast.lead, "lead")
        answer_at_random(dice, assessed(member, cast.lead, version), [cast.lead, cast.viewer])
    with django_assert_num_queries(4):
        assert len(answer_arrays(cast.lead, version, "organisational", on=ON).columns) == count


def test_members_are_rolled_up_by_sector_and_criticality(cast: Cast) -> None:
    version, user = small_version(), UserFactory()
    for n, sector in enumerate(["energy"] * 5 + ["water"] * 6):
        member = OrganisationFactory(sector=sector, criticality=("essential", "important", "other")[n % 3])
        join(member, user, "viewer")
        row = assessed(member, user, version)
        for indicator in Indicator.objects.filter(version=version):
            answered(row, indicator, user, level=n % 5 if sector == "energy" else 5)
    found = answer_arrays(user, version, "organisational", on=ON)
    designated = {found.columns[0].member, found.columns[7].member}
    organisations = found.organisations(designated)
    assert organisations.sectors == ("energy", "water")
    assert organisations.weight.tolist() == [3, 2, 1, 3, 2, 1, 3, 2, 1, 3, 2]
    scores = BulkPlan.for_framework(found.framework).score(found.answers, basis="claimed")
    rolled = roll_up_in_bulk(scores, organisations).roll_up({})
    assert rolled.reach == (SectorReach("energy", 1, 1), SectorReach("water", 1, 1))
    # Energy: levels 0 … 4 with c 3 2 1 3 2, so 20 × (0 + 2 + 2 + 9 + 8) / 11.
    energy, water = rolled.areas[0].sectors.values()
    assert not isinstance(energy, Withheld) and not isinstance(water, Withheld)
    assert (energy.value, water.value) == (Fraction(420, 11), 100)
    assert not np.any(found.answers.grades)

"""Measurements of scoring: one assessment, very many at once, from the database, and the memory they take."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from apps.scoring import FrameworkSpec, Grade, Rated, score  # noqa: E402
from apps.scoring.bulk import (  # noqa: E402
    BulkAnswers,
    BulkOrganisations,
    BulkPlan,
    roll_up_in_bulk,
    worn,
)
from apps.scoring.model import AreaSpec, IndicatorSpec, MethodRef, Scale  # noqa: E402

ON = date(2026, 5, 1)
SECTORS = 10
MEMORY_LIMIT_MB = 300
Row = Callable[..., dict[str, Any]]


def framework(indicators: int) -> FrameworkSpec:
    """Six dimensions, 28 areas of three or four indicators, the first of each area key, as the shared framework has."""
    areas = sorted((AreaSpec(f"D{n % 6}.{n:02}", f"D{n % 6}") for n in range(28)), key=lambda a: a.code)
    places = sorted(n % 28 for n in range(indicators))
    specs = [
        IndicatorSpec(
            f"{areas[place].code}.{n}", areas[place].code, areas[place].dimension, key=first,
            weight=Fraction(2 if first else 1), effort=1,
        )
        for n, place in enumerate(places)
        for first in [places.index(place) == n]
    ]  # fmt: skip
    return FrameworkSpec(
        "bench", "1", "national", MethodRef("shared-mean", 1), Scale(tuple("ABCDEF")),
        tuple(dict.fromkeys(a.dimension for a in areas)), tuple(areas), tuple(specs),
    )  # fmt: skip


def arrays(spec: FrameworkSpec, columns: int) -> tuple[BulkAnswers, BulkOrganisations]:
    """Answers by chance: 3 % unknown, 3 % not applicable where that may be, 3 % unanswered; all grades; ten sectors."""
    dice = np.random.default_rng(4)
    shape = (len(spec.indicators), columns)
    cells, grades = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
    for n, indicator in enumerate(spec.indicators):
        chance = dice.random(columns)
        cells[n] = dice.integers(3, 9, columns)
        cells[n][chance < 0.03] = 2
        cells[n][chance > 0.97] = 0 if indicator.key else 1
        cells[n][(chance > 0.94) & (chance < 0.97)] = 0
        grades[n] = dice.integers(0, 4, columns)
    organisations = BulkOrganisations(
        tuple("ABCDEFGHIJ"),
        sector=dice.integers(0, SECTORS, columns).astype(np.uint8),
        weight=dice.integers(1, 4, columns).astype(np.uint8),
        designated=dice.random(columns) < 0.5,
    )
    return BulkAnswers(cells, grades), organisations


def one(row: Row) -> dict[str, Any]:
    """One assessment, both bases with labels, ranges and coverage, against plain float means of the same levels."""
    spec, dice = framework(94), random.Random(4)
    levels = [dice.randint(0, 5) for _ in spec.indicators]
    answers = {
        i.code: Rated(level, Grade.E2, date(2026, 1, 15))
        for i, level in zip(spec.indicators, levels, strict=True)
    }
    area_of, weights = [i.area for i in spec.indicators], [float(i.weight) for i in spec.indicators]
    areas_of = {d: [a.code for a in spec.areas_of(d)] for d in spec.dimensions}

    def bare() -> float:
        points: dict[str, float] = {}
        total: dict[str, float] = {}
        for area, weight, level in zip(area_of, weights, levels, strict=True):
            points[area] = points.get(area, 0.0) + weight * 20.0 * level
            total[area] = total.get(area, 0.0) + weight
        means = {area: points[area] / total[area] for area in points}
        dimensions = [sum(means[a] for a in areas) / len(areas) for areas in areas_of.values()]
        return sum(dimensions) / len(dimensions)

    def both() -> None:
        bare(), bare()

    return row("one assessment of 94 indicators, claimed and evidenced, exact",
               lambda: score(spec, answers, on=ON), both, "float means of the same levels, twice", 200, process_time)  # fmt: skip


def many(row: Row) -> list[dict[str, Any]]:
    """Score 10,000 × 100 and roll them up against NumPy means of the same array by area, dimension, whole and sector."""
    spec = framework(100)
    answers, organisations = arrays(spec, 10_000)
    dated = np.random.default_rng(5).integers(738_000, 739_700, answers.cells.shape).astype(np.int32)
    plan, levels = BulkPlan.for_framework(spec), answers.cells.astype(np.int8)
    bare = means_of(spec, levels, organisations.sector)

    def ours() -> Any:
        return roll_up_in_bulk(plan.score(answers, basis="evidenced"), organisations)

    def everything() -> None:
        aged = BulkAnswers(answers.cells, worn(answers.grades, dated, on=ON))
        scores = plan.score(aged, basis="evidenced")
        for reading in ("value", "low", "high"):
            scores.labels(reading)
        scores.provisional.any()
        roll_up_in_bulk(scores, organisations).roll_up({})

    def single() -> Any:
        return levels.mean(axis=0)

    named = "NumPy means by area, dimension, whole and sector"
    return [
        row(
            "score 10,000 × 100 and roll up: weighted means, counts, shares",
            ours,
            bare,
            named,
            40,
            process_time,
        ),
        row(
            "score and roll up 10,000 × 100",
            ours,
            single,
            "one NumPy mean of the same array",
            40,
            process_time,
        ),
        row(
            "the same with ageing, ranges, labels, coverage, quartiles and protected cells",
            everything,
            bare,
            named,
            15,
            process_time,
        ),
    ]


def means_of(spec: FrameworkSpec, levels: Any, sector: Any) -> Callable[[], Any]:
    """Return what NumPy does at least: unweighted float means, nothing left out, no labels, no quartile."""
    codes, places = [i.area for i in spec.indicators], [a.dimension for a in spec.areas]
    inside = [slice(codes.index(a.code), codes.index(a.code) + codes.count(a.code)) for a in spec.areas]
    below = [slice(places.index(d), places.index(d) + places.count(d)) for d in spec.dimensions]
    members = [np.flatnonzero(sector == n) for n in range(SECTORS)]

    def act() -> Any:
        areas = np.stack([levels[rows].mean(axis=0) for rows in inside])
        dimensions = np.stack([areas[rows].mean(axis=0) for rows in below])
        sectors = np.stack([areas[:, group].mean(axis=1) for group in members], axis=1)
        return areas, dimensions, dimensions.mean(axis=0), sectors, sectors.mean(axis=1)

    return act


def from_database(row: Row) -> dict[str, Any]:
    """Read 1,000 submitted assessments with evidence and score them, against fetching the same rows."""
    from apps.assessments.models import Assessment, EvidenceLink, Response
    from apps.frameworks.selectors import published_version
    from apps.insights.selectors import answer_arrays
    from apps.insights.selectors.answers import FACTS

    user = _assessed(1_000)
    version = published_version(user)
    mine = Assessment.objects.filter(title__startswith="Bench").values("pk")

    def ours() -> Any:
        found = answer_arrays(user, version, "organisational", on=ON)
        return BulkPlan.for_framework(found.framework).score(found.answers, basis="evidenced")

    def bare() -> None:
        rows = Response.objects.filter(assessment__in=mine)
        list(rows.values_list("assessment", "indicator", "kind", "level", "answered_by"))
        links = EvidenceLink.objects.filter(evidence__assessment__in=mine).order_by()
        list(links.values_list("evidence__assessment", "indicator", *FACTS))

    assert len(ours()) == 1_000
    return row("read and score 1,000 assessments from the database", ours, bare, "fetching the same rows", 5)


def _assessed(count: int) -> Any:
    from apps.accounts.models import User
    from apps.assessments.models import Assessment, Evidence, EvidenceLink, Response
    from apps.frameworks.models import Indicator
    from apps.frameworks.selectors import published_version
    from apps.members.models import Member, Membership

    dice, user = random.Random(6), User.objects.create(email="bench@example.org", full_name="Bench")
    version, nation = published_version(user), Member.objects.filter(kind="nation")[0]
    asked = list(Indicator.objects.filter(version=version, scope__in=("organisational", "both")))
    members = Member.objects.bulk_create(
        Member(name=f"Bench {n}", kind="organisation", nation=nation) for n in range(count)
    )
    Membership.objects.bulk_create(Membership(member=m, user=user, role="viewer") for m in members)
    rows = Assessment.objects.bulk_create(
        Assessment(member=m, version_of=version, title=f"Bench {n}", scope="organisational", state="submitted", lead=user)
        for n, m in enumerate(members)
    )  # fmt: skip
    Response.objects.bulk_create(
        Response(member=a.member, assessment=a, indicator=i, kind="level", level=dice.randint(0, 5), answered_by=user)
        for a in rows for i in asked
    )  # fmt: skip
    supported = [(a, i) for a in rows for i in asked if dice.random() < 0.5]
    pieces = Evidence.objects.bulk_create(
        Evidence(member=a.member, assessment=a, kind="link", title="Record", added_by=user,
                 dated=date.fromordinal(738_000 + dice.randrange(1_700)))
        for a, _ in supported
    )  # fmt: skip
    EvidenceLink.objects.bulk_create(
        EvidenceLink(member=a.member, evidence=piece, indicator=i, attached_by=user)
        for (a, i), piece in zip(supported, pieces, strict=True)
    )
    return user


def memory() -> dict[str, Any]:
    """Peak memory of 100,000 × 100 in a process of its own, over what the imports take; both bases, all readings."""
    done = subprocess.run([sys.executable, __file__, "100000"], capture_output=True, text=True, check=True)
    megabytes = json.loads(done.stdout)
    return {
        "name": "memory of scoring 100,000 × 100 on both bases, with the answers, ranges and the roll-up",
        "mb": megabytes,
        "limit_mb": MEMORY_LIMIT_MB,
        "ratio": round(megabytes / MEMORY_LIMIT_MB, 2),
    }


def _peak(columns: int) -> float:
    spec = framework(100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers, organisations = arrays(spec, columns)
    plan = BulkPlan.for_framework(spec)
    claimed, evidenced = plan.score(answers, basis="claimed"), plan.score(answers, basis="evidenced")
    for scores in (claimed, evidenced):
        for reading in ("value", "low", "high"):
            scores.labels(reading)
    evidenced.provisional.any()
    roll_up_in_bulk(evidenced, organisations).roll_up({})
    return round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1)


def rows(row: Row) -> Iterable[dict[str, Any]]:
    """Return all of them; `row` measures one against its bare limit."""
    return [one(row), *many(row), from_database(row), memory()]


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    print(json.dumps(_peak(int(sys.argv[1]))))

"""Problems for the tests: tiny ones drawn by Hypothesis, larger ones from a fixed seed, known ones from files."""

from __future__ import annotations

import gzip
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
OBJECTIVES = ("max-total", "min-total", "leximin-then-total")
Document = dict[str, Any]


@st.composite
def documents(draw: st.DrawFn, objective: str | None = None, plain: bool = False) -> Document:
    """A sound document with at most 8 pairs; `plain` keeps to unit costs, one place each."""
    aim = objective or draw(st.sampled_from(OBJECTIVES))
    members = [draw(_members(f"m{i}", plain)) for i in range(draw(st.integers(1, 4)))]
    mentors = [draw(_mentors(f"k{i}")) for i in range(draw(st.integers(1, 3)))]
    links = [{"member": m["id"], "mentor": k["id"]} for m in members for k in mentors]
    chosen = draw(st.lists(st.sampled_from(links), unique_by=_key, max_size=8))
    lowest = 0 if aim == "leximin-then-total" else -2
    scores = st.integers(lowest * 2, 8).map(lambda half: str(Decimal(half) / 2))
    costs = st.just(1) if plain else st.integers(1, 2)
    document: Document = {
        "members": members,
        "mentors": mentors,
        "pairs": [{**link, "score": draw(scores), "cost": draw(costs)} for link in chosen],
        "objective": aim,
    }
    _draw_lock_and_exclusion(draw, document, chosen)
    groups = sorted({group for m in members for group in m["groups"]})
    if groups and draw(st.booleans()):
        floored = draw(st.lists(st.sampled_from(groups), unique=True, min_size=1))
        document["floors"] = [{"group": group, "minimum": draw(st.integers(0, 2))} for group in floored]
    if draw(st.booleans()):
        current = draw(st.lists(st.sampled_from(links), unique_by=_key, max_size=3))
        document["switching"] = {"current": current, "penalty": draw(st.sampled_from(["0", "0.5", "2"]))}
    return document


def _draw_lock_and_exclusion(draw: st.DrawFn, document: Document, chosen: list[dict[str, str]]) -> None:
    capacity = {k["id"]: k["capacity"] for k in document["mentors"]}
    fits = [p for p in document["pairs"] if p["cost"] <= capacity[p["mentor"]]]
    if fits and draw(st.integers(0, 3)) == 0:
        lock = draw(st.sampled_from(fits))
        document["locked"] = [{"member": lock["member"], "mentor": lock["mentor"]}]
    free = [link for link in chosen if link not in document.get("locked", [])]
    if free and draw(st.booleans()):
        document["excluded"] = [draw(st.sampled_from(free))]


def _members(name: str, plain: bool) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {
            "id": st.just(name),
            "demand": st.just(1) if plain else st.sampled_from([1, 1, 2]),
            "priority": st.integers(0, 2),
            "groups": st.sampled_from([[], ["north"], ["south"], ["north", "south"]]),
        }
    )


def _mentors(name: str) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {
            "id": st.just(name),
            "capacity": st.sampled_from([0, 1, 1, 2, 3]),
            "minimum": st.just(0),
        }
    ).flatmap(
        lambda row: st.sampled_from([0, 0, 0, min(1, row["capacity"])]).map(
            lambda low: {**row, "minimum": low}
        )
    )


def _key(link: dict[str, str]) -> tuple[str, str]:
    return link["member"], link["mentor"]


def drawn_round(members: int, mentors: int, objective: str, seed: int = 1) -> Document:
    """A larger round from a fixed seed: half of all pairs eligible, scores with two decimals."""
    dice = random.Random(seed)
    return {
        "members": [{"id": f"m{i:04}", "priority": dice.randint(0, 3)} for i in range(members)],
        "mentors": [{"id": f"k{i:04}", "capacity": dice.randint(3, 5)} for i in range(mentors)],
        "pairs": [
            {"member": f"m{i:04}", "mentor": f"k{j:04}", "score": f"{dice.randint(0, 1000) / 100:.2f}"}
            for i in range(members)
            for j in range(mentors)
            if dice.random() < 0.5
        ],
        "objective": objective,
    }


def assignment_instance(name: str, objective: str) -> Document:
    """An assignment instance of the OR-Library: size, then the costs row by row."""
    size, *costs = (int(word) for word in gzip.decompress((DATA / name).read_bytes()).split())
    assert len(costs) == size * size
    return {
        "members": [{"id": f"r{i}"} for i in range(size)],
        "mentors": [{"id": f"c{i}"} for i in range(size)],
        "pairs": [
            {"member": f"r{i}", "mentor": f"c{j}", "score": costs[i * size + j]}
            for i in range(size)
            for j in range(size)
        ],
        "objective": objective,
    }


def generalised_instance(name: str, objective: str) -> Document:
    """A generalised assignment instance of the OR-Library: values, resources, capacities, by agent."""
    agents, jobs, *words = (int(word) for word in (DATA / name).read_text().split())
    values, resources, capacities = words[: agents * jobs], words[agents * jobs : -agents], words[-agents:]
    assert len(resources) == len(values) == agents * jobs
    return {
        "members": [{"id": f"j{k}"} for k in range(jobs)],
        "mentors": [{"id": f"a{i}", "capacity": capacities[i]} for i in range(agents)],
        "pairs": [
            {
                "member": f"j{k}",
                "mentor": f"a{i}",
                "score": values[i * jobs + k],
                "cost": resources[i * jobs + k],
            }
            for i in range(agents)
            for k in range(jobs)
        ],
        "objective": objective,
    }

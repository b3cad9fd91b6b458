"""A framework with names of its own, and results on it: small for tests, full size for looking at reports."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from apps.reports.documents import Request
from apps.reports.selectors import ResultSource, Tree
from apps.scoring import parse_answers, parse_framework, score

DIMENSIONS = {
    "GOV": (
        "Governance and strategy",
        ["Direction", "Mandates and roles", "Law and regulation", "Resources"],
    ),
    "PRO": ("Protection", ["Essential services", "Identity and access", "Secure change", "Supply chain"]),
    "RES": (
        "Threats and response",
        ["Threat picture and warnings", "Detection", "Incident response", "Crisis management"],
    ),
    "SKL": (
        "People and skills",
        ["Awareness", "Training of specialists", "Research and education", "Leadership"],
    ),
    "COO": ("Cooperation", ["Sharing information", "Public and private", "International work", "Assistance"]),
}
LEVELS = ("Absent", "Initial", "Developing", "Established", "Managed", "Adaptive")
QUESTIONS = (
    "Approved and current plan", "Named responsible body", "Yearly review with figures", "Practice shown in an exercise",
)  # fmt: skip


def framework_document(full: bool = False) -> dict[str, Any]:
    """Full: five dimensions, twenty areas, eighty indicators. Else two, six and eighteen. The first of each area is key."""
    areas, indicators = [], []
    chosen = {
        code: (name, names if full else names[:3])
        for code, (name, names) in list(DIMENSIONS.items())[: 5 if full else 2]
    }
    for code, (_name, names) in chosen.items():
        for a, name in enumerate(names, 1):
            areas.append({"id": f"{code}.{a}", "dimension": code, "name": name})
            indicators += [
                {
                    "id": f"{code}.{a}.{i}",
                    "area": f"{code}.{a}",
                    "scope": "both",
                    "key": i == 1,
                    "effort": 1 + (i + a) % 3,
                }
                for i in range(1, 5 if full else 4)
            ]
    return {
        "id": "sample", "version": "1.0", "language": "en", "name": "Sample framework",
        "scale": {"levels": [{"level": n, "name": name, "meaning": "…"} for n, name in enumerate(LEVELS)]},
        "method": {"name": "shared-mean", "version": 1},
        "dimensions": [{"id": code, "name": name} for code, (name, _areas) in chosen.items()],
        "areas": areas, "indicators": indicators,
        "prerequisites": [{"indicator": "GOV.1.3", "requires": "GOV.1.1", "at_level": 3}],
        "profiles": [{"id": "base", "name": "Base", "scope": "both", "targets": {"default": 3}}],
    }  # fmt: skip


def answers(seed: int, on: str, *, missing: int = 0, full: bool = False) -> dict[str, Any]:
    """Answers to every indicator but the last `missing` ones."""
    dice = Random(seed)
    given: dict[str, Any] = {}
    rows = framework_document(full)["indicators"]
    for row in rows[: len(rows) - missing]:
        pick = dice.random()
        if pick < 0.04:
            given[row["id"]] = {"unknown": True}
        elif pick < 0.07 and not row["key"]:
            given[row["id"]] = {"not_applicable": "no such body"}
        else:
            level = min(5, max(0, round(dice.gauss(2.6 + seed * 0.3, 1.1))))
            given[row["id"]] = {
                "level": level,
                "evidence": f"E{dice.choice((1, 2, 2, 3))}",
                "dated": f"{int(on[:4]) - 1}-11-01",
            }
    targets = {row["id"]: dice.choice((3, 3, 4)) for row in rows}
    return {
        "framework": "sample",
        "version": "1.0",
        "scope": "organisational",
        "on": on,
        "targets": targets,
        "answers": given,
    }


def result_document(
    seed: int, on: str = "2026-05-06", *, missing: int = 0, full: bool = False
) -> dict[str, Any]:
    """What `apps.scoring` prints for these answers."""
    framework = parse_framework(framework_document(full), scope="organisational")
    parsed = parse_answers(answers(seed, on, missing=missing, full=full), framework)
    return score(framework, parsed.answers, on=parsed.on, targets=parsed.targets).as_document()


def tree(full: bool = False) -> Tree:
    document = framework_document(full)
    return Tree(
        name="Sample framework", version="1.0", language="en",
        dimensions={d["id"]: d["name"] for d in document["dimensions"]},
        areas={a["id"]: a["name"] for a in document["areas"]},
        area_dimension={a["id"]: a["dimension"] for a in document["areas"]},
        indicators={i["id"]: QUESTIONS[int(i["id"][-1]) - 1] for i in document["indicators"]},
        steps={
            (i["id"], n): (f"Step {n}", f"All public bodies named in the plan have done step {n}, and a dated record shows it.")
            for i in document["indicators"] for n in range(6)
        },
    )  # fmt: skip


def source(
    *,
    compared: bool = True,
    subject: str = "National CERT of Veldara",
    tlp: str = "TLP:AMBER+STRICT",
    missing: int = 0,
    full: bool = False,
) -> ResultSource:
    document = result_document(1, missing=missing, full=full)
    return ResultSource(
        subject=subject, title="Yearly assessment 2026", tlp=tlp, reference="abcdefghijklmnopqrst",
        input_hash=document["input_hash"], document=document, submitted_on=date(2026, 5, 6), submitted_by="Leila Marwan",
        tree=tree(full), previous=result_document(0, "2024-05-06", full=full) if compared else None,
        previous_on=date(2024, 5, 6) if compared else None,
        headline="“Threat picture” rose; the gap now is “Law and regulation”", status="Submitted",
        goals={part["code"]: 3 for part in (document["evidenced"]["overall"], *document["evidenced"]["areas"])},
    )  # fmt: skip


def request(**changes: Any) -> Request:
    values = {
        "reference": "ABCDE-FGHIJ-KLMNO-PQRST", "title": "Cybersecurity maturity: Yearly assessment 2026",
        "tlp": "TLP:AMBER+STRICT", "paper": "a4", "reader": "Leila Marwan", "made_on": date(2026, 5, 7),
    }  # fmt: skip
    return Request(**{**values, **changes})

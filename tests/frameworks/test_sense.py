"""What the extended framework document may not say, although its schema would allow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from apps.frameworks.services.checking import document_faults
from tests.frameworks.documents import small_document

Document = dict[str, Any]
YES_NO = {
    "id": "yn",
    "levels": [{"level": 0, "name": "No", "meaning": "No."}, {"level": 1, "name": "Yes", "meaning": "Yes."}],
}
FOUR = [{"level": n, "name": f"Level {n}", "meaning": "…"} for n in range(4)]


def code(number: int = 0) -> str:
    return str(small_document()["indicators"][number]["id"])


def test_everything_new_may_stand_together() -> None:
    document = small_document(
        source={"title": "Elsewhere", "licence": "Free"},
        scales=[YES_NO],
        tiers=[{"id": "top", "name": "Top", "at_least": "80.5"}],
        crosswalks=[{"id": "CSF", "name": "A framework", "version": "2.0", "items": {"GV.RM-01": "Objectives"}}],
        changes={"since": "0.9", "indicators": [
            {"kind": "merged", "from": ["a", "b"], "to": [code()], "comparable": True, "note": "Both asked the same."},
            {"kind": "new", "to": [code(1)]},
            {"kind": "gone", "from": ["c"]},
        ]},
        translations={"fr": {
            "name": "Petit cadre",
            "scale": [{"name": f"Niveau {n}"} for n in range(6)],
            "scales": {"yn": [{"name": "Non"}, {"name": "Oui"}]},
            "indicators": {code(): {"name": "Nom", "levels": {"national": [{"level": 0, "title": "Rien"}]}}},
            "tiers": {"top": "Haut"},
        }},
    )  # fmt: skip
    document["indicators"][0]["crosswalk"] = {"CSF": ["GV.RM-01"]}
    document["indicators"][-1]["scale"] = "yn"
    drop_links(document)
    assert document_faults(document) == []


def drop_links(document: Document) -> None:
    document.pop("prerequisites", None)
    document.pop("profiles", None)


def changed(**row: Any) -> Callable[[Document], None]:
    return lambda document: document.update(changes={"since": "0.9", "indicators": [row]})


def translated(**texts: Any) -> Callable[[Document], None]:
    return lambda document: document.update(translations={"fr": texts})


def first(**fields: Any) -> Callable[[Document], None]:
    return lambda document: document["indicators"][0].update(fields)


def method(name: str, **parameters: Any) -> Callable[[Document], None]:
    return lambda document: document.update(method={"name": name, "version": 1, "parameters": parameters})


BAD = [
    (lambda d: d.update(scales=[YES_NO, YES_NO]), "scales.yn: this id appears 2 times"),
    (lambda d: d.update(scales=[{**YES_NO, "levels": YES_NO["levels"][::-1]}]), "scales.yn.levels: levels go from 0 to 1 in order"),
    (lambda d: d.update(scales=[{**YES_NO, "levels": YES_NO["levels"] * 6}]), "scales.yn.levels: 12 entries; at most 11 are allowed"),
    (first(scale="zz"), "indicators.GOV.1.1.scale: 'zz' is not a scale of this framework"),
    (first(stage=1), "indicators.GOV.1.1.stage: only the method cumulative has stages"),
    (first(stage=11), "indicators.GOV.1.1.stage: 11 is outside the allowed range (maximum 10)"),
    (lambda d: d.update(tiers=[{"id": "a", "name": "A", "at_least": 1}] * 2), "tiers.a: this id appears 2 times"),
    (lambda d: d.update(tiers=[{"id": c, "name": c, "at_least": 1} for c in "ab"]), "tiers: two tiers begin at the same value"),
    (method("weighted-sum", implemented_at=1), "method.parameters.implemented_at: weighted-sum has no such parameter"),
    (method("cumulative", implemented_at=3), "method.parameters.stages: cumulative needs the names of at least"),
    (method("cumulative", stages=[{"stage": 1, "name": "x"}, {"stage": 0, "name": "y"}]), "method.parameters.stages: stages go from 0 up"),
    (method("threshold-profile", profiles=["gold"]), "method.parameters.profiles: 'gold' is not a profile of this framework"),
    (lambda d: d.update(crosswalks=[]) or d["indicators"][0].update(crosswalk={"CSF": ["x"]}), "indicators.GOV.1.1.crosswalk.CSF: not described under crosswalks"),
    (lambda d: d.update(crosswalks=[{"id": "CSF", "name": "x"}] * 2), "crosswalks.CSF: this id appears 2 times"),
    (lambda d: d.update(changes={"since": d["version"]}), "changes.since: "),
    (changed(kind="equal", **{"from": ["a"]}, to=["Z.9"]), "changes.indicators[0].to: 'Z.9' is not an indicator of this framework"),
    (changed(kind="split", **{"from": ["a"]}, to=["GOV.1.1"]), "changes.indicators[0].to: split has at least two codes here"),
    (changed(kind="merged", **{"from": ["a"]}, to=["GOV.1.1"]), "changes.indicators[0].from: merged has at least two codes here"),
    (changed(kind="new", **{"from": ["a"]}, to=["GOV.1.1"]), "changes.indicators[0].from: new has no code here"),
    (changed(kind="gone"), "changes.indicators[0].from: gone has at least one code here"),
    (changed(kind="gone", **{"from": ["GOV.1.1"]}), "changes.indicators[0].from: 'GOV.1.1' is still here"),
    (changed(kind="changed", **{"from": ["a", "b"]}, to=["GOV.1.1"]), "changes.indicators[0].from: changed has one code here"),
    (changed(kind="equal", comparable=False, **{"from": ["a"]}, to=["GOV.1.1"]), "changes.indicators[0].comparable: what is equal is comparable"),
    (changed(kind="new", comparable=True, to=["GOV.1.1"]), "changes.indicators[0].comparable: what is new has nothing"),
    (changed(kind="split", **{"from": ["a"]}, to=["GOV.1.1", "GOV.1.1"]), "changes.indicators: GOV.1.1 stands under to 2 times"),
    (lambda d: d.update(translations={d["language"]: {}}), "translations.en: this is the language of the framework itself"),
    (lambda d: d.update(translations={"French": {}}), "translations: 'French' is not written in the allowed form"),
    (translated(areas={"Q.1": {"name": "x"}}), "translations.fr.areas.Q.1: not in this framework"),
    (translated(scale=[{"name": "x"}]), "translations.fr.scale: 1 levels for the 6 of the scale"),
    (lambda d: d.update(scales=[YES_NO], translations={"fr": {"scales": {"yn": [{"name": "x"}]}}}), "translations.fr.scales.yn: 1 levels for the 2"),
    (translated(indicators={"GOV.1.1": {"levels": {"national": [{"level": 6}]}}}), "translations.fr.indicators.GOV.1.1.levels.national: level 6 is outside 0–5"),
    (translated(indicators={"GOV.1.1": {"levels": {"national": [{"level": 1}] * 2}}}), "translations.fr.indicators.GOV.1.1.levels.national: level 1 appears 2 times"),
    (translated(indicators={"GOV.1.1": {"colour": "x"}}), "translations.fr.indicators.GOV.1.1: 'colour': not known here"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "wanted"), BAD, ids=[wanted[:60] for _, wanted in BAD])
def test_fault_is_named_with_its_place(spoil: Callable[[Document], None], wanted: str) -> None:
    document = small_document()
    drop_links(document)
    spoil(document)
    faults = document_faults(document)
    assert any(fault.startswith(wanted) for fault in faults), faults


def test_translated_levels_belong_to_the_scope_of_the_indicator() -> None:
    document = small_document()
    drop_links(document)
    row, other = document["indicators"][-1], "organisational"
    row["scope"] = "national"
    document["translations"] = {"fr": {"indicators": {row["id"]: {"levels": {other: []}}}}}
    assert document_faults(document) == [
        f"translations.fr.indicators.{row['id']}.levels.{other}: the scope of the indicator is {row['scope']}"
    ]


def test_cumulative_takes_no_not_applicable() -> None:
    document = small_document(scale={"levels": FOUR})
    drop_links(document)
    stages = [{"stage": 0, "name": "None"}, {"stage": 1, "name": "One"}]
    method("cumulative", implemented_at=2, stages=stages)(document)
    for row in document["indicators"]:
        row |= {"stage": 1, "key": False}
    assert document_faults(document) == []
    document["indicators"][0]["not_applicable"] = True
    assert document_faults(document) == [
        f'indicators.{code()}.not_applicable: the method cumulative has no "not applicable"'
    ]


def test_levels_targets_and_prerequisites_follow_the_scale_of_the_indicator() -> None:
    document = small_document(scales=[YES_NO])
    drop_links(document)
    one, two = document["indicators"][0], document["indicators"][1]
    one["scale"] = "yn"
    scope = "national" if one["scope"] == "both" else one["scope"]
    one["levels"] = {
        s: [{"level": n, "title": "x", "text": "x"} for n in range(3)] for s in ("national", "organisational")
    }
    document["prerequisites"] = [{"indicator": two["id"], "requires": one["id"], "at_level": 2}]
    document["profiles"] = [
        {"id": "p", "name": "P", "scope": scope, "targets": {"default": 5, "indicators": {one["id"]: 2}}}
    ]
    assert document_faults(document) == [
        f"indicators.{one['id']}.levels.{s}: levels go from 0 to 1 in order, each once; found 0, 1, 2"
        for s in ("national", "organisational")
    ] + [
        "prerequisites[0].at_level: it is 1 to 1",
        f"profiles.p.targets.indicators.{one['id']}: 2 is outside 0–1",
    ]

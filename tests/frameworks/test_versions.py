"""How a version maps to the one before, and how much of it may be compared."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from apps.assessments.models import Result
from apps.assessments.selectors import result_page
from apps.assessments.selectors.inputs import score_file
from apps.assessments.selectors.since import since_last
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.selectors.comparing import (
    Change,
    answers_over,
    comparable_in,
    comparison,
    proposed_changes,
    share_of,
)
from apps.frameworks.services import load_framework
from apps.scoring import parse_framework
from tests.assessments.flow import answer, begin, submitted
from tests.frameworks.documents import as_text, ladder, small_document
from tests.people import Cast


def kinds(rows: tuple[Change, ...]) -> dict[str, tuple[str, ...]]:
    """What became of each indicator, by the first code on either side."""
    return {(row.before or row.after)[0]: (row.kind, *row.after) for row in rows}


def newer(version: str = "1.1", *, since: str = "1.0", said: Any = (), **changes: Any) -> dict[str, Any]:
    document = small_document(version=version, **changes)
    document["changes"] = {"since": since, "indicators": list(said)}
    return document


def indicator(document: dict[str, Any], code: str) -> dict[str, Any]:
    row: dict[str, Any] = next(row for row in document["indicators"] if row["id"] == code)
    return row


def test_an_indicator_that_is_not_listed_and_keeps_its_code_is_equal() -> None:
    found = comparison(small_document(), newer())
    assert found.stated
    assert {row.kind for row in found.changes} == {"equal"}
    assert share_of(found, small_document(), newer(), "national").weight == 1


def test_what_the_author_says_decides_whether_a_changed_one_is_comparable() -> None:
    said = [
        {"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": True},
        {"kind": "changed", "from": ["RES.1.1"], "to": ["RES.1.1"], "comparable": False},
        {"kind": "changed", "from": ["RES.1.2"], "to": ["RES.1.2"]},
    ]
    old, new = small_document(), newer(said=said)
    found = comparison(old, new)
    codes = {row.after[0] for row in comparable_in(found, old, new, "national")}
    assert codes == {"GOV.1.1", "GOV.1.2", "GOV.2.1"}
    # Weights: keys 2, others 1: 2 + 1 + 2 of 2 + 1 + 2 + 1 + 2.
    share = share_of(found, old, new, "national")
    assert (share.comparable, share.total, share.weight) == (3, 5, Fraction(5, 8))
    assert share.percent == 63


def test_new_and_gone_are_never_comparable_whatever_is_said() -> None:
    new = newer(
        said=[
            {"kind": "new", "to": ["GOV.1.1"], "comparable": True},
            {"kind": "gone", "from": ["RES.1.1"], "comparable": True},
        ]
    )
    found = kinds(comparison(small_document(), new).changes)
    assert found["RES.1.1"] in (("gone",), ("new", "RES.1.1"))
    assert not [r for r in comparison(small_document(), new).changes if r.comparable and "GOV.1.1" in r.after]


def test_split_and_merged_indicators_carry_their_answers_over() -> None:
    new = newer(said=[
        {"kind": "split", "from": ["GOV.1.1"], "to": ["GOV.1.1", "GOV.1.2"], "comparable": True},
        {"kind": "merged", "from": ["RES.1.1", "RES.1.2"], "to": ["RES.1.1"], "comparable": True},
    ])  # fmt: skip
    new["indicators"] = [row for row in new["indicators"] if row["id"] != "RES.1.2"]
    old = small_document()
    old["indicators"] = [row for row in old["indicators"] if row["id"] != "GOV.1.2"]
    rows = comparable_in(comparison(old, new), old, new, "national")
    given = {
        "GOV.1.1": {"level": 4, "evidence": "E2"},
        "RES.1.1": {"level": 3, "evidence": "E2"},
        "RES.1.2": {"level": 1},
    }
    found = answers_over(rows, given, new)
    assert found["GOV.1.1"] == found["GOV.1.2"] == {"level": 4, "evidence": "E2"}
    assert found["RES.1.1"] == {"level": 1}
    assert "GOV.2.1" not in found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"RES.1.1": {"level": 3}, "RES.1.2": {"unknown": True}}, {"unknown": True}),
        ({"RES.1.1": {"level": 3}}, None),
        ({"RES.1.1": {"not_applicable": "x"}, "RES.1.2": {"level": 2}}, {"level": 2}),
    ],
)
def test_a_merged_indicator_takes_the_weakest_answer(given: dict[str, Any], expected: Any) -> None:
    merged = Change("merged", ("RES.1.1", "RES.1.2"), ("RES.1.1",), True)
    assert answers_over([merged], given, small_document()).get("RES.1.1") == expected


def test_does_not_apply_is_left_out_where_the_new_version_asks_everybody() -> None:
    same = Change("equal", ("GOV.1.1",), ("GOV.1.1",), True)
    assert answers_over([same], {"GOV.1.1": {"not_applicable": "no sea"}}, small_document()) == {}


def test_another_scale_is_never_comparable() -> None:
    new = newer()
    new["scale"] = {"levels": new["scale"]["levels"][:4]}
    found = comparison(small_document(), new)
    assert not any(row.comparable for row in found.changes)
    assert {row.kind for row in found.changes} == {"changed"}


def test_without_a_statement_only_what_reads_the_same_is_comparable() -> None:
    new = small_document(version="2.0")
    indicator(new, "GOV.1.1")["intent"] = "A strategy that the cabinet adopted exists."
    found = comparison(small_document(), new)
    assert not found.stated
    assert kinds(found.changes)["GOV.1.1"] == ("changed", "GOV.1.1")
    assert [row.after[0] for row in found.changes if not row.comparable] == ["GOV.1.1"]


def test_versions_in_between_are_followed() -> None:
    first = small_document()
    second = newer(
        "1.1", said=[{"kind": "changed", "from": ["GOV.1.2"], "to": ["GOV.1.9"], "comparable": True}]
    )
    indicator(second, "GOV.1.2")["id"] = "GOV.1.9"
    third = newer("1.2", since="1.1", said=[
        {"kind": "changed", "from": ["RES.1.1"], "to": ["RES.1.1"], "comparable": False},
        {"kind": "changed", "from": ["GOV.1.9"], "to": ["GOV.1.7"], "comparable": True},
    ])  # fmt: skip
    indicator(third, "GOV.1.2")["id"] = "GOV.1.7"
    found = comparison(first, third, between=[second])
    assert found.stated
    assert kinds(found.changes)["GOV.1.2"] == ("changed", "GOV.1.7")
    assert [row.after for row in found.changes if not row.comparable] == [("RES.1.1",)]
    assert kinds(found.changes)["GOV.1.1"] == ("equal", "GOV.1.1")


def test_one_incomparable_step_breaks_the_chain() -> None:
    second = newer(
        "1.1", said=[{"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False}]
    )
    third = newer("1.2", since="1.1")
    found = comparison(small_document(), third, between=[second])
    assert [row.after for row in found.changes if not row.comparable] == [("GOV.1.1",)]


def test_a_proposal_finds_what_was_renamed_split_and_merged() -> None:
    old, new = small_document(), small_document(version="1.1")
    for document in (old, new):
        for row in document["indicators"]:
            row["levels"] = {"national": ladder(), "organisational": ladder()}
            row["intent"] += (
                " It is written down, adopted, funded and looked at each year by those who answer for it."
            )
    indicator(new, "GOV.1.2")["id"] = "GOV.1.8"
    indicator(new, "RES.1.1")["intent"] = "Quite another thing."
    del old["indicators"][4]
    found = kinds(proposed_changes(old, new))
    assert found["GOV.1.2"] == ("changed", "GOV.1.8")
    assert found["RES.1.1"][0] == "changed"
    assert found["RES.1.2"] == ("new", "RES.1.2")
    parts = small_document(version="1.1")
    row = indicator(parts, "GOV.2.1")
    parts["indicators"] += [
        {**row, "id": "GOV.2.1a", "name": "One", "intent": "One."},
        {**row, "id": "GOV.2.1b", "name": "Two", "intent": "Two."},
    ]
    parts["indicators"].remove(row)
    assert kinds(proposed_changes(small_document(), parts))["GOV.2.1"] == ("split", "GOV.2.1a", "GOV.2.1b")
    assert kinds(proposed_changes(parts, small_document()))["GOV.2.1a"] == ("merged", "GOV.2.1")


def published(document: dict[str, Any]) -> FrameworkVersion:
    return load_framework(actor=None, text=as_text(document))


def two_results(cast: Cast, new: dict[str, Any]) -> tuple[Result, Result]:
    """All threes on 1.0, then the same on the new version but GOV.1.1, which rises to 5."""
    first = submitted(cast, "3", "3", "3", "3", "3", title="2025", version=published(small_document()))
    later = begin(cast.lead, cast.agency, title="2026", version=published(new))
    for code in (row["id"] for row in new["indicators"]):
        answer(cast.respondent, later, code, "5" if code == "GOV.1.1" else "3")
    from apps.assessments import services

    services.submit_assessment(actor=cast.lead, assessment=later)
    return Result.objects.get(assessment=first), Result.objects.get(assessment=later)


def test_two_editions_are_compared_over_what_is_comparable_with_the_share_printed(cast: Cast) -> None:
    new = newer(said=[{"kind": "changed", "from": ["GOV.1.1"], "to": ["GOV.1.1"], "comparable": False}])
    _first, later = two_results(cast, new)
    page = result_page(cast.lead, cast.agency, later.assessment.public_id)
    assert page.compared
    assert "4 of 5 indicators are comparable (75 % of the weight)" in page.comparison_note
    # GOV.1.1 rose but is not comparable, and nothing else moved.
    assert page.overall.change == "0.0"
    moved = {cell.code: cell.moved for row in page.squares for cell in row.cells}
    assert moved["GOV.1.1"] == ""
    assert not page.overall.material


def test_new_weights_alone_make_no_change(cast: Cast) -> None:
    new = newer()
    new["indicators"] = [{**row, "weight": 9} if row["id"] == "RES.1.1" else row for row in new["indicators"]]
    submitted(cast, "1", "3", "3", "5", "3", title="2025", version=published(small_document()))
    last = submitted(cast, "1", "3", "3", "5", "3", title="2026", version=published(new))
    page = result_page(cast.lead, cast.agency, last.public_id)
    assert page.overall.change == "0.0"
    assert "5 of 5 indicators are comparable (100 % of the weight)" in page.comparison_note


def test_nothing_comparable_is_said_in_words(cast: Cast) -> None:
    said = [
        {"kind": "changed", "from": [row["id"]], "to": [row["id"]]} for row in small_document()["indicators"]
    ]
    _first, later = two_results(cast, newer(said=said))
    page = result_page(cast.lead, cast.agency, later.assessment.public_id)
    assert "nothing in it can be compared" in page.comparison_note
    assert page.overall.change == "" and page.overall.prev is None


def test_an_old_result_stays_reproducible_after_a_new_version(cast: Cast) -> None:
    first, later = two_results(cast, newer())
    version = first.assessment.version_of
    again = score_file(parse_framework(version.document, scope=first.inputs["scope"]), first.inputs)
    assert again.as_document() == first.document
    assert again.input_hash == first.input_hash
    assert first.document["framework"]["version"] == "1.0"
    assert later.document["framework"]["version"] == "1.1"


def test_a_result_of_one_edition_is_compared_as_it_stands(cast: Cast) -> None:
    version = published(small_document())
    submitted(cast, "1", "1", "1", "1", "1", title="2025", version=version)
    last = submitted(cast, "2", "2", "2", "2", "2", title="2026", version=version)
    found = since_last(Result.objects.get(assessment=last))
    assert found is not None and found.share is None and found.note == ""
    assert result_page(cast.lead, cast.agency, last.public_id).overall.change == "+20.0"

"""The linter: what it finds, what it leaves alone, and that the shipped framework gives it nothing to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.frameworks.services import read_framework_file
from apps.frameworks.services.linting import Finding, lint_framework
from apps.frameworks.services.linting.conjunctions import joined_conditions
from tests.frameworks.documents import small_document

SHARED = Path(settings.CONTENT_DIR) / "framework" / "shared.yaml"
LADDER = (
    ("No plan", "No cyber plan exists in writing.", []),
    ("A draft", "At least one written draft of a cyber plan exists.", ["The draft, with its date."]),
    (
        "Approved",
        "The head approved a cyber plan for at least one unit.",
        ["The signed plan, with its date."],
    ),
    ("In force", "The plan in force covers every unit.", ["The approval, under 12 months old."]),
    ("Measured", "At least once a year, leaders act on figures for this plan.", ["The figures, with date."]),
    (
        "Changed",
        "In the last two years, this plan was changed within 30 days of an attack.",
        ["The change, dated."],
    ),
)


def clean() -> dict[str, Any]:
    """A framework of one indicator in which nothing is wrong."""
    names = ("Absent", "Initial", "Developing", "Established", "Managed", "Adaptive")
    return {
        "id": "clean", "version": "1.0", "language": "en", "name": "Clean",
        "scale": {"levels": [{"level": n, "name": name, "meaning": f"{name}."} for n, name in enumerate(names)]},
        "method": {"name": "shared-mean", "version": 1},
        "dimensions": [{"id": "GOV", "name": "Governance"}],
        "areas": [{"id": "GOV.1", "dimension": "GOV", "name": "Direction"}],
        "indicators": [
            {
                "id": "GOV.1.1", "area": "GOV.1", "scope": "organisational", "key": False, "effort": 1, "name": "A plan",
                "intent": "A plan says what is done.", "question": "Is there a cyber plan in force?",
                "look_for": ["Open the plan at its first page.", "One unit left out means level 2.", "Without yearly figures, stay at level 3."],
                "mistakes": ["Counting a plan that nobody signed.", "Counting the plan of another body."],
                "words": [{"term": "cyber plan", "meaning": "A text on security that the head signed."}],
                "crosswalk": {"CSF": ["GV.RM-01"]},
                "levels": {
                    "organisational": [
                        {"level": n, "title": title, "text": text, "evidence": evidence}
                        for n, (title, text, evidence) in enumerate(LADDER)
                    ]
                },
            }
        ],
        "profiles": [
            {"id": "low", "name": "Low", "description": "For a start.", "scope": "organisational", "targets": {"default": 2}}
        ],
    }  # fmt: skip


def with_level(level: int, **fields: Any) -> list[Finding]:
    document = clean()
    document["indicators"][0]["levels"]["organisational"][level].update(fields)
    return lint_framework(document)


def with_indicator(**fields: Any) -> list[Finding]:
    document = clean()
    document["indicators"][0].update(fields)
    return lint_framework(document)


def rules(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def test_lint_has_nothing_to_say_about_a_clean_framework() -> None:
    assert lint_framework(clean()) == []


@pytest.mark.parametrize(
    ("level", "text", "rule"),
    [
        (3, "The plan in force adequately covers every unit.", "vague-word"),
        (3, "The plan in force covers every unit as needed.", "vague-word"),
        (
            3,
            "The plan in force, which the head signed, covers " + "every unit and " * 9 + "every office.",
            "length",
        ),
        (3, "The plan is in force. It covers every unit.", "one-sentence"),
        (3, "The plan in force covers every unit; each has a copy.", "one-sentence"),
        (3, "The plan in force covers every unit and names an owner.", "one-condition"),
        (3, "The plan in force is approved and published for every unit.", "one-condition"),
        (3, "The plan in force covers every unit and the head has signed it.", "one-condition"),
        (3, "The plan in force for every unit is ensured.", "empty-passive"),
        (3, "The plan was reviewed in every unit.", "frequency"),
        (3, "Comprehensibility considerations notwithstanding, departmental plan.", "hard-to-read"),
        (3, "The plan in force covers every SOC and unit.", "acronym"),
        (0, "A cyber plan exists in writing.", "level-zero"),
        (2, "Buildings have fences for at least one site.", "nesting"),
        (3, "The head gladly approved a cyber plan for at least one unit.", "different-in-kind"),
    ],
)
def test_lint_finds_what_is_wrong_with_a_descriptor(level: int, text: str, rule: str) -> None:
    assert rule in rules(with_level(level, text=text))


def test_lint_finds_a_look_back_that_grows_with_the_level() -> None:
    document = clean()
    rows = document["indicators"][0]["levels"]["organisational"]
    rows[2]["text"] = "In the last 12 months, the head approved a plan for at least one unit."
    rows[3]["text"] = "In the last 24 months, this plan covered every unit at work."
    assert "nesting" in rules(lint_framework(document))


def test_lint_finds_a_part_where_the_level_before_asks_for_all() -> None:
    assert "nesting" in rules(
        with_level(4, text="At least once a year, at least one leader uses plan figures.")
    )


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"title": "In force quickly"}, "vague-word"),
        ({"title": "In force."}, "title"),
        ({"title": "One two three four five six seven eight"}, "title"),
        ({"title": "Approved"}, "different-in-kind"),
        ({"evidence": ["The plan, with an adequate date."]}, "vague-word"),
        ({"evidence": ["Plan, dated."]}, "evidence-length"),
    ],
)
def test_lint_finds_what_is_wrong_with_titles_and_proof(fields: dict[str, Any], rule: str) -> None:
    assert rule in rules(with_level(3, **fields))


def test_lint_asks_for_proof_from_level_one_and_none_at_zero() -> None:
    assert "observable" in rules(with_level(1, evidence=[]))
    assert "level-zero" in rules(with_level(0, evidence=["A letter, dated today."]))
    assert "evidence-age" in rules(
        with_level(3, text="The plan covers every unit.", evidence=["The signed plan."])
    )


def test_lint_finds_missing_levels_and_scopes() -> None:
    assert "all-levels" in rules(with_indicator(scope="both"))
    document = clean()
    document["indicators"][0]["levels"]["organisational"].pop()
    assert "all-levels" in rules(lint_framework(document))


def test_lint_reads_each_indicator_on_its_own_scale() -> None:
    document = clean()
    document["scales"] = [{"id": "short", "levels": document["scale"]["levels"][:3]}]
    document["indicators"][0]["scale"] = "short"
    assert "all-levels" in rules(lint_framework(document))
    del document["indicators"][0]["levels"]["organisational"][3:]
    assert lint_framework(document) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"question": "There is a plan."}, "question"),
        ({"question": "Is there a plan? Is it in force?"}, "question"),
        ({"mistakes": []}, "guidance"),
        ({"look_for": ["Open the plan.", "Ask.", "Ask for the figures of last year."]}, "guidance"),
        (
            {"look_for": ["Open the plan.", "Ask who signed it.", "Without figures, stay at level 3."]},
            "borders",
        ),
        ({"words": []}, "guidance"),
        ({"words": [{"term": "volcano", "meaning": "A mountain with fire inside."}]}, "term-used"),
        ({"crosswalk": {"CSF": ["GV.RM-1"]}}, "crosswalk-id"),
        ({"crosswalk": {"CSF": ["GV.RM-01", "GV.RM-01"]}}, "crosswalk-id"),
        ({"intent": "The organization has a cyber plan."}, "spelling"),
        ({"intent": "The plan is robust."}, "vague-word"),
        ({"question": "Is there, " + "in every unit, " * 6 + "a cyber plan?"}, "question"),
        ({"effort": 4}, "effort"),
    ],
)
def test_lint_finds_what_is_wrong_beside_the_levels(fields: dict[str, Any], rule: str) -> None:
    assert rule in rules(with_indicator(**fields))


def test_lint_knows_the_systems_that_a_framework_introduces() -> None:
    document = clean()
    document["crosswalks"] = [{"id": "GCI", "name": "An index"}]
    assert "crosswalk-id" in rules(lint_framework(document))
    document["crosswalks"].append({"id": "CSF", "name": "Another"})
    assert lint_framework(document) == []


def test_lint_finds_a_term_with_two_meanings() -> None:
    document = clean()
    other = yaml.safe_load(yaml.safe_dump(document["indicators"][0]))
    other["id"], other["words"][0]["term"], other["words"][0]["meaning"] = (
        "GOV.1.2",
        "Cyber plans",
        "A wish on paper.",
    )
    document["indicators"].append(other)
    assert rules(lint_framework(document)) == {"one-meaning"}


def test_lint_asks_for_the_meaning_of_shared_terms_wherever_they_are_used() -> None:
    document = clean()
    first = document["indicators"][0]
    second, third = (yaml.safe_load(yaml.safe_dump(first)) for _ in range(2))
    second["id"], third["id"] = "GOV.1.2", "GOV.1.3"
    third["words"] = [{"term": "leaders", "meaning": "Those who direct the whole organisation."}]
    document["indicators"] += [second, third]
    assert [(finding.place, finding.rule) for finding in lint_framework(document)] == [
        ("indicators.GOV.1.3.words", "term-explained")
    ]


def test_lint_finds_a_profile_that_its_own_targets_block() -> None:
    document = clean()
    document["indicators"].append({**document["indicators"][0], "id": "GOV.1.2"})
    document["prerequisites"] = [{"indicator": "GOV.1.2", "requires": "GOV.1.1", "at_level": 3}]
    assert rules(lint_framework(document)) == {"profile-prerequisite"}
    document["profiles"][0]["targets"]["indicators"] = {"GOV.1.1": 3}
    assert lint_framework(document) == []


def test_lint_finds_profiles_out_of_order_or_for_nobody() -> None:
    document = clean()
    low = document["profiles"][0]
    document["profiles"].append({**low, "id": "high", "description": "Very high.", "targets": {"default": 1}})
    assert rules(lint_framework(document)) == {"profile-order", "profile-description"}


def test_lint_leaves_american_english_its_spelling() -> None:
    document = clean()
    document["language"], document["name"] = "en-US", "Organization"
    assert lint_framework(document) == []


def test_lint_reads_a_framework_without_descriptors() -> None:
    findings = lint_framework(small_document())
    assert "all-levels" in rules(findings)


def test_lint_leaves_the_wording_of_other_languages_alone() -> None:
    document = clean()
    document["language"] = "fr"
    for row in document["indicators"][0]["levels"]["organisational"]:
        row["text"] = f"Le plan {row['level']} du service."
    assert lint_framework(document) == []


@pytest.mark.parametrize(
    "text",
    [
        "Government or parliament acts on figures for cases brought, decided and failed.",
        "Named owners used or tested the approved recovery plan of every service in the last 12 months.",
        "In the last 12 months, approved and funded measures of all three kinds were used.",
        "The review confirms that new threats or technologies changed the list within six months.",
        "The policy lists contacts, speakers and protected channels in a crisis.",
        "The text says what defence or security services may do.",
        "Requests, sent and received, were handled in time.",
        "A review led the country to join, leave or help change an agreement.",
        "Data is encrypted when people sent or stored files and moved.",
        "Not one of the cyber plans and budgets exists.",
    ],
)
def test_one_condition_with_parts_is_left_alone(text: str) -> None:
    assert joined_conditions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A review compares practice with all norms and gives every gap an owner.",
        "A named person gave and received information.",
        "The office has a plan, or gave help to another.",
        "The list was checked and publicly shown.",
        "Each change is assessed for security and approved beforehand.",
        "A named body publishes a contact and handles reports of weaknesses.",
        "The office tests the plan while a budget pays for it.",
        "The plan has an owner but the budget has none.",
        "The office wrote a plan and set the dates.",
        "The plan was signed for the office and sent to all.",
    ],
)
def test_two_conditions_in_one_sentence_are_found(text: str) -> None:
    assert joined_conditions(text)


def test_command_lists_findings_and_fails_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clean.yaml"
    document = clean()
    document["indicators"][0]["intent"] = "The plan is robust."
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    call_command("lint_framework", str(path))
    shown = capsys.readouterr().out
    assert "indicators.GOV.1.1.intent: “robust”" in shown
    assert "1 finding in 1 indicator" in shown
    with pytest.raises(CommandError, match="1 finding"):
        call_command("lint_framework", str(path), "--strict")


def test_command_says_what_keeps_a_file_from_being_read(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\n", encoding="utf-8")
    with pytest.raises(CommandError, match="version"):
        call_command("lint_framework", str(path))
    with pytest.raises(CommandError):
        call_command("lint_framework", str(tmp_path / "nowhere.yaml"))


def test_shared_framework_gives_the_linter_nothing_to_say() -> None:
    assert [str(finding) for finding in lint_framework(read_framework_file(SHARED))] == []

"""Loading: all or nothing, every fault with its place, a published version never changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from apps.core.errors import Refused
from apps.core.models import AuditEntry
from apps.frameworks.models import Framework, FrameworkVersion, Level
from apps.frameworks.services import FrameworkFaults, load_framework, read_framework_file, read_framework_text
from tests.factories import UserFactory
from tests.frameworks.documents import as_text, ladder, small_document

Document = dict[str, Any]


def faults_of(document: Document | str) -> list[str]:
    text = document if isinstance(document, str) else as_text(document)
    with pytest.raises(FrameworkFaults) as caught:
        load_framework(actor=None, text=text)
    assert FrameworkVersion.objects.count() == 0
    assert Framework.objects.count() == 0
    return list(caught.value.faults)


@pytest.mark.django_db
def test_document_becomes_a_published_tree() -> None:
    version = load_framework(actor=None, text=as_text(small_document()))
    assert (version.state, version.framework.slug, version.language) == ("published", "small", "en")
    assert [area.code for area in version.areas.all()] == ["GOV.1", "GOV.2", "RES.1"]
    assert version.indicators.get(code="GOV.2.1").area.dimension.code == "GOV"
    assert AuditEntry.objects.get().action == "framework.published"


@pytest.mark.django_db
def test_descriptors_and_help_are_kept() -> None:
    document = small_document()
    document["indicators"][0] |= {
        "levels": {"national": ladder(), "organisational": ladder()}, "question": "Is there a strategy?",
        "look_for": ["Open it."], "words": [{"term": "owner", "meaning": "Who answers."}], "weight": "3/2",
        "crosswalk": {"CSF": ["GV.RM-01"]},
    }  # fmt: skip
    version = load_framework(actor=None, text=as_text(document))
    indicator = version.indicators.get(code="GOV.1.1")
    assert Level.objects.filter(indicator=indicator).count() == 12
    assert indicator.weight == "3/2"
    assert indicator.help["crosswalk"] == {"CSF": ["GV.RM-01"]}


@pytest.mark.django_db
def test_same_document_again_changes_nothing() -> None:
    first = load_framework(actor=None, text=as_text(small_document()))
    reordered = dict(reversed(small_document().items()))
    assert load_framework(actor=None, text=as_text(reordered)) == first
    assert AuditEntry.objects.count() == 1
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.django_db
def test_published_version_never_changes() -> None:
    load_framework(actor=None, text=as_text(small_document()))
    changed = small_document()
    changed["indicators"][0]["intent"] = "Something else."
    with pytest.raises(Refused, match="raise the version"):
        load_framework(actor=None, text=as_text(changed))
    assert FrameworkVersion.objects.get().indicators.get(code="GOV.1.1").intent == "A strategy exists."
    assert load_framework(actor=None, text=as_text({**changed, "version": "1.1"})).version == "1.1"


@pytest.mark.django_db
def test_draft_may_change_and_is_published_by_loading_it_again() -> None:
    draft = load_framework(actor=None, text=as_text(small_document()), draft=True)
    assert draft.state == "draft"
    changed = small_document(name="Small framework, mended")
    again = load_framework(actor=None, text=as_text(changed), draft=True)
    assert again.pk == draft.pk
    assert again.indicators.count() == 5
    published = load_framework(actor=None, text=as_text(changed))
    assert (published.pk, published.state) == (draft.pk, "published")
    assert Framework.objects.get().name == "Small framework, mended"


@pytest.mark.django_db
def test_loading_a_published_document_as_draft_leaves_it_published() -> None:
    load_framework(actor=None, text=as_text(small_document()))
    assert load_framework(actor=None, text=as_text(small_document()), draft=True).state == "published"


@pytest.mark.django_db
def test_only_administrators_load() -> None:
    with pytest.raises(PermissionDenied):
        load_framework(actor=UserFactory(), text=as_text(small_document()))
    assert load_framework(actor=UserFactory(is_staff=True), text=as_text(small_document()))


def change(path: str, value: Any) -> Callable[[Document], None]:
    """Set what stands at a dotted path; a number is a place in a list; None removes it."""

    def apply(document: Document) -> None:
        *way, last = path.split(".")
        here: Any = document
        for part in way:
            here = here[int(part)] if part.isdigit() else here[part]
        if value is None:
            del here[last]
        else:
            here[int(last) if last.isdigit() else last] = value

    return apply


BAD = [
    (change("version", "one"), "version: 'one' is not written in the allowed form"),
    (change("id", "Small Framework"), "id: "),
    (change("name", "   "), "name: it is empty"),
    (change("name", "x" * 151), "name: 151 characters are more than 150"),
    (change("name", "a\u0007b"), "name: it contains a control character"),
    (change("language", None), "framework: language: missing"),
    (change("colour", "red"), "framework: 'colour': not known here"),
    (change("method.name", "no-such-method"), "method"),
    (change("method.version", 9), "method"),
    (change("method.version", "1"), "method.version: '1' is not a whole number"),
    (change("scale.levels.3.level", 4), "scale.levels: levels go from 0 to 5 in order, each once; found 0, 1, 2, 4, 4, 5"),
    (change("scale.levels", [{"level": 0, "name": "No", "meaning": "No."}]), "scale.levels: 1 entries; at least 2 are allowed"),
    (change("scale.levels", [{"level": n, "name": "x", "meaning": "x", "value": 1} for n in range(6)]), "scale.levels: values rise"),
    (change("dimensions.1.id", "GOV"), "dimensions.GOV: this id appears 2 times"),
    (change("areas.1.id", "GOV.1"), "areas.GOV.1: this id appears 2 times"),
    (change("areas.1.id", "gov one"), "areas.gov one.id: 'gov one' is not written in the allowed form"),
    (change("areas.2.dimension", "XYZ"), "areas.RES.1.dimension: 'XYZ' is not a dimension of this framework"),
    (change("areas.2.dimension", "GOV"), "dimensions.RES: no area belongs to it"),
    (change("indicators.2.area", "GOV.9"), "indicators.GOV.2.1.area: 'GOV.9' is not an area of this framework"),
    (change("indicators.2.area", "GOV.1"), "areas.GOV.2: no indicator belongs to it"),
    (change("indicators.1.id", "GOV.1.1"), "indicators.GOV.1.1: this id appears 2 times"),
    (change("indicators.1.scope", "global"), "indicators.GOV.1.2.scope: 'global' is not one of national, organisational, both"),
    (change("indicators.1.effort", 4), "indicators.GOV.1.2.effort: 4 is not one of 1, 2, 3"),
    (change("indicators.1.key", "yes"), "indicators.GOV.1.2.key: 'yes' is not true or false"),
    (change("indicators.1.weight", -1), "indicators.GOV.1.2.weight: "),
    (change("indicators.1.weight", "1/0"), "indicators.GOV.1.2.weight: "),
    (change("indicators.0.weight", "0.0"), "indicators.GOV.1.1.weight: a key indicator cannot weigh 0"),
    (change("indicators.0.not_applicable", True), "indicators.GOV.1.1.not_applicable: a key indicator applies to everybody"),
    (change("indicators.0.look_for", "Open it."), "indicators.GOV.1.1.look_for: 'Open it.' is not a list"),
    (change("indicators.0.words", [{"term": "owner"}]), "indicators.GOV.1.1.words[0]: meaning: missing"),
    (change("indicators.0.crosswalk", {"CSF": []}), "indicators.GOV.1.1.crosswalk.CSF: 0 entries"),
    (change("indicators.0.levels", {"national": ladder()}), "indicators.GOV.1.1.levels.organisational: missing"),
    (
        change("indicators.0.levels", {"national": ladder(), "organisational": ladder(4)}),
        "indicators.GOV.1.1.levels.organisational: levels go from 0 to 5 in order, each once; found 0, 1, 2, 3, 4",
    ),
    (
        change("indicators.0.levels", {"national": [*ladder(2), {"level": 3, "title": "x", "text": ""}], "organisational": []}),
        "indicators.GOV.1.1.levels.national[3].text: it is empty",
    ),
    (change("prerequisites.0.requires", "GOV.9.9"), "prerequisites[0].requires: 'GOV.9.9' is not an indicator"),
    (change("prerequisites.0.at_level", 0), "prerequisites[0].at_level: it is 1 to 5"),
    (change("prerequisites.0.requires", "GOV.1.2"), "prerequisites: GOV.1.2 → GOV.1.2 is a circle"),
    (change("profiles.0.targets.default", 6), "profiles.baseline.targets.default: 6 is outside"),
    (change("profiles.0.targets.indicators", {"GOV.9.9": 3}), "profiles.baseline.targets.indicators.GOV.9.9: not an indicator"),
    (change("indicators", []), "indicators: 0 entries; at least 1 are allowed"),
    (change("indicators", {"include": ["a.yaml"]}), "indicators.include: only a file can include others"),
    (change("indicators", {"GOV.1.1": {}}), "indicators: it is a list of indicators, or `include`"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("spoil", "wanted"), BAD, ids=[wanted[:70] for _, wanted in BAD])
def test_fault_is_named_with_its_place(spoil: Callable[[Document], None], wanted: str) -> None:
    document = small_document()
    spoil(document)
    faults = faults_of(document)
    assert any(fault.startswith(wanted) for fault in faults), faults


@pytest.mark.django_db
def test_all_faults_are_named_at_once() -> None:
    document = small_document()
    document["areas"][0]["dimension"] = "XYZ"
    document["indicators"][4]["area"] = "RES.7"
    document["prerequisites"].append({"indicator": "GOV.1.1", "requires": "GOV.1.2", "at_level": 2})
    text = "\n".join(faults_of(document))
    assert all(part in text for part in ("areas.GOV.1.dimension", "indicators.RES.1.2.area", "is a circle"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "framework: it is not a mapping"),
        ("- a\n- b", "framework: it is not a mapping"),
        ("a: 1\na: 2", "appears twice"),
        ("a: &x 1\nb: *x", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]", "tags (!) are not allowed"),
        ("a: [1, 2", "not valid YAML"),
        ('{"a": 1, "a": 2}', "appears twice"),
        ('{"a": NaN}', "NaN"),
        ("[" * 100 + "]" * 100, "nested deeper"),
        ("a: " + "9" * 500, "digits"),
        ("x" * 5_000_001, "larger than 5 MB"),
        ("a: \x00", "not valid YAML"),
    ],
)
def test_bad_text_is_refused_in_words(text: str, wanted: str) -> None:
    assert any(wanted in fault for fault in faults_of(text))


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "frame.yaml"


ROW = "GOV.1.1:\n  name: Strategy\n  intent: One exists.\n  area: GOV.1\n  scope: both\n  key: true\n  effort: 1\n"
FRAME = """
id: tiny
version: "1.0"
language: en
name: Tiny
scale: {levels: [{level: 0, name: A, meaning: a}, {level: 1, name: B, meaning: b}, {level: 2, name: C, meaning: c},
  {level: 3, name: D, meaning: d}, {level: 4, name: E, meaning: e}, {level: 5, name: F, meaning: f}]}
method: {name: shared-mean, version: 1}
dimensions: [{id: GOV, name: Governance}]
areas: [{id: GOV.1, dimension: GOV, name: Direction}]
indicators: {include: [part.yaml]}
"""


def test_included_files_become_one_document(tmp_path: Path) -> None:
    document = read_framework_file(write(tmp_path, frame=FRAME, part=ROW))
    assert document["indicators"][0] == {
        "id": "GOV.1.1", "name": "Strategy", "intent": "One exists.", "area": "GOV.1", "scope": "both", "key": True, "effort": 1,
    }  # fmt: skip
    assert read_framework_text(as_text(document)) == document


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("frame", "part", "wanted"),
    [
        (FRAME.replace("part.yaml", "gone.yaml"), ROW, "gone.yaml: it cannot be read"),
        (FRAME.replace("part.yaml", "../part.yaml"), ROW, "is not a file beside the framework"),
        (FRAME.replace("part.yaml", "/etc/passwd"), ROW, "is not a file beside the framework"),
        (FRAME.replace("[part.yaml]", "part.yaml"), ROW, "indicators: it is a list"),
        (FRAME.replace("[part.yaml]", "[1]"), ROW, "list of at most"),
        (FRAME, ROW + ROW, "part.yaml line 8 column 1: the key 'GOV.1.1' appears twice"),
        (FRAME, "", "part.yaml: it is not a mapping"),
        (FRAME, "GOV.1.1: text", "indicators.GOV.1.1: "),
        (FRAME, ROW + "  id: GOV.1.2\n", "indicators.GOV.1.1: "),
        (FRAME, ROW + "  effort2: 3\n", "indicators.GOV.1.1: 'effort2': not known here"),
        (
            FRAME.replace("part.yaml", "part.yaml, part.yaml"),
            ROW,
            "indicators.GOV.1.1: this id appears 2 times",
        ),
    ],
)
def test_bad_include_is_refused_in_words(tmp_path: Path, frame: str, part: str, wanted: str) -> None:
    path = write(tmp_path, frame=frame, part=part)
    with pytest.raises(CommandError, match="was not loaded") as caught:
        call_command("load_framework", str(path))
    assert wanted in str(caught.value)
    assert Framework.objects.count() == 0


@pytest.mark.django_db
def test_file_that_is_not_text_or_not_there_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "a.yaml", tmp_path / "none.yaml", tmp_path):
        with pytest.raises(CommandError, match="was not loaded"):
            call_command("load_framework", str(path))


@pytest.mark.django_db
def test_command_says_what_was_loaded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_framework", str(write(tmp_path, frame=FRAME, part=ROW)), "--draft")
    assert capsys.readouterr().out == "Tiny 1.0: 1 indicators, draft.\n"


def test_score_command_takes_a_file_with_includes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, frame=FRAME, part=ROW)
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        'framework: tiny\nversion: "1.0"\nscope: national\non: 2026-05-01\nanswers: {GOV.1.1: {level: 2}}\n'
    )
    call_command("score", framework=path, answers=answers)
    assert '"framework"' in capsys.readouterr().out
    answers.write_text("framework: tiny\nanswers: {GOV.1.1: {level: 9}}\n")
    with pytest.raises(CommandError):
        call_command("score", framework=path, answers=answers)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("score", framework=path, answers=tmp_path / "none.yaml")

"""Kits are loaded whole or not at all, and show each reader what is theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client

from apps.exercises.models import Kit
from apps.exercises.services import KitFaults, load_kits
from tests.exercises.world import CANARIES, planned, play, small_document, small_kit
from tests.people import Cast

pytestmark = pytest.mark.django_db


def put(folder: Path, **changes: Any) -> Path:
    document = small_document(**changes)
    (folder / "small-storm").mkdir(exist_ok=True)
    (folder / "small-storm" / "exercise.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return folder


def test_our_kits_load_and_loading_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_exercises")
    call_command("load_exercises")
    assert Kit.objects.count() == 2
    assert "0 added, 2 as before." in capsys.readouterr().out


def test_a_loaded_version_never_changes_and_a_new_one_stands_beside_it(tmp_path: Path) -> None:
    load_kits(actor=None, folder=put(tmp_path))
    with pytest.raises(KitFaults, match=r"1\.0 was loaded with other words"):
        load_kits(actor=None, folder=put(tmp_path, title="Another storm"))
    load_kits(actor=None, folder=put(tmp_path, title="Another storm", version="1.1"))
    assert list(Kit.objects.order_by("version").values_list("title", flat=True)) == [
        "Small storm",
        "Another storm",
    ]


def test_a_bad_kit_is_refused_with_each_place_named(tmp_path: Path) -> None:
    document = small_document(minutes=45)
    document["injects"][2]["to"] = ["IT", "XX"]
    document["decisions"][0]["phase"] = "P9"
    with pytest.raises(KitFaults) as caught:
        load_kits(actor=None, folder=put(tmp_path, **document))
    text = str(caught.value)
    assert "small-storm/exercise.yaml.injects[2].to[1]: 'XX' is not a role of this kit" in text
    assert "small-storm/exercise.yaml.decisions[0].phase: 'P9' is not a phase of this kit" in text
    assert "they take 30 minutes together, the exercise 45" in text
    assert not Kit.objects.exists()


def test_broken_text_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "storm").mkdir()
    (tmp_path / "storm" / "exercise.yaml").write_text("id: storm\ntitle: [\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 3"):
        call_command("load_exercises", str(tmp_path))


def test_an_empty_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="it holds 0 folders"):
        call_command("load_exercises", str(tmp_path))


def page(client: Client, path: str = "/exercises/small-storm/") -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("who", ["outsider", "viewer", "respondent", "staff"])
def test_players_read_the_story_and_nothing_behind_it(client: Client, cast: Cast, who: str) -> None:
    small_kit()
    client.force_login(cast.people[who])
    for path in (
        "/exercises/",
        "/exercises/small-storm/",
        "/exercises/small-storm/handout/",
        "/exercises/small-storm/handout/?cards=1",
    ):
        text = page(client, path)
        assert [word for word in (*CANARIES, "CANARY-BRIEF", "CANARY-ONLY-SEC") if word in text] == []
    assert "The harbour is dark." in text


@pytest.mark.parametrize("who", ["lead", "manager"])
def test_those_who_may_facilitate_read_the_whole_kit(client: Client, cast: Cast, who: str) -> None:
    small_kit()
    client.force_login(cast.people[who])
    text = page(client)
    assert [word for word in CANARIES if word not in text] == []


def test_a_lead_who_plays_is_not_told_the_story(client: Client, cast: Cast) -> None:
    run = planned(cast, facilitator=cast.respondent)
    play(cast, run, cast.lead, "IT")
    client.force_login(cast.lead)
    assert "CANARY-TRUTH" not in page(client)
    client.force_login(cast.respondent)
    assert "CANARY-TRUTH" in page(client)


@pytest.mark.parametrize("number", [1, 3])
def test_the_library_asks_the_database_as_often_for_three_kits(
    client: Client, cast: Cast, django_assert_num_queries: Any, number: int
) -> None:
    for n in range(number):
        kit = small_kit()
        kit.pk, kit.slug, kit.public_id = None, f"small-{n}", f"{'a' * 19}{n + 2}"
        kit.save(force_insert=True)
    Kit.objects.filter(slug="small-storm").delete()
    client.force_login(cast.outsider)
    client.get("/exercises/")
    with django_assert_num_queries(8):
        client.get("/exercises/")

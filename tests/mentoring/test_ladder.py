"""The graduation ladder: rules as data, climbing by itself, never falling in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts.models import Notification
from apps.core.errors import Conflict, Refused
from apps.mentoring.choices import Rung
from apps.mentoring.models import Ladder, Standing
from apps.mentoring.selectors import ladder as selectors
from apps.mentoring.selectors.rungs import Facts, climb, usual_rules
from apps.mentoring.services import ladder as services
from tests.mentoring.test_flow import signed_in
from tests.mentoring.world import World, result_for

STRICT: dict[str, Any] = {
    "format": "belay-ladder",
    "version": 1,
    "rungs": [{"rung": "enrolled", "needs": {}}, {"rung": "assessed", "needs": {"results": 5}}],
}


@pytest.mark.parametrize(
    ("facts", "rung"),
    [
        (Facts(), Rung.ENROLLED),
        (Facts(results=1, areas=((3, 1), (2, 2))), Rung.ASSESSED),
        (Facts(results=1, areas=((2, 2), (3, 3), (4, 1))), Rung.VALIDATED),
        (Facts(results=2, areas=((2, 2), (2, 2)), risen_areas=1), Rung.PROGRESSING),
        (Facts(results=2, areas=((3, 3),) * 4 + ((2, 2),), risen_areas=3), Rung.GRADUATED),
        (Facts(results=2, areas=((4, 4),), risen_areas=3, mentoring=1), Rung.MENTOR),
        (Facts(results=0, areas=(), mentoring=4), Rung.ENROLLED),
    ],
)
def test_usual_rules_put_members_on_their_rung(facts: Facts, rung: Rung) -> None:
    assert climb(usual_rules(), facts).rung == rung


def test_next_rung_says_what_it_asks_and_what_stands_against_it() -> None:
    found = climb(usual_rules(), Facts(results=1, areas=((3, 1), (2, 2))))
    assert found.next_rung == Rung.VALIDATED
    assert [need.text for need in found.asks] == [
        "evidence supports the claimed level in 60 % of areas; now 50 %"
    ]


def settled(world: World) -> Standing:
    services.climb_ladders()
    return Standing.objects.get(member=world.cast.agency)


def fallen(world: World) -> Standing:
    """The agency stands higher than stricter rules give."""
    assert settled(world).rung == Rung.VALIDATED
    services.load_ladder(actor=None, programme=world.cast.programme.public_id, document=STRICT)
    return Standing.objects.get(member=world.cast.agency)


def test_members_climb_by_themselves_and_are_told(world: World) -> None:
    assert settled(world).rung == Rung.VALIDATED
    result_for(world.cast.agency, world.cast.lead, {"GOV.1": 2, "GOV.2": 2, "RES.1": 0}, world.version)
    assert settled(world).rung == Rung.PROGRESSING
    assert Notification.objects.filter(user=world.cast.lead, kind="rung_reached").count() == 1
    assert services.climb_ladders() == 0


def test_nobody_falls_before_a_manager_says_so_in_a_sentence(world: World) -> None:
    row, cast = fallen(world), world.cast
    assert (row.rung, row.asked_rung) == (Rung.VALIDATED, Rung.ENROLLED)
    assert Notification.objects.filter(user=cast.manager, kind="rung_falls").exists()
    assert not Notification.objects.filter(user=cast.lead, kind="rung_lowered").exists()
    url = reverse("mentoring:decide_rung", args=[cast.programme.public_id, cast.agency.public_id])
    client, sent = signed_in(cast.manager), {"version": str(row.version), "choice": "confirm", "words": ""}
    assert client.post(url, sent).status_code == 400
    assert client.post(url, sent | {"words": "The rules changed; let us talk."}).status_code == 302
    row.refresh_from_db()
    assert row.rung == Rung.ENROLLED
    assert Notification.objects.filter(user=cast.lead, kind="rung_lowered").count() == 1
    page = signed_in(cast.lead).get(reverse("mentoring:member_ladder", args=[cast.agency.public_id]))
    assert "The rules changed; let us talk." in page.content.decode()


def test_held_member_stays_and_is_not_asked_about_again(world: World) -> None:
    row = fallen(world)
    held = services.decide_rung(
        actor=world.cast.manager, programme=world.cast.programme, standing=row, version=row.version, hold=True,
        words="You stay.",
    )  # fmt: skip
    assert held.rung == Rung.VALIDATED
    assert services.climb_ladders() == 0
    with pytest.raises(Conflict):
        services.decide_rung(
            actor=world.cast.manager, programme=world.cast.programme, standing=held, version=held.version, hold=False,
            words="Down.",
        )  # fmt: skip


def test_member_that_does_not_share_is_not_told_about(world: World) -> None:
    world.cast.programme.participations.filter(member=world.cast.agency).update(shares_levels=False)
    services.climb_ladders()
    assert not Standing.objects.filter(member=world.cast.agency).exists()
    page = selectors.ladder_page(world.cast.manager, world.cast.programme.public_id)
    row = next(row for row in page.rows if row.member == world.cast.agency.name)
    assert (row.shares, row.rung, row.climb) == (False, "", None)


@pytest.mark.parametrize(
    "rungs",
    [
        [],
        [{"rung": "assessed", "needs": {}}, {"rung": "mentor", "needs": {}}],
        [{"rung": "enrolled", "needs": {}}, {"rung": "enrolled", "needs": {}}],
        [{"rung": "enrolled", "needs": {}}, {"rung": "graduated", "needs": {"level": 3}}],
        [{"rung": "enrolled", "needs": {}}, {"rung": "assessed", "needs": {"money": 1}}],
    ],
)
def test_broken_rules_are_refused_whole(world: World, rungs: list[Any]) -> None:
    with pytest.raises(Refused):
        services.load_ladder(
            actor=None, programme=world.cast.programme.public_id, document=STRICT | {"rungs": rungs}
        )
    assert not Ladder.objects.exists()


def test_command_tells_what_is_wrong(world: World, tmp_path: Path) -> None:
    file = tmp_path / "ladder.yaml"
    file.write_text("format: belay-ladder\nversion: 1\nrungs: [", "utf-8")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_ladder", str(file), programme=world.cast.programme.public_id)
    file.write_text("format: other", "utf-8")
    with pytest.raises(CommandError, match="was not loaded"):
        call_command("load_ladder", str(file), programme=world.cast.programme.public_id)


@pytest.mark.parametrize("count", [1, 3])
def test_ladder_asks_the_same_number_of_questions(
    world: World, count: int, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for n in range(count):
        world.another(f"Body {n}", {"GOV.1": 1, "GOV.2": 1, "RES.1": 1})
    services.climb_ladders()
    with django_assert_num_queries(7):
        selectors.ladder_page(world.cast.manager, world.cast.programme.public_id)

"""The editor: copying, editing, undoing, conflicts, publishing, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.frameworks.models import DraftRevision, Framework, FrameworkVersion
from apps.frameworks.selectors import list_frameworks, published_version
from apps.frameworks.services import FrameworkFaults, editing, load_framework
from apps.frameworks.services.publishing import Said, publish_draft
from tests.frameworks.documents import as_text, ladder, small_document
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> FrameworkVersion:
    document = small_document()
    document["indicators"][0]["levels"] = {"national": ladder(), "organisational": ladder()}
    return load_framework(actor=None, text=as_text(document))


@pytest.fixture
def draft(cast: Cast, source: FrameworkVersion) -> FrameworkVersion:
    return editing.copy_framework(
        actor=cast.manager, programme=cast.programme, source=source, name="Meridian framework"
    )


def browser(cast: Cast, person: str) -> Client:
    client = Client()
    client.force_login(cast.people[person], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(draft: FrameworkVersion, page: str, **keys: str) -> str:
    programme = draft.framework.programme
    assert programme is not None
    return reverse(
        f"frameworks:edit_{page}", kwargs={"programme": programme.public_id, "draft": draft.public_id, **keys}
    )


def filled(client: Client, address: str) -> dict[str, Any]:
    """What the browser would send back of a page's form as it stands."""
    form = client.get(address).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, False):
            data[field.html_name] = "on" if value is True else value
    return data


def edit_of(code: str, **values: Any) -> editing.IndicatorEdit:
    return editing.IndicatorEdit(code, values, ())


def test_a_copy_is_a_draft_that_only_managers_and_staff_see(cast: Cast, draft: FrameworkVersion) -> None:
    assert draft.state == "draft" and draft.framework.programme == cast.programme
    assert draft.document["name"] == "Meridian framework" and draft.document["id"] == "meridian-framework"
    assert draft.document["source"]["title"] == "Small framework 1.0"
    address = url(draft, "draft")
    seen = {person: browser(cast, person).get(address).status_code for person in cast.people}
    assert {person for person, status in seen.items() if status == 200} == {"manager", "staff"}
    assert {status for person, status in seen.items() if person not in ("manager", "staff")} == {404}
    assert "Meridian framework" not in [row.name for row in list_frameworks(cast.lead)]


def test_a_published_one_is_seen_by_people_of_its_members_only(cast: Cast, draft: FrameworkVersion) -> None:
    publish_draft(actor=cast.manager, draft=draft, expected=1, number="1.0")
    slug = draft.framework.slug
    assert published_version(cast.lead, slug) == draft
    assert slug in [row.slug for row in list_frameworks(cast.manager)]
    assert slug not in [row.slug for row in list_frameworks(cast.outsider)]
    offered = FrameworkVersion.objects.offered_to(cast.agency)
    assert draft in offered
    cast.programme.participations.filter(member=cast.agency).delete()
    assert draft not in FrameworkVersion.objects.offered_to(cast.agency)
    assert draft not in FrameworkVersion.objects.visible_to(cast.lead)


def test_a_name_without_latin_letters_and_a_taken_one_get_an_id(cast: Cast, source: FrameworkVersion) -> None:
    ids = [
        editing.copy_framework(
            actor=cast.manager, programme=cast.programme, source=source, name=name
        ).document["id"]
        for name in ("إطار", "Small", "Small")
    ]
    assert len(set(ids)) == 3
    assert all(id_[0].isalpha() for id_ in ids)


def test_a_repeated_copy_is_one_copy(cast: Cast, source: FrameworkVersion) -> None:
    def once() -> FrameworkVersion:
        return editing.copy_framework(
            actor=cast.manager, programme=cast.programme, source=source, name="Once", idempotency="k"
        )

    assert once() == once()
    assert Framework.objects.filter(name="Once").count() == 1


def test_texts_weights_and_levels_are_saved_from_the_page(cast: Cast, draft: FrameworkVersion) -> None:
    client, address = browser(cast, "manager"), url(draft, "indicator", indicator="GOV.1.1")
    data = filled(client, address) | {
        "question": "Is there a strategy?", "weight": "3/2", "look_for": "The decision.\r\nIts date.",
        "words": "strategy: a plan of years", "national_3_text": "The strategy is in force.", "needs": "GOV.2.1 2",
    }  # fmt: skip
    response = client.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    draft.refresh_from_db()
    row = draft.document["indicators"][0]
    assert row["question"] == "Is there a strategy?" and row["weight"] == "3/2"
    assert row["look_for"] == ["The decision.", "Its date."]
    assert row["words"] == [{"term": "strategy", "meaning": "a plan of years"}]
    assert row["levels"]["national"][3] == {**ladder()[3], "text": "The strategy is in force."}
    assert {"indicator": "GOV.1.1", "requires": "GOV.2.1", "at_level": 2} in draft.document["prerequisites"]
    stored = draft.indicators.get(code="GOV.1.1")
    assert (
        stored.weight == "3/2"
        and stored.levels.get(scope="national", level=3).text == "The strategy is in force."
    )


def test_a_page_saved_as_it_stands_changes_nothing(cast: Cast, draft: FrameworkVersion) -> None:
    client, before = browser(cast, "manager"), draft.document_hash
    for page, keys in (
        ("indicator", {"indicator": "GOV.1.1"}),
        ("indicator", {"indicator": "GOV.1.2"}),
        ("about", {}),
        ("method", {}),
        ("part", {"part_kind": "areas", "part": "GOV.1"}),
        ("profile", {"profile": "baseline"}),
    ):
        address = url(draft, page, **keys)
        response = client.post(address, filled(client, address))
        assert response.status_code == 302, (page, response.context["form"].errors)
        draft.refresh_from_db()
        assert draft.document_hash == before, page
    assert draft.revision == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("weight", "-1"),
        ("weight", "1e9"),
        ("weight", "٣"),
        ("words", "no colon here"),
        ("needs", "GOV.9.9 2"),
        ("needs", "GOV.1.1 2"),
        ("needs", "GOV.2.1 99"),
        ("needs", "nonsense"),
        ("look_for", "\n".join("x" for _ in range(13))),
        ("national_2_title", ""),
        ("national_2_text", "\x00"),
        ("national_2_text", "a\x07b"),
        ("area", "NOPE"),
        ("effort", "9"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_lost(
    cast: Cast, draft: FrameworkVersion, field: str, value: str
) -> None:
    client, address = browser(cast, "manager"), url(draft, "indicator", indicator="GOV.1.1")
    data = filled(client, address) | {"intent": "Words that must not be lost.", field: value}
    response = client.post(address, data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Words that must not be lost." in response.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_conflict_shows_both_texts_and_a_second_save_decides(cast: Cast, draft: FrameworkVersion) -> None:
    client, address = browser(cast, "manager"), url(draft, "indicator", indicator="GOV.1.1")
    data = filled(client, address)
    editing.save_draft(
        actor=cast.staff, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="Staff wrote this.")
    )
    response = client.post(address, data | {"intent": "The manager wrote that."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Staff wrote this." in page and "The manager wrote that." in page
    again = {
        field.html_name: field.value()
        for field in response.context["form"]
        if field.value() not in (None, False)
    }
    assert client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.document["indicators"][0]["intent"] == "The manager wrote that."


def test_saves_of_different_parts_do_not_disturb_each_other(cast: Cast, draft: FrameworkVersion) -> None:
    editing.save_draft(actor=cast.staff, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="One."))
    editing.save_draft(actor=cast.manager, draft=draft, expected=1, edit=edit_of("GOV.1.2", intent="Two."))
    draft.refresh_from_db()
    assert [row["intent"] for row in draft.document["indicators"][:2]] == ["One.", "Two."]
    with pytest.raises(Conflict):
        editing.save_draft(
            actor=cast.manager, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="Three.")
        )


def test_a_change_can_be_undone_and_the_history_is_bounded(cast: Cast, draft: FrameworkVersion) -> None:
    before = draft.document
    for number in range(1, 40):
        editing.save_draft(
            actor=cast.manager,
            draft=draft,
            expected=number,
            edit=edit_of("GOV.1.1", intent=f"Text {number}."),
        )
    assert DraftRevision.objects.filter(version=draft).count() == 30
    draft.refresh_from_db()
    client = browser(cast, "manager")
    page = client.get(url(draft, "draft"))
    undo = page.context["page"].undo
    client.post(url(draft, "restore"), {"revision": draft.revision, "wanted": undo.revision})
    draft.refresh_from_db()
    assert draft.document["indicators"][0]["intent"] == "Text 38."
    with pytest.raises(Conflict):
        editing.restore_draft(actor=cast.manager, draft=draft, expected=3, revision=39)
    with pytest.raises(Refused):
        editing.restore_draft(actor=cast.manager, draft=draft, expected=draft.revision, revision=1)
    assert before["indicators"][0]["intent"] == "A strategy exists."


def test_the_tree_grows_moves_and_shrinks(cast: Cast, draft: FrameworkVersion) -> None:
    client = browser(cast, "manager")
    add = client.post(
        url(draft, "add", part_kind="areas"),
        {"code": "GOV.9", "name": "Audit", "inside": "GOV", "revision": "1"},
    )
    assert add.status_code == 302
    page = client.get(url(draft, "draft")).content.decode()
    assert "areas.GOV.9: no indicator belongs to it" in page
    client.post(
        url(draft, "add", part_kind="indicators"),
        {
            "code": "GOV.9.1",
            "name": "Internal audit",
            "intent": "Audits happen.",
            "inside": "GOV.9",
            "scope": "both",
            "revision": "2",
        },
    )
    client.post(url(draft, "move"), {"move": "areas up GOV.9", "revision": "3"})
    draft.refresh_from_db()
    assert [row["id"] for row in draft.document["areas"]] == ["GOV.1", "GOV.9", "GOV.2", "RES.1"]
    assert draft.areas.get(code="GOV.9").indicators.count() == 1
    client.post(url(draft, "remove"), {"kind": "areas", "code": "GOV.9", "revision": str(draft.revision)})
    draft.refresh_from_db()
    assert draft.areas.filter(code="GOV.9").exists(), "an area that is not empty stays"
    client.post(
        url(draft, "remove"), {"kind": "indicators", "code": "GOV.1.1", "revision": str(draft.revision)}
    )
    draft.refresh_from_db()
    assert "GOV.1.1" not in [row["id"] for row in draft.document["indicators"]]
    assert draft.document["prerequisites"] == []


@pytest.mark.parametrize("code", ["GOV.1", "gov.1", "GOV", "overall", "a b", "-x", "x" * 41, ""])
def test_a_code_in_use_or_badly_written_is_refused_at_its_field(
    cast: Cast, draft: FrameworkVersion, code: str
) -> None:
    response = browser(cast, "manager").post(
        url(draft, "add", part_kind="areas"),
        {"code": code, "name": "Audit", "inside": "GOV", "revision": "1"},
    )
    assert response.status_code == 422 and "code" in response.context["form"].errors


def test_targets_and_method_are_edited(cast: Cast, draft: FrameworkVersion) -> None:
    client = browser(cast, "manager")
    address = url(draft, "profile", profile="baseline")
    assert (
        client.post(address, filled(client, address) | {"target_GOV.2.1": "5", "default": "2"}).status_code
        == 302
    )
    made = client.post(
        url(draft, "add_profile"),
        {"name": "Foundation", "scope": "national", "default": "1", "revision": "2"},
    )
    assert made.status_code == 302
    address = url(draft, "method")
    assert (
        client.post(address, filled(client, address) | {"tiers": "80: Leading\n1.5: Building"}).status_code
        == 302
    )
    draft.refresh_from_db()
    assert draft.document["profiles"][0]["targets"] == {"default": 2, "indicators": {"GOV.2.1": 5}}
    assert draft.document["profiles"][1]["id"] == "foundation"
    assert draft.document["tiers"] == [
        {"id": "tier-1", "name": "Leading", "at_least": 80},
        {"id": "tier-2", "name": "Building", "at_least": "1.5"},
    ]


def test_translations_of_rewritten_texts_go(cast: Cast, source: FrameworkVersion) -> None:
    document = small_document(id="spoken", name="Spoken")
    document["indicators"][0]["levels"] = {"national": ladder(), "organisational": ladder()}
    document["translations"] = {
        "fr": {"indicators": {"GOV.1.1": {"name": "Stratégie", "intent": "Une stratégie.", "levels": {
            "national": [{"level": 1, "text": "Un."}, {"level": 2, "text": "Deux."}]}}}}
    }  # fmt: skip
    spoken = load_framework(actor=None, text=as_text(document))
    draft = editing.copy_framework(actor=cast.manager, programme=cast.programme, source=spoken, name="Ours")
    steps = ladder()
    steps[2]["text"] = "Something else."
    edit = edit_of("GOV.1.1", intent="New words.", levels={"national": steps, "organisational": ladder()})
    saved = editing.save_draft(actor=cast.manager, draft=draft, expected=1, edit=edit)
    assert saved.document["translations"]["fr"]["indicators"]["GOV.1.1"] == {
        "name": "Stratégie", "levels": {"national": [{"level": 1, "text": "Un."}]}
    }  # fmt: skip


def test_a_draft_with_faults_is_not_published(cast: Cast, draft: FrameworkVersion) -> None:
    added = editing.PartAdded("areas", "GOV.9", {"name": "Empty", "dimension": "GOV"})
    editing.save_draft(actor=cast.manager, draft=draft, expected=1, edit=added)
    with pytest.raises(FrameworkFaults, match=r"GOV\.9"):
        publish_draft(actor=cast.manager, draft=draft, expected=2, number="1.0")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_published_version_never_changes(cast: Cast, draft: FrameworkVersion) -> None:
    publish_draft(actor=cast.manager, draft=draft, expected=1, number="1.0")
    with pytest.raises(Refused, match="never changes"):
        editing.save_draft(
            actor=cast.manager, draft=draft, expected=2, edit=edit_of("GOV.1.1", intent="Later.")
        )
    with pytest.raises(Refused):
        editing.delete_draft(actor=cast.manager, draft=draft)
    with pytest.raises(Refused):
        publish_draft(actor=cast.manager, draft=draft, expected=2, number="1.1")
    assert browser(cast, "manager").get(url(draft, "draft")).status_code == 404
    assert DraftRevision.objects.filter(version=draft).count() == 0


def next_draft(cast: Cast, draft: FrameworkVersion) -> FrameworkVersion:
    publish_draft(actor=cast.manager, draft=draft, expected=1, number="1.0")
    draft.refresh_from_db()
    return editing.begin_version(actor=cast.manager, source=draft)


def test_the_next_version_states_what_changed(cast: Cast, draft: FrameworkVersion) -> None:
    following = next_draft(cast, draft)
    assert following.version == "1.1"
    with pytest.raises(Refused, match="already"):
        editing.begin_version(actor=cast.manager, source=draft)
    editing.save_draft(
        actor=cast.manager,
        draft=following,
        expected=1,
        edit=edit_of("GOV.1.2", intent="Quite another thing."),
    )
    editing.save_draft(
        actor=cast.manager, draft=following, expected=2, edit=editing.PartRemoved("indicators", "RES.1.1")
    )
    client, address = browser(cast, "manager"), url(following, "publish")
    data = filled(client, address)
    assert data["before_0"] == "GOV.1.2" and data["before_1"] == "RES.1.1"
    refused = client.post(address, data)
    assert refused.status_code == 422 and "confirmed" in refused.context["form"].errors
    sent = {
        **data, "number": "2.0", "confirmed": "on", "before_0": "GOV.1.2", "after_0": "GOV.1.2",
        "before_1": "RES.1.1", "after_1": "", "note_0": "Asked anew.",
    }  # fmt: skip
    sent.pop("comparable_0", None)
    assert client.post(address, sent).status_code == 302
    following.refresh_from_db()
    assert following.state == "published" and following.version == "2.0"
    assert following.document["changes"] == {
        "since": "1.0",
        "indicators": [
            {
                "kind": "changed",
                "from": ["GOV.1.2"],
                "to": ["GOV.1.2"],
                "comparable": False,
                "note": "Asked anew.",
            },
            {"kind": "gone", "from": ["RES.1.1"]},
        ],
    }


@pytest.mark.parametrize(
    ("number", "said", "field"),
    [
        ("1.0", [], "number"),
        ("0.9", [], "number"),
        ("two", [], "number"),
        ("1.1", [], ""),
        ("1.1", [Said(("GOV.1.2",), ("NOPE",), True)], "said_0"),
        ("1.1", [Said(("NOPE",), ("GOV.1.2",), True)], "said_0"),
        ("1.1", [Said(("GOV.1.2",), ("GOV.1.2",), True), Said(("GOV.1.2",), ("GOV.2.1",), True)], "said_1"),
        ("1.1", [Said(("GOV.1.2", "GOV.1.1"), ("GOV.1.2", "GOV.1.1"), True)], "said_0"),
    ],
)
def test_a_number_or_statement_that_makes_no_sense_is_refused(
    cast: Cast, draft: FrameworkVersion, number: str, said: list[Said], field: str
) -> None:
    following = next_draft(cast, draft)
    editing.save_draft(
        actor=cast.manager, draft=following, expected=1, edit=edit_of("GOV.1.2", intent="Quite another.")
    )
    with pytest.raises(editing.EditFaults) as caught:
        publish_draft(actor=cast.manager, draft=following, expected=2, number=number, said=said)
    assert field in caught.value.fields
    following.refresh_from_db()
    assert following.state == "draft"


def test_a_publication_of_something_else_than_was_seen_is_refused(
    cast: Cast, draft: FrameworkVersion
) -> None:
    client, address = browser(cast, "manager"), url(draft, "publish")
    data = filled(client, address) | {"confirmed": "on"}
    editing.save_draft(actor=cast.staff, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="Changed."))
    assert client.post(address, data).status_code == 409
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_deleted_draft_takes_a_framework_without_versions_with_it(
    cast: Cast, draft: FrameworkVersion
) -> None:
    client = browser(cast, "manager")
    assert client.get(url(draft, "delete")).status_code == 200
    assert client.post(url(draft, "delete")).status_code == 302
    assert not Framework.objects.filter(pk=draft.framework_id).exists()


def test_a_deleted_draft_leaves_published_versions(cast: Cast, draft: FrameworkVersion) -> None:
    following = next_draft(cast, draft)
    editing.delete_draft(actor=cast.manager, draft=following)
    assert published_version(cast.manager, draft.framework.slug) == draft


def test_only_managers_and_staff_write(cast: Cast, draft: FrameworkVersion, source: FrameworkVersion) -> None:
    for person in (cast.lead, cast.outsider, cast.mentor):
        with pytest.raises(PermissionDenied):
            editing.save_draft(actor=person, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="No."))
        with pytest.raises(PermissionDenied):
            publish_draft(actor=person, draft=draft, expected=1, number="1.0")
        with pytest.raises(PermissionDenied):
            editing.copy_framework(actor=person, programme=cast.programme, source=source, name="Mine")
    with pytest.raises(PermissionDenied):
        editing.begin_version(actor=cast.manager, source=source)


def test_every_act_goes_on_record(cast: Cast, draft: FrameworkVersion) -> None:
    editing.save_draft(actor=cast.manager, draft=draft, expected=1, edit=edit_of("GOV.1.1", intent="A."))
    editing.restore_draft(actor=cast.manager, draft=draft, expected=2, revision=1)
    publish_draft(actor=cast.manager, draft=draft, expected=3, number="1.0")
    draft.refresh_from_db()
    editing.delete_draft(actor=cast.manager, draft=editing.begin_version(actor=cast.manager, source=draft))
    acts = list(AuditEntry.objects.filter(action__startswith="framework.").values_list("action", flat=True))
    assert [act.removeprefix("framework.") for act in acts[1:]] == [
        "draft_begun", "draft_saved", "draft_restored", "published", "draft_begun", "draft_deleted"
    ]  # fmt: skip


def test_a_preview_shows_the_words_and_a_trial_the_score(cast: Cast, draft: FrameworkVersion) -> None:
    client = browser(cast, "manager")
    page = client.get(url(draft, "preview", indicator="GOV.1.1") + "?scope=organisational").content.decode()
    assert "Text 5." in page and "Strategy" in page
    page = client.get(
        url(draft, "trial"), {"scope": "national", "all": "3", "level.GOV.1.1": "5"}
    ).content.decode()
    # GOV.1 = (2·100 + 60) ÷ 3, GOV = mean with 60, the whole = mean with 60.
    assert "86.7" in page and "73.3" in page and "66.7" in page
    for hostile in ({"all": "x"}, {"level.GOV.1.1": "99"}, {"scope": "\x00"}, {"all": "9" * 50}):
        assert client.get(url(draft, "trial"), hostile).status_code == 200


def test_an_import_over_a_draft_is_a_save_that_nobody_overwrites_unseen(cast: Cast) -> None:
    def bring(name: str) -> FrameworkVersion:
        document = small_document()
        document["indicators"][0]["name"] = name
        return load_framework(
            actor=cast.manager, text=as_text(document), draft=True, programme=cast.programme
        )

    seen = bring("First").revision
    draft = bring("Second")
    assert draft.revision == seen + 1 and draft.updated_by == cast.manager
    with pytest.raises(Conflict) as caught:
        editing.save_draft(
            actor=cast.manager, draft=draft, expected=seen, edit=edit_of("GOV.1.1", name="Third")
        )
    assert caught.value.current["indicators"][0]["name"] == "Second"
    back = editing.restore_draft(actor=cast.manager, draft=draft, expected=draft.revision, revision=seen)
    assert back.document["indicators"][0]["name"] == "First"
    assert [row.what for row in draft.revisions.all()] == [f"restored:{seen}", "imported", "imported"]


def test_an_imported_draft_can_be_put_back_to_what_was_imported(cast: Cast) -> None:
    text = as_text(small_document(id="brought"))
    brought = load_framework(actor=cast.manager, text=text, draft=True, programme=cast.programme)
    editing.save_draft(actor=cast.manager, draft=brought, expected=1, edit=edit_of("GOV.1.1", intent="A."))
    page = browser(cast, "manager").get(url(brought, "draft")).context["page"]
    assert [line.what for line in page.history] == ["GOV.1.1 edited", "Imported"]
    editing.restore_draft(actor=cast.manager, draft=brought, expected=2, revision=page.undo.revision)
    brought.refresh_from_db()
    assert brought.document["indicators"][0]["intent"] == "A strategy exists."


def test_the_lists_ask_a_constant_number_of_queries(
    cast: Cast, draft: FrameworkVersion, source: FrameworkVersion, django_assert_num_queries: Any
) -> None:
    from apps.frameworks.selectors.editing import copy_page, draft_page, frameworks_page

    programme = cast.programme.public_id
    for _round in (1, 3):
        with django_assert_num_queries(4):
            frameworks_page(cast.manager, programme)
        with django_assert_num_queries(3):
            copy_page(cast.manager, programme)
        with django_assert_num_queries(2):
            draft_page(cast.manager, programme, draft.public_id)
        for name in ("Second", "Third"):
            made = editing.copy_framework(
                actor=cast.manager, programme=cast.programme, source=source, name=f"{name} {_round}"
            )
            editing.save_draft(
                actor=cast.manager, draft=made, expected=1, edit=edit_of("GOV.1.1", intent="A.")
            )

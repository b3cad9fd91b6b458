"""What members propose: who sees it, who decides, what comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from apps.accounts.models import Notification
from apps.core import jobs
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from apps.frameworks.selectors import SHARED
from apps.frameworks.services import load_framework
from apps.resources import selectors, services
from apps.resources.models import Contribution, Resource
from tests.factories import OrganisationFactory, UserFactory, join
from tests.frameworks.documents import as_text, small_document
from tests.people import Cast
from tests.resources.test_resources import add

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAID = {
    "title": "Duty list", "kind": "template", "publisher": "National CERT of Veldara", "url": "", "text": "## On duty",
    "summary": "A list on a page.", "when": "Before a holiday.", "language": "en", "areas": ["GOV.1"], "levels": [0, 2],
    "why": "We use it every week.", "tlp": "TLP:GREEN",
}  # fmt: skip


@pytest.fixture(autouse=True)
def shared(db: None) -> None:
    load_framework(actor=None, text=as_text(small_document(id=SHARED)))


def send(cast: Cast, **fields: Any) -> Contribution:
    given = {"programme": cast.programme.public_id, **SAID, **fields}
    return services.send_contribution(actor=cast.lead, member=cast.agency, **given)


def posted(cast: Cast, **fields: Any) -> dict[str, Any]:
    levels = {"low": 0, "high": 2, "programme": cast.programme.public_id}
    return {**{k: v for k, v in SAID.items() if k != "levels"}, **levels, **fields}


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_proposal_waits_for_the_office_which_is_told(cast: Cast) -> None:
    row = send(cast)
    assert row.state == "waiting"
    told = Notification.objects.get(user=cast.manager, kind="resource_proposed")
    assert told.url == f"/library/proposed/{row.public_id}/"
    assert not Resource.objects.exists()
    assert [r.title for r in selectors.queue_page(cast.manager).proposed] == ["Duty list"]
    page = browser(cast.manager).get("/library/queue/").content.decode()
    assert "One thing in the library waits for you" in page
    assert "National CERT of Veldara" in page
    jobs.run_waiting()
    assert any("proposes “Duty list” for the library" in letter.body for letter in mail.outbox)


def test_accepting_with_edits_makes_an_entry_for_the_programme(cast: Cast) -> None:
    row = send(cast)
    data = posted(
        cast, act="accept", version=1, title="Duty list for small teams", tlp="TLP:CLEAR", note="Thank you."
    )
    assert browser(cast.manager).post(f"/library/proposed/{row.public_id}/", data).status_code == 302
    entry = Resource.objects.get()
    assert (entry.title, entry.tlp, entry.programme) == (
        "Duty list for small teams",
        "TLP:GREEN",
        cast.programme,
    )
    row.refresh_from_db()
    assert (row.state, row.resource, row.decided_by) == ("accepted", entry, cast.manager)
    assert (
        Notification.objects.get(user=cast.lead, kind="resource_accepted").url == f"/resources/{entry.slug}/"
    )
    assert AuditEntry.objects.filter(action="contribution.accepted", chain=cast.agency.public_id).exists()
    assert browser(cast.other_lead).get(f"/resources/{entry.slug}/").status_code == 200
    assert Client().get(f"/resources/{entry.slug}/").status_code == 404


def test_asking_back_and_sending_again(cast: Cast) -> None:
    row = send(cast)
    office = browser(cast.manager)
    place = f"/library/proposed/{row.public_id}/"
    empty = office.post(place, {"act": "ask", "version": 1, "note": " "})
    assert empty.status_code == 422
    assert "Write a sentence for those who proposed it." in empty.content.decode()
    assert office.post(place, {"act": "ask", "version": 1, "note": "Whose list is it?"}).status_code == 302
    lead = browser(cast.lead)
    own = f"/o/{cast.agency.public_id}/library/{row.public_id}/"
    page = lead.get(own).content.decode()
    assert "Whose list is it?" in page
    assert (
        "The office asks about one of your proposals"
        in lead.get(f"/o/{cast.agency.public_id}/library/").content.decode()
    )
    assert lead.post(own, posted(cast, version=2, publisher="Us", areas=["RES.1"])).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.publisher, row.version, row.areas) == ("waiting", "Us", 3, ["RES.1"])
    assert Notification.objects.filter(user=cast.manager, kind="resource_proposed").count() == 2


def test_declining_says_why(cast: Cast) -> None:
    row = send(cast)
    services.answer_contribution(
        actor=cast.manager,
        contribution=row.public_id,
        version=1,
        state="declined",
        note="We have two of these.",
    )
    assert Notification.objects.filter(user=cast.lead, kind="resource_declined").exists()
    page = browser(cast.lead).get(f"/o/{cast.agency.public_id}/library/{row.public_id}/").content.decode()
    assert "We have two of these." in page
    assert "Declined" in page
    assert not Resource.objects.exists()
    with pytest.raises(Refused):
        services.withdraw_contribution(
            actor=cast.lead, member=cast.agency, public_id=row.public_id, version=2
        )


def test_what_is_for_us_only_is_kept_at_once_and_nobody_outside_sees_it(cast: Cast) -> None:
    row = send(cast, tlp="TLP:AMBER")
    entry = Resource.objects.get()
    assert (row.state, entry.member, entry.tlp) == ("accepted", cast.agency, "TLP:AMBER")
    assert not Notification.objects.filter(user=cast.manager).exists()
    for user in (cast.manager, cast.staff, cast.other_lead):
        with pytest.raises(Http404):
            selectors.resource_page(user, entry.slug)
        with pytest.raises(Http404):
            selectors.decide_draft(user, row.public_id)
        with pytest.raises(Http404):
            services.retire_resource(actor=user, resource=entry.slug, version=1)
    assert browser(cast.lead).get(f"/library/of/{entry.slug}/").status_code == 200
    services.retire_resource(actor=cast.lead, resource=entry.slug, version=1)
    assert browser(cast.lead).get(f"/resources/{entry.slug}/").status_code == 404
    services.restore_resource(actor=cast.lead, resource=entry.slug, version=2)
    assert browser(cast.viewer).get(f"/resources/{entry.slug}/").status_code == 200


def test_nobody_decides_what_they_proposed_themselves(cast: Cast) -> None:
    join(cast.agency, cast.manager, "lead")
    row = services.send_contribution(
        actor=cast.manager, member=cast.agency, programme=cast.programme.public_id, **SAID
    )
    with pytest.raises(PermissionDenied, match="somebody else decides"):
        services.accept_contribution(actor=cast.manager, contribution=row.public_id, version=1)
    assert (
        "somebody else decides"
        in browser(cast.manager).get(f"/library/proposed/{row.public_id}/").content.decode()
    )
    services.accept_contribution(actor=cast.staff, contribution=row.public_id, version=1)
    assert Resource.objects.count() == 1


def test_stale_decision_shows_both_texts_and_loses_nothing(cast: Cast) -> None:
    row = send(cast)
    services.change_contribution(
        actor=cast.lead,
        member=cast.agency,
        public_id=row.public_id,
        version=1,
        **{**SAID, "title": "Night list"},
    )
    answer = browser(cast.manager).post(
        f"/library/proposed/{row.public_id}/", posted(cast, act="accept", version=1, title="Duty list, short")
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Night list" in page
    assert "Duty list, short" in page
    assert not Resource.objects.exists()


def test_colleagues_do_not_overwrite_each_other(cast: Cast) -> None:
    row = send(cast)
    own = f"/o/{cast.agency.public_id}/library/{row.public_id}/"
    assert browser(cast.respondent).post(own, posted(cast, version=1, title="Theirs")).status_code == 302
    answer = browser(cast.lead).post(own, posted(cast, version=1, title="Mine"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="version" value="2"' in page
    row.refresh_from_db()
    assert row.title == "Theirs"


def test_same_address_is_shown_before_it_is_sent(cast: Cast) -> None:
    add("there", url="https://www.example.org/guide/", title="The guide")
    add("secret", url="https://example.org/inner", tlp="TLP:AMBER", member=cast.other)
    lead, place = browser(cast.lead), f"/o/{cast.agency.public_id}/library/new/"
    data = posted(cast, url="http://example.org/guide#top", text="")
    answer = lead.post(place, data)
    assert answer.status_code == 422
    assert 'href="/resources/there/"' in answer.content.decode()
    assert not Contribution.objects.exists()
    assert lead.post(place, {**data, "again": "on"}).status_code == 302
    assert lead.post(place, data).status_code == 422, "the own proposal counts too, after the entry"
    # What others keep for themselves is never told of.
    assert lead.post(place, posted(cast, url="https://example.org/inner", text="")).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://127.0.0.1/admin", "not a number or a name of your own network"),
        ("url", "http://localhost:8000/", "not a number or a name of your own network"),
        ("url", "https://user:word@example.org/", "names a user or a password"),
        ("url", "javascript:alert(1)", "begins with https:// or http://"),
        ("url", "https://example.org:8443/", "unusual port"),
        ("url", "https://example.org/", "Give either an address or a text."),
        ("high", 0, "Select a valid choice"),
        ("low", 3, "Choose a level above the one it begins at."),
        ("areas", ["XYZ.9"], "Select a valid choice"),
        ("tlp", "TLP:RED", "Select a valid choice"),
        ("language", "xx", "Select a valid choice"),
        ("title", "", "This field is required"),
        ("title", "a\x00b", "Null characters are not allowed"),
    ],
)
def test_bad_proposal_is_refused_in_words(cast: Cast, field: str, value: Any, words: str) -> None:
    answer = browser(cast.lead).post(
        f"/o/{cast.agency.public_id}/library/new/", posted(cast, **{field: value})
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Contribution.objects.exists()


def test_sending_twice_is_once(cast: Cast) -> None:
    first = send(cast, idempotency="abc")
    assert send(cast, idempotency="abc").pk == first.pk
    assert Contribution.objects.count() == 1


def test_queue_of_one_member_cannot_be_flooded(cast: Cast) -> None:
    for number in range(30):
        send(cast, title=f"List {number}")
    with pytest.raises(Refused, match="30 proposals"):
        send(cast)


def test_member_of_no_programme_proposes_to_the_administrators(cast: Cast) -> None:
    alone, lead = OrganisationFactory(), UserFactory()
    join(alone, lead, "lead")
    with pytest.raises(Refused, match="Choose a programme"):
        services.send_contribution(actor=lead, member=alone, **SAID)
    services.send_contribution(actor=lead, member=alone, **{**SAID, "tlp": "TLP:CLEAR"})
    assert Notification.objects.filter(user=cast.staff, kind="resource_proposed").count() == 1
    assert selectors.queue_page(cast.manager).proposed == ()


def test_another_member_learns_nothing_of_a_proposal(cast: Cast) -> None:
    row = send(cast)
    other = browser(cast.other_lead)
    assert other.get(f"/o/{cast.agency.public_id}/library/{row.public_id}/").status_code == 404
    assert other.get(f"/o/{cast.other.public_id}/library/{row.public_id}/").status_code == 404
    assert other.get(f"/library/proposed/{row.public_id}/").status_code == 404
    with pytest.raises(Http404):
        services.withdraw_contribution(
            actor=cast.other_lead, member=cast.other, public_id=row.public_id, version=1
        )


def test_withdrawn_proposal_leaves_the_queue(cast: Cast) -> None:
    row = send(cast)
    place = f"/o/{cast.agency.public_id}/library/{row.public_id}/withdraw/"
    assert browser(cast.lead).post(place, {"version": 1}).status_code == 302
    assert selectors.queue_page(cast.manager).proposed == ()
    with pytest.raises(Refused):
        services.accept_contribution(actor=cast.manager, contribution=row.public_id, version=2)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_proposals(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        send(cast, title=f"List {number}", url=f"https://example.org/{number}", text="")
        entry = add(f"entry-{number}", tlp="TLP:GREEN", programme=cast.programme)
        services.report_resource(actor=cast.lead, member=cast.agency, resource=entry.slug, kind="dead")
    with django_assert_num_queries(6):
        page = selectors.queue_page(cast.manager)
    assert (len(page.proposed), len(page.faults)) == (count, count)
    with django_assert_num_queries(5):
        selectors.ours_page(cast.lead, cast.agency.public_id)
    with django_assert_num_queries(2):
        assert len(selectors.waiting_for(cast.manager)) == 1


def test_conflict_is_told_by_the_service(cast: Cast) -> None:
    row = send(cast)
    with pytest.raises(Conflict):
        services.answer_contribution(
            actor=cast.manager, contribution=row.public_id, version=9, state="asked", note="Why?"
        )

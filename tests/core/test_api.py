"""What every class of the API does alike: tokens, problems in words, queries, versions, keys, pace, description."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import caches
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from apps.accounts.choices import Scope
from apps.accounts.models import ApiToken
from apps.accounts.services import make_token, revoke_token
from apps.core.errors import Refused
from apps.core.models import AuditEntry
from tests.core.api import Program, token_for
from tests.people import Cast

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_token_lists_the_members_of_its_person_and_nothing_else(cast: Cast) -> None:
    found = Program(cast.lead, "members:read").get("members/")
    assert [(row["name"], row["role"]) for row in found["results"]] == [(cast.agency.name, "lead")]
    assert found["count"] == 1 and found["next"] is None


def test_token_is_kept_as_a_hash_and_shown_once(cast: Cast) -> None:
    client = signed_in(cast.lead)
    until = (localdate() + timedelta(30)).isoformat()
    data = {"name": "Export", "scopes": ["members:read"], "expires_on": until, "idempotency": "k" * 20}
    page = client.post(reverse("home:tokens"), data).content.decode()
    secret = page.split('id="secret"')[1].split('value="')[1].split('"')[0]
    assert secret.startswith("belay_") and len(secret) > 40
    row = ApiToken.objects.get()
    assert secret not in json.dumps([row.secret_hash, row.name, row.public_id])
    assert secret not in client.get(reverse("home:tokens")).content.decode()
    again = client.post(reverse("home:tokens"), data).content.decode()
    assert ApiToken.objects.count() == 1 and "belay_" not in again.split('id="h-tokens"')[0]
    assert Client().get("/api/v1/members/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_making_a_token_asks_for_a_fresh_proof(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    TOTP.activate(cast.lead, "JBSWY3DPEHPK3PXP")
    answer = signed_in(cast.lead).post(reverse("home:tokens"), {"name": "x"})
    assert answer.status_code == 302 and "reauthenticate" in answer["Location"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_on": 0}, "expires_on"),
        ({"expires_on": 366}, "expires_on"),
    ],
)
def test_a_token_names_scopes_and_ends_within_a_year(cast: Cast, change: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"name": "x", "scopes": ["members:read"], "expires_on": 30} | change
    given["expires_on"] = localdate() + timedelta(given["expires_on"])
    with pytest.raises(Refused) as fault:
        make_token(actor=cast.lead, **given)
    assert fault.value.field == field and not ApiToken.objects.exists()


def test_a_person_has_at_most_twenty_tokens_that_work(cast: Cast) -> None:
    for _ in range(20):
        token_for(cast.lead)
    with pytest.raises(Refused, match="20"):
        token_for(cast.lead)


def test_revoked_ended_and_wrong_tokens_get_the_same_words(cast: Cast) -> None:
    said = []
    for what in ("revoked", "over", "wrong", "gone"):
        program = Program(cast.lead)
        row = ApiToken.objects.first()
        assert row is not None
        if what == "revoked":
            revoke_token(actor=cast.lead, public_id=row.public_id)
        elif what == "over":
            begun, ended = now() - timedelta(9), now() - timedelta(seconds=1)
            ApiToken.objects.filter(pk=row.pk).update(created_at=begun, expires_at=ended)
        elif what == "wrong":
            program.secret += "x"
        else:
            cast.lead.is_active = False
            cast.lead.save()
        said.append(program.get("members/", 401)["detail"])
        assert program.last["WWW-Authenticate"].startswith("Bearer")
    assert len(set(said)) == 1
    actions = list(AuditEntry.objects.filter(actor=cast.lead.public_id).values_list("action", flat=True))
    assert actions.count("token.made") == 4 and actions.count("token.revoked") == 1


def test_a_colleague_cannot_revoke_my_token(cast: Cast) -> None:
    token_for(cast.lead)
    url = reverse("home:revoke_token", args=[ApiToken.objects.get().public_id])
    assert signed_in(cast.viewer).post(url).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_use_of_a_token_is_noted_once_a_minute(cast: Cast, django_assert_num_queries: Any) -> None:
    program = Program(cast.lead, "members:read")
    program.get("members/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    with django_assert_num_queries(5):
        program.get("members/")
    assert ApiToken.objects.get().last_used_at == first


def test_scopes_hold_a_token_in(cast: Cast) -> None:
    told = Program(cast.lead, "grants:write").get("members/", 403)
    assert told["code"] == "forbidden" and "members:read" in told["detail"]


def test_to_write_includes_to_read() -> None:
    token = ApiToken(scopes=["grants:write"])
    assert token.may("grants:write") and token.may("grants:read") and not token.may("rounds:read")
    assert not ApiToken(scopes=["grants:read"]).may("grants:write")
    assert not ApiToken(scopes=["grants:write"]).may("sign")


def test_every_scope_but_signing_is_a_kind_with_read_or_write() -> None:
    assert {scope.partition(":")[2] for scope in Scope.values if scope != "sign"} == {"read", "write"}


def test_second_factor_is_asked_of_programs_too(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    told = Program(cast.lead).get("members/", 403)
    assert "second step" in told["detail"]
    assert signed_in(cast.lead).get("/api/v1/members/").status_code == 403
    Program(cast.respondent).get("members/")
    TOTP.activate(cast.lead, "JBSWY3DPEHPK3PXP")
    Program(cast.lead).get("members/")


def test_problems_come_in_words_as_problem_details(cast: Cast) -> None:
    told = Client().get("/api/v1/members/")
    assert told.status_code == 401 and told["Content-Type"] == "application/problem+json"
    found = told.json()
    assert {"type", "title", "status", "detail", "code", "request_id"} <= set(found)
    assert found["request_id"] == told["X-Request-ID"]
    for path, status in (("nothing/", 404), (f"members/{'a' * 20}/results/", 404)):
        assert Program(cast.lead).get(path, status)["status"] == status
    assert Program(cast.lead).ask("DELETE", "members/").json()["code"] == "method_not_allowed"
    french = Program(cast.lead).get("nothing/", 404, Accept_Language="fr")
    assert french["status"] == 404


@pytest.mark.parametrize(
    "query",
    ["x=1", "limit=0", "limit=201", "limit=a", "limit=%D9%A1", "offset=-1", "limit=1&limit=2", "role=king"],
)
def test_a_query_that_is_not_known_is_refused(cast: Cast, query: str) -> None:
    assert Program(cast.lead).get(f"members/?{query}", 400)["code"] == "malformed"


def test_pages_of_a_list_lead_to_each_other(cast: Cast) -> None:
    from tests.factories import OrganisationFactory, join

    for n in range(3):
        join(OrganisationFactory(name=f"Body {n}"), cast.outsider, "lead")
    program = Program(cast.outsider)
    first = program.get("members/?limit=2&role=lead")
    assert first["count"] == 3 and len(first["results"]) == 2 and first["previous"] is None
    second = program.get(first["next"].removeprefix("http://testserver"))
    assert [row["name"] for row in second["results"]] == ["Body 2"] and second["next"] is None


def test_pace_is_counted_by_person(cast: Cast, settings: Any) -> None:
    settings.API_READS_PER_MINUTE = 2
    caches["throttle"].clear()
    program = Program(cast.lead)
    program.get("members/")
    Program(cast.lead).get("members/")
    assert program.get("members/", 429)["code"] == "throttled"
    assert 0 < int(program.last["Retry-After"]) <= 60
    Program(cast.viewer).get("members/")
    caches["throttle"].clear()


def test_description_is_valid_and_has_examples(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json")
    described = json.loads(capsys.readouterr().out)
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    listed = described["paths"]["/api/v1/members/"]["get"]
    answer = listed["responses"]["200"]["content"]["application/json"]
    assert answer["examples"]["Answer"]["value"]["results"][0]["role"] == "lead"
    assert {"limit", "offset", "role"} == {row["name"] for row in listed["parameters"]}
    assert "application/problem+json" in listed["responses"]["default"]["content"]


def test_every_class_keeps_the_gates_and_names_a_scope() -> None:
    from apps.core.checks import own_views
    from apps.members.api.permissions import SecondFactor

    assert run_checks(tags=["access"]) == []
    classes = [view for _r, name, view in own_views() if name.startswith("api-") and name != "api-schema"]
    assert classes and all(SecondFactor in view.permission_classes for view in classes)
    kinds = {scope.partition(":")[0] for scope in Scope.values}
    assert all(not view.kind or view.kind in kinds for view in classes)

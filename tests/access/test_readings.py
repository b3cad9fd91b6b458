"""Whatever another member's people can open only under a grant leaves a row that the owner sees, at every address."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, now

from apps.assessments import services
from apps.assessments.models import Evidence, ReviewRequest
from apps.frameworks.selectors import published_version
from apps.members.models import Grant, GrantReading
from tests.access import matrix
from tests.access.test_matrix import url_of, world
from tests.assessments.flow import answer, at, begin
from tests.assessments.reviewing import begun
from tests.factories import share
from tests.people import Cast

pytestmark = pytest.mark.django_db

PAPER, WORDS = "Paper of the canary", "Words of the canary"
# Each opens more to a reader than an agreement that exists. A new one belongs here, with its row for the owner.
READ = {
    "assessments:shared", "assessments:shared_area", "assessments:shared_file", "assessments:desk",
    "assessments:desk_area", "assessments:desk_sign", "assessments:desk_file", "home:related", "home:related_system",
    "api-shared-result", "api-shared-file", "api-desk", "api-desk-file", "insights:trends", "insights:trends_file",
}  # fmt: skip
# An office takes the reports of a batch, each under its member's grant.
BATCH = {"reports:batch_zip", "api-batch-zip"}


def shared_world() -> Cast:
    """The world of the matrix, whose addresses name the newest result: read by a mentor, an office and a reviewer."""
    cast = world()
    row = begin(cast.lead, cast.agency, title="Newest", version=published_version(cast.lead))
    answer(cast.respondent, row, "GOV.1.1", "2", why=WORDS)
    item = services.EvidenceInput("file", title=PAPER, data=b"Minutes of June.", file_name="june.txt")
    piece = services.add_evidence(actor=cast.respondent, place=at(cast.lead, row, "GOV.1.1"), item=item)
    assert Evidence.objects.get(public_id=piece).can_be_opened
    result = services.submit_assessment(actor=cast.lead, assessment=row)
    share(cast.agency, cast.lead, cast.mentor_partner, with_evidence=True)
    share(cast.agency, cast.lead, None, to_programme=cast.programme, with_evidence=True)
    request = services.ask_review(
        actor=cast.lead, assessment=row, kind="peer", reviewer=cast.other.public_id, areas=[], with_evidence=True,
        tlp="TLP:AMBER", ends_on=localdate() + timedelta(9),
    )  # fmt: skip
    begun(cast.other_lead, ReviewRequest.objects.get(public_id=request))
    cast.ids |= {"assessment": row.public_id, "evidence": piece, "result": result.public_id}
    cast.ids |= {"review_request": request}
    return cast


def asked(cast: Cast) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, address name, data) of every row of the matrix; what is sent is also sent empty."""
    for module in pkgutil.iter_modules(matrix.__path__):
        for row in importlib.import_module(f"tests.access.matrix.{module.name}").ROWS:
            method, name, _statuses, *extra = row
            data = extra[0] if extra else {}
            yield method, name, {}
            if data:
                yield method, name, data(cast) if callable(data) else data


def opened(
    client: Client, method: str, url: str, data: dict[str, Any], *, given: bool
) -> tuple[int, str, int]:
    """Status, body and number of new rows for the owner; nothing of it stays. Without `given` no grant is in force."""
    point = transaction.savepoint()
    if not given:
        Grant.objects.update(withdrawn_at=now())
    before = GrantReading.objects.count()
    answer = client.post(url, data) if method == "POST" else client.get(url, data)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    rows = GrantReading.objects.count() - before
    transaction.savepoint_rollback(point)
    return answer.status_code, body.decode(errors="replace"), rows


@pytest.mark.parametrize("reader", ["mentor", "manager", "other_lead"])
def test_nothing_is_read_under_a_grant_without_a_row_for_the_owner(reader: str) -> None:
    cast = shared_world()
    client = Client(raise_request_exception=False)
    client.force_login(cast.people[reader], backend="allauth.account.auth_backends.AuthenticationBackend")
    silent, read = [], set()
    for method, name, data in asked(cast):
        if name == "home:enter":
            continue
        url = url_of(name, cast)
        status, body, rows = opened(client, method, url, data, given=True)
        if rows:
            read.add(name)
        elif status != 404:
            without, _body, _rows = opened(client, method, url, data, given=False)
            if without == 404 or PAPER in body or WORDS in body:
                silent.append(f"{method} {name} {sorted(data)}: {status}")
    assert silent == []
    desk = {name for name in READ if "desk" in name}
    office = BATCH if reader == "manager" else set()
    assert read == (desk if reader == "other_lead" else READ - desk | office)

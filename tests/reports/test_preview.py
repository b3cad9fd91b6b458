"""The preview: the page of the PDF in a frame that runs nothing, for those who could make it, and nothing is stored."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.core.models import AuditEntry, OutboxMessage
from apps.reports.models import Report
from tests.people import Cast
from tests.reports.rows import small_result
from tests.reports.test_pages import signed_in


def test_preview_shows_the_data_and_the_page_and_stores_nothing(cast: Cast) -> None:
    result = small_result(cast.agency, cast.lead, title="Looked at first")
    client, house = signed_in(cast.viewer), {"member": cast.agency.public_id}
    given = {
        "result": result.public_id,
        "language": "fr",
        "paper": "a4",
        "tlp": "TLP:RED",
        "key": "k",
        "preview": "1",
    }
    before = AuditEntry.objects.count()
    answer = client.post(reverse("reports:member_reports", kwargs=house), given, follow=True)
    text = answer.content.decode()
    assert (
        "nothing has been made yet" in text
        and "Looked at first" in text
        and 'sandbox="allow-same-origin"' in text
    )
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    query = {"result": result.public_id, "language": "fr", "paper": "a4", "tlp": "TLP:RED"}
    page = client.get(reverse("reports:member_preview_page", kwargs=house), query)
    html = page.content.decode()
    assert (
        page.status_code == 200 and '<html lang="fr"' in html and "preview-mark" in html and "TLP:RED" in html
    )
    assert "belay-static:" not in html and " style=" not in html and "<script" not in html
    policy = page["Content-Security-Policy"]
    assert (
        "default-src 'none'" in policy
        and "frame-ancestors 'self'" in policy
        and "script-src 'none'" in policy
    )
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert not Report.objects.exists() and not OutboxMessage.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("name", ["member_preview", "member_preview_page"])
def test_preview_is_for_those_who_could_make_it(cast: Cast, name: str) -> None:
    foreign, own = small_result(cast.other, cast.other_lead), small_result(cast.agency, cast.lead)
    address = reverse(f"reports:{name}", kwargs={"member": cast.agency.public_id})
    assert (
        signed_in(cast.manager)
        .get(address, {"result": own.public_id, "language": "en", "paper": "a4"})
        .status_code
        == 404
    )
    answer = signed_in(cast.lead).get(address, {"result": foreign.public_id, "language": "en", "paper": "a4"})
    assert answer.status_code == 302
    loose = {"result": own.public_id, "language": "en", "paper": "a4", "tlp": "TLP:CLEAR"}
    assert signed_in(cast.lead).get(address, loose).status_code == 400


def test_programme_preview_names_each_member_and_whether_it_shares_its_levels(cast: Cast) -> None:
    small_result(cast.agency, cast.lead)
    cast.programme.participations.filter(member=cast.other).update(shares_levels=False)
    address = reverse("reports:programme_preview", kwargs={"programme": cast.programme.public_id})
    text = signed_in(cast.manager).get(address, {"language": "en", "paper": "a4"}).content.decode()
    assert cast.agency.name in text and "Does not share its levels" in text


def test_other_kinds_are_previewed_with_their_choices_and_nothing_is_stored(cast: Cast) -> None:
    then = small_result(cast.agency, cast.lead, title="The earlier one", level=1, days_ago=40)
    now = small_result(cast.agency, cast.lead, title="The later one", version=then.assessment.version_of)
    client = signed_in(cast.lead)
    for kind, about in (
        ("brief", {"result": now.public_id}),
        ("comparison", {"before": then.public_id, "result": now.public_id}),
    ):
        where = {"member": cast.agency.public_id, "paper_kind": kind}
        given = about | {"language": "en", "paper": "a4", "preview": "1"}
        shown = client.post(reverse("reports:paper", kwargs=where), given, follow=True).content.decode()
        assert "nothing has been made yet" in shown and "The later one" in shown
        page = client.get(reverse("reports:paper_preview_page", kwargs=where), given)
        assert "preview-mark" in page.content.decode() and page["X-Frame-Options"] == "SAMEORIGIN"
        bare = client.get(reverse("reports:paper_preview", kwargs=where))
        assert bare.status_code == 302 and bare["Location"] == reverse("reports:paper", kwargs=where)
    assert not Report.objects.exists() and not OutboxMessage.objects.exists()


def test_two_results_side_by_side_lead_to_their_report_with_both_chosen(cast: Cast) -> None:
    then = small_result(cast.agency, cast.lead, title="The earlier one", level=1, days_ago=40)
    now = small_result(cast.agency, cast.lead, title="The later one", version=then.assessment.version_of)
    client, where = signed_in(cast.lead), {"member": cast.agency.public_id}
    text = client.get(reverse("assessments:compare_results", kwargs=where)).content.decode()
    wanted = reverse("reports:paper", kwargs=where | {"paper_kind": "comparison"})
    wanted += f"?before={then.public_id}&amp;result={now.public_id}"
    assert f'href="{wanted}"' in text
    form = client.get(wanted.replace("&amp;", "&")).content.decode()
    for result in (then, now):
        assert f'<option value="{result.public_id}" selected>' in form


def test_choice_that_always_stands_for_something_is_not_called_optional(cast: Cast) -> None:
    address = reverse("reports:programme_reports", kwargs={"programme": cast.programme.public_id})
    text = signed_in(cast.manager).get(address).content.decode()
    assert "Programme overview" in text and "(optional)" not in text

"""Two open assessments of one agency become one: three ways, nothing lost, two answers decided by people, and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Notification
from apps.assessments import selectors, services
from apps.assessments.models import (
    Assessment,
    Comment,
    Draft,
    Evidence,
    EvidenceLink,
    Merge,
    Remark,
    Response,
    Talk,
)
from apps.assessments.services.parallel import answers_of, content, plan_of
from apps.core.errors import Conflict, Refused
from apps.core.models import AuditEntry
from tests.assessments.flow import CODES, answer, at, begin
from tests.assessments.test_again import again, path
from tests.assessments.test_answers import client_of, text, url
from tests.assessments.test_scanning import work
from tests.factories import UserFactory, join, small_version
from tests.people import Cast


def levels(row: Assessment) -> dict[str, int | None]:
    return {code: found.level for code, found in answers_of(row).items()}


def pair(cast: Cast) -> tuple[Assessment, Assessment]:
    """An assessment with two answers and a parallel copy of it."""
    here = begin(cast.lead, cast.agency, title="2026", version=small_version())
    answer(cast.respondent, here, "GOV.1.1", "2", "Together.")
    answer(cast.respondent, here, "GOV.1.2", "2", "Together.")
    return here, services.branch_assessment(actor=cast.lead, assessment=here, title="2026 away")


def joined(cast: Cast, source: Assessment, into: Assessment) -> services.Joined:
    seen = plan_of(source, into).seen
    return services.merge_assessments(actor=cast.lead, source=source, into=into, seen=seen)


def test_what_only_one_side_changed_counts(cast: Cast) -> None:
    here, away = pair(cast)
    assert levels(away) == {"GOV.1.1": 2, "GOV.1.2": 2}
    answer(cast.respondent, away, "GOV.1.1", "4", "Away.")
    answer(cast.lead, here, "GOV.1.2", "3", "Here.")
    answer(cast.respondent, away, "RES.1.1", "1")
    answer(cast.lead, here, "RES.1.2", "5")
    plan = plan_of(away, here)
    assert plan.common
    assert (set(plan.take), set(plan.keep), plan.clash) == (
        {"GOV.1.1", "RES.1.1"},
        {"GOV.1.2", "RES.1.2"},
        (),
    )
    done = joined(cast, away, here)
    assert (done.taken, done.clashes) == (2, 0)
    assert levels(here) == {"GOV.1.1": 4, "GOV.1.2": 3, "RES.1.1": 1, "RES.1.2": 5}
    first = answers_of(here)["GOV.1.1"]
    assert first.answered_by == cast.respondent and first.revisions.count() == 2
    away.refresh_from_db()
    assert away.state == "merged" and levels(away)["GOV.1.1"] == 4
    assert AuditEntry.objects.get(action="assessment.merged").detail["taken"] == list(plan.take)


def test_without_a_common_beginning_two_answers_are_decided_by_people(cast: Cast) -> None:
    version = small_version()
    here = begin(cast.lead, cast.agency, title="One", version=version)
    away = begin(cast.lead, cast.agency, title="Two", version=version)
    answer(cast.lead, here, "GOV.1.1", "2", "Here.")
    answer(cast.respondent, away, "GOV.1.1", "3", "Away.")
    answer(cast.respondent, away, "GOV.1.2", "1", "Away.")
    done = joined(cast, away, here)
    assert (done.taken, done.clashes) == (1, 1)
    assert levels(here) == {"GOV.1.1": 2, "GOV.1.2": 1}
    draft = Draft.objects.get(assessment=here)
    assert draft.user == cast.respondent and draft.content["why"] == "Away." and not draft.for_review
    compare = text(client_of(cast.respondent).get(url(here, "GOV.1.1", "compare")))
    assert "Here." in compare and "Away." in compare
    client_of(cast.respondent).post(url(here, "GOV.1.1", "compare"), {"use": "mine", "version": "1"})
    assert levels(here)["GOV.1.1"] == 3


def test_a_reviewer_who_wrote_neither_decides(cast: Cast) -> None:
    other = UserFactory()
    join(cast.agency, other, "lead")
    here, away = pair(cast)
    answer(cast.lead, here, "GOV.1.1", "3", "Here.")
    answer(cast.respondent, away, "GOV.1.1", "4", "Away.")
    joined(cast, away, here)
    assert Draft.objects.get().for_review
    desk = text(client_of(other).get(path(here, "area_review", area="GOV.1")))
    assert "Here." in desk and "Away." in desk


def test_a_confirmed_answer_gives_way_to_a_changed_one_and_stays_in_the_history(cast: Cast) -> None:
    old, here = again(cast, "3", "2")
    away = begin(cast.lead, cast.agency, title="Other", version=here.version_of)
    services.carry_over(actor=cast.lead, assessment=away, source=old)
    services.confirm_answers(actor=cast.lead, assessment=here, codes=["GOV.1.1"])
    answer(cast.respondent, away, "GOV.1.1", "4", "Risen.")
    services.confirm_answers(actor=cast.respondent, assessment=away, codes=["GOV.1.2"])
    joined(cast, away, here)
    assert levels(here) == {"GOV.1.1": 4, "GOV.1.2": 2}
    assert [row.level for row in answers_of(here)["GOV.1.1"].revisions.all()] == [4, 3]


def test_evidence_drafts_and_agreement_come_along(cast: Cast) -> None:
    here, away = pair(cast)
    answer(cast.respondent, away, "GOV.2.1", "3")
    item = services.EvidenceInput("link", title="Decree", url="https://example.org")
    place = at(cast.lead, away, "GOV.2.1")
    piece = services.add_evidence(actor=cast.respondent, place=place, item=item)
    file = services.EvidenceInput("file", data=b"Minutes.", file_name="minutes.txt")
    services.add_evidence(actor=cast.respondent, place=place, item=file)
    services.agree_answer(actor=cast.lead, place=place, expected=1, accepted=[piece])
    words = services.AnswerInput("", "", "Not yet done")
    services.keep_draft(actor=cast.respondent, place=at(cast.lead, away, "RES.1.1"), answer=words, base=0)
    joined(cast, away, here)
    work()
    assert {row.title for row in Evidence.objects.filter(assessment=here)} == {"Decree", "minutes.txt"}
    assert EvidenceLink.objects.get(evidence__assessment=here, evidence__kind="link").accepted_by == cast.lead
    assert answers_of(here)["GOV.2.1"].agreed_by == cast.lead
    assert Draft.objects.get(assessment=here).content["why"] == "Not yet done"


def test_acceptance_stays_behind_where_the_answer_here_is_another(cast: Cast) -> None:
    here, away = pair(cast)
    answer(cast.respondent, away, "GOV.1.1", "3")
    answer(cast.respondent, away, "GOV.2.1", "3")
    answer(cast.respondent, here, "GOV.1.1", "1")
    item = services.EvidenceInput("link", title="Decree", url="https://example.org")
    both = [at(cast.lead, away, code) for code in ("GOV.1.1", "GOV.2.1")]
    piece = services.add_evidence(actor=cast.respondent, place=both[0], item=item)
    services.attach_evidence(actor=cast.respondent, place=both[1], evidence=Evidence.objects.get())
    for place in both:
        services.agree_answer(
            actor=cast.lead,
            place=place,
            expected=answers_of(away)[place.indicator.code].version,
            accepted=[piece],
        )
    joined(cast, away, here)
    links = EvidenceLink.objects.filter(evidence__assessment=here).values_list(
        "indicator__code", "accepted_by"
    )
    assert dict(links) == {"GOV.1.1": None, "GOV.2.1": cast.lead.pk}


def test_a_merge_is_undone_until_something_else_changes(cast: Cast) -> None:
    here, away = pair(cast)
    answer(cast.respondent, away, "GOV.1.1", "4", "Away.")
    answer(cast.respondent, away, "GOV.2.1", "1")
    answer(cast.respondent, away, "GOV.1.2", "1", "Away.")
    answer(cast.lead, here, "GOV.1.2", "5", "Here.")
    item = services.EvidenceInput("link", title="Decree", url="https://example.org")
    services.add_evidence(actor=cast.respondent, place=at(cast.lead, away, "GOV.2.1"), item=item)
    before = {code: content(row) for code, row in answers_of(here).items()}
    done = joined(cast, away, here)
    client = client_of(cast.lead)
    assert "Undo the merge" in text(client.get(path(here, "merge")))
    shown = client.post(path(here, "merge_undo"), {"merge": done.merge.public_id}, follow=True)
    assert "The merge is undone. 2026 away is open again." in text(shown)
    assert {code: content(row) for code, row in answers_of(here).items()} == before
    assert not Evidence.objects.in_force().filter(assessment=here).exists()
    assert not Draft.objects.filter(assessment=here).exists()
    away.refresh_from_db()
    assert away.state == "in_progress"
    second = joined(cast, away, here)
    answer(cast.lead, here, "RES.1.1", "3")
    with pytest.raises(Refused, match="Something was changed after the merge"):
        services.undo_merge(actor=cast.lead, merge=second.merge)
    assert Merge.objects.filter(undone_at__isnull=True).count() == 1


def test_the_page_shows_the_plan_and_does_exactly_that(cast: Cast) -> None:
    here, away = pair(cast)
    answer(cast.respondent, away, "GOV.1.1", "4")
    client = client_of(cast.lead)
    page = text(client.get(path(here, "merge"), {"source": away.public_id}))
    assert "One answer comes over from <bdi>2026 away</bdi>" in page
    seen = plan_of(away, here).seen
    answer(cast.respondent, away, "GOV.1.2", "5")
    data = {"source": away.public_id, "seen": seen}
    late = client.post(path(here, "merge"), data)
    assert late.status_code == 409 and "Somebody answered in one of the two meanwhile" in text(late)
    assert levels(here)["GOV.1.1"] == 2
    assert client_of(cast.respondent).post(path(here, "merge"), data).status_code == 403
    data["seen"] = plan_of(away, here).seen
    assert "2 answers came over." in text(client.post(path(here, "merge"), data, follow=True))
    closed = text(client.get(path(away, "tasks")))
    assert (
        "<bdi>2026 away</bdi> was merged into another assessment" in closed and "See where it went" in closed
    )
    late = client.post(url(away, "GOV.1.1"), {"answer": "1", "version": "2"})
    assert late.status_code == 409 and "Work goes on there" in text(late)
    assert "2026 away" in text(client.get(reverse("assessments:list", args=[cast.agency.public_id])))


def test_only_copies_of_one_version_can_be_merged(cast: Cast) -> None:
    here = begin(cast.lead, cast.agency, title="One", version=small_version())
    other = begin(cast.lead, cast.agency, title="Two", version=small_version())
    with pytest.raises(Refused, match="on the same version"):
        services.merge_assessments(actor=cast.lead, source=other, into=here, seen="")
    for source in (other, here):
        page = client_of(cast.lead).get(path(here, "merge"), {"source": source.public_id})
        assert page.status_code == 404
    twin = services.branch_assessment(actor=cast.lead, assessment=here, title="Twin")
    with pytest.raises(Conflict):
        services.merge_assessments(actor=cast.lead, source=twin, into=here, seen="other")


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "2026", "2026 away"])
def test_a_copy_needs_a_title_of_its_own(cast: Cast, title: str) -> None:
    here, _away = pair(cast)
    client_of(cast.lead).post(path(here, "branch"), {"title": title})
    assert Assessment.objects.count() == 2


EDITS = st.dictionaries(st.sampled_from(CODES), st.integers(0, 5), max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=EDITS, theirs=EDITS)
def test_no_answer_is_lost_and_undo_gives_everything_back(
    cast: Cast, mine: dict[str, int], theirs: dict[str, int]
) -> None:
    Assessment.objects.filter(member=cast.agency).delete()
    here, away = pair(cast)
    for row, person, edits in ((away, cast.respondent, mine), (here, cast.lead, theirs)):
        for code, level in edits.items():
            answer(person, row, code, str(level), f"By {person}.")
    before = {code: content(row) for code, row in answers_of(here).items()}
    wanted = {code: content(row) for code, row in answers_of(away).items()}
    done = joined(cast, away, here)
    after = {code: content(row) for code, row in answers_of(here).items()}
    drafts = {row.indicator.code: row.content for row in Draft.objects.filter(assessment=here)}
    for code, said in wanted.items():
        kept = drafts.get(code, {})
        assert (
            code not in mine
            or after[code] == said
            or (kept["choice"], kept["why"]) == (str(said[1]), said[3])
        )
    for code in theirs:
        assert after[code] == before[code]
    assert Response.objects.filter(assessment=away).count() == len(wanted)
    services.undo_merge(actor=cast.lead, merge=done.merge)
    assert {code: content(row) for code, row in answers_of(here).items()} == before


def test_the_page_costs_the_same_with_more_answers(cast: Cast, django_assert_num_queries: Any) -> None:
    here, away = pair(cast)
    from apps.assessments.services.parallel import merge_page

    for count in (1, 3):
        for code in CODES[:count]:
            answer(cast.respondent, away, code, "5", str(count))
        with django_assert_num_queries(14):
            merge_page(cast.lead, cast.agency.public_id, here.public_id, source=away.public_id)


def test_discussions_and_open_questions_of_the_copy_come_along(cast: Cast) -> None:
    here, away = pair(cast)
    place = at(cast.lead, away, "GOV.1.1")
    mentions = [cast.viewer.public_id]
    asked = services.start_talk(
        actor=cast.lead, place=place, words=services.Words("Which decree?", mentions),
        asked=cast.respondent.public_id, due_on=localdate() + timedelta(5),
    )  # fmt: skip
    comment = Comment.objects.get(talk__public_id=asked)
    services.mend_comment(
        actor=cast.lead, place=place, comment=comment, text="Which of the decrees?", expected=1
    )
    settled = services.start_talk(actor=cast.respondent, place=place, words=services.Words("Done."))
    row = Talk.objects.get(public_id=settled)
    services.settle_talk(actor=cast.lead, place=place, talk=row, settled=True)
    services.ask_back(actor=cast.lead, place=at(cast.lead, away, "GOV.1.2"), expected=1, text="Since when?")
    told = Notification.objects.count()
    joined(cast, away, here)
    assert Notification.objects.count() == told
    page = text(client_of(cast.respondent).get(url(here, "GOV.1.1", "talk")))
    for words in ("Which of the decrees?", "Which decree?", "Done.", "Needs you", "Vera Lind"):
        assert words in page
    assert "Since when?" in text(client_of(cast.respondent).get(url(here, "GOV.1.2")))
    waiting = [w.url for w in selectors.waiting_for(cast.respondent)]
    assert url(here, "GOV.1.1", "talk") in waiting
    kept = text(client_of(cast.respondent).get(url(away, "GOV.1.1", "talk")))
    assert "goes on in" in kept and url(here, "GOV.1.1", "talk") in kept and "Which of the decrees?" in kept
    assert Talk.objects.filter(assessment=away).count() == Talk.objects.filter(assessment=here).count() == 2


def test_a_merge_is_not_undone_over_a_discussion_that_went_on(cast: Cast) -> None:
    here, away = pair(cast)
    words = services.Words("Which decree?")
    services.start_talk(actor=cast.lead, place=at(cast.lead, away, "GOV.1.1"), words=words)
    services.ask_back(actor=cast.lead, place=at(cast.lead, away, "GOV.1.2"), expected=1, text="Since when?")
    services.undo_merge(actor=cast.lead, merge=joined(cast, away, here).merge)
    assert not Talk.objects.filter(assessment=here).exists()
    assert not Remark.objects.filter(response__assessment=here).exists()
    assert Talk.objects.filter(assessment=away).count() == 1
    done = joined(cast, away, here)
    talk = Talk.objects.get(assessment=here)
    services.add_comment(
        actor=cast.respondent,
        place=at(cast.lead, here, "GOV.1.1"),
        talk=talk,
        words=services.Words("The second."),
    )
    with pytest.raises(Refused, match="Something was changed"):
        services.undo_merge(actor=cast.lead, merge=done.merge)
    assert Comment.objects.filter(talk=talk).count() == 2

"""Every report that is printed carries the end of the record, so that paper shows later whether it was cut or rewritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from apps.core import audit
from apps.members.models import Member
from apps.reports import services
from apps.reports.models import Report
from tests.assessments.flow import begin
from tests.mentoring.test_plans import start
from tests.mentoring.world import make_world
from tests.people import Cast
from tests.reports.reading import pages
from tests.reports.rows import ask, small_result

pytestmark = pytest.mark.django_db


def printed(report: Report, cast: Cast) -> str:
    """The text of the file without spaces, since lines break where the paper ends."""
    services.render_report(report=report.public_id)
    content = services.open_report_file(actor=report.asked_by, report=report.public_id).content
    return re.sub(r"\s+", "", " ".join(pages(content)))


def of_result(cast: Cast) -> Report:
    return ask(small_result(cast.agency, cast.lead), cast.lead)


def of_programme(cast: Cast) -> Report:
    return services.request_programme_report(
        actor=cast.manager, programme=cast.programme.public_id, language="en", paper="a4"
    )


def questionnaire(cast: Cast) -> Report:
    row = begin(cast.lead, cast.agency)
    where = {"member": cast.agency.public_id, "assessment": row.public_id, "areas": [], "person": ""}
    return services.request_questionnaire(actor=cast.lead, **where, filled=False, language="ar")


@pytest.mark.parametrize("make", [of_result, of_programme, questionnaire])
def test_the_end_of_the_record_is_on_every_report(cast: Cast, make: Callable[[Cast], Any]) -> None:
    report = make(cast)
    chain = report.member.public_id if isinstance(report.member, Member) else audit.OPERATOR_CHAIN
    line = audit.head_line(chain)
    assert "".join(line.split()) in printed(report, cast)
    assert audit.head_line(chain) != line, "that it was made and taken is the next row"


def test_the_end_of_the_record_is_on_a_plan(cast: Cast) -> None:
    plan = start(make_world(cast))
    line = audit.head_line(cast.agency.public_id)
    opened = services.open_plan(actor=cast.viewer, member=cast.agency.public_id, plan=plan.public_id)
    assert "".join(line.split()) in re.sub(r"\s+", "", " ".join(pages(opened.content)))

"""The making of reports as data: again with the same choices, for all members at once, and by schedule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import SIGNED_IN
from apps.core.api_schema import speaks
from apps.core.downloads import send_file
from apps.core.resource import Resource
from apps.core.shapes import Given, given_of, listed, shape
from apps.reports import selectors, services
from apps.reports.api.views import ReportShape, without_key
from apps.reports.choices import ScheduleState
from apps.reports.forms.making import BatchForm, MemberScheduleForm, ProgrammeScheduleForm
from apps.reports.selectors import batches as batch_rows
from apps.reports.selectors import schedules as schedule_rows
from apps.reports.services import batches, schedules
from apps.reports.services.zips import open_batch

BatchShape = shape(
    "ReportBatch", batch_rows.BatchRow,
    "state percent language_name paper label asked_by asked_at done_at total ready failed left left_out", id="public_id",
)  # fmt: skip
LineShape = shape("ReportOfBatch", batch_rows.BatchLine, "member report state why pages size")
WholeBatchShape = shape(
    "WholeReportBatch",
    batch_rows.BatchPage,
    "programme can_retry",
    batch=BatchShape,
    lines=LineShape,
    left_out=LineShape,
)
ScheduleShape = shape(
    "ReportSchedule", schedule_rows.ScheduleRow,
    "title when next_on state reason language_name label set_by last_at note", id="public_id",
)  # fmt: skip
GoneShape = shape("DeletedReport", selectors.Gone, "report")
BatchGiven = given_of("GivenReportBatch", BatchForm)
AFTER = serializers.CharField(
    default="", allow_blank=True, max_length=40, help_text="The assessment or round that is waited for."
)
WHEN = serializers.CharField(max_length=10, help_text="month, quarter, year, assessment, round or matching.")
WHAT = serializers.CharField(
    default="", allow_blank=True, max_length=12, help_text="assessment, brief, comparison or national."
)
ScheduleGiven = given_of("GivenReportSchedule", MemberScheduleForm, after=AFTER, every=WHEN, what=WHAT)
OfficeScheduleGiven = given_of("GivenProgrammeSchedule", ProgrammeScheduleForm, after=AFTER, every=WHEN)


class TurnGiven(Given):
    """What becomes of a schedule."""

    to = serializers.ChoiceField(choices=[ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.STOPPED])


class NewReport(Resource):
    """A new report with the choices of an older one."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(ReportShape, status=201)
    def post(self, request: Request, report: str) -> Response:
        """Ask for it, about the newest result there is."""
        self.read(Given)

        def act() -> Response:
            made = services.make_again(actor=self.user, report=report).public_id
            place = self.request.build_absolute_uri(f"/api/v1/reports/{made}/")
            shown = ReportShape(selectors.report_page(self.user, made)).data
            return Response(shown, status=201, headers={"Location": place})

        return self.once(act)


class DeleteReport(Resource):
    """The end of a report."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(GoneShape)
    def post(self, request: Request, report: str) -> Response:
        """Delete it with its file; 409 while it is being made, and for one of a batch."""
        self.read(Given)

        def act() -> Response:
            services.delete_report(actor=self.user, report=report)
            return self.row(selectors.Gone(report), GoneShape)

        return self.once(act)


class Batches(Resource):
    """One report for each member of a programme, for its office."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    proven = ("POST",)

    @speaks(listed(BatchShape))
    def get(self, request: Request, programme: str) -> Response:
        """List the batches, the newest first."""
        return self.rows(batch_rows.batches_of(self.user, programme), BatchShape)

    @speaks(WholeBatchShape, takes=BatchGiven, status=201, sent={"language": "en", "paper": "a4"})
    def post(self, request: Request, programme: str) -> Response:
        """Ask for a batch; read it until its state is done."""
        batch_rows.batches_of(self.user, programme)
        given = without_key(self.filled(BatchForm, BatchGiven).cleaned_data)
        made = batches.ask_batch_once(actor=self.user, key=self.key, programme=programme, **given)
        return self.made(batch_rows.batch_page(self.user, programme, made), WholeBatchShape, f"{made}/")


class OneBatch(Resource):
    """One batch."""

    access_rule = SIGNED_IN
    kind = "rounds"

    @speaks(WholeBatchShape)
    def get(self, request: Request, programme: str, report_batch: str) -> Response:
        """How far it is, member by member, and who was left out for which reason."""
        return self.row(batch_rows.batch_page(self.user, programme, report_batch), WholeBatchShape)


class BatchArchive(Resource):
    """All reports of a batch."""

    access_rule = SIGNED_IN
    kind = "rounds"

    @speaks(bytes)
    def get(self, request: Request, programme: str, report_batch: str) -> HttpResponseBase:
        """What is ready and shared at this moment as one ZIP with `manifest.json`, each taking on record; 409 when none is."""
        archive = open_batch(actor=self.user, programme=programme, batch=report_batch)
        return send_file(
            archive.parts,
            title=archive.name,
            content_type="application/zip",
            size=archive.size,
            sha256=archive.sha256,
        )


class OverBatch(Resource):
    """An act on a batch."""

    kind = "rounds"

    def act(self, service: Callable[..., Any], programme: str, batch: str) -> Response:
        """Do it once, and show the batch."""
        self.read(Given)

        def done() -> Response:
            service(actor=self.user, programme=programme, batch=batch)
            return self.row(batch_rows.batch_page(self.user, programme, batch), WholeBatchShape)

        return self.once(done)


class CancelBatch(OverBatch):
    """Stopping what is left of a batch."""

    access_rule = SIGNED_IN

    @speaks(WholeBatchShape)
    def post(self, request: Request, programme: str, report_batch: str) -> Response:
        """409 when it is over."""
        return self.act(batches.cancel_batch, programme, report_batch)


class BatchAgain(OverBatch):
    """Making again what failed, was stopped or has expired."""

    access_rule = SIGNED_IN

    @speaks(WholeBatchShape)
    def post(self, request: Request, programme: str, report_batch: str) -> Response:
        """409 when there is nothing to make."""
        return self.act(batches.retry_batch, programme, report_batch)


class Schedules(Resource):
    """Reports by the calendar and after events."""

    kind = "results"

    def asked(self, act: Callable[..., Any], rows: Callable[[], Any], form: Any, **house: str) -> Response:
        """Set it once for this key, and show it."""
        self.good(form)
        given = without_key(form.cleaned_data)
        made = schedules.set_once(actor=self.user, act=act, key=self.key, **house, **given)
        row = next(row for row in rows().rows if row.public_id == made)
        return Response(ScheduleShape(row).data, status=201)


class MemberSchedules(Schedules):
    """The schedules of a member that the caller is in."""

    access_rule = SIGNED_IN
    paged = True

    @speaks(listed(ScheduleShape))
    def get(self, request: Request, member: str) -> Response:
        """List them, the newest first."""
        return self.rows(schedule_rows.member_schedules(self.user, member, most=None).rows, ScheduleShape)

    @speaks(
        ScheduleShape, takes=ScheduleGiven, status=201,
        sent={"every": "month", "first_on": "2099-01-01", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, member: str) -> Response:
        """Set one; for a lead. `after` names the assessment that is waited for."""
        page = schedule_rows.member_schedules(self.user, member, most=None)
        form = MemberScheduleForm(self.read(ScheduleGiven), awaits=page.awaits, kinds=page.kinds)
        rows = lambda: schedule_rows.member_schedules(self.user, member, most=None)  # noqa: E731
        return self.asked(schedules.set_member_schedule, rows, form, member=member)


class ProgrammeSchedules(Schedules):
    """The schedules of a programme, for its office."""

    access_rule = SIGNED_IN
    kind = "rounds"
    paged = True
    proven = ("POST",)

    @speaks(listed(ScheduleShape))
    def get(self, request: Request, programme: str) -> Response:
        """List them, the newest first."""
        return self.rows(
            schedule_rows.programme_schedules(self.user, programme, most=None).rows, ScheduleShape
        )

    @speaks(
        ScheduleShape, takes=OfficeScheduleGiven, status=201,
        sent={"what": "programme", "every": "month", "first_on": "2099-01-01", "language": "en", "paper": "a4"},
    )  # fmt: skip
    def post(self, request: Request, programme: str) -> Response:
        """Set one: of the overview, of a matching round, or of one report for each member."""
        page = schedule_rows.programme_schedules(self.user, programme, most=None)
        form = ProgrammeScheduleForm(self.read(OfficeScheduleGiven), awaits=page.awaits)
        rows = lambda: schedule_rows.programme_schedules(self.user, programme, most=None)  # noqa: E731
        return self.asked(schedules.set_programme_schedule, rows, form, programme=programme)


class TurnSchedule(Resource):
    """Pausing, resuming and stopping a schedule."""

    access_rule = SIGNED_IN
    kind = "results"

    @speaks(ScheduleShape, takes=TurnGiven, sent={"to": "paused"})
    def post(self, request: Request, report_schedule: str) -> Response:
        """409 when it is over."""
        to = self.read(TurnGiven)["to"]

        def done() -> Response:
            schedules.turn_schedule(actor=self.user, schedule=report_schedule, to=to)
            return self.row(schedule_rows.one_schedule(self.user, report_schedule), ScheduleShape)

        return self.once(done)

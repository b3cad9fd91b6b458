"""Which tables an export of a whole member has, which rows of each are the member's, and what is left out and why.

A model with a foreign key on the way to a member stands either in `TABLES` or in `LEFT_OUT`: a test walks all models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from apps.assessments import models as a
from apps.assessments.choices import ReviewState
from apps.courses import models as c
from apps.exercises import models as x
from apps.insights import models as i
from apps.members import models as m
from apps.mentoring import models as w
from apps.mentoring.choices import Decision, Side
from apps.reports import models as r
from apps.resources import models as s

Chosen = Callable[[m.Member], Q]
Mended = Callable[[m.Member, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its model, the member's rows, columns that never leave, and what else a row hides."""

    name: str
    model: type[Model]
    rows: Chosen
    without: tuple[str, ...] = ()
    mended: Mended | None = None


def _at(*places: str) -> Chosen:
    """Rows that reach the member by any of these lookups."""

    def chosen(member: m.Member) -> Q:
        found = Q()
        for place in places:
            found |= Q(**{place: member})
        return found

    return chosen


def _work(writer: str = "") -> Chosen:
    """All of the work in which the member was helped; where it was the mentor, what its own people wrote."""

    def chosen(member: m.Member) -> Q:
        own = Q(engagement__member=member)
        if writer:
            people = member.memberships.values("user")
            own |= Q(engagement__mentor=member, **{f"{writer}__in": people})
        return own

    return chosen


def _by_side(engagement: str, helped: str, helping: str) -> Chosen:
    """Rows that one side wrote, where the member is that side."""

    def chosen(member: m.Member) -> Q:
        return Q(**{helped: member, f"{engagement}side": Side.MEMBER}) | Q(
            **{helping: member, f"{engagement}side": Side.MENTOR}
        )

    return chosen


def _shown_feedback(member: m.Member) -> Q:
    """What the other side of the member's work said, as far as it shares it."""
    shared = Q(shares_ratings=True) | Q(shares_helped=True) | Q(shares_change=True)
    other = Q(engagement__member=member, side=Side.MENTOR) | Q(engagement__mentor=member, side=Side.MEMBER)
    return shared & other


def _only_shared(member: m.Member, row: dict[str, Any]) -> dict[str, Any]:
    """The other side's feedback without the parts that it keeps to itself."""
    parts = ("ratings", "helped", "change")
    return {key: value for key, value in row.items() if key not in parts or row[f"shares_{key}"]}


def _helped_only(*columns: str) -> Mended:
    """Columns that tell of the helped side stay out where the member was the mentor."""

    def mended(member: m.Member, row: dict[str, Any]) -> dict[str, Any]:
        if row["member"] == member.public_id:
            return row
        return {key: value for key, value in row.items() if key not in columns}

    return mended


def _sent(member: m.Member) -> Q:
    """Proposals that were sent to the member as an invitation."""
    return Q(decision=Decision.ACCEPTED, invited_on__isnull=False) & (
        Q(need__member=member) | Q(offer__member=member)
    )


def _signed(place: str, owner: str) -> Chosen:
    def chosen(member: m.Member) -> Q:
        return Q(**{owner: member, place: ReviewState.SIGNED})

    return chosen


FILE = ("file", "file_key", "key_version")
TABLES = (
    # the member itself
    Table("member", m.Member, lambda member: Q(pk=member.pk)),
    Table("team", m.Membership, _at("member")),
    Table("invitations", m.Invitation, _at("member"), ("token_hash",)),
    Table("participations", m.Participation, _at("member")),
    Table("grants_given", m.Grant, _at("member")),
    Table("readings_by_others", m.GrantReading, _at("grant__member")),
    # assessments
    Table("rounds_asked", a.RoundMember, _at("member")),
    Table("assessments", a.Assessment, _at("member")),
    Table("assignments", a.Assignment, _at("member")),
    Table("answers", a.Response, _at("member")),
    Table("answers_before", a.ResponseRevision, _at("response__member")),
    Table("remarks", a.Remark, _at("member")),
    Table("talks", a.Talk, _at("member")),
    Table("comments", a.Comment, _at("member")),
    Table("comments_before", a.CommentRevision, _at("comment__member")),
    Table("carried_answers", a.CarriedAnswer, _at("member")),
    Table("merges", a.Merge, _at("member")),
    Table("branches", a.Branch, _at("assessment__member")),
    Table("evidence", a.Evidence, _at("member"), FILE),
    Table("evidence_links", a.EvidenceLink, _at("member")),
    Table("results", a.Result, _at("member")),
    Table("targets", a.TargetSet, _at("member")),
    Table("targets_before", a.TargetRevision, _at("target_set__member")),
    Table("workbooks", a.Workbook, _at("member"), ("content",)),
    Table("review_requests", a.ReviewRequest, _at("member")),
    Table("reviews", a.PeerReview, _signed("state", "member"), ("conflict_words",)),
    Table("judgements", a.Judgement, _signed("review__state", "member")),
    # courses
    Table("cohorts", c.Cohort, _at("member")),
    Table("cohort_people", c.CohortPerson, _at("cohort__member")),
    Table("cohort_invitations", c.CohortInvitation, _at("cohort__member")),
    Table("cohort_reminders", c.Nudge, _at("person__cohort__member")),
    Table("sittings", c.Sitting, _at("cohort__member"), ("code",)),
    Table("sitting_seats", c.Seat, _at("sitting__cohort__member")),
    Table("roles_needed", c.RoleNeed, _at("member")),
    Table("work_offered", c.WorkOffer, _at("member")),
    # resources
    Table("resources", s.Resource, _at("member")),
    Table("resources_proposed", s.Contribution, _at("member")),
    Table("resources_used", s.ResourceUse, _at("member")),
    Table("resources_reported", s.ResourceReport, _at("member")),
    # matching and mentoring
    Table("needs", w.Need, _at("member")),
    Table("urgencies", w.Urgency, _at("need__member")),
    Table("offers", w.Offer, _at("member")),
    Table("never_meets", w.Exclusion, _at("member")),
    Table("invitations_to_work", w.Proposal, _sent, ("score", "reasons", "pinned", "need", "offer", "declined_because")),
    Table("call_notes", w.CallNote, _by_side("", "shortlisted__need__member", "shortlisted__offer__member")),
    Table("engagements", w.Engagement, _at("member", "mentor"), ("grant",), _helped_only("baseline", "purpose", "closing_note")),
    Table("agreements", w.Agreement, _work()),
    Table("agreement_signatures", w.AgreementSignature, _by_side("", "agreement__engagement__member", "agreement__engagement__mentor")),
    Table("goals", w.Goal, _work()),
    Table("milestones", w.Milestone, _work()),
    Table("meetings", w.Meeting, _work("planned_by")),
    Table("sessions", w.Session, _work("written_by")),
    Table("tasks", w.Task, _work("made_by")),
    Table("threads", w.Thread, _work("opened_by")),
    Table("thread_words", w.ThreadWords, lambda member: Q(thread__engagement__member=member)
          | Q(thread__engagement__mentor=member, by__in=member.memberships.values("user"))),
    Table("thread_words_before", w.ThreadRevision, lambda member: Q(words__thread__engagement__member=member)
          | Q(words__thread__engagement__mentor=member, words__by__in=member.memberships.values("user"))),
    Table("shared_files", w.SharedFile, lambda member: Q(member=member), FILE),
    Table("resources_handed_over", w.Handover, _work("by")),
    Table("pauses", w.Pause, _work("by")),
    Table("early_ends", w.Leaving, _by_side("", "engagement__member", "engagement__mentor"), ("reason", "words")),
    Table("feedback", w.Feedback, _by_side("", "engagement__member", "engagement__mentor")),
    Table("feedback_shown", w.Feedback, _shown_feedback, (), _only_shared),
    Table("closing_reviews", w.ClosingReview, _work()),
    Table("follow_ups", w.FollowUp, _work()),
    Table("standings", w.Standing, _at("member"), ("asked_rung", "held_for")),
    Table("roadmaps", w.Roadmap, _at("member")),
    Table("plans", w.ActionPlan, _at("member")),
    Table("actions", w.Action, _at("member")),
    Table("actions_before", w.ActionChange, _at("action__member")),
    # exercises
    Table("exercises", x.Run, _at("member", "partner")),
    Table("exercise_players", x.Player, _at("member")),
    Table("exercise_parts", x.Part, _at("player__member")),
    Table("exercise_injects", x.Inject, _at("run__member", "run__partner")),
    Table("exercise_openings", x.Opening, _at("player__member")),
    Table("exercise_log", x.Entry, _at("player__member")),
    Table("exercise_observations", x.Observation, _at("player__member")),
    Table("exercise_reflections", x.Reflection, _at("player__member")),
    Table("exercise_findings", x.Finding, _at("member")),
    # pictures and reports
    Table("benchmark_place", i.BenchmarkPlace, _at("member")),
    Table("benchmark_consents", i.BenchmarkConsent, _at("member")),
    Table("national_pictures", i.NationalPicture, _at("nation"), ("rests_on",)),
    Table("reports", r.Report, _at("member"), ("file",)),
    Table("reports_taken", r.ReportTaking, _at("report__member")),
    Table("report_schedules", r.ReportSchedule, _at("member")),
    Table("report_schedule_runs", r.ScheduleRun, _at("schedule__member")),
    Table("exports", r.MemberExport, _at("member"), FILE),
    Table("exports_taken", r.ExportTaking, _at("export__member")),
)  # fmt: skip

LEARNERS = "It is the learner's own: each person takes it along from their own page."
OFFICE = "It is the working paper of a programme's office; what came of it is in other tables."
LEFT_OUT: Mapping[type[Model], str] = {
    a.Draft: "What one person is writing and has not saved: nobody else sees it.",
    a.ResultFigures: "The levels of a result once more, in short; they are derived from its document, which is here.",
    c.Attempt: LEARNERS,
    c.AnswerTime: LEARNERS,
    c.Essay: LEARNERS,
    c.EssayMark: LEARNERS,
    c.Skip: LEARNERS,
    c.IntegrityDecision: "It is about a person's test and stays with those who decided.",
    w.CalendarAddress: "The secret address of one person's calendar.",
    w.RoundStep: OFFICE,
    w.Shortlisted: OFFICE,
    r.BatchItem: OFFICE,
    r.ReportBatch: OFFICE,
    r.MemberLeaving: "Its receipt is for those who asked and confirmed; the record says that it was asked for.",
}

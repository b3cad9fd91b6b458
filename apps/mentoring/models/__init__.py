"""Needs, offers, exclusions, rounds, proposals, engagements, goals, sessions, roadmaps, plans."""

from apps.mentoring.models.agreements import Agreement, AgreementSignature
from apps.mentoring.models.endings import Leaving, Pause
from apps.mentoring.models.engagements import Engagement, Goal, Session
from apps.mentoring.models.feedback import Feedback
from apps.mentoring.models.files import SharedFile
from apps.mentoring.models.ladder import Ladder, Standing
from apps.mentoring.models.needs import Exclusion, Need, Offer
from apps.mentoring.models.plans import Action, ActionChange, ActionPlan, Roadmap
from apps.mentoring.models.reviews import ClosingReview, FollowUp
from apps.mentoring.models.rounds import MatchingRound, Proposal
from apps.mentoring.models.shortlists import CallNote, Shortlisted
from apps.mentoring.models.steps import RoundStep
from apps.mentoring.models.threads import Thread, ThreadRevision, ThreadWords
from apps.mentoring.models.urgent import Urgency
from apps.mentoring.models.workspace import CalendarAddress, Handover, Meeting, Milestone, Task

__all__ = [
    "Action",
    "ActionChange",
    "ActionPlan",
    "Agreement",
    "AgreementSignature",
    "CalendarAddress",
    "CallNote",
    "ClosingReview",
    "Engagement",
    "Exclusion",
    "Feedback",
    "FollowUp",
    "Goal",
    "Handover",
    "Ladder",
    "Leaving",
    "MatchingRound",
    "Meeting",
    "Milestone",
    "Need",
    "Offer",
    "Pause",
    "Proposal",
    "Roadmap",
    "RoundStep",
    "Session",
    "SharedFile",
    "Shortlisted",
    "Standing",
    "Task",
    "Thread",
    "ThreadRevision",
    "ThreadWords",
    "Urgency",
]

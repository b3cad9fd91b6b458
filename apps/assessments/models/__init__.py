"""Rows of assessments: answers and what supports them, workbooks, results, reviews by others."""

from apps.assessments.models.answers import (
    Assessment,
    Assignment,
    Branch,
    CarriedAnswer,
    Comment,
    CommentRevision,
    Draft,
    Merge,
    Remark,
    Response,
    ResponseRevision,
    Round,
    RoundMember,
    Talk,
)
from apps.assessments.models.evidence import Evidence, EvidenceLink
from apps.assessments.models.results import Result, ResultFigures, TargetRevision, TargetSet
from apps.assessments.models.reviews import Judgement, PeerReview, ReviewRequest
from apps.assessments.models.workbooks import Workbook

__all__ = [
    "Assessment",
    "Assignment",
    "Branch",
    "CarriedAnswer",
    "Comment",
    "CommentRevision",
    "Draft",
    "Evidence",
    "EvidenceLink",
    "Judgement",
    "Merge",
    "PeerReview",
    "Remark",
    "Response",
    "ResponseRevision",
    "Result",
    "ResultFigures",
    "ReviewRequest",
    "Round",
    "RoundMember",
    "Talk",
    "TargetRevision",
    "TargetSet",
    "Workbook",
]

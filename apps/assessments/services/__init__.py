"""Every change of an assessment: who may, in one transaction, on record."""

from __future__ import annotations

from apps.assessments.services.answers import AnswerInput, Saved, keep_draft, save_answer, settle_answers
from apps.assessments.services.evidence import EvidenceInput, add_evidence, read_evidence, remove_evidence
from apps.assessments.services.locks import Closed
from apps.assessments.services.opening import Giving, give_areas, open_assessment
from apps.assessments.services.review import agree_answer, ask_back, choose_answer, send_area
from apps.assessments.services.rounds import close_round, open_round
from apps.assessments.services.sharing import read_shared_result
from apps.assessments.services.submitting import submit_assessment

__all__ = [
    "AnswerInput",
    "Closed",
    "EvidenceInput",
    "Giving",
    "Saved",
    "add_evidence",
    "agree_answer",
    "ask_back",
    "choose_answer",
    "close_round",
    "give_areas",
    "keep_draft",
    "open_assessment",
    "open_round",
    "read_evidence",
    "read_shared_result",
    "remove_evidence",
    "save_answer",
    "send_area",
    "settle_answers",
    "submit_assessment",
]

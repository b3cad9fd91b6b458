"""Every change of an assessment: who may, in one transaction, on record."""

from __future__ import annotations

from apps.assessments.services import workbook
from apps.assessments.services.answers import AnswerInput, Saved, keep_draft, save_answer, settle_answers
from apps.assessments.services.asking import decline_round, rejoin_round, remind_members
from apps.assessments.services.branching import branch_assessment
from apps.assessments.services.carrying import CarriedOver, carry_over, confirm_answers, take_back_carried
from apps.assessments.services.evidence import (
    EvidenceInput,
    TooMuch,
    add_evidence,
    attach_evidence,
    change_evidence,
    release_evidence,
    remove_evidence,
    replace_file,
)
from apps.assessments.services.joining import Joined, merge_assessments, undo_merge
from apps.assessments.services.locks import Closed
from apps.assessments.services.opening import Giving, give_areas, open_assessment
from apps.assessments.services.peer_review import (
    JudgementInput,
    answer_finding,
    ask_review,
    declare_interests,
    judge_area,
    record_desk,
)
from apps.assessments.services.reading import (
    Opened,
    barred_words,
    read_evidence,
    read_review_file,
    read_shared_file,
)
from apps.assessments.services.reopening import reopen_assessment
from apps.assessments.services.review import agree_answer, ask_back, choose_answer, send_area
from apps.assessments.services.review_signing import sign_review
from apps.assessments.services.rounds import (
    Aims,
    Audience,
    close_round,
    extend_round,
    fix_rounds,
    open_round,
    reopen_round,
)
from apps.assessments.services.sharing import read_shared_area, read_shared_result
from apps.assessments.services.signing import sign_result
from apps.assessments.services.submitting import Undecided, submit_assessment
from apps.assessments.services.talk import Words, add_comment, mend_comment, settle_talk, start_talk
from apps.assessments.services.targets import drop_targets, save_targets

__all__ = [
    "Aims",
    "AnswerInput",
    "Audience",
    "CarriedOver",
    "Closed",
    "EvidenceInput",
    "Giving",
    "Joined",
    "JudgementInput",
    "Opened",
    "Saved",
    "TooMuch",
    "Undecided",
    "Words",
    "add_comment",
    "add_evidence",
    "agree_answer",
    "answer_finding",
    "ask_back",
    "ask_review",
    "attach_evidence",
    "barred_words",
    "branch_assessment",
    "carry_over",
    "change_evidence",
    "choose_answer",
    "close_round",
    "confirm_answers",
    "declare_interests",
    "decline_round",
    "drop_targets",
    "extend_round",
    "fix_rounds",
    "give_areas",
    "judge_area",
    "keep_draft",
    "mend_comment",
    "merge_assessments",
    "open_assessment",
    "open_round",
    "read_evidence",
    "read_review_file",
    "read_shared_area",
    "read_shared_file",
    "read_shared_result",
    "record_desk",
    "rejoin_round",
    "release_evidence",
    "remind_members",
    "remove_evidence",
    "reopen_assessment",
    "reopen_round",
    "replace_file",
    "save_answer",
    "save_targets",
    "send_area",
    "settle_answers",
    "settle_talk",
    "sign_result",
    "sign_review",
    "start_talk",
    "submit_assessment",
    "take_back_carried",
    "undo_merge",
    "workbook",
]

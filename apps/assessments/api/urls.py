"""Addresses of assessments in the API; names carry the prefix `api-`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from apps.assessments.api import (
    answers,
    assessments,
    evidence,
    parallel,
    results,
    reviews,
    rounds,
    talk,
    views,
    workbook,
)

of_question: list[URLPattern | URLResolver] = [
    path("", answers.AnswerDetail.as_view(), name="api-answer"),
    path("history/", answers.AnswerHistory.as_view(), name="api-answer-history"),
    path("settle/", answers.Settle.as_view(), name="api-answer-settle"),
    path("choose/", answers.Choose.as_view(), name="api-answer-choose"),
    path("agree/", answers.Agree.as_view(), name="api-answer-agree"),
    path("ask/", answers.AskBack.as_view(), name="api-answer-ask"),
    path("talk/", talk.Talks.as_view(), name="api-talk"),
    path("talk/<pid:talk>/comments/", talk.Comments.as_view(), name="api-talk-comments"),
    path("talk/<pid:talk>/comments/<pid:comment>/", talk.Comment.as_view(), name="api-talk-comment"),
    path("talk/<pid:talk>/settle/", talk.SettleTalk.as_view(), name="api-talk-settle"),
    path("evidence/", evidence.AddEvidence.as_view(), name="api-evidence-add"),
]
of_piece: list[URLPattern | URLResolver] = [
    path("", evidence.Piece.as_view(), name="api-piece"),
    path("file/", evidence.PieceFile.as_view(), name="api-piece-file"),
    path("attach/", evidence.Attach.as_view(), name="api-piece-attach"),
    path("detach/", evidence.Detach.as_view(), name="api-piece-detach"),
    path("release/", evidence.Release.as_view(), name="api-piece-release"),
]
of_assessment: list[URLPattern | URLResolver] = [
    path("", assessments.AssessmentDetail.as_view(), name="api-assessment"),
    path("areas/<code:area>/", assessments.AreaPeople.as_view(), name="api-area"),
    path("areas/<code:area>/send/", assessments.SendArea.as_view(), name="api-area-send"),
    path("answers/", answers.Answers.as_view(), name="api-answers"),
    path("answers/<code:indicator>/", include(of_question)),
    path("confirm/", answers.Confirm.as_view(), name="api-confirm"),
    path("carry/", assessments.CarryOver.as_view(), name="api-carry"),
    path("carry/undo/", assessments.CarryUndo.as_view(), name="api-carry-undo"),
    path("evidence/", evidence.Evidence.as_view(), name="api-evidence"),
    path("evidence/<pid:evidence>/", include(of_piece)),
    path("workbook/", workbook.Workbook.as_view(), name="api-workbook"),
    path("workbook/<pid:workbook>/", workbook.WorkbookLook.as_view(), name="api-workbook-look"),
    path("reviewers/", reviews.Reviewers.as_view(), name="api-reviewers"),
    path("reviewers/<pid:peer_review>/", reviews.Findings.as_view(), name="api-findings"),
    path("reviewers/<pid:peer_review>/file/", reviews.ReviewFile.as_view(), name="api-review-file"),
    path("reviewers/<pid:peer_review>/<code:indicator>/", reviews.Reply.as_view(), name="api-finding"),
    path("branch/", parallel.Branch.as_view(), name="api-branch"),
    path("merge/", parallel.Merge.as_view(), name="api-merge"),
    path("merge/undo/", parallel.UndoMerge.as_view(), name="api-merge-undo"),
    path("checks/", assessments.Checks.as_view(), name="api-checks"),
    path("submit/", assessments.Submit.as_view(), name="api-submit"),
    path("reopen/", assessments.Reopen.as_view(), name="api-reopen"),
]
of_member: list[URLPattern | URLResolver] = [
    path("assessments/", assessments.Assessments.as_view(), name="api-assessments"),
    path("assessments/options/", assessments.AssessmentOptions.as_view(), name="api-assessment-options"),
    path("assessments/<pid:assessment>/", include(of_assessment)),
    path("asked/", talk.AskedRounds.as_view(), name="api-asked"),
    path("asked/<pid:assessment_round>/decline/", talk.Decline.as_view(), name="api-decline"),
    path("asked/<pid:assessment_round>/rejoin/", talk.Rejoin.as_view(), name="api-rejoin"),
    path("compare/", results.Compare.as_view(), name="api-compare"),
    path("trend/", results.Trend.as_view(), name="api-trend"),
    path("targets/", results.Targets.as_view(), name="api-targets"),
    path("targets/<pid:target_set>/drop/", results.DropTarget.as_view(), name="api-target-drop"),
    path("results/<pid:assessment>/file/", results.ResultFile.as_view(), name="api-result-file"),
    path("results/<pid:assessment>/oscal/", results.ResultOscal.as_view(), name="api-result-oscal"),
    path("results/<pid:assessment>/what-if/", results.WhatIf.as_view(), name="api-what-if"),
    path("results/<pid:assessment>/targets/", results.SaveTarget.as_view(), name="api-target-save"),
    path("results/", views.MemberResults.as_view(), name="api-member-results"),
]
of_round: list[URLPattern | URLResolver] = [
    path("", rounds.RoundDetail.as_view(), name="api-round"),
    path("extend/", rounds.ExtendRound.as_view(), name="api-round-extend"),
    path("progress/", rounds.Progress.as_view(), name="api-round-progress"),
    path("remind/", rounds.RemindRound.as_view(), name="api-round-remind"),
    path("close/", rounds.CloseRound.as_view(), name="api-round-close"),
    path("reopen/", rounds.ReopenRound.as_view(), name="api-round-reopen"),
]
of_desk: list[URLPattern | URLResolver] = [
    path("", reviews.Desk.as_view(), name="api-desk"),
    path("interests/", reviews.Interests.as_view(), name="api-desk-interests"),
    path("areas/<code:area>/", reviews.JudgeArea.as_view(), name="api-desk-area"),
    path("sign/", reviews.SignReview.as_view(), name="api-desk-sign"),
    path("files/<pid:evidence>/", reviews.DeskFile.as_view(), name="api-desk-file"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("members/<pid:member>/", include(of_member)),
    path("results/<pid:result>/answers/", views.ResultAnswers.as_view(), name="api-result-answers"),
    path("results/<pid:result>/", views.ResultDocument.as_view(), name="api-result"),
    path("me/list/", talk.Mine.as_view(), name="api-mine"),
    path("reviews/", reviews.Desks.as_view(), name="api-desks"),
    path("reviews/<pid:review_request>/", include(of_desk)),
    path("shared/", results.Shared.as_view(), name="api-shared"),
    path("shared/<pid:member>/result/", results.SharedResult.as_view(), name="api-shared-result"),
    path(
        "shared/<pid:member>/evidence/<pid:evidence>/", results.SharedFile.as_view(), name="api-shared-file"
    ),
    path("verify/<str:result_code>/", results.CheckCode.as_view(), name="api-verify"),
    path("programmes/<pid:programme>/rounds/", rounds.Rounds.as_view(), name="api-rounds"),
    path("programmes/<pid:programme>/rounds/<pid:assessment_round>/", include(of_round)),
]

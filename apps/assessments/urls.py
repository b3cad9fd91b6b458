"""Addresses of assessments."""

from django.urls import URLPattern, URLResolver, include, path

from apps.assessments.views import (
    again,
    desk,
    evidence,
    ladder,
    lists,
    parallel,
    question,
    results,
    review,
    rounds,
    talk,
    what_if,
    workbook,
)

app_name = "assessments"

of_question: list[URLPattern | URLResolver] = [
    path("", question.question, name="question"),
    path("draft/", question.draft, name="draft"),
    path("compare/", question.compare, name="compare"),
    path("history/", question.history, name="history"),
    path("talk/", talk.talk, name="talk"),
    path("talk/<pid:talk>/reply/", talk.reply, name="talk_reply"),
    path("talk/<pid:talk>/settle/", talk.settle, name="talk_settle"),
    path("talk/<pid:talk>/<pid:comment>/", talk.mend, name="talk_mend"),
    path("evidence/", evidence.add, name="evidence_add"),
    path("evidence/attach/", evidence.attach, name="evidence_attach"),
    path("evidence/<pid:evidence>/", evidence.download, name="evidence"),
    path("evidence/<pid:evidence>/remove/", evidence.remove, name="evidence_remove"),
    path("agree/", review.agree, name="agree"),
    path("ask/", review.ask, name="ask"),
    path("choose/", review.choose, name="choose"),
    path("confirm/", again.confirm, name="confirm"),
]
of_area: list[URLPattern | URLResolver] = [
    path("", lists.area, name="area"),
    path("send/", lists.send, name="area_send"),
    path("confirm/", again.confirm_area, name="area_confirm"),
    path("review/", review.desk, name="area_review"),
    path("<code:indicator>/", include(of_question)),
]
of_piece: list[URLPattern | URLResolver] = [
    path("", evidence.piece, name="evidence_piece"),
    path("file/", evidence.fetch, name="evidence_file"),
    path("attach/", evidence.attach_piece, name="piece_attach"),
    path("replace/", evidence.replace, name="evidence_replace"),
    path("release/", evidence.release, name="evidence_release"),
]
of_assessment: list[URLPattern | URLResolver] = [
    path("", lists.tasks, name="tasks"),
    path("evidence/", evidence.register, name="evidence_list"),
    path("evidence/<pid:evidence>/", include(of_piece)),
    path("people/", lists.people, name="people"),
    path("carry/", again.carry, name="carry"),
    path("carry/undo/", again.carry_undo, name="carry_undo"),
    path("sheet/", talk.sheet, name="sheet"),
    path("merge/", parallel.merge, name="merge"),
    path("merge/undo/", parallel.undo, name="merge_undo"),
    path("branch/", parallel.branch, name="branch"),
    path("workbook/", workbook.begin, name="workbook"),
    path("workbook/file/", workbook.download, name="workbook_file"),
    path("workbook/<pid:workbook>/", workbook.look, name="workbook_look"),
    path("review/", review.review, name="review"),
    path("submit/", review.submit, name="submit"),
    path("reopen/", ladder.reopen, name="reopen"),
    path("reviewers/", ladder.reviewers, name="reviewers"),
    path("reviewers/<pid:peer_review>/", ladder.findings, name="findings"),
    path("reviewers/<pid:peer_review>/file/", ladder.findings_file, name="findings_file"),
    path("reviewers/<pid:peer_review>/<code:indicator>/reply/", ladder.reply, name="finding_reply"),
    path("<code:area>/", include(of_area)),
]
of_round: list[URLPattern | URLResolver] = [
    path("", rounds.one, name="round"),
    path("progress/", rounds.progress, name="round_progress"),
    path("extend/", rounds.extend, name="round_extend"),
    path("remind/", rounds.remind, name="round_remind"),
    path("close/", rounds.close, name="round_close"),
    path("reopen/", rounds.reopen, name="round_reopen"),
]
urlpatterns = [
    path("me/assessments/", talk.mine, name="mine"),
    path("o/<pid:member>/assessments/", lists.index, name="list"),
    path("o/<pid:member>/assessments/compare/", results.compare_results, name="compare_results"),
    path("o/<pid:member>/assessments/trend/", results.trend, name="trend"),
    path("o/<pid:member>/assessments/new/", lists.new, name="new"),
    path("o/<pid:member>/assessments/asked/<pid:assessment_round>/decline/", rounds.decline, name="decline"),
    path("o/<pid:member>/assessments/asked/<pid:assessment_round>/rejoin/", rounds.rejoin, name="rejoin"),
    path("o/<pid:member>/assessments/<pid:assessment>/", include(of_assessment)),
    path("o/<pid:member>/results/<pid:assessment>/what-if/", what_if.what_if, name="what_if"),
    path("o/<pid:member>/targets/", what_if.targets, name="targets"),
    path("o/<pid:member>/targets/<pid:target_set>/drop/", what_if.drop, name="drop_targets"),
    path("reviews/", desk.desks, name="desks"),
    path("reviews/<pid:review_request>/", desk.desk, name="desk"),
    path("reviews/<pid:review_request>/sign/", desk.sign, name="desk_sign"),
    path("reviews/<pid:review_request>/files/<pid:evidence>/", desk.file, name="desk_file"),
    path("reviews/<pid:review_request>/<code:area>/", desk.area, name="desk_area"),
    path("p/<pid:programme>/assessments/", rounds.rounds, name="rounds"),
    path("p/<pid:programme>/assessments/<pid:assessment_round>/", include(of_round)),
    path("shared/<pid:member>/result/", rounds.shared, name="shared"),
    path("shared/<pid:member>/result/<code:area>/", rounds.shared_area, name="shared_area"),
    path("shared/<pid:member>/evidence/<pid:evidence>/", evidence.fetch_shared, name="shared_file"),
]

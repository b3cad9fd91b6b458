"""Addresses of mentoring."""

from __future__ import annotations

from django.urls import include, path

from apps.mentoring.views import (
    agreements,
    endings,
    engagements,
    feedback,
    invitations,
    needs,
    offers,
    plans,
    reviews,
    roadmaps,
    rounds,
    waiting,
)

app_name = "mentoring"
of_agreement = [
    path("", agreements.agreement, name="agreement"),
    path("edit/", agreements.edit, name="agreement_edit"),
    path("sign/", agreements.sign, name="agreement_sign"),
    path("next/", agreements.open_next, name="agreement_next"),
    path("drop/", agreements.drop, name="agreement_drop"),
    path("publication/", agreements.end_publication, name="agreement_unpublish"),
    path("<pid:agreement>/", agreements.version, name="agreement_version"),
    path("<pid:agreement>/file/", agreements.file, name="agreement_file"),
]
urlpatterns = [
    path("o/<pid:member>/requests/", needs.needs, name="needs"),
    path("o/<pid:member>/requests/new/<code:area>/", needs.new_need, name="new_need"),
    path("o/<pid:member>/requests/<pid:need>/", needs.edit_need, name="edit_need"),
    path("o/<pid:member>/requests/<pid:need>/withdraw/", needs.withdraw_need, name="withdraw_need"),
    path("o/<pid:member>/requests/<pid:need>/urgent/", waiting.mark_urgent, name="mark_urgent"),
    path("o/<pid:member>/requests/<pid:need>/again/", waiting.ask_again, name="ask_again"),
    path("o/<pid:member>/offers/", offers.offers, name="offers"),
    path("o/<pid:partner>/offers/new/<code:area>/", offers.new_offer, name="new_offer"),
    path("o/<pid:partner>/offers/<pid:offer>/", offers.edit_offer, name="edit_offer"),
    path("o/<pid:partner>/offers/<pid:offer>/withdraw/", offers.withdraw_offer, name="withdraw_offer"),
    path("o/<pid:member>/private/", offers.exclusions, name="exclusions"),
    path("o/<pid:member>/private/lift/", offers.lift_exclusion, name="lift_exclusion"),
    path("o/<pid:member>/invitations/<pid:proposal>/", engagements.invitation, name="invitation"),
    path("o/<pid:member>/invitations/<pid:proposal>/accept/", engagements.accept, name="accept"),
    path("o/<pid:member>/invitations/<pid:proposal>/decline/", engagements.decline, name="decline"),
    path("o/<pid:member>/engagements/", engagements.engagements, name="engagements"),
    path("o/<pid:member>/engagements/<pid:engagement>/", engagements.engagement, name="engagement"),
    path("o/<pid:member>/engagements/<pid:engagement>/agreement/", include(of_agreement)),
    path("o/<pid:member>/engagements/<pid:engagement>/feedback/", feedback.feedback, name="feedback"),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/feedback/<slug:moment>/",
        feedback.give_feedback,
        name="give_feedback",
    ),
    path("o/<pid:member>/engagements/<pid:engagement>/review/", reviews.review, name="review"),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/review/write/", reviews.write_review, name="write_review"
    ),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/review/confirm/",
        reviews.confirm_review,
        name="confirm_review",
    ),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/review/goals/",
        reviews.take_up_goals,
        name="take_up_goals",
    ),
    path("o/<pid:member>/engagements/<pid:engagement>/follow-up/", reviews.follow_up_list, name="follow_ups"),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/follow-up/<slug:months>/",
        reviews.follow_up,
        name="follow_up",
    ),
    path("o/<pid:member>/engagements/<pid:engagement>/pause/", endings.pause, name="pause"),
    path("o/<pid:member>/engagements/<pid:engagement>/resume/", endings.resume, name="resume"),
    path("o/<pid:member>/engagements/<pid:engagement>/leave/", endings.leave, name="leave"),
    path("o/<pid:member>/engagements/<pid:engagement>/leave/undo/", endings.undo_leave, name="undo_leave"),
    path("o/<pid:member>/engagements/<pid:engagement>/close/", engagements.close, name="close"),
    path("o/<pid:member>/engagements/<pid:engagement>/goals/<pid:goal>/", engagements.goal, name="goal"),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/sessions/new/",
        engagements.new_session,
        name="new_session",
    ),
    path(
        "o/<pid:member>/engagements/<pid:engagement>/sessions/<pid:session>/",
        engagements.edit_session,
        name="edit_session",
    ),
    path("o/<pid:member>/results/<pid:assessment>/roadmap/", roadmaps.new_roadmap, name="new_roadmap"),
    path("o/<pid:member>/roadmaps/<pid:roadmap>/", roadmaps.roadmap, name="roadmap"),
    path("o/<pid:member>/roadmaps/<pid:roadmap>/again/", roadmaps.retry, name="roadmap_again"),
    path("o/<pid:member>/roadmaps/<pid:roadmap>/plan/", roadmaps.start_plan, name="roadmap_plan"),
    path("o/<pid:member>/plans/", plans.plans, name="action_plans"),
    path("o/<pid:member>/plans/<pid:action_plan>/", plans.plan, name="action_plan"),
    path("o/<pid:member>/plans/<pid:action_plan>/close/", plans.close, name="action_plan_close"),
    path("o/<pid:member>/plans/<pid:action_plan>/csv/", plans.csv_file, name="action_plan_csv"),
    path("o/<pid:member>/plans/<pid:action_plan>/xlsx/", plans.workbook, name="action_plan_xlsx"),
    path("o/<pid:member>/plans/<pid:action_plan>/<pid:action>/", plans.action, name="action"),
    path("o/<pid:member>/plans/<pid:action_plan>/<pid:action>/move/", plans.move, name="action_move"),
    path("p/<pid:programme>/matching/", rounds.rounds, name="rounds"),
    path("p/<pid:programme>/matching/waiting/", waiting.waiting, name="waiting"),
    path("p/<pid:programme>/matching/waiting/<pid:need>/", waiting.propose, name="propose_between"),
    path("p/<pid:programme>/matching/urgent/<pid:urgency>/", waiting.urgency, name="urgency"),
    path("p/<pid:programme>/matching/<pid:round>/", rounds.board, name="board"),
    path("p/<pid:programme>/matching/<pid:round>/solve/", rounds.solve, name="solve"),
    path("p/<pid:programme>/matching/<pid:round>/why-not/", rounds.why_not, name="why_not"),
    path("p/<pid:programme>/matching/<pid:round>/invitations/", rounds.publish, name="publish"),
    path("p/<pid:programme>/matching/<pid:round>/proposals/<pid:proposal>/", rounds.decide, name="decide"),
    path(
        "p/<pid:programme>/matching/<pid:round>/proposals/<pid:proposal>/time/",
        invitations.invitation_time,
        name="invitation_time",
    ),
    path(
        "p/<pid:programme>/matching/<pid:round>/proposals/<pid:proposal>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("p/<pid:programme>/engagements/", engagements.programme_engagements, name="programme_engagements"),
    path("p/<pid:programme>/engagements/endings/", endings.endings, name="endings"),
    path("p/<pid:programme>/engagements/feedback/", feedback.programme_feedback, name="programme_feedback"),
    path(
        "p/<pid:programme>/engagements/follow-up/", reviews.programme_follow_ups, name="programme_follow_ups"
    ),
]

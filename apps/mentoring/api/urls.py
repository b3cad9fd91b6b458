"""Addresses of mentoring in the API: roadmaps and plans, requests and offers, invitations, engagements, matching rounds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from apps.mentoring.api import engagements, invitations, matching, needs, plans, roadmaps

of_action: list[URLPattern | URLResolver] = [
    path("", plans.Action.as_view(), name="api-action"),
    path("move/", plans.MoveAction.as_view(), name="api-action-move"),
]
of_plan: list[URLPattern | URLResolver] = [
    path("", plans.Plan.as_view(), name="api-plan"),
    path("close/", plans.ClosePlan.as_view(), name="api-plan-close"),
    path("reopen/", plans.ReopenPlan.as_view(), name="api-plan-reopen"),
    path("csv/", plans.PlanCsv.as_view(), name="api-plan-csv"),
    path("xlsx/", plans.PlanWorkbook.as_view(), name="api-plan-xlsx"),
    path("actions/<pid:action>/", include(of_action)),
]
of_wishes: list[URLPattern | URLResolver] = [
    path("needs/", needs.Needs.as_view(), name="api-needs"),
    path("needs/options/", needs.NeedOptions.as_view(), name="api-need-options"),
    path("needs/<pid:need>/", needs.Need.as_view(), name="api-need"),
    path("needs/<pid:need>/withdraw/", needs.WithdrawNeed.as_view(), name="api-need-withdraw"),
    path("offers/", needs.Offers.as_view(), name="api-offers"),
    path("offers/options/", needs.OfferOptions.as_view(), name="api-offer-options"),
    path("offers/<pid:offer>/", needs.Offer.as_view(), name="api-offer"),
    path("offers/<pid:offer>/withdraw/", needs.WithdrawOffer.as_view(), name="api-offer-withdraw"),
]
of_invitation: list[URLPattern | URLResolver] = [
    path("", invitations.Invitation.as_view(), name="api-invitation"),
    path("accept/", invitations.AcceptInvitation.as_view(), name="api-invitation-accept"),
    path("decline/", invitations.DeclineInvitation.as_view(), name="api-invitation-decline"),
]
of_engagement: list[URLPattern | URLResolver] = [
    path("", engagements.Engagement.as_view(), name="api-engagement"),
    path("sessions/", engagements.EngagementSessions.as_view(), name="api-engagement-sessions"),
    path("meetings/", engagements.PlannedSessions.as_view(), name="api-engagement-meetings"),
    path("work/", engagements.EngagementWork.as_view(), name="api-engagement-work"),
]
of_member: list[URLPattern | URLResolver] = [
    path("plans/", plans.Plans.as_view(), name="api-plans"),
    path("plans/<pid:action_plan>/", include(of_plan)),
    path("roadmaps/", roadmaps.Roadmaps.as_view(), name="api-roadmaps"),
    path("roadmaps/<pid:roadmap>/", roadmaps.Roadmap.as_view(), name="api-roadmap"),
    path("roadmaps/<pid:roadmap>/again/", roadmaps.RoadmapAgain.as_view(), name="api-roadmap-again"),
    path(
        "results/<pid:assessment>/roadmaps/options/",
        roadmaps.RoadmapOptions.as_view(),
        name="api-roadmap-options",
    ),
    path("", include(of_wishes)),
    path("invitations/", invitations.Invitations.as_view(), name="api-invitations"),
    path("invitations/<pid:proposal>/", include(of_invitation)),
    path("calls/", invitations.Calls.as_view(), name="api-calls"),
    path("calls/<pid:shortlisted>/", invitations.Call.as_view(), name="api-call"),
    path("engagements/", engagements.Engagements.as_view(), name="api-engagements"),
    path("engagements/<pid:engagement>/", include(of_engagement)),
]
of_round: list[URLPattern | URLResolver] = [
    path("", matching.MatchingRound.as_view(), name="api-matching-round"),
    path("proposals/", matching.Proposals.as_view(), name="api-proposals"),
    path("shortlists/", matching.Shortlists.as_view(), name="api-shortlists"),
    path("documents/<slug:kept>/", matching.RoundDocument.as_view(), name="api-round-document"),
]
of_programme: list[URLPattern | URLResolver] = [
    path("matching/", matching.MatchingRounds.as_view(), name="api-matching-rounds"),
    path("matching/<pid:round>/", include(of_round)),
    path("engagements/", engagements.ProgrammeEngagements.as_view(), name="api-programme-engagements"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("members/<pid:member>/", include(of_member)),
    path("programmes/<pid:programme>/", include(of_programme)),
]
